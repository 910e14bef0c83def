# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading back: a service that ignores, alters or refuses a write always fails the task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .batch import Plays, Scenario, Task
from .cases import (
    SAVE_DESTINATION,
    SAVE_LICENSE,
    SAVE_SOURCE,
    Sent,
    body,
    connection_args,
    select,
)
from .emulator import EXPIRED_KEY, KEY, OTHER_KEY, Emulator
from .playbook import Run

TABLES = {"database": "mydb", "schema": "classicmodels"}
SOURCE = connection_args("source", {"type": "rds.mysqlc"})
DESTINATION = connection_args("destination", {})
WEEKLY = {"type": "weekly", "duration": "04:00", "days": ["sun"]}


@dataclass(frozen=True)
class Lie:
    """A task with a wrong answer of the service: the failure's kind and words, and the writes before it."""

    name: str
    module: str
    args: Mapping[str, Any]
    kind: str
    words: tuple[str, ...]
    faults: tuple[Mapping[str, Any], ...] = ()
    setup: tuple[Sent, ...] = ()
    writes: int = 1


def _ignored(operation: str) -> dict[str, Any]:
    return {"operation": operation, "status": 204}


def _reads_back(operation: str, answer: Any, *, skip: int = 1) -> dict[str, Any]:
    return {"operation": operation, "skip": skip, "body": json.dumps(answer)}


def _refused(operation: str, message: str) -> dict[str, Any]:
    return {"operation": operation, "body": json.dumps({"success": False, "message": message})}


PIPELINE = {
    "source": {key: value for key, value in SOURCE.items() if key != "endpoint"},
    "destination": {key: value for key, value in DESTINATION.items() if key != "endpoint"},
    "tables": [{**TABLES, "tables": ["offices"]}],
    "schedule": WEEKLY,
    "license_key": KEY,
}

LIES = (
    Lie(
        "source-ignored",
        "flow_connection",
        SOURCE,
        "not_converged",
        ("host", "source.demo"),
        (_ignored("save_source"),),
    ),
    Lie(
        "source-change-ignored",
        "flow_connection",
        {**SOURCE, "port": 3307, "database": "new"},
        "not_converged",
        ("port was saved as 3307 but reads back as 3306", "database"),
        (_ignored("save_source"),),
        (SAVE_SOURCE,),
    ),
    Lie(
        "source-normalized",
        "flow_connection",
        SOURCE,
        "not_converged",
        ("host", "SOURCE.DEMO"),
        (
            _reads_back(
                "get_source",
                [
                    *body({"host": "SOURCE.DEMO", "port": 3306, "user": "flow", "type": "rds.mysqlc"}),
                    {"name": "status", "value": "Y"},
                ],
            ),
        ),
    ),
    Lie(
        "destination-ignored",
        "flow_connection",
        DESTINATION,
        "not_converged",
        ("host", "destination.demo"),
        (_ignored("save_destination"),),
    ),
    Lie(
        "source-says-no",
        "flow_connection",
        SOURCE,
        "refused",
        ("The license does not cover this type",),
        ({"operation": "save_source", **_refused("save_source", "The license does not cover this type")},),
    ),
    Lie(
        "test-says-no",
        "flow_connection",
        SOURCE,
        "refused",
        ("The listener is asleep", "Nothing was saved"),
        (_refused("test_source", "The listener is asleep"),),
        writes=0,
    ),
    Lie(
        "license-ignored",
        "flow_license",
        {"license_key": KEY},
        "refused",
        ("not valid", "IDB-"),
        (_ignored("save_license"),),
    ),
    Lie(
        "license-kept-the-old-one",
        "flow_license",
        {"license_key": OTHER_KEY},
        "not_converged",
        ("license key",),
        (_ignored("save_license"),),
        (SAVE_LICENSE,),
    ),
    Lie("license-expired", "flow_license", {"license_key": EXPIRED_KEY}, "refused", ("Licence expired", "IDB-")),
    Lie("license-malformed", "flow_license", {"license_key": "abc"}, "refused", ("Licence expired", "product ID")),
    Lie("schedule-ignored", "flow_schedule", WEEKLY, "not_converged", ("type", "manual"), (_ignored("save_schedule"),)),
    Lie(
        "schedule-normalized",
        "flow_schedule",
        {"type": "periodic", "duration": "90s"},
        "not_converged",
        ("duration was saved as 0d00h01m30s but reads back as 0d00h02m00s",),
        (
            _reads_back(
                "get_schedule",
                {
                    "type": "periodic",
                    "duration": "0d00h02m00s",
                    "offset": "0d00h00m",
                    "isScheduled": True,
                    "weekFlags": None,
                },
            ),
        ),
    ),
    Lie(
        "table-not-selected",
        "flow_table",
        {**TABLES, "tables": ["offices", "orders"]},
        "not_converged",
        ("'offices' is not selected",),
        ({**_ignored("select_table"), "match": "offices"},),
        (SAVE_SOURCE,),
        2,
    ),
    Lie(
        "table-still-selected",
        "flow_table",
        {**TABLES, "tables": ["offices", "orders"], "state": "deselected"},
        "not_converged",
        ("'orders' is still selected",),
        ({**_ignored("select_table"), "match": "orders"},),
        (SAVE_SOURCE, select("offices"), select("orders")),
        2,
    ),
    Lie(
        "extract-says-no",
        "flow_extract",
        {"operation": "delta"},
        "refused",
        ("Delta requested",),
        (),
        (SAVE_SOURCE, SAVE_DESTINATION, SAVE_LICENSE),
    ),
    Lie(
        "pipeline-schedule-ignored",
        "flow_pipeline",
        PIPELINE,
        "not_converged",
        ("schedule: ", "manual"),
        (_ignored("save_schedule"),),
        writes=4,
    ),
    Lie(
        "pipeline-license-expired",
        "flow_pipeline",
        {**PIPELINE, "license_key": EXPIRED_KEY},
        "refused",
        ("license: ", "Licence expired"),
        writes=3,
    ),
)
SCENARIOS = [Scenario(lie.name, (Task("lie", lie.module, lie.args),), lie.setup, lie.faults) for lie in LIES]


