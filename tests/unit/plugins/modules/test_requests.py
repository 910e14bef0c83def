# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often, how soon and how many at once modules send requests, counted by a real server."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._resources import extract
from ansible_collections.singlestore.flow.tests.unit.support.flow import BASE, Flow
from ansible_collections.singlestore.flow.tests.unit.support.modules import run
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import SCENARIOS
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http

SCHEDULE = {"type": "manual"}


def failing(first: int, answer: bytes) -> Any:
    """Return a service that answers the first requests with this, and the rest normally."""
    flow = Flow().configured()
    numbers = itertools.count(1)
    return lambda received: Reply(answer) if next(numbers) <= first else flow(received)


@pytest.mark.parametrize("retries", [0, 1, 3, 12])
def test_request_is_tried_api_retries_times(retries: int, sleeps: list[float]) -> None:
    """A request is sent exactly as often as api_retries allows, with longer waits each time."""
    with Server(failing(1000, http(503))) as server:
        result = run("flow_schedule", {"api_url": server.url, "api_retries": retries, **SCHEDULE})
    assert result["failure"]["status"] == 503
    assert len(server.received) == 1 + retries
    assert sleeps == [min(30.0, 0.5 * 2**number) for number in range(retries)]


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 408, 409, 418, 429, 500, 501, 502, 503, 504, 505])
def test_operation_is_sent_once(status: int, sleeps: list[float]) -> None:
    """An operation that has been received is not sent again after any answer."""
    for operation in extract.OPERATIONS:
        with Server(lambda _received: Reply(http(status))) as server:
            result = run("flow_extract", {"api_url": server.url, "operation": operation, "preflight": False})
        assert result["failed"], operation
        assert server.lines() == [f"POST {BASE}/ops/extract/{operation}"]
    assert sleeps == []


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_check_mode_writes_nothing(scenario: Any) -> None:
    """Check mode sends only reads and tests, and reports the same as the real run."""
    with Server(scenario.flow()) as server:
        check = scenario.run(server.url, check=True)
        sent = [received.method for received in server.received if not received.path.endswith("/test")]
        real = scenario.run(server.url)
    assert set(sent) <= {"GET"}
    assert check["changed"] == real["changed"]
    if scenario.name != "pipeline":
        assert check.get("diff") == real.get("diff")


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_second_run_reads_once_and_changes_nothing(scenario: Any) -> None:
    """A second run reads each resource once over one connection and changes nothing, except for operations."""
    with Server(scenario.flow()) as server:
        scenario.run(server.url)
        server.received.clear()
        first = server.connections
        again = scenario.run(server.url)
    operations = [received for received in server.received if "/ops/" in received.path]
    reads = [line for line in server.lines() if line.startswith("GET")]
    assert again["changed"] == bool(operations)
    assert len(reads) == len(set(reads))
    assert not [received for received in server.received if received.method == "PATCH"]
    assert server.connections - first == 1 + len(operations)


def table_options(url: str, **more: Any) -> dict[str, Any]:
    """Return options that select every table."""
    return {"api_url": url, "database": "db", "schema": "shop", "tables": ["*"], **more}


def wide_flow(count: int) -> Flow:
    """Return a configured instance with many tables."""
    flow = Flow().configured()
    flow.tables["db", "shop"] = {f"t{number:04d}": False for number in range(count)}
    return flow


@pytest.mark.parametrize(("options", "concurrency"), [({}, 4), ({"concurrency": 1}, 1), ({"concurrency": 8}, 8)])
def test_concurrency_limits_requests_at_the_same_time(options: dict[str, Any], concurrency: int) -> None:
    """Exactly as many requests run at the same time as allowed."""
    flow = wide_flow(40)
    gate = threading.Barrier(concurrency)

    def answer(received: Received) -> Reply:
        if received.method == "PATCH":
            gate.wait(20)
        return flow(received)

    with Server(answer) as server:
        result = run("flow_table", table_options(server.url, **options))
    assert len(result["tables"]["added"]) == 40
    assert server.most_at_once == concurrency


@pytest.mark.parametrize("every", [2, 3, 7])
def test_429_slows_the_pool(every: int, sleeps: list[float]) -> None:
    """A service that sometimes answers 429 gets every request in the end, fewer at the same time."""
    flow = wide_flow(60)
    numbers = itertools.count(1)

    def answer(received: Received) -> Reply:
        if received.method == "PATCH" and next(numbers) % every == 0:
            return Reply(http(429, headers={"Retry-After": "1"}))
        return flow(received)

    with Server(answer) as server:
        result = run("flow_table", table_options(server.url, api_retries=20))
    assert not result["failed"], result["msg"]
    assert all(flow.tables["db", "shop"].values())
    assert set(sleeps) == {1.0}


def test_failed_tables_do_not_stop_the_others(sleeps: list[float]) -> None:
    """If some of a thousand tables fail, the others are done, the message names them, and the next run sends the rest."""
    flow = wide_flow(1000)
    broken = {f"t{number:04d}" for number in range(0, 1000, 100)}
    healed = False

    def answer(received: Received) -> Reply:
        table = received.path.rpartition("/")[2]
        if received.method == "PATCH" and table in broken and not healed:
            return Reply(http(500))
        return flow(received)

    with Server(answer) as server:
        failed = run("flow_table", table_options(server.url))
        healed = True
        server.received.clear()
        again = run("flow_table", table_options(server.url))
    assert failed["failure"]["kind"] == "http"
    assert failed["failure"]["status"] == 500
    assert "10 of 1000 tables failed, 990 succeeded" in failed["msg"]
    assert "'t0000'" in failed["msg"]
    assert "Run the task again" in failed["msg"]
    assert failed["changed"]
    assert set(failed["tables"]["selected"]) == set(flow.tables["db", "shop"]) - broken
    assert again["tables"]["added"] == sorted(broken)
    assert len(server.received) == 10 + 2


def test_credentials_are_sent() -> None:
    """A token is sent as Bearer, user and password as Basic; a read has no body."""
    with Server(SCENARIOS["license"].flow()) as server:
        SCENARIOS["license"].run(server.url, api_token="t0k3n")
        bearer = list(server.received)
        server.received.clear()
        SCENARIOS["info"].run(server.url, api_username="jürgen", api_password="pässword:1")
        basic = list(server.received)
    assert {received.headers["authorization"] for received in bearer} == {"Bearer t0k3n"}
    assert {received.headers["authorization"] for received in basic} == {"Basic asO8cmdlbjpww6Rzc3dvcmQ6MQ=="}
    assert {received.body for received in basic} == {b""}
    assert {received.headers.get("content-type") for received in bearer} == {None, "application/json"}
