# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading everything: only what is asked for is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import ResponseError
from ansible_collections.singlestore.flow.plugins.module_utils._resources import connection, info, license, schedule

ANSWERS: dict[tuple[str, ...], Any] = {
    ("conn-src",): [{"name": "host", "value": "db"}, {"name": "url", "value": "jdbc:x://h;password=S3cr3t"}],
    ("conn-dst",): [{"name": "host", "value": "s2"}],
    ("config-var", "licence"): [{"name": "_lic_status", "value": "Licence expired"}],
    ("config-sched",): {"type": "manual"},
    ("list-db", "d", "s"): [
        {"name": "b", "selected": True},
        {"name": "a", "selected": True},
        {"name": "c", "selected": False},
    ],
    ("list-db", "d", "none"): None,
    ("list-db", "d", "nothing"): {},
    ("list-db", "d", "empty"): [],
}
EXPECTED = {
    "source": connection.public("source", connection.saved(lambda *segments: ANSWERS[segments], "source")),
    "destination": connection.public(
        "destination", connection.saved(lambda *segments: ANSWERS[segments], "destination")
    ),
    "license": license.public(license.saved(lambda *segments: ANSWERS[segments])),
    "schedule": schedule.read(lambda *segments: ANSWERS[segments]),
}
READS = {
    "source": ("conn-src",),
    "destination": ("conn-dst",),
    "license": ("config-var", "licence"),
    "schedule": ("config-sched",),
}


def read(gather: list[str], schemas: Sequence[tuple[str, str]] = ()) -> tuple[Any, list[Any]]:
    """Return the result and the reads that it took."""
    seen = []

    def get(*segments: str) -> Any:
        seen.append(segments)
        return ANSWERS[segments]

    options = {"gather": gather, "tables": [{"database": d, "schema": s} for d, s in schemas]}
    return info.read(get, info.desired(options)), seen


@pytest.mark.parametrize("gather", [[], ["source"], ["license", "schedule"], list(info.READERS)])
def test_gather_limits_the_reads(gather: list[str]) -> None:
    """Each requested subset takes one read; the others are null."""
    state, seen = read(gather)
    assert set(seen) == {READS[name] for name in gather}
    assert len(seen) == len(gather)
    assert state == {**dict.fromkeys(READS), **{name: EXPECTED[name] for name in gather}, "tables": []}
    assert "S3cr3t" not in repr(state)
    desired = info.desired({"gather": gather, "tables": []})
    plan = info.plan(desired, state)
    assert (plan.before, plan.after, plan.requests, plan.tests) == (None, None, (), ())
    assert info.result(desired, plan, state, []) == {"flow": state}
    assert (info.unmet(desired, plan, state), info.remarks(desired, state)) == ({}, ())


@pytest.mark.parametrize(("today", "valid"), [("2025-09-01", True), ("2025-09-02", False), (None, True)])
def test_day_decides_about_the_license(today: str | None, valid: bool) -> None:
    """It is valid until the end of its last day."""
    answer = [{"name": "_lic_status", "value": "Expires on 01 Sep 2025"}, {"name": "_lic_key", "value": "KEY"}]
    state = info.read(lambda *_segments: answer, info.desired({"gather": ["license"], "tables": [], "today": today}))
    assert state is not None
    assert state["license"]["valid"] == valid


def test_tables_are_listed_by_schema() -> None:
    """The schemas keep the given order, with sorted tables; a missing schema is null."""
    state, seen = read([], [("d", "s"), ("d", "none"), ("d", "nothing"), ("d", "empty")])
    assert state["tables"] == [
        {"database": "d", "schema": "s", "selected": ["a", "b"], "available": ["a", "b", "c"]},
        {"database": "d", "schema": "none", "selected": None, "available": None},
        {"database": "d", "schema": "nothing", "selected": None, "available": None},
        {"database": "d", "schema": "empty", "selected": [], "available": []},
    ]
    assert seen == [("list-db", "d", schema) for schema in ("s", "none", "nothing", "empty")]


@pytest.mark.parametrize(("count", "fails"), [(0, False), (2, False), (3, True), (4, True)])
def test_only_404_is_another_service(count: int, fails: bool) -> None:
    """If three or more reads all get 404, this is another service."""

    def get(*_segments: str) -> Any:
        return None

    desired = info.desired({"gather": list(info.READERS)[:count], "tables": []})
    if not fails:
        assert info.read(get, desired) == {**dict.fromkeys(READS), "tables": []}
        return
    with pytest.raises(ResponseError, match=f"All {count} reads returned 404") as caught:
        info.read(get, desired)
    assert caught.value.failure() == {"kind": "response", "method": "GET", "path": None, "status": 404, "messages": []}


def test_one_answer_identifies_the_service() -> None:
    """A service that answers any of them is the right one."""
    answers = {**dict.fromkeys(READS.values()), ("config-sched",): {"type": "manual"}}
    state = info.read(lambda *segments: answers[segments], info.desired({"gather": list(READS), "tables": []}))
    assert state is not None
    assert [name for name, value in state.items() if value] == ["schedule"]
