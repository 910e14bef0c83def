# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hundreds of tables, some of which fail, and tables with odd names."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from .batch import WORKER, Plays, Scenario, Task
from .cases import SAVE_SOURCE
from .emulator import Emulator
from .playbook import Run

MANY = [f"table_{number:04d}" for number in range(300)]
FAILING = ["table_0007", "table_0150", "table_0299"]
LOST = "table_0123"
"""The table whose selection is saved but whose answer is lost."""

ODD = [
    "two words",
    " leading and trailing ",
    "sla/sh",
    "../up",
    ".",
    "..",
    "dot.ted",
    "per%cent",
    "%41",
    "%2F",
    "quo'te",
    'dou"ble',
    "back\\slash",
    "back`tick",
    "semi;colon",
    "colon:",
    "a+b",
    "a&b=c",
    "what?",
    "#hash",
    "star*",
    "[ab]",
    "[!x]*",
    "-dash",
    "$(date)",
    "tab\tbed",
    "line\nbreak",
    "caf\u00e9",
    "cafe\u0301",
    "\u65e5\u672c\u8a9e",
    "\U0001f4be disk",
    "null",
    "yes",
    "0x1f",
    "12",
]
DECOYS = ["A", "sla", "starfish", "star", "whatx", "ab", "b", "aab", "up", "cafe", "bx", "/"]
"""The tables that a name would select if it were decoded twice, cut, or used as a pattern."""

WHERE = {"database": "main", "schema": "classicmodels"}
SELECT_ALL = Task("select", "flow_table", {**WHERE, "tables": ["table_*"], "concurrency": 16})


def _source(host: str) -> tuple[str, str, object]:
    method, path, body = SAVE_SOURCE
    return method, path, [{**pair, "value": host} if pair["name"] == "host" else pair for pair in body]


SCENARIOS = [
    Scenario(
        "many",
        (
            SELECT_ALL,
            Task("in check mode", "flow_table", SELECT_ALL.args, {"check_mode": True}),
            Task("again", "flow_table", SELECT_ALL.args),
            Task("and again", "flow_table", SELECT_ALL.args),
        ),
        (_source("many.demo"),),
        (
            *({"operation": "select_table", "match": name, "times": 1, "status": 500} for name in FAILING),
            {"operation": "select_table", "match": LOST, "times": 1, "drop": "after"},
        ),
    ),
    Scenario(
        "odd",
        tuple(Task(repr(name), "flow_table", {**WHERE, "tables": [name], "exclusive": True}) for name in ODD),
        (_source("odd.demo"),),
    ),
    Scenario(
        "no-schema",
        (Task("mistyped", "flow_table", {"database": "main", "schema": "classicmodel", "tables": ["A"]}),),
        (_source("odd.demo"),),
    ),
    Scenario(
        "odd-deselected",
        (
            Task("all", "flow_table", {**WHERE, "tables": ODD}),
            *(Task(repr(name), "flow_table", {**WHERE, "tables": [name], "state": "deselected"}) for name in ODD),
        ),
        (_source("odd.demo"),),
    ),
]


def _create(emulator: Emulator) -> None:
    for host, names in (("many", MANY), ("odd", ODD + DECOYS)):
        file = emulator.folder / f"{host}.db"
        with closing(sqlite3.connect(file)) as database:
            with database:
                for name in names:
                    escaped = name.replace('"', '""')
                    database.execute(f'CREATE TABLE "{escaped}" (id INTEGER PRIMARY KEY)')
        host_ = {"url": f"sqlite:///{file}", "user": "flow", "password": "flow-demo"}
        emulator.control("PUT", "hosts", {f"{host}.demo": host_})


@pytest.fixture(scope="module")
def played(shared: Path, process: Emulator) -> Run:
    """All of it, in the worker."""
    return Plays("tables", SCENARIOS, _create).run(shared, process, WORKER)


def test_failed_tables_do_not_stop_the_others(played: Run) -> None:
    """Three of three hundred writes fail: the rest are done, and the message names the failed ones."""
    found = played.one("many", "select")
    assert found.outcome == "failed"
    assert found.result["msg"].startswith("3 of 300 tables failed, 297 succeeded. ")
    assert [name for name in FAILING if f"'{name}'" not in found.result["msg"]] == []
    assert found.result["failure"]["kind"] == "http"
    assert found.result["failure"]["status"] == 500
    assert sorted(set(MANY) - set(found.result["tables"]["added"])) == FAILING
    assert found.result["tables"]["selected"] == found.result["tables"]["added"]
    assert found.result["changed"] is True


def test_each_table_is_sent_once(played: Run) -> None:
    """There is one read, one write per table and one read: a lost answer is settled by reading, not by a retry."""
    sent = played.one("many", "select").sent
    assert len(sent) == 302
    assert len({path for method, path in sent if method == "PATCH"}) == 300
    assert (sent[0], sent[-1]) == (("GET", "/list-db/main/classicmodels"),) * 2


@pytest.mark.parametrize("task", ["in check mode", "again"])
def test_next_run_sends_the_missing_tables(played: Run, task: str) -> None:
    """Only those are sent."""
    found = played.one("many", task)
    assert found.outcome == "ok"
    assert found.result["tables"]["added"] == FAILING
    assert found.result["tables"]["selected"] == MANY
    missing = [] if "check" in task else [("PATCH", f"/config-tab/main/classicmodels/{name}") for name in FAILING]
    assert sorted(found.wrote) == missing


def test_third_run_changes_nothing(played: Run) -> None:
    """The third run only reads once."""
    found = played.one("many", "and again")
    assert found.result["changed"] is False
    assert found.sent == [("GET", "/list-db/main/classicmodels")]


@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_odd_name_selects_only_itself(played: Run, name: str) -> None:
    """The name selects only itself, even if a shell, a URL or YAML would change it."""
    result = played.one("odd", repr(name)).result
    assert result["tables"]["selected"] == result["tables"]["added"] == [name]


@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_odd_name_is_one_encoded_segment(played: Run, name: str) -> None:
    """Each segment is encoded separately, including slashes and dots."""
    encoded = name.replace(".", "%2E") if name in (".", "..") else quote(name, safe="")
    sent = [path for method, path in played.one("odd", repr(name)).sent if method == "PATCH"]
    assert f"/config-tab/main/classicmodels/{encoded}" in sent


def test_odd_name_deselects_only_itself(played: Run) -> None:
    """The tables are deselected one by one until none is left."""
    left = set(ODD)
    assert set(played.one("odd-deselected", "all").result["tables"]["selected"]) == left
    for name in ODD:
        result = played.one("odd-deselected", repr(name)).result
        left.remove(name)
        assert result["tables"]["removed"] == [name]
        assert set(result["tables"]["selected"]) == left


def test_unknown_schema_is_reported(played: Run) -> None:
    """The message is about the schema, not about the tables."""
    found = played.one("no-schema", "mistyped")
    assert found.result["failure"]["kind"] == "invalid"
    assert "schema 'classicmodel' of database 'main' does not exist or has no tables" in found.result["msg"]
