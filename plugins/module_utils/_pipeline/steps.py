# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole pipeline as it is wanted: its steps in order, and what each needs from the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple

from .._change.errors import FlowError, InvalidError
from .._change.plan import Get, State
from .._resources import connection, extract, license, schedule, tables
from .due import Due, Evidence, Schema, Selection, due, together

SOURCE_CHANGES = "the source connection is about to change"
NOTHING = (
    "Nothing is given. Set at least one of source, destination, license_key, schedule and tables, or an operation."
)


class Step(NamedTuple):
    """One resource of the pipeline, with checked options; ``schema`` is that of a table selection."""

    name: str
    resource: Any
    desired: Any
    schema: Schema | None = None


class Done(NamedTuple):
    """A finished or planned step: the resource's state before and after, what it returns, and whether it changed."""

    step: Step
    before: State
    after: State
    result: Mapping[str, Any]
    changed: bool
    diff: Mapping[str, Any] = MappingProxyType({})


class Wanted(NamedTuple):
    """A pipeline with checked options: the chosen steps before the extract, and what the extract depends on.

    ``earlier`` are the results of earlier tasks of the same run, None if this task is the whole run.
    """

    steps: tuple[Step, ...]
    chosen: frozenset[str]
    operation: str
    preflight: bool
    described: tuple[Schema, ...]
    earlier: tuple[Mapping[str, Any], ...] | None
    today: str | None = None

    @property
    def concurrency(self) -> int:
        """How many requests may run at the same time."""
        return max((step.desired.concurrency for step in self.steps if step.name == "tables"), default=1)

    @property
    def concludes(self) -> bool:
        """Whether the run ends with this task, so that it has to say what is still due."""
        return self.earlier is None or not self.chosen or "extract" in self.chosen

    @property
    def gathers(self) -> bool:
        """Whether this task carries out nothing, and only returns what earlier ones have returned."""
        return self.earlier is not None and not self.chosen

    @property
    def has_said_what_is_due(self) -> bool:
        """Whether an earlier task of the run has done so."""
        return any(result["extract_due"] for result in self.earlier or ())

    @property
    def found_earlier(self) -> Evidence:
        """What earlier tasks of the run found and did."""
        return together(*(Evidence.from_json(result["evidence"]) for result in self.earlier or ()))

    def predicted_earlier(self, *names: str) -> bool:
        """Whether an earlier task of the run has predicted a change of one of the steps."""
        return any(
            item["changed"] and item["step"] in names
            for result in self.earlier or ()
            if result["predicted"]
            for item in result["steps"]
        )


def wanted(options: Mapping[str, Any], /) -> Wanted:
    """Check all options before anything is sent, those of steps that are not chosen too. Raises InvalidError."""
    _require_something(options)
    _require_distinct(options["tables"] or ())
    steps = [_step(name, resource, given) for name, resource, given in _given(_in_state(options))]
    chosen = frozenset(options["steps"])
    return Wanted(
        steps=tuple(step for step in steps if step.name in chosen and _has_place(step.name, options["state"])),
        chosen=chosen,
        operation=_operation(options),
        preflight=options["preflight"],
        described=tuple(_schema(item) for item in options["tables"] or ()) if options["state"] == "present" else (),
        earlier=_finished(options["earlier"]),
        today=options.get("today"),
    )


def hints(options: Mapping[str, Any], /) -> list[str]:
    """Return warnings about what was given; only the first task of a run shows them."""
    return list(options["hints"]) if options["earlier"] is None else []


def _require_something(options: Mapping[str, Any]) -> None:
    given = (options[name] for name in ("source", "destination", "license_key", "schedule", "tables"))
    if (
        all(value is None for value in given)
        and options["extract"] in ("auto", "never")
        and options["state"] == "present"
    ):
        raise InvalidError(NOTHING)


def _require_distinct(items: Any) -> None:
    seen: dict[Schema, int] = {}
    for number, item in enumerate(items, 1):
        first = seen.setdefault(_schema(item), number)
        if first != number:
            raise InvalidError(
                f"tables: items {first} and {number} are both about the schema '{item['schema']}' of the database "
                f"'{item['database']}'. Describe a schema in one item."
            )


def _schema(item: Mapping[str, Any]) -> Schema:
    return item["database"], item["schema"]


def _has_place(name: str, state: str) -> bool:
    """Whether a step takes place: a paused pipeline keeps its tables, an absent one its connections and license."""
    left_alone = {"paused": ("tables",), "absent": ("source", "destination", "license")}
    return name not in left_alone.get(state, ())


def _operation(options: Mapping[str, Any]) -> str:
    if options["extract"] == "auto" and options["state"] != "present":
        return "never"
    return str(options["extract"])


