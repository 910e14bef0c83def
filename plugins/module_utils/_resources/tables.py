# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table selection of one schema: list-db and config-tab in the API reference."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from .._change.errors import FlowError, HttpError, InvalidError
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
    "missing": {"type": "str", "default": "fail", "choices": ["fail", "warn", "ignore"]},
}


CONFLICT = 409
REFUSED = (
    "If the password of the source's user was changed in the database, save the source connection with the new one "
    "(update_password auto or always)."
)


class Tables(NamedTuple):
    """The desired table selection of one schema.

    ``provisional`` is the reason why the list of tables that can be read is not the one that counts, if it is not.
    """

    database: str
    schema: str
    names: tuple[str, ...]
    exclude: tuple[str, ...]
    selected: bool
    exclusive: bool
    concurrency: int
    missing: str = "fail"
    provisional: str = ""

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
        missing=options.get("missing", "fail"),
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
    """Read the selection; None if no source is saved yet, because then no tables can be listed.

    A provisional list that cannot be read is the same as none.
    """
    if desired.provisional and connection.saved(get, "source") is None:
        return None
    try:
        tables = listed(get, desired.database, desired.schema)
    except HttpError as error:
        # The reference does not say what a service without a source answers here.
        if desired.provisional or connection.saved(get, "source") is None:
            return None
        raise _helped(error) from None
    if not tables and connection.saved(get, "source") is None:
        return None
    return _state(desired, tables or {})


def _helped(error: HttpError) -> FlowError:
    """Return the error with what helps if the source does not work."""
    return error.restated(type(error), f"{error.message} {REFUSED}") if error.status == CONFLICT else error


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
    if desired.provisional:
        return _plan_provisional(desired, current)
    available = current["available"]
    # What is to be deselected and is not there is done already.
    strict = desired.selected and desired.missing == "fail"
    asked = names.select(desired.names, desired.exclude, available, desired.where, strict=strict)
    return _plan(desired, current, asked, warnings=tuple(_warnings(desired, available)))


def _warnings(desired: Tables, available: Collection[str]) -> Iterator[str]:
    if desired.selected and desired.missing == "warn":
        sentence = names.missing(desired.names, available, desired.where)
        yield from (sentence,) if sentence else ()
    if desired.names and not desired.selected and not available:
        yield f"There are no tables to deselect: {desired.where} does not exist or has no tables."
    unmatched = [name for name in desired.exclude if not names.is_pattern(name) and name not in available]
    if unmatched:
        yield f"exclude contains names that do not exist in {desired.where}: {', '.join(unmatched)}"


def _plan(desired: Tables, current: dict[str, Any], asked: set[str], **more: Any) -> Plan:
    selected = set(current["selected"])
    wanted = asked if desired.exclusive else selected | asked if desired.selected else selected - asked
    requests = tuple(
        Request(
            "PATCH",
            ("config-tab", desired.database, desired.schema, name),
            {"select": "Y" if name in wanted else "N"},
            subject=name,
            conflict=REFUSED,
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
    reason = desired.provisional or "no source connection is saved yet"
    pending = (
        f"The tables of {desired.where} cannot be listed: {reason}. "
        "Save the source connection first (flow_connection with endpoint: source)."
    )
    return _predicted(desired, _state(desired, {}), reason, pending)


def _plan_provisional(desired: Tables, current: dict[str, Any]) -> Plan:
    """Predict with a table list that does not count: names that it lacks are assumed to exist."""
    pending = f"The tables of {desired.where} can only be predicted: {desired.provisional}."
    return _predicted(desired, current, desired.provisional, pending)


def _predicted(desired: Tables, current: dict[str, Any], reason: str, pending: str) -> Plan:
    listed = current["available"]
    # To be deselected, a table must be known to be selected.
    assumed = [name for name in desired.names if desired.selected and not names.is_pattern(name)]
    asked = names.select(desired.names, desired.exclude, {*listed, *assumed}, desired.where, strict=False)
    patterns = [name for name in desired.names if names.is_pattern(name) and not names.matches(name, listed)]
    which = f"what these patterns select in {desired.where} because {reason}: {', '.join(patterns)}"
    warnings = (f"Cannot predict {which}",) if patterns else ()
    return _plan(desired, current, asked, warnings=warnings, pending=pending)


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
