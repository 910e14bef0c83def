# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which extract is due, and what it is decided from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Schema = tuple[str, str]
"""A database and a schema."""


class Selection(NamedTuple):
    """How many tables of a schema were selected before, are now, and were added; None where it could not be read."""

    before: int | None
    after: int | None
    added: int = 0


class Evidence(NamedTuple):
    """What a run found and did: connections saved for the first time or pointing elsewhere, and selections."""

    first_saved: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    selections: Mapping[Schema, Selection] = MappingProxyType({})

    @property
    def wants_selections(self) -> bool:
        """Whether what is due depends on tables that were selected before."""
        return bool(self.first_saved or self.moved)

    def with_added_loaded(self) -> Evidence:
        """Return what the evidence is after an extract has loaded the tables that were added."""
        selections = {schema: selection._replace(added=0) for schema, selection in self.selections.items()}
        return self._replace(selections=selections)

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as a result shows it."""
        return {
            "first_saved": list(self.first_saved),
            "moved": list(self.moved),
            "selections": [
                {"database": database, "schema": schema, **selection._asdict()}
                for (database, schema), selection in self.selections.items()
            ],
        }

    @classmethod
    def from_json(cls, shown: Mapping[str, Any]) -> Evidence:
        """Return the evidence that a result shows."""
        selections = {
            (item["database"], item["schema"]): Selection(item.get("before"), item.get("after"), item["added"])
            for item in shown["selections"]
        }
        return cls(tuple(shown["first_saved"]), tuple(shown["moved"]), selections)


def together(*parts: Evidence) -> Evidence:
    """Return the evidence of the parts of a run, in their order, as one."""
    first_saved: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    selections: dict[Schema, Selection] = {}
    for part in parts:
        first_saved, moved = first_saved + part.first_saved, moved + part.moved
        for schema, new in part.selections.items():
            old = selections.get(schema)
            selections[schema] = Selection(old.before, new.after, old.added + new.added) if old else new
    return Evidence(first_saved, moved, selections)


class Due(NamedTuple):
    """The extract that is due, why, whether ``auto`` starts it, and whether that is certain."""

    operation: str | None = None
    reason: str = ""
    starts: bool = False
    certain: bool = True

    def sentence(self) -> str:
        """Say what is due and how to start it; empty if nothing is."""
        if self.operation is None:
            return ""
        words = "is still due" if self.certain else "may still be due"
        how = f"extract: {self.operation} (in the role, flow_pipeline_extract: {self.operation})"
        return f"The extract {self.operation} {words}, because {self.reason}. Start it with {how}."


def due(evidence: Evidence, described: Iterable[Schema]) -> Due:
    """Return what is due: the first row of the table of ``extract: auto`` that applies."""
    schemas = list(described)
    found = [evidence.selections.get(schema, Selection(None, None)) for schema in schemas]
    if not schemas:
        return Due()
    before, after = any(item.before for item in found), any(item.after for item in found)
    unread = any(item.after is None for item in found)
    saved, moved = " and ".join(evidence.first_saved), " and ".join(evidence.moved)
    if after and not before and not unread:
        return Due("full", "tables were selected for the first time", starts=True)
    if saved and (after or unread):
        reason = f"the {saved} was saved for the first time"
        return Due("full", reason, starts=not unread, certain=after)
    if before and any(item.added for item in found):
        return Due("syncnew", "tables were added to the selection", starts=True)
    if moved and (after or unread):
        return Due("full", f"the {moved} now points elsewhere", certain=after)
    return Due()
