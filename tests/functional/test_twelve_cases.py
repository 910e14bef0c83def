# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The twelve cases for every module and every kind of resource, in both ways of running modules."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from .batch import WORKER, Plays, plain
from .cases import CASES, STEPS, Case, Change, Sent
from .emulator import Emulator
from .playbook import Record, Run

pytestmark = pytest.mark.matrix


PLAYS = Plays("twelve-cases", [case.scenario() for case in CASES])
CHANGES = [
    pytest.param(
        case,
        change,
        id=f"{case.name}-{change.name}",
        marks=PLAYS.marks(case.name, *(f"{change.name}, {step}" for step in STEPS)),
    )
    for case in CASES
    for change in case.changes
]
STEPPED = [
    pytest.param(
        case,
        change,
        step,
        id=f"{case.name}-{change.name}-{step.replace(' ', '_')}",
        marks=PLAYS.marks(case.name, f"{change.name}, {step}"),
    )
    for case in CASES
    for change in case.changes
    for step in STEPS
]


@pytest.fixture(scope="module")
def both(shared: Path, process: Emulator, ordinary: str) -> tuple[Run, Run]:
    """Cases as ordinary modules and in the worker."""
    return PLAYS.run(shared, process, ordinary), PLAYS.run(shared, process, WORKER)


def record(run: Run, case: Case, change: Change, step: str) -> Record:
    """Return the result of a step, which must not have failed."""
    found = run.one(case.name, f"{change.name}, {step}")
    assert found.outcome == "ok", found.result
    return found


def blanked(result: dict[str, Any], null: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Return a result with null in place of values that only the service knows."""
    result = copy.deepcopy(result)
    for key, name in null:
        if name:
            result[key][name] = None
        else:
            result[key] = None
    return result


def in_order(requests: list[dict[str, Any]]) -> tuple[Sent, ...]:
    """Return requests in order, but with adjacent selections sorted, because they are sent in parallel."""
    found: list[Sent] = []
    selections: list[Sent] = []
    for request in requests:
        sent = (request["method"], request["path"], named(request["body"]))
        if request["operation"] == "select_table":
            selections.append(sent)
            continue
        found += [*sorted(selections, key=lambda item: item[1]), sent]
        selections = []
    return (*found, *sorted(selections, key=lambda item: item[1]))


def named(body: Any) -> Any:
    """Return a body of names and values sorted by name, because their order does not matter."""
    return sorted(body, key=lambda pair: pair["name"]) if isinstance(body, list) else body


@pytest.mark.parametrize(("case", "change", "step"), STEPPED)
def test_requests_are_the_expected_ones(played: Run, case: Case, change: Change, step: str) -> None:
    """Exactly the expected requests are sent."""
    expected = tuple((method, path, named(body)) for method, path, body in change.sent[step])
    assert in_order(record(played, case, change, step).requests) == expected


@pytest.mark.parametrize(("case", "change", "step"), STEPPED)
def test_changed_is_reported(played: Run, case: Case, change: Change, step: str) -> None:
    """A change is reported, and no change when it is made again."""
    expected = change.changes and (change.repeats or step in ("check", "real"))
    assert record(played, case, change, step).result["changed"] is expected


@pytest.mark.parametrize(("case", "change", "step"), STEPPED)
def test_check_mode_writes_nothing(played: Run, case: Case, change: Change, step: str) -> None:
    """Check mode only reads and tests connections."""
    found = record(played, case, change, step)
    assert found.wrote == [] or not step.startswith("check")


@pytest.mark.parametrize(("case", "change"), CHANGES)
@pytest.mark.parametrize("again", ["", " again"])
def test_check_mode_predicts_the_result(played: Run, case: Case, change: Change, again: str) -> None:
    """Check mode returns exactly what the real run returns, except for values that only the service knows."""
    predicted = record(played, case, change, f"check{again}").result
    real = record(played, case, change, f"real{again}").result
    null = change.null if change.repeats or not again else ()
    assert predicted == {**blanked(real, null), "predicted": real["changed"]}
    assert real["predicted"] is False


@pytest.mark.parametrize(("case", "change"), CHANGES)
def test_resource_is_returned(played: Run, case: Case, change: Change) -> None:
    """The returned resource equals the service's state afterward."""
    result = record(played, case, change, "real").result
    assert {key: result[key] for key in change.returned} == change.returned


@pytest.mark.parametrize(("case", "change"), CHANGES)
def test_resource_is_returned_again(played: Run, case: Case, change: Change) -> None:
    """A repeated change returns the same resource and changes nothing."""
    result = record(played, case, change, "real again").result
    expected = {key: without_changes(value) for key, value in change.returned.items()}
    if case.module == "flow_pipeline":
        expected["extract"] = None
    assert {key: result[key] for key in expected} == expected


def without_changes(value: Any) -> Any:
    """Return a resource in the form without added or removed tables."""
    if isinstance(value, list):
        return [without_changes(item) for item in value]
    if isinstance(value, dict) and "added" in value:
        return {**value, "added": [], "removed": []}
    return value


@pytest.mark.parametrize(("case", "change"), CHANGES)
def test_diff_shows_the_change(played: Run, case: Case, change: Change) -> None:
    """The diff leads from the state before to the state after."""
    diff = record(played, case, change, "real").result.get("diff")
    url = f"http://emulator/{case.name}/ingest/api/ingest"
    assert diff == (change.diff and {"before_header": url, "after_header": url, **change.diff})


@pytest.mark.parametrize(("case", "change"), CHANGES)
def test_diff_is_empty_again(played: Run, case: Case, change: Change) -> None:
    """A repeated change has an empty diff."""
    diff = record(played, case, change, "real again").result.get("diff")
    assert change.repeats or diff is None or diff["before"] == diff["after"]


@pytest.mark.parametrize(("case", "change", "step"), STEPPED)
def test_results_are_the_same_both_ways(both: tuple[Run, Run], case: Case, change: Change, step: str) -> None:
    """Ordinary modules and Ansible's worker return and send exactly the same."""
    one, other = (record(run, case, change, step) for run in both)
    assert plain(one.result) == plain(other.result)
    assert "invocation" in one.result
    assert in_order(one.requests) == in_order(other.requests)


@pytest.mark.sampled
def test_only_ordinary_modules_start_an_interpreter(both: tuple[Run, Run], ordinary: str) -> None:
    """Ordinary modules start an interpreter once per task; the worker starts none."""
    handed_over, worker = both
    tasks = sum(len(scenario.tasks) for scenario in PLAYS.played(ordinary))
    assert handed_over.output.count("Using module file") == tasks
    assert handed_over.output.count("EXEC /bin/sh") >= tasks
    assert worker.output.count("Using module file") == worker.output.count("EXEC /bin/sh") == 0
