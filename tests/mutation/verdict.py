# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What mutmut found, held against the list of survivors. Pure.

mutmut numbers the mutants of a function, and the numbers move with every edit. Here a mutant is known
by its file, its function and the lines that it changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NOTICED = {"killed", "timeout"}
GOAL = 0.9
"""The share of a room's mutants that the tests are to notice."""
_LITERAL = re.compile(r"""(?=(["'])(.*?)(?<!\\)\1(\.join\()?)""")
"""A literal, also one inside an f-string, and whether it joins the parts of a list."""


@dataclass(frozen=True, order=True)
class Place:
    """A function: ``_change/plan.py`` and ``Plan.diff``."""

    file: str
    function: str

    @property
    def room(self) -> str:
        """The folder of the file."""
        return self.file.rpartition("/")[0]

    def __str__(self) -> str:
        return f"{self.file} {self.function}"


@dataclass(frozen=True, order=True)
class Survivor:
    """A mutant that was not noticed; ``change`` is its diff, a line removed or added each."""

    place: Place
    change: str

    @property
    def is_wording(self) -> bool:
        """Whether only a message reads differently: its words in another case or in ``XX``, or what is between names."""
        removed, _newline, added = self.change.partition("\n")
        old, new = removed[2:], added[2:]
        return any(
            new in (f"{old[:start]}{text}{old[end:]}" for text in (f"XX{words}XX", words.lower(), words.upper()))
            for words, start, end in _wordings(old)
        )


def _wordings(line: str) -> Iterator[tuple[str, int, int]]:
    """Yield each literal of a line that people read as words, or as what separates them."""
    for found in _LITERAL.finditer(line):
        if found[2].count(" ") >= 2 or (found[3] and re.fullmatch(r"\W+ ", found[2])):
            yield found[2], *found.span(2)


def place_of(name: str) -> Place:
    """Return the place of a mutant that mutmut calls ``package.room.file.xǁClassǁfunction__mutmut_3``."""
    module, rest = name.rpartition("__mutmut_")[0].split(".x", 1)
    folder, file = module.split(".")[-2:]
    function = rest.strip("ǁ").replace("ǁ", ".") if rest.startswith("ǁ") else rest[1:]
    return Place(f"{folder}/{file}.py", function)


def statuses(results: str) -> dict[str, str]:
    """Return ``{mutant: status}`` from what ``mutmut results --all true`` prints."""
    rows = (line.strip().rpartition(": ") for line in results.splitlines())
    return {row[0]: row[2] for row in rows if "__mutmut_" in row[0]}


def change_of(diff: str) -> str:
    """Return the lines that a unified diff removes and adds, without their indentation."""
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join(f"{line[0]} {' '.join(line[1:].split())}" for line in lines if line[1:].strip())


def listed(entries: Iterable[Mapping[str, Any]]) -> set[Survivor]:
    """Return the survivors of the list, which says ``{why, where, changes}`` for each group of them."""
    found = set()
    for entry in entries:
        if not entry["why"].strip():
            raise ValueError(f"{entry['where']}: why?")
        place = Place(*entry["where"].split(" "))
        found |= {Survivor(place, change.strip()) for change in entry["changes"]}
    return found


def counts(mutants: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Return for each room how many mutants there are, and how many were noticed."""
    rooms = Counter(place_of(name).room for name in mutants)
    noticed = Counter(place_of(name).room for name, status in mutants.items() if status in NOTICED)
    return {room: (rooms[room], noticed[room]) for room in sorted(rooms)}


def table(mutants: Mapping[str, str], survivors: Iterable[Survivor]) -> list[str]:
    """Return the counts of each room, and of all, as lines; the last number is of changes that are not noticed."""
    worded = Counter(survivor.place.room for survivor in survivors if survivor.is_wording)
    rows = [(room, count, seen, worded[room]) for room, (count, seen) in counts(mutants).items()]
    rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows), worded.total()))
    return [
        f"{room:14}{count:6} mutants,{seen:6} noticed ({seen / count:.1%}),{words:4} only the wording of a message"
        for room, count, seen, words in rows
    ]


def complaints(mutants: Mapping[str, str], survivors: set[Survivor], known: set[Survivor]) -> list[str]:
    """Return what is wrong: survivors that are not listed, listed ones that are noticed or gone, rooms with too few noticed.

    The wording of a message need not be listed: what a message says is tested where it matters.
    """
    places = {place_of(name).file for name in mutants}
    stale = {survivor for survivor in known if survivor.place.file in places} - survivors
    found = [
        f"not noticed, and not listed: {one.place}\n{one.change}"
        for one in sorted(survivors - known)
        if not one.is_wording
    ]
    found += [f"listed, and noticed or gone: {one.place}\n{one.change}" for one in sorted(stale)]
    for room, (count, seen) in counts(mutants).items():
        if seen < GOAL * count:
            found.append(f"{seen} of {count} mutants of {room} were noticed, which is less than {GOAL:.0%}")
    return found
