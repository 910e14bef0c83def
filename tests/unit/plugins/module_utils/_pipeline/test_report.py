# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a pipeline's task returns: resources, steps, what is due, and a diff."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline import report
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.due import Due, Evidence, Selection, together
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import STEPS
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.steps import Done, evidence
from ansible_collections.singlestore.flow.tests.unit.support.steps import (
    EVERYTHING,
    SCHEMA,
    done,
    pipeline,
)

KEYS = {"source": "connection", "destination": "connection", "license": "license", "schedule": "schedule"}
SHOWN = {name: {"the": name} for name in (*KEYS, "extract")}
RESOURCES = {**SHOWN, "tables": ["one", "two"]}
EVERY_STEP = [
    *(done(name, result={key: {"the": name}, "tested": True}) for name, key in KEYS.items()),
    *(done("tables", result={"tables": name}, changed=False) for name in RESOURCES["tables"]),
    done("extract", result=SHOWN["extract"]),
]
NOTHING = {**dict.fromkeys(SHOWN), "tables": []}


def result(*steps: Done, failed: str | None = None, predicted: bool = False, **more: Any) -> dict[str, Any]:
    """Return what a task returns that has finished some steps."""
    given = pipeline(**EVERYTHING, **more)
    return report.result(given, [*steps], failed, Due(), Evidence(), predicted=predicted)


def only(shown: dict[str, Any], names: Any) -> dict[str, Any]:
    """Return some of the keys of a result."""
    return {name: shown[name] for name in names}


@pytest.mark.parametrize("earlier", [None, [], [{"skipped": True}]])
def test_each_resource_has_its_key(earlier: Any) -> None:
    """Null if it is not managed; the tables of each schema are one item."""
    assert only(result(*EVERY_STEP, earlier=earlier), RESOURCES) == RESOURCES
    assert only(result(earlier=earlier), NOTHING) == NOTHING


@pytest.mark.parametrize("number", range(len(EVERY_STEP) + 1))
@pytest.mark.parametrize("failed", [None, "tables", "extract"])
def test_each_step_is_done_skipped_or_failed(number: int, failed: str | None) -> None:
    """In their order, whichever was the last one."""
    steps = EVERY_STEP[:number]
    seen = {item.step.name for item in steps}
    assert result(*steps, failed=failed)["steps"] == [
        {
            "step": name,
            "changed": name in seen - {"tables"},
            "skipped": name not in seen and name != failed,
            "failed": name == failed,
        }
        for name in STEPS
    ]


def test_step_of_many_tables_has_changed_if_one_has() -> None:
    """In whichever place."""
    for changed in itertools.product([False, True], repeat=2):
        steps = [done("tables", result={"tables": {}}, changed=one) for one in changed]
        assert result(*steps)["changed"] == result(*steps)["steps"][4]["changed"] == any(changed)


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("predicted", [False, True])
@pytest.mark.parametrize("steps", [[], ["source"]])
@pytest.mark.parametrize("before", [False, True])
def test_predicted_is_a_change_that_was_not_made(changed: bool, predicted: bool, steps: Any, before: bool) -> None:
    """In this task; the one that gathers the results also says it of earlier ones."""
    earlier = [result(EVERY_STEP[0], predicted=False), result(EVERY_STEP[0], predicted=before), result()]
    shown = result(
        done("source", changed=changed, result={"connection": {}}), predicted=predicted, steps=steps, earlier=earlier
    )
    assert (shown["changed"], shown["predicted"]) == (changed, (changed and predicted) or (before and not steps))


@pytest.mark.parametrize("number", range(len(EVERY_STEP) + 1))
def test_gathered_results_are_those_of_one_task(number: int) -> None:
    """Whichever of the tasks did a step; what earlier tasks returned is not changed."""
    earlier = [result(item) for item in EVERY_STEP[:number]]
    kept = copy.deepcopy(earlier)
    gathered, whole = result(steps=[], earlier=earlier), result(*EVERY_STEP[:number])
    assert gathered.keys() == whole.keys()
    assert only(gathered, [*RESOURCES, "steps"]) == only(whole, [*RESOURCES, "steps"])
    assert earlier == kept
    assert result(steps=["source"], earlier=earlier)["steps"] == result()["steps"]


def test_last_word_on_a_step_counts() -> None:
    """A step that took place in two tasks is shown as the later one left it."""
    earlier = [result(EVERY_STEP[0]), result(done("source", changed=False, result={"connection": "later"})), result()]
    gathered = result(steps=[], earlier=earlier)
    assert (gathered["source"], gathered["steps"]) == ("later", earlier[1]["steps"])


def test_what_is_due_and_its_evidence() -> None:
    """What was looked up, and then what the steps did."""
    steps = [done("source", None, {"host": "db"}, result={"connection": {}})]
    read = Evidence(("destination",), selections={SCHEMA: Selection(2, 2)})
    shown = report.result(pipeline(**EVERYTHING), steps, None, Due("full"), read, predicted=False)
    assert (shown["extract_due"], result()["extract_due"]) == ("full", None)
    assert Evidence.from_json(shown["evidence"]) == together(read, evidence(steps))


def test_diff_has_what_changed() -> None:
    """Each under its name, a schema with its database; the rest is left out."""
    one, two = ({"before": {"a": number}, "after": {"a": -number}} for number in (1, 2))
    steps = [done("source", diff=one), done("schedule", changed=False, diff=one), done("tables", diff=two)]
    assert report.diff(steps) == {
        side: {"source": one[side], "tables of db.shop": two[side]} for side in ("before", "after")
    }
    assert report.diff([]) == {"before": {}, "after": {}}
