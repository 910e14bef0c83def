# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wanted of a pipeline in each state, and what its steps need from one another."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError, RefusedError
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.due import Due, Evidence, Selection, together
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import STEPS
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.steps import (
    Done,
    evidence,
    extract_step,
    hints,
    looked_up,
    prepared,
    settled,
    still_due,
)
from ansible_collections.singlestore.flow.plugins.module_utils._resources import (
    connection,
    extract,
    license,
    schedule,
    tables,
)
from ansible_collections.singlestore.flow.tests.unit.support.steps import (
    DESTINATION,
    EVERYTHING,
    SCHEMA,
    SOURCE,
    TABLES,
    done,
    earlier,
    pipeline,
    selection,
)

OTHER = {**TABLES, "schema": "archive", "exclude": ["*"], "concurrency": 7}
SAVED = {"type": "rds.mysqlc", "host": "db", "port": "3306", "database": ""}
FIRST = selection([], ["orders"])
SAME = selection(["orders"], ["orders"], changed=False)
FULL, SYNCNEW = {"operation": "full", "accepted": True}, {"operation": "syncnew", "accepted": True}


def names(**options: Any) -> list[str]:
    """Return the names of the steps of a pipeline with everything."""
    return [step.name for step in pipeline(**{**EVERYTHING, **options}).steps]


# What is wanted


@pytest.mark.parametrize("operation", ["auto", "never"])
@pytest.mark.parametrize("more", [{}, {"earlier": []}, {"steps": []}, {"preflight": False}])
def test_nothing_given_is_refused(operation: str, more: Any) -> None:
    """Rather than doing nothing and reporting success."""
    with pytest.raises(InvalidError, match=r"^Nothing is given"):
        pipeline(extract=operation, **more)


@pytest.mark.parametrize(
    "given", [*({name: value} for name, value in EVERYTHING.items()), {"tables": []}, {"extract": "delta"}]
)
def test_anything_given_is_enough(given: Any) -> None:
    """One part of a pipeline, or an operation."""
    assert [step.name for step in pipeline(**given).steps] == [
        name.removesuffix("_key") for name, value in given.items() if name != "extract" and value
    ]


@pytest.mark.parametrize(
    ("items", "which"), [((TABLES, OTHER, TABLES), "items 1 and 3"), ((OTHER, TABLES, TABLES), "items 2 and 3")]
)
def test_a_schema_described_twice_is_refused(items: Any, which: str) -> None:
    """It would never converge; the same name in another database is another schema."""
    with pytest.raises(InvalidError, match=f"{which} are both about the schema 'shop' of the database 'db'"):
        pipeline(tables=list(items))
    assert len(pipeline(tables=[TABLES, {**TABLES, "database": "other"}]).described) == 2


@pytest.mark.parametrize(
    ("state", "steps", "schedule"),
    [
        ("present", STEPS[:5], "auto"),
        ("paused", STEPS[:4], "manual"),
        ("absent", ("schedule", "tables"), "manual"),
    ],
)
def test_state_decides_what_takes_place(state: str, steps: Any, schedule: str) -> None:
    """A paused pipeline keeps its tables, an absent one its connections and license; neither has a schedule of its own."""
    assert names(state=state) == [*steps]
    given = pipeline(**EVERYTHING, state=state)
    assert [step.desired.settings for step in given.steps if step.name == "schedule"] == [{"type": schedule}]
    assert given.described == ((SCHEMA,) if state == "present" else ())
    assert [step.name for step in pipeline(state=state, extract="delta").steps] == ["schedule"] * (state != "present")


def test_absent_deselects_every_table_of_the_schemas() -> None:
    """Whatever their items say."""
    items = [OTHER, {**TABLES, "state": "deselected"}]
    for step in pipeline(tables=items, state="absent").steps[1:]:
        desired = step.desired
        assert (desired.names, desired.exclude, desired.selected, desired.exclusive) == ((), (), True, True)
        assert (desired.database, desired.schema) == step.schema


def test_steps_have_checked_options() -> None:
    """Each its own resource with its own options, and the license the day."""
    given = pipeline(**{**EVERYTHING, "tables": [OTHER, TABLES]}, require_valid=False, min_days_left=3)
    assert [step.resource for step in given.steps] == [connection, connection, license, schedule, tables, tables]
    source, destination, licensed, _scheduled, *selections = (step.desired for step in given.steps)
    assert (source.endpoint, source.settings["host"]) == ("source", SOURCE["host"])
    assert (destination.endpoint, destination.settings["host"]) == ("destination", DESTINATION["host"])
    assert (licensed.key, licensed.require_valid) == (EVERYTHING["license_key"], False)
    assert (licensed.min_days_left, licensed.today) == (3, "2025-09-02")
    assert [(one.schema, one.exclude) for one in selections] == [("archive", ("*",)), ("shop", ())]
    assert [step.schema for step in given.steps] == [None] * 4 + [("db", "archive"), SCHEMA]
    assert given.described == (("db", "archive"), SCHEMA)
    assert (given.concurrency, pipeline(source=SOURCE).concurrency) == (7, 1)


