# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that can be read, as one resource that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._change.errors import ResponseError
from .._change.plan import Answers, Get, Plan, State
from . import connection, license, schedule, tables

READERS: dict[str, Any] = {
    "source": lambda get, _today: connection.public("source", connection.saved(get, "source")),
    "destination": lambda get, _today: connection.public("destination", connection.saved(get, "destination")),
    "license": lambda get, today: license.public(license.saved(get, today)),
    "schedule": lambda get, _today: schedule.read(get),
}

OPTIONS: dict[str, Any] = {
    "gather": {"type": "list", "elements": "str", "choices": list(READERS), "default": list(READERS)},
    "tables": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "database": {"type": "str", "required": True},
            "schema": {"type": "str", "required": True},
        },
    },
}


class Info(NamedTuple):
    """What to read; ``today`` is an ISO date, to find licenses that have expired."""

    gather: tuple[str, ...]
    tables: tuple[tuple[str, str], ...]
    today: str | None = None


def desired(options: Mapping[str, Any], /) -> Info:
    """Take the options as they are."""
    schemas = tuple((item["database"], item["schema"]) for item in options["tables"])
    return Info(gather=tuple(options["gather"]), tables=schemas, today=options.get("today"))


def read(get: Get, desired: Info, /) -> State:
    """Read each requested resource; the others are null."""
    answers: list[Any] = []

    def noted(*segments: str) -> Any:
        answers.append(get(*segments))
        return answers[-1]

    state = {name: reader(noted, desired.today) if name in desired.gather else None for name, reader in READERS.items()}
    schemas = [_schema(noted, *schema) for schema in desired.tables]
    if len(answers) > 2 and all(answer is None for answer in answers):
        raise ResponseError(
            f"All {len(answers)} reads returned 404, so this does not look like the Ingest service. "
            "Check api_url, especially its path prefix.",
            method="GET",
            status=404,
        )
    return {**state, "tables": schemas}


def _schema(get: Get, database: str, schema: str) -> dict[str, Any]:
    listed = tables.listed(get, database, schema)
    selected = None if listed is None else sorted(name for name, chosen in listed.items() if chosen)
    available = None if listed is None else sorted(listed)
    return {"database": database, "schema": schema, "selected": selected, "available": available}


def plan(desired: Info, current: State, /) -> Plan:
    """Return an empty plan: nothing is ever changed."""
    return Plan(None, None)


def unmet(desired: Info, plan: Plan, current: State, /) -> dict[str, str]:
    """Return nothing: nothing was written."""
    return {}


def remarks(desired: Info, current: State, /) -> tuple[str, ...]:
    """Return nothing: there is nothing to warn about."""
    return ()


def result(desired: Info, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{flow}``."""
    return {"flow": current}
