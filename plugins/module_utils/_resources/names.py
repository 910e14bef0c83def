# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Table names and shell patterns: which of the available tables they select."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from fnmatch import translate

from .._change.errors import InvalidError

SHOWN = 5
"""How many missing tables a message lists: finding similar names in a large schema takes time."""


def is_pattern(name: str) -> bool:
    """Whether a name may be a shell pattern."""
    return any(character in name for character in "*?[")


def matches(name: str, available: Collection[str]) -> set[str]:
    """Return the tables that a name or pattern selects; an existing name is not treated as a pattern."""
    if name in available:
        return {name}
    if not is_pattern(name):
        return set()
    try:
        # Not fnmatch.filter, which ignores case on some systems.
        match = re.compile(translate(name)).match
    except re.error:
        return set()
    return {table for table in available if match(table)}


def select(
    names: Iterable[str], exclude: Iterable[str], available: Collection[str], where: str, *, strict: bool = True
) -> set[str]:
    """Return the requested tables; if ``strict``, raise InvalidError if a name or pattern matches none."""
    found = {name: matches(name, available) for name in names}
    missing = [name for name, tables in found.items() if not tables]
    if missing and strict:
        raise InvalidError(_explained(missing, available, where))
    excluded = set().union(*(matches(name, available) for name in exclude))
    return set().union(*found.values()) - excluded


def missing(names: Iterable[str], available: Collection[str], where: str) -> str:
    """Return a sentence about the names and patterns that match nothing, with similar names; empty if there are none."""
    left = [name for name in names if not matches(name, available)]
    return _explained(left, available, where) if left else ""


def _explained(missing: list[str], available: Collection[str], where: str) -> str:
    if not available:
        return f"There are no tables to select: {where} does not exist or has no tables. Check database and schema."
    which = "; ".join(_near(name, available) for name in missing[:SHOWN])
    more = f"; and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    return f"tables contains names that do not exist in {where}: {which}{more}."


def _near(name: str, available: Collection[str]) -> str:
    if is_pattern(name):
        return f"the pattern '{name}' matches none of the {len(available)} tables"
    from difflib import get_close_matches  # slow to import, and most tasks do not need it

    found = get_close_matches(name.casefold(), {table.casefold() for table in available}, n=3, cutoff=0.6)
    near = sorted(table for table in available if table.casefold() in found)
    suggestion = f"similar names: {', '.join(near)}" if near else f"not one of the {len(available)} tables"
    return f"'{name}' ({suggestion})"