PLAYS = Plays("read-back", SCENARIOS)
EACH = [pytest.param(lie, id=lie.name) for lie in LIES]


@pytest.mark.parametrize("lie", EACH)
def test_wrong_answer_fails_the_task(played: Run, lie: Lie) -> None:
    """The task fails and says what is different."""
    found = played.one(lie.name, "lie")
    assert found.outcome == "failed", found.result
    assert found.result["failure"]["kind"] == lie.kind
    assert [word for word in lie.words if word not in found.result["msg"]] == [], found.result["msg"]


@pytest.mark.parametrize("lie", EACH)
def test_accepted_request_is_sent_once(played: Run, lie: Lie) -> None:
    """An accepted request is not sent again."""
    assert len(played.one(lie.name, "lie").wrote) == lie.writes


def test_result_has_the_rest_of_the_selection(played: Run) -> None:
    """The result has the selected tables although the task failed."""
    result = played.one("table-not-selected", "lie").result
    assert result["tables"]["selected"] == result["tables"]["added"] == ["orders"]
    assert result["changed"] is True
    result = played.one("table-still-selected", "lie").result
    assert (result["tables"]["selected"], result["tables"]["removed"]) == (["orders"], ["offices"])


def test_pipeline_stops_at_the_failure(played: Run) -> None:
    """The report says which steps were done, which failed and which did not start."""
    found = played.one("pipeline-schedule-ignored", "lie").result
    states = {step["step"]: (step["changed"], step["skipped"], step["failed"]) for step in found["steps"]}
    assert states == {
        "source": (True, False, False),
        "destination": (True, False, False),
        "license": (True, False, False),
        "schedule": (False, False, True),
        "tables": (False, True, False),
        "extract": (False, True, False),
    }
    assert found["tables"] == []
    assert found["changed"] is True


def test_failures_are_the_same_both_ways(shared: Path, process: Emulator, ordinary: str) -> None:
    """Ordinary modules and Ansible's worker fail exactly the same."""
    PLAYS.assert_like_worker(shared, process, ordinary)