@pytest.mark.parametrize("steps", [list(STEPS), []])
@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        ("source", {"source": {**SOURCE, "host": ""}}),
        ("destination", {"destination": {**DESTINATION, "port": 0}}),
        ("license", {"license_key": " "}),
        ("schedule", {"schedule": {"type": "periodic"}}),
        ("tables", {"tables": [{**TABLES, "concurrency": 0}]}),
    ],
)
def test_wrong_option_names_its_step(step: str, wrong: Any, steps: Any) -> None:
    """Also if the step is not chosen."""
    with pytest.raises(InvalidError, match=f"^{step}: "):
        pipeline(**{**EVERYTHING, **wrong}, steps=steps)


@pytest.mark.parametrize("chosen", [["source", "tables"], ["license"], []])
def test_only_chosen_steps_take_place(chosen: list[str]) -> None:
    """What is due is decided from all that is described."""
    assert names(steps=chosen) == chosen
    assert pipeline(**EVERYTHING, steps=chosen).described == (SCHEMA,)


@pytest.mark.parametrize("state", ["present", "paused", "absent"])
@pytest.mark.parametrize("operation", ["auto", "never", "full", "delta"])
def test_state_leaves_an_operation_that_is_asked_for(state: str, operation: str) -> None:
    """But auto starts nothing in a pipeline that is not present."""
    expected = "never" if operation == "auto" and state != "present" else operation
    assert pipeline(**EVERYTHING, state=state, extract=operation).operation == expected


# What a task needs from earlier ones


@pytest.mark.parametrize(
    ("more", "concludes", "gathers"),
    [
        ({"steps": []}, True, False),
        ({"steps": ["source"]}, True, False),
        ({"steps": [], "earlier": []}, True, True),
        ({"steps": ["source"], "earlier": []}, False, False),
        ({"steps": ["extract"], "earlier": []}, True, False),
    ],
)
def test_run_ends_with_its_last_task(more: Any, concludes: bool, gathers: bool) -> None:
    """The only one, that of the extract, or the one that gathers the results."""
    given = pipeline(**EVERYTHING, **more)
    assert (given.concludes, given.gathers) == (concludes, gathers)


@pytest.mark.parametrize(("more", "shown"), [({}, ["a", "b"]), ({"earlier": []}, [])])
def test_hints_come_once(more: Any, shown: list[str]) -> None:
    """From the task that is the whole run, or the first of a role, which has no earlier ones."""
    assert hints({"hints": ["a", "b"], "earlier": None, **more}) == shown


def test_earlier_results_add_up() -> None:
    """A task that tags left out has none."""
    assert pipeline(**EVERYTHING).earlier is None
    assert pipeline(**EVERYTHING).found_earlier == Evidence()
    parts = [Evidence(("source",)), Evidence((), ("destination",)), evidence([FIRST])]
    given = pipeline(**EVERYTHING, earlier=[{"skipped": True}, *(earlier(evidence=part) for part in parts)])
    assert len(given.earlier or ()) == 3
    assert given.found_earlier == together(*parts)


@pytest.mark.parametrize(
    ("results", "said"), [(None, False), ([], False), ([{}, {}], False), ([{}, {"extract_due": "full"}], True)]
)
def test_what_is_due_is_said_once(results: Any, said: bool) -> None:
    """The first task that returns it says it."""
    given = [earlier(**more) for more in results or ()]
    assert pipeline(**EVERYTHING, earlier=None if results is None else given).has_said_what_is_due == said


CHANGES = [{"step": "source", "changed": False}, {"step": "destination", "changed": True}]


@pytest.mark.parametrize(
    ("names", "results", "expected"),
    [
        (("destination",), [earlier(steps=CHANGES, predicted=True)], True),
        (("license", "destination"), [earlier(), earlier(steps=CHANGES, predicted=True)], True),
        (("source",), [earlier(steps=CHANGES, predicted=True)], False),
        (("destination",), [earlier(steps=CHANGES)], False),
        (("destination",), [earlier(predicted=True), earlier(steps=CHANGES)], False),
        (("destination",), None, False),
    ],
)
def test_predicted_changes_of_earlier_tasks(names: Any, results: Any, expected: bool) -> None:
    """Those of the named steps, in a task that predicted."""
    assert pipeline(**EVERYTHING, earlier=results).predicted_earlier(*names) == expected


