# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task runs in, as the rest of this folder knows it: an ordinary module, or Ansible's own process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Place(Protocol):
    """What is known of the task, and where its warnings go."""

    @property
    def options(self) -> Mapping[str, Any]:
        """The options, checked by Ansible."""

    @property
    def check_mode(self) -> bool:
        """Whether nothing may be written."""

    @property
    def diff(self) -> bool:
        """Whether a diff is wanted."""

    def warn(self, text: str) -> None:
        """Show a warning."""


Result = dict[str, Any]
"""What a task returns; one that failed has ``failed``, ``msg`` and ``failure`` in it."""

CarryOut = Callable[[Any, Place], Result]
"""Carries out a resource, or a pipeline of several, in a place."""
