# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The place where a task runs: an ordinary module, or Ansible's own process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Place(Protocol):
    """The task's options and modes, and where its warnings go."""

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
"""What a task returns; if it failed, with ``failed``, ``msg`` and ``failure``."""

CarryOut = Callable[[Any, Place], Result]
"""Carries out the task of a resource or a pipeline."""