@pytest.mark.parametrize(
    ("planned", "results", "provisional"),
    [
        ([done("source")], None, True),
        ([done("source", changed=False), done("destination")], None, False),
        ([], [earlier(steps=[{"step": "source", "changed": True}], predicted=True)], True),
        ([], [earlier(steps=[{"step": "source", "changed": True}])], False),
    ],
)
def test_tables_know_that_the_source_changes(planned: list[Done], results: Any, provisional: bool) -> None:
    """Then the list of tables may change too, until they are planned again."""
    given = pipeline(**EVERYTHING, earlier=results)
    for step in given.steps:
        ready = prepared(given, step, planned)
        assert bool(getattr(ready.desired, "provisional", "")) == (provisional and step.name == "tables")
        assert step.name != "tables" or settled(ready) == step


# The extract


@pytest.mark.parametrize(
    ("options", "steps", "operation"),
    [
        ({}, [FIRST], "full"),
        ({}, [SAME], None),
        ({}, [], None),
        ({}, [SAME, done("source", SAVED, {**SAVED, "host": "elsewhere"})], None),
        ({"extract": "never"}, [FIRST], None),
        ({"extract": "delta"}, [FIRST], "delta"),
        ({"extract": "delta"}, [], "delta"),
        ({"extract": "delta", "steps": ["tables"]}, [], None),
        ({"steps": ["tables"]}, [FIRST], None),
        ({"earlier": [earlier(evidence=evidence([FIRST]))], "steps": ["extract"]}, [], "full"),
        ({"earlier": [earlier(evidence=Evidence(("source",)))]}, [SAME], "full"),
        ({"tables": []}, [FIRST], None),
    ],
)
@pytest.mark.parametrize("predicted", [False, True])
def test_extract_is_what_is_asked_for_or_due(options: Any, steps: Any, operation: str | None, predicted: bool) -> None:
    """What is due without being started is only said, and nothing starts without its step."""
    step = extract_step(pipeline(**{**EVERYTHING, **options}), steps, predicted=predicted)
    assert (step and step.desired.operation) == operation
    if step:
        assert (step.name, step.resource, step.schema, step.desired.today) == ("extract", extract, None, "2025-09-02")


PARTS = ("source", "destination", "license")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("predicted", [False, True])
def test_preflight_leaves_out_what_is_only_predicted(part: str, changed: bool, predicted: bool) -> None:
    """In this task or in an earlier one, because the service does not show it yet."""
    planned, checked = [done(part, SAVED, SAVED, changed=changed)], set(PARTS)
    results = [earlier(steps=[{"step": part, "changed": changed}], predicted=predicted)]
    expected = checked - {part} if changed and predicted else checked
    for steps, tasks in ((planned, None), ([], results)):
        for preflight in (True, False):
            given = pipeline(extract="full", earlier=tasks, preflight=preflight)
            step = extract_step(given, steps, predicted=predicted)
            assert step
            assert step.desired.checks == (expected if preflight else set())


# What is due


MOVED = {**SAVED, "host": "elsewhere"}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (done("source", None, SAVED), Evidence(first_saved=("source",))),
        (done("destination", SAVED, MOVED), Evidence(moved=("destination",))),
        (done("source", SAVED, SAVED), Evidence()),
        (done("source", None, SAVED, changed=False), Evidence()),
        (done("destination", SAVED, MOVED, changed=False), Evidence()),
        (done("schedule", None, {"type": "auto"}), Evidence()),
        (done("license", None, SAVED), Evidence()),
        (selection(["a", "b", "c"], ["b", "d"]), Evidence(selections={SCHEMA: Selection(3, 2, 1)})),
        (selection(None, ["a", "b"]), Evidence(selections={SCHEMA: Selection(0, 2, 2)})),
        (done("tables"), Evidence(selections={SCHEMA: Selection(0, 0, 0)})),
    ],
)
def test_evidence_of_a_step(item: Done, expected: Evidence) -> None:
    """Connections saved for the first time or pointing elsewhere, and how the selection has changed; steps add up."""
    assert evidence([item]) == expected
    first = done("destination", None, SAVED)
    assert evidence([first, item]) == together(evidence([first]), expected)


