# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profile: how the emulator behaves where the API reference leaves it open."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from ..file import StateFile

Saves = Literal["merge", "replace"]
Parameters = Literal["known", "any"]


@dataclass(frozen=True)
class Behavior:
    """What a save does to what it leaves out, and which parameters a connection may have."""

    saves: Saves = "merge"
    parameters: Parameters = "known"


class Profile:
    """The behavior that is kept in the state file."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self.behavior = Behavior(**file.setting("profile", {}))

    @property
    def replaces(self) -> bool:
        """Whether a save of a connection or a schedule drops what it leaves out."""
        return self.behavior.saves == "replace"

    @property
    def any_name(self) -> bool:
        """Whether a connection may have parameters that the API reference does not name."""
        return self.behavior.parameters == "any"

    def put(self, behavior: Behavior) -> None:
        """Behave in another way from now on; what is saved stays as it is."""
        self._file.put_setting("profile", asdict(behavior))
        self.behavior = behavior

    def forget(self) -> None:
        """Go back to the default after the state file has forgotten the choice."""
        self.behavior = Behavior()
