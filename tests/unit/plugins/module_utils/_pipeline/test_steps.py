# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pipeline: its steps, the extract that is due after them, and the report."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Plan, Request
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline import steps
from ansible_collections.singlestore.flow.plugins.module_utils._resources import (
    connection,
    extract,
    license,
    schedule,
    tables,
)

CONNECTION = {"host": "h", "user": "u", "password": "p", "state": "present", "test": True, "update_password": "auto"}
SOURCE = {**CONNECTION, "type": "rds.mysql"}
TABLES = {
    "database": "d",
    "schema": "s",
    "tables": ["t"],
    "exclude": [],
    "state": "selected",
    "exclusive": False,
    "concurrency": 4,
}
NOTHING = {**dict.fromkeys(("source", "destination", "tables", "schedule", "license_key")), "extract": "auto"}
EVERYTHING = {
    "source": SOURCE,
    "destination": CONNECTION,
    "tables": [TABLES, {**TABLES, "schema": "other", "concurrency": 7}],
    "schedule": {"type": "manual"},
    "license_key": "KEY\n",
    "extract": "auto",
}


def test_each_resource_is_a_step() -> None:
    """The steps follow the order of SingleStore's own script, each with its own options."""
    found = steps.steps(EVERYTHING)
    assert [(step.name, step.resource) for step in found] == [
        ("source", connection),
        ("destination", connection),
        ("tables", tables),
        ("tables", tables),
        ("schedule", schedule),
        ("license", license),
    ]
    desired = [step.desired for step in found]
    assert desired == [
        connection.desired({**SOURCE, "endpoint": "source"}),
        connection.desired({**CONNECTION, "endpoint": "destination"}),
        tables.desired({**TABLES, "source_pending": False}),
        tables.desired({**TABLES, "schema": "other", "concurrency": 7, "source_pending": False}),
        schedule.desired({"type": "manual"}),
        license.License(key="KEY", require_valid=True),
    ]


@pytest.mark.parametrize("name", ["source", "destination", "tables", "schedule", "license_key"])
def test_omitted_resource_has_no_step(name: str) -> None:
    """A resource that is left out has no step."""
    found = steps.steps({**NOTHING, name: EVERYTHING[name]})
    assert {step.name for step in found} == {name.removesuffix("_key")}


@pytest.mark.parametrize("empty", [None, []])
def test_no_resources_give_no_steps(empty: Any) -> None:
    """If nothing is managed, there are no steps and no extract is due."""
    options = {**NOTHING, "tables": empty}
    assert steps.steps(options) == []
    assert steps.concurrency(options) == 1
    assert list(steps.walk(options, [], [], predicted=False)) == []


def test_concurrency_is_the_highest_of_the_schemas() -> None:
    """The schema with the highest concurrency decides."""
    assert steps.concurrency(EVERYTHING) == 7
    assert steps.concurrency({**NOTHING, "tables": [{**TABLES, "concurrency": 3}]}) == 3


@pytest.mark.parametrize(
    ("name", "bad", "says"),
    [
        ("source", {**SOURCE, "host": ""}, "source: host is empty"),
        ("destination", {**CONNECTION, "port": 0}, "destination: port is 0"),
        ("tables", [TABLES, {**TABLES, "schema": ""}], "tables: schema "),
        ("schedule", {"type": "daily"}, "schedule: duration is required"),
        ("license_key", "***", "license: license_key is empty"),
    ],
)
def test_bad_option_names_its_step(name: str, bad: Any, says: str) -> None:
    """All options are checked before anything is sent."""
    with pytest.raises(InvalidError) as caught:
        steps.steps({**EVERYTHING, name: bad})
    assert caught.value.message.startswith(says)


def done(name: str, *, changed: bool = False, created: bool = False, added: tuple[str, ...] = ()) -> steps.Done:
    """Return the outcome of a step."""
    requests = (Request("PATCH", (name,)),) if changed or created or added else ()
    plan = Plan({"x": 1, "y": name}, {"x": 2, "y": name}, requests=requests, unknown=frozenset({"y"}))
    results = {
        "source": {"connection": {"host": name}, "created": created, "tested": True, "messages": []},
        "destination": {"connection": {"host": name}, "created": created, "tested": True, "messages": []},
        "tables": {"tables": {"database": "d", "schema": "s", "selected": [], "added": [*added], "removed": ["r"]}},
        "schedule": {"schedule": {"type": "manual"}},
        "license": {"license": {"valid": True}},
        "extract": {"operation": "full", "accepted": True, "message": None},
    }
    return steps.Done(steps.Step(name, None, None), plan, results[name])


DUE = [
    ([], None),
    ([done("source"), done("destination"), done("tables"), done("schedule"), done("license")], None),
    ([done("source", changed=True), done("destination", changed=True), done("tables", changed=True)], None),
    ([done("schedule", changed=True), done("license", changed=True)], None),
    ([done("source", created=True)], "full"),
    ([done("source"), done("destination", created=True)], "full"),
    ([done("tables", added=("t",))], "syncnew"),
    ([done("tables", added=("t",)), done("tables")], "syncnew"),
    ([done("tables"), done("tables", added=("t",))], "syncnew"),
    ([done("source", created=True), done("tables", added=("t",))], "full"),
    ([done("destination", created=True), done("tables", added=("t",))], "full"),
]


