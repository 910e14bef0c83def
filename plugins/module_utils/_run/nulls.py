# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Null as the same thing as an option that is not given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RESULTS = ("earlier",)
"""Options that hold the results of other tasks, in which null is a value."""


def options_given(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's options without those that are null."""
    return {
        name: value if name in RESULTS else without_nulls(value) for name, value in given.items() if value is not None
    }


def without_nulls(given: Any) -> Any:
    """Return options without those that are null, at any depth, in lists too.

    ansible-core before 2.19 turns some of them into an empty text or into ``None`` as a text.
    """
    if isinstance(given, Mapping):
        return {name: without_nulls(value) for name, value in given.items() if value is not None}
    if isinstance(given, list):
        return [without_nulls(item) for item in given if item is not None]
    return given