@pytest.mark.parametrize(
    ("results", "steps", "read"),
    [
        (None, [done("source", None, SAVED)], {SCHEMA: 2, ("db", "archive"): 0}),
        (None, [done("source", SAVED, MOVED)], {SCHEMA: 2, ("db", "archive"): 0}),
        ([earlier(evidence=Evidence((), ("source",)))], [], {SCHEMA: 2, ("db", "archive"): 0}),
        ([earlier(evidence=Evidence((), ("source",)))], [SAME], {("db", "archive"): 0}),
        (None, [done("source", SAVED, SAVED)], {}),
        (None, [SAME], {}),
    ],
)
def test_selections_are_looked_up_where_they_matter(results: Any, steps: list[Done], read: Any) -> None:
    """After a save that makes an extract due, of described schemas that no step has read; errors leave them unknown."""
    asked: list[tuple[str, ...]] = []

    def get(*segments: str) -> Any:
        asked.append(segments)
        if segments[2] == "lost":
            raise RefusedError("No.")
        tables = {"a": True, "b": False, "c": True} if segments[2] == "shop" else {}
        return [{"name": name, "selected": selected} for name, selected in tables.items()]

    items = [{**TABLES, "schema": "lost"}, TABLES, OTHER]
    found = looked_up(pipeline(tables=items, earlier=results), steps, get)
    assert found == Evidence(selections={schema: Selection(number, number) for schema, number in read.items()})
    assert asked == [("list-db", *schema) for schema in ([("db", "lost"), *read] if read else [])]


def test_schema_that_does_not_exist_has_no_selection() -> None:
    """It is not unknown."""
    found = looked_up(pipeline(tables=[TABLES]), [done("source", None, SAVED)], lambda *_segments: None)
    assert found.selections == {SCHEMA: Selection(0, 0)}


ADDED = selection(["a"], ["a", "b"])
MOVED = done("source", SAVED, {**SAVED, "host": "elsewhere"})


@pytest.mark.parametrize(
    ("steps", "results", "operation"),
    [
        ([FIRST], None, "full"),
        ([ADDED], None, "syncnew"),
        ([SAME], None, None),
        ([FIRST, done("extract", result=FULL)], None, None),
        ([ADDED, done("extract", result=FULL)], None, None),
        ([ADDED, done("extract", result=SYNCNEW)], None, None),
        ([FIRST, done("extract", result=SYNCNEW)], None, "full"),
        ([FIRST, done("extract", result={**FULL, "accepted": False})], None, "full"),
        ([FIRST], [earlier()], "full"),
        ([FIRST], [earlier(extract=FULL)], None),
        ([FIRST], [earlier(extract={**FULL, "accepted": None})], "full"),
        ([FIRST], [earlier(extract={**FULL, "accepted": None}, predicted=True)], None),
        ([], [earlier(evidence=evidence([FIRST]))], "full"),
    ],
)
def test_what_is_still_due(steps: list[Done], results: Any, operation: str | None) -> None:
    """Unless it was accepted, or full was, which loads everything; an earlier task counts, also what it predicted."""
    given = pipeline(**EVERYTHING, earlier=results)
    assert still_due(given, steps, Evidence(), predicted=False).operation == operation
    elsewhere = given._replace(described=(("db", "archive"),))
    assert still_due(elsewhere, steps, Evidence(), predicted=False) == Due()


@pytest.mark.parametrize(("started", "operation"), [((), "full"), ((SYNCNEW,), "full"), ((FULL, SYNCNEW), None)])
def test_moved_connection_is_left_when_added_tables_are_loaded(started: Any, operation: str | None) -> None:
    """They alone are; where nothing was started, full loads them too."""
    steps = [MOVED, ADDED, *(done("extract", result=one) for one in started)]
    assert still_due(pipeline(**EVERYTHING), steps, Evidence(), predicted=False).operation == operation


def test_predicted_extract_is_not_still_due() -> None:
    """Check mode would start it, and gets no answer."""
    step = done("extract", result={**FULL, "accepted": None})
    given = pipeline(**EVERYTHING)
    assert [
        still_due(given, [FIRST, step], Evidence(), predicted=predicted).operation for predicted in (True, False)
    ] == [
        None,
        "full",
    ]


def test_selection_that_was_looked_up_decides() -> None:
    """What was read before the evidence of the steps."""
    saved = [done("source", None, SAVED)]
    read = Evidence(selections={SCHEMA: Selection(2, 2)})
    given = pipeline(**EVERYTHING)
    assert still_due(given, saved, Evidence(), predicted=False).certain is False
    assert still_due(given, saved, read, predicted=False) == Due(
        "full", "the source was saved for the first time", starts=True
    )
