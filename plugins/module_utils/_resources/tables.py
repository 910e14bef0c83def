# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table selection of one schema: list-db and config-tab in the API reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._change.errors import HttpError, InvalidError
from .._change.payload import unreadable
from .._change.plan import Answers, Get, Plan, Request, State, encode_path
from . import connection, names

OPTIONS: dict[str, Any] = {
    "database": {"type": "str", "required": True},
    "schema": {"type": "str", "required": True},
    "tables": {"type": "list", "elements": "str", "required": True},
    "exclude": {"type": "list", "elements": "str", "default": []},
    "state": {"type": "str", "default": "selected", "choices": ["selected", "deselected"]},
    "exclusive": {"type": "bool", "default": False},
    "concurrency": {"type": "int", "default": 4},
    "source_pending": {"type": "bool", "default": False},
}


@dataclass(frozen=True)
class Tables:
    """The desired table selection of one schema."""

    database: str
    schema: str
    names: tuple[str, ...]
    exclude: tuple[str, ...]
    selected: bool
    exclusive: bool
    concurrency: int
    source_pending: bool

    @property
    def where(self) -> str:
        """The schema, as named in messages."""
        return f"schema '{self.schema}' of database '{self.database}'"


def desired(options: Mapping[str, Any], /) -> Tables:
    """Check the options."""
    if not 1 <= options["concurrency"] <= 32:
        raise InvalidError(f"concurrency is {options['concurrency']}; it must be a number from 1 to 32.")
    if options["exclusive"] and options["state"] == "deselected":
        raise InvalidError("exclusive requires state selected: it deselects all other tables.")
    for option in ("database", "schema", "tables", "exclude"):
        values = options[option] if isinstance(options[option], list) else [options[option]]
        if not all(_sendable(value) for value in values):
            raise InvalidError(f"{option} contains an empty name, or one that is not valid Unicode.")
    return Tables(
        database=options["database"],
        schema=options["schema"],
        names=tuple(options["tables"]),
        exclude=tuple(options["exclude"]),
        selected=options["state"] == "selected",
        exclusive=options["exclusive"],
        concurrency=options["concurrency"],
        source_pending=options["source_pending"],
    )


def _sendable(name: str) -> bool:
    # A lone surrogate, from a broken JSON escape for example, cannot be percent-encoded.
    return bool(name) and not any("\ud800" <= character <= "\udfff" for character in name)


def listed(get: Get, database: str, schema: str) -> dict[str, bool] | None:
    """Return ``{table: selected}`` (section List Available Tables); None if the schema does not exist."""
    answer = get("list-db", database, schema)
    path = encode_path(("list-db", database, schema))
    if answer is None or answer == {}:
        return None
    if not isinstance(answer, list):
        raise unreadable("GET", path, answer, "a list of tables")
    tables: dict[str, bool] = {}
    for item in answer:
        try:
            name, selected = item["name"], item["selected"]
        except (TypeError, KeyError):
            raise unreadable("GET", path, item, "an object with name and selected") from None
        if not isinstance(name, str) or not isinstance(selected, bool):
            raise unreadable("GET", path, name if isinstance(selected, bool) else selected, "a name and true or false")
        if tables.setdefault(name, selected) is not selected:
            raise unreadable("GET", path, item, f"one entry for the table '{name}'")
    return tables


def read(get: Get, desired: Tables, /) -> State:
    """Read the selection; None if no source is saved yet, because then no tables can be listed."""
    if desired.source_pending:
        return None
    try:
        tables = listed(get, desired.database, desired.schema)
    except HttpError:
        # The reference does not say what a service without a source answers here.
        if connection.saved(get, "source") is not None:
            raise
        return None
    if not tables and connection.saved(get, "source") is None:
        return None
    return _state(desired, tables or {})


def _state(desired: Tables, tables: Mapping[str, bool]) -> dict[str, Any]:
    return {
        "database": desired.database,
        "schema": desired.schema,
        "selected": sorted(name for name, selected in tables.items() if selected),
        "available": tables.keys(),
    }


def plan(desired: Tables, current: State, /) -> Plan:
    """Plan one PATCH for each table that differs."""
    if current is None:
        return _plan_unread(desired)
    available, selected = current["available"], set(current["selected"])
    asked = names.select(desired.names, desired.exclude, available, desired.where)
    wanted = asked if desired.exclusive else selected | asked if desired.selected else selected - asked
    unmatched = [name for name in desired.exclude if not names.is_pattern(name) and name not in available]
    warnings = (
        (f"exclude contains names that do not exist in {desired.where}: {', '.join(unmatched)}",) if unmatched else ()
    )
    return _plan(desired, current, wanted, warnings=warnings)


def _plan(desired: Tables, current: dict[str, Any], wanted: set[str], **more: Any) -> Plan:
    selected = set(current["selected"])
    requests = tuple(
        Request(
            "PATCH",
            ("config-tab", desired.database, desired.schema, name),
            {"select": "Y" if name in wanted else "N"},
            subject=name,
        )
        for name in sorted(selected ^ wanted)
    )
    after = {**current, "selected": sorted(wanted)}
    return Plan(
        before=current,
        after=after,
        requests=requests,
        wanted={"selected": after["selected"]},
        unknown=frozenset({"available"}),
        **more,
    )


def _plan_unread(desired: Tables) -> Plan:
    """Predict without a table list: names are assumed to exist, and patterns cause a warning."""
    literal = [name for name in desired.names if not names.is_pattern(name)]
    patterns = [name for name in desired.names if names.is_pattern(name)]
    excluded = set().union(*(names.matches(name, literal) for name in desired.exclude))
    reason = (
        "the source connection is about to change" if desired.source_pending else "no source connection is saved yet"
    )
    warnings = (
        (f"Cannot predict what these patterns select in {desired.where} because {reason}: {', '.join(patterns)}",)
        if patterns
        else ()
    )
    wanted = set(literal) - excluded if desired.selected else set()
    pending = (
        f"The tables of {desired.where} cannot be listed: {reason}. "
        "Save the source connection first (flow_connection with endpoint: source)."
    )
    return _plan(desired, _state(desired, {}), wanted, warnings=warnings, pending=pending)


def unmet(desired: Tables, plan: Plan, current: State, /) -> dict[str, str]:
    """Return the tables that were written but read back different."""
    selected = set((current or {}).get("selected", ()))
    wanted = set(plan.wanted["selected"])
    return {
        request.subject: f"'{request.subject}' is {'not' if request.subject in wanted else 'still'} selected"
        for request in plan.requests
        if (request.subject in selected) != (request.subject in wanted)
    }


def remarks(desired: Tables, current: State, /) -> tuple[str, ...]:
    """Return nothing: there is nothing to warn about."""
    return ()


def result(desired: Tables, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{tables: {database, schema, selected, added, removed}}``."""
    before = set((plan.before or {}).get("selected", ()))
    after = set((current or {}).get("selected", ()))
    return {
        "tables": {
            "database": desired.database,
            "schema": desired.schema,
            "selected": sorted(after),
            "added": sorted(after - before),
            "removed": sorted(before - after),
        }
    }