def _finished(earlier: Any) -> tuple[Mapping[str, Any], ...] | None:
    """Return the results of earlier tasks; one that tags left out has none."""
    return None if earlier is None else tuple(result for result in earlier if "evidence" in result)


def _step(name: str, resource: Any, given: Mapping[str, Any]) -> Step:
    try:
        desired = resource.desired(given)
    except InvalidError as error:
        raise InvalidError(f"{name}: {error.message}") from None
    return Step(name, resource, desired, _schema(given) if name == "tables" else None)


def _given(options: Mapping[str, Any]) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    for endpoint in ("source", "destination"):
        if options[endpoint] is not None:
            yield endpoint, connection, {**options[endpoint], "endpoint": endpoint}
    if options["license_key"] is not None:
        yield "license", license, {name: options.get(name) for name in (*license.OPTIONS, "today")}
    if options["schedule"] is not None:
        yield "schedule", schedule, options["schedule"]
    for item in options["tables"] or ():
        yield "tables", tables, item


def _in_state(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options with what the state makes of schedule and tables."""
    if options["state"] == "present":
        return options
    items = options["tables"]
    if options["state"] == "absent" and items is not None:
        nothing = {"tables": [], "exclude": [], "state": "selected", "exclusive": True}
        items = [{**item, **nothing} for item in items]
    return {**options, "schedule": {"type": "manual"}, "tables": items}


def prepared(wanted: Wanted, step: Step, planned: list[Done], /) -> Step:
    """Return a step that knows that the source is about to change: then the list of tables may change too."""
    if step.name != "tables" or not (_changes(planned, "source") or wanted.predicted_earlier("source")):
        return step
    return step._replace(desired=step.desired._replace(provisional=SOURCE_CHANGES))


def settled(step: Step, /) -> Step:
    """Return a step that was planned before the source was saved, for planning it again."""
    return step._replace(desired=step.desired._replace(provisional=""))


def _changes(done: list[Done], *names: str) -> bool:
    return any(item.changed for item in done if item.step.name in names)


def extract_step(wanted: Wanted, done: list[Done], /, *, predicted: bool) -> Step | None:
    """Return the extract to start, if any; with the due one if ``extract`` is auto.

    ``predicted`` leaves out of the preflight what is only planned, because the service does not show it yet.
    """
    operation: str | None = wanted.operation
    if operation == "auto":
        found = due(together(wanted.found_earlier, evidence(done)), wanted.described)
        operation = found.operation if found.starts else None
    if operation in (None, "never") or "extract" not in wanted.chosen:
        return None
    names = [name for name in ("source", "destination", "license") if predicted and _changes(done, name)]
    names += [name for name in ("source", "destination", "license") if wanted.predicted_earlier(name)]
    checks = extract.CHECKS.difference(names) if wanted.preflight else frozenset()
    return Step("extract", extract, extract.Extract(str(operation), checks, wanted.today))


def evidence(done: list[Done], /) -> Evidence:
    """Return what finished or planned steps found and did."""
    parts = []
    for item in done:
        name, before, after = item.step.name, item.before, item.after
        if name in ("source", "destination"):
            first = item.changed and before is None
            moved = item.changed and connection.moved(before, after)
            parts.append(Evidence((name,) if first else (), (name,) if moved else ()))
        elif item.step.schema is not None:
            was, now = (set((state or {}).get("selected", ())) for state in (before, after))
            parts.append(Evidence(selections={item.step.schema: Selection(len(was), len(now), len(now - was))}))
    return together(*parts)


def looked_up(wanted: Wanted, done: list[Done], get: Get, /) -> Evidence:
    """Read the selections that what is due depends on; what cannot be read stays unknown."""
    found = together(wanted.found_earlier, evidence(done))
    selections = {}
    for schema in wanted.described if found.wants_selections else ():
        if schema not in found.selections:
            with suppress(FlowError):
                selected = sum((tables.listed(get, *schema) or {}).values())
                selections[schema] = Selection(selected, selected)
    return Evidence(selections=selections)


def still_due(wanted: Wanted, done: list[Done], read: Evidence, /, *, predicted: bool) -> Due:
    """Return what is due and was not accepted, or in check mode would not be started; ``full`` if several are."""
    extracts = [(item.result, predicted) for item in done if item.step.name == "extract"]
    extracts += [(one["extract"], one["predicted"]) for one in wanted.earlier or () if one.get("extract")]
    started = [extract["operation"] for extract, planned in extracts if extract.get("accepted") or planned]
    found = together(read, wanted.found_earlier, evidence(done))
    if "full" in started:
        return Due()
    others = due(found.with_added_loaded(), wanted.described)
    return others if others.operation or "syncnew" in started else due(found, wanted.described)
