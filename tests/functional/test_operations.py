# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules use each operation of the API, and each source type is tested and saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from .batch import WORKER, Plays, Scenario, Task
from .cases import JDBC_URL, PIPELINE_KEYS, connection_args
from .emulator import KEY, PASSWORD, Emulator
from .playbook import Run

OPERATIONS = """
save_source test_source get_source save_destination test_destination get_destination save_license get_license
save_schedule get_schedule select_table list_tables extract
""".split()

ORACLE = "11lm 11lfm 11lmrm 11lmc fem ts 11lmp 11lmcp 11lmrac 11lmcrac 11lmracp 11lmc19 11lmcp19"
PORTS = {
    **{f"rds.oracle{name}": 1521 for name in ORACLE.split()},
    **dict.fromkeys(["rds.msadbctm", "rds.mscdcm", "rds.msfull", "rds.msts"], 1433),
    **dict.fromkeys(["rds.mysql", "rds.mysqlc"], 3306),
    "rds.pgres": 5432,
    **dict.fromkeys(["rds.mongo", "rds.mongoatlas", "rds.jdbcfe"]),
}
"""The reference's 23 types and default ports; None for a type without a default."""
GIVEN_PORT = 27017
TABLES = {"database": "mydb", "schema": "classicmodels", "tables": ["offices", "products"]}


def _type_task(type_: str, port: int | None) -> Task:
    args = connection_args("source", {"type": type_})
    if port is None:
        args["port"] = GIVEN_PORT
    if type_ == "rds.jdbcfe":
        args |= {"jdbc_driver": "com.mysql.cj.jdbc.Driver", "jdbc_url": JDBC_URL.format(PASSWORD)}
    return Task(type_, "flow_connection", args)


SCENARIOS = [
    Scenario("types", tuple(_type_task(*item) for item in PORTS.items())),
    Scenario(
        "operations",
        (
            Task("source", "flow_connection", connection_args("source", {"type": "rds.mysqlc"})),
            Task("destination", "flow_connection", connection_args("destination", {"database": "copy"})),
            Task("tables", "flow_table", TABLES),
            Task("schedule", "flow_schedule", {"type": "weekly", "duration": "04:00", "days": ["sun"]}),
            Task("license", "flow_license", {"license_key": KEY}),
            Task("extract", "flow_extract", {"operation": "full"}),
            Task("info", "flow_info", {"tables": [{"database": "mydb", "schema": "classicmodels"}]}),
            Task("wait", "emulator", {"method": "GET", "path": "_emulator/operations?instance=operations&wait=60"}),
        ),
    ),
    Scenario(
        "unknown-type",
        (Task("refused", "flow_connection", connection_args("source", {"type": "rds.salesforce", "port": 1})),),
    ),
]


@pytest.fixture(scope="module")
def played(shared: Path, process: Emulator) -> Run:
    """All scenarios, in the worker."""
    return Plays("operations", SCENARIOS).run(shared, process, WORKER)


def test_every_operation_is_used(played: Run) -> None:
    """All 13 operations of the reference are answered without an error."""
    requests = [request for record in played.of("operations") for request in record.requests]
    assert {request["operation"] for request in requests} == set(OPERATIONS)
    assert {request["status"] for request in requests} <= {200, 204}
    assert len(OPERATIONS) == 13


def test_info_shows_what_modules_wrote(played: Run) -> None:
    """flow_info reads what the other modules have written."""
    flow = played.one("operations", "info").result["flow"]
    assert flow["source"] == played.one("operations", "source").result["connection"]
    assert flow["destination"] == played.one("operations", "destination").result["connection"]
    assert flow["schedule"] == played.one("operations", "schedule").result["schedule"]
    assert flow["license"] == played.one("operations", "license").result["license"]
    assert flow["tables"][0]["selected"] == ["offices", "products"]
    assert set(PIPELINE_KEYS) == set(flow)


@pytest.mark.parametrize("type_", PORTS)
def test_source_type_is_tested_and_saved(played: Run, type_: str) -> None:
    """The type is tested and saved, with the reference's default port if it has one."""
    found = played.one("types", type_)
    port = PORTS[type_] or GIVEN_PORT
    assert found.result["connection"]["type"] == type_
    assert found.result["connection"]["port"] == port
    assert found.result["connection"]["working"] is True
    bodies = [request["body"] for request in found.requests if request["method"] != "GET"]
    assert [request["operation"] for request in found.requests] == [
        "get_source",
        "test_source",
        "save_source",
        "get_source",
    ]
    assert all({"name": "port", "value": str(port)} in body for body in bodies)
    assert "warnings" not in found.result


def test_unknown_type_is_sent_with_a_warning(played: Run) -> None:
    """The service decides about the type, and its message is shown."""
    found = played.one("unknown-type", "refused")
    assert found.sent == [("GET", "/conn-src"), ("POST", "/conn-src/test")]
    assert found.result["failure"]["messages"] == ["Error: Driver not found for rds."]
    assert "rds.salesforce" in found.result["warnings"][0]