def extract_after(asked: str, past: list[steps.Done], *, predicted: bool = False) -> Any:
    """Return the extract at the end of a pipeline, if any."""
    last = list(steps.walk({"extract": asked}, [], past, predicted=predicted))
    assert [step.name for step in last] in ([], ["extract"])
    assert all(step.resource is extract for step in last)
    return last[0].desired if last else None


@pytest.mark.parametrize("predicted", [False, True])
@pytest.mark.parametrize(("past", "operation"), DUE)
def test_due_extract_follows_from_the_steps(past: list[steps.Done], operation: str | None, predicted: bool) -> None:
    """A new connection needs a full extract, a new table needs syncnew; nothing else needs an extract."""
    found = extract_after("auto", past, predicted=predicted)
    assert (found.operation if found else None) == operation
    assert extract_after("never", past, predicted=predicted) is None
    for asked in extract.OPERATIONS:
        assert extract_after(asked, past, predicted=predicted).operation == asked


@pytest.mark.parametrize("name", ["source", "destination", "tables", "schedule", "license"])
@pytest.mark.parametrize("predicted", [False, True])
@pytest.mark.parametrize("changed", [False, True])
def test_preflight_depends_on_the_steps(name: str, predicted: bool, changed: bool) -> None:
    """The preflight of an extract runs, unless its resources are only predicted."""
    found = extract_after("full", [done(name, changed=changed)], predicted=predicted)
    assert found.preflight == (not (predicted and changed and name in ("source", "destination", "license")))
    assert not found.waivable


@pytest.mark.parametrize("predicted", [False, True])
@pytest.mark.parametrize("name", ["source", "destination"])
@pytest.mark.parametrize("changed", [False, True])
def test_check_mode_lists_no_tables_of_a_new_source(name: str, predicted: bool, changed: bool) -> None:
    """In check mode, the tables of a source that is not saved yet cannot be listed."""
    planned = steps.steps({**NOTHING, "tables": [TABLES], "schedule": {"type": "manual"}})
    past = [done(name, changed=changed)]
    walked = list(steps.walk(NOTHING, planned, past, predicted=predicted))
    assert [step.name for step in walked] == ["tables", "schedule"]
    pending = predicted and changed and name == "source"
    assert walked[0].desired == tables.desired({**TABLES, "source_pending": pending})
    assert walked[1] == planned[1]


def test_extract_is_decided_after_all_steps() -> None:
    """The extract is decided last, when the results of all steps are known."""
    past: list[steps.Done] = []
    walked = steps.walk(EVERYTHING, steps.steps(EVERYTHING), past, predicted=False)
    for step in walked:
        if step.name == "extract":
            assert step.desired.operation == "full"
            break
        past.append(done(step.name, created=step.name == "destination"))
    assert [one.step.name for one in past] == ["source", "destination", "tables", "tables", "schedule", "license"]


def report(**states: str) -> list[dict[str, Any]]:
    """Return the report of the steps: each is skipped, failed, changed or ok."""
    names = ("source", "destination", "tables", "schedule", "license", "extract")
    return [
        {"step": name, **{word: states.get(name, "skipped") == word for word in ("changed", "skipped", "failed")}}
        for name in names
    ]


@pytest.mark.parametrize(
    ("past", "failed", "states"),
    [
        ([], None, {}),
        ([], "source", {"source": "failed"}),
        ([done("source", changed=True), done("tables")], None, {"source": "changed", "tables": "ok"}),
        ([done("tables"), done("tables", added=("t",))], None, {"tables": "changed"}),
        (
            [done("destination", created=True), done("license")],
            "extract",
            {
                "destination": "changed",
                "license": "ok",
                "extract": "failed",
            },
        ),
    ],
)
def test_report_has_one_status_per_step(past: list[steps.Done], failed: str | None, states: dict[str, str]) -> None:
    """Each step has one of four statuses, and the pipeline changed if any step did."""
    found = steps.result(past, failed)
    assert found["steps"] == report(**states)
    assert found["changed"] == ("changed" in states.values())


def test_step_that_failed_after_a_write_changed_and_failed() -> None:
    """The step counts as both changed and failed."""
    (source, *_rest) = steps.result([done("source", changed=True)], "source")["steps"]
    assert source == {"step": "source", "changed": True, "skipped": False, "failed": True}


def test_result_has_each_resource() -> None:
    """Each resource is under its name; an unmanaged one is null, and no tables are an empty list."""
    shown = {name: value for name, value in steps.result([], None).items() if name not in ("steps", "changed")}
    assert shown == {**dict.fromkeys(("source", "destination", "schedule", "license", "extract")), "tables": []}
    past = [done(name) for name in ("source", "destination", "tables", "tables", "schedule", "license", "extract")]
    shown = {name: value for name, value in steps.result(past, None).items() if name not in ("steps", "changed")}
    assert shown == {
        "source": {"host": "source"},
        "destination": {"host": "destination"},
        "tables": [past[2].result["tables"]] * 2,
        "schedule": {"type": "manual"},
        "license": {"valid": True},
        "extract": {"operation": "full", "accepted": True, "message": None},
    }


def test_diff_has_each_step() -> None:
    """The diff has each step and each schema under its name, without unpredictable values."""
    past = [done("source"), done("tables"), done("extract")]
    keys = ("source", "tables of d.s", "extract")
    assert steps.diff(past) == {"before": {key: {"x": 1} for key in keys}, "after": {key: {"x": 2} for key in keys}}
    assert steps.diff([]) == {"before": {}, "after": {}}
