# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole pipeline: its resources, their order, and what a step needs from earlier steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._change.errors import InvalidError
from .._change.plan import Plan
from .._resources import connection, extract, license, schedule, tables


def _without(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: spec for name, spec in options.items() if name not in names}


OPTIONS: dict[str, Any] = {
    "source": {"type": "dict", "options": _without(connection.OPTIONS, "endpoint")},
    "destination": {"type": "dict", "options": _without(connection.OPTIONS, "endpoint")},
    "tables": {"type": "list", "elements": "dict", "options": _without(tables.OPTIONS, "source_pending")},
    "schedule": {"type": "dict", "options": schedule.OPTIONS},
    "license_key": {"type": "str", "no_log": True},
    "extract": {"type": "str", "default": "auto", "choices": ["auto", "never", *extract.OPERATIONS]},
}

RESULTS = {
    "source": "connection",
    "destination": "connection",
    "tables": "tables",
    "schedule": "schedule",
    "license": "license",
}
"""The steps before the extract, in the order of SingleStore's own script, and the key of each result."""


@dataclass(frozen=True)
class Step:
    """One resource of the pipeline, with checked options."""

    name: str
    resource: Any
    desired: Any


@dataclass(frozen=True)
class Done:
    """A finished step, for the steps after it."""

    step: Step
    plan: Plan
    result: Mapping[str, Any]


def concurrency(options: Mapping[str, Any], /) -> int:
    """Return how many requests may run at the same time."""
    return max((item["concurrency"] for item in options["tables"] or ()), default=1)


def steps(options: Mapping[str, Any], /) -> list[Step]:
    """Check all options before anything is sent; return the steps before the extract."""
    return [_step(name, resource, given) for name, resource, given in _given(options)]


def _step(name: str, resource: Any, given: Mapping[str, Any]) -> Step:
    try:
        return Step(name, resource, resource.desired(given))
    except InvalidError as error:
        raise InvalidError(f"{name}: {error.message}") from None


def _given(options: Mapping[str, Any]) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    for endpoint in ("source", "destination"):
        if options[endpoint] is not None:
            yield endpoint, connection, {**options[endpoint], "endpoint": endpoint}
    for item in options["tables"] or ():
        yield "tables", tables, {**item, "source_pending": False}
    if options["schedule"] is not None:
        yield "schedule", schedule, options["schedule"]
    if options["license_key"] is not None:
        yield "license", license, {"license_key": options["license_key"]}


def walk(options: Mapping[str, Any], steps: list[Step], done: list[Done], /, *, predicted: bool) -> Iterator[Step]:
    """Yield the steps one by one; the caller appends each to ``done``, in check mode with its prediction."""
    for step in steps:
        if step.name == "tables" and predicted and _changed(done, "source"):
            step = replace(step, desired=replace(step.desired, source_pending=True))
        yield step
    last = _extract_step(options["extract"], done, predicted=predicted)
    if last:
        yield last


def _extract_step(operation: str | None, done: list[Done], *, predicted: bool) -> Step | None:
    """Return the extract that is due, if any.

    No preflight in check mode after a change: it would check what is only predicted.
    """
    if operation == "auto":
        operation = _due(done)
    if operation is None or operation == "never":
        return None
    preflight = not (predicted and _changed(done, "source", "destination", "license"))
    return Step("extract", extract, extract.Extract(operation=operation, preflight=preflight))


def _due(done: list[Done]) -> str | None:
    if any(item.result.get("created") for item in done):
        return "full"
    if any(item.result["tables"]["added"] for item in done if item.step.name == "tables"):
        return "syncnew"
    return None


def _changed(done: list[Done], *names: str) -> bool:
    return any(item.plan.changed for item in done if item.step.name in names)


def result(done: list[Done], failed: str | None, /) -> dict[str, Any]:
    """Return each resource under its key, or null if it is not managed, and the result of each step."""
    shown: dict[str, Any] = {**dict.fromkeys(RESULTS), "tables": [], "extract": None}
    for item in done:
        if item.step.name == "tables":
            shown["tables"].append(item.result["tables"])
        elif item.step.name == "extract":
            shown["extract"] = dict(item.result)
        else:
            shown[item.step.name] = item.result[RESULTS[item.step.name]]
    return {**shown, "steps": _report(done, failed), "changed": any(item.plan.changed for item in done)}


def _report(done: list[Done], failed: str | None) -> list[dict[str, Any]]:
    seen = {item.step.name for item in done} | {failed}
    return [
        {"step": name, "changed": _changed(done, name), "skipped": name not in seen, "failed": name == failed}
        for name in (*RESULTS, "extract")
    ]


def diff(done: list[Done], /) -> dict[str, Any]:
    """Return one diff for all steps."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for item in done:
        one = item.plan.diff()
        key = item.step.name
        if key == "tables":
            key = "tables of {database}.{schema}".format(**item.result["tables"])
        before[key], after[key] = one["before"], one["after"]
    return {"before": before, "after": after}
