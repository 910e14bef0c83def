# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading back after writes: lost answers, and services that save something else than they were sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.flow import BASE, Flow
from ansible_collections.singlestore.flow.tests.unit.support.modules import run
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import KEY, SCENARIOS, SCHEDULE, SOURCE, TABLES
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http

LOST: dict[str, Callable[[], Reply]] = {
    "reset": lambda: Reply(b"", "reset"),
    "closed": lambda: Reply(b"", "close"),
    "no answer": lambda: Reply(b"", "hang"),
    "502": lambda: Reply(http(502)),
    "504": lambda: Reply(http(504)),
    "HTML": lambda: Reply(http(200, b"<html>", {"Content-Type": "text/html"})),
}
QUICK = {"api_timeout": 0.5, "api_retries": 1}


def losing(flow: Flow, lost: Callable[[], Reply], *, done: bool) -> Callable[[Received], Reply]:
    """Return a service that loses the answer to every save, with or without saving."""

    def answer(received: Received) -> Reply:
        if received.method != "PATCH":
            return flow(received)
        if done:
            flow(received)
        return lost()

    return answer


def rotated(**options: Any) -> dict[str, Any]:
    """Return options that change only the password, which cannot be seen."""
    return {"endpoint": "source", **SOURCE, "host": "db", "update_password": "always", **options}


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_lost_save_of_a_password_is_unknown(lost: Callable[[], Reply], done: bool, sleeps: list[float]) -> None:
    """A password does not read back, so the task does not claim that it was saved."""
    with Server(losing(Flow().configured(), lost, done=done)) as server:
        result = run("flow_connection", {"api_url": server.url, **QUICK, **rotated()})
    assert result["failure"]["kind"] == "unknown_outcome"
    assert result["failure"]["method"] == "PATCH"
    assert "does not show whether it was saved" in result["msg"]
    assert result["changed"]


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
@pytest.mark.parametrize("name", ["source", "destination", "license", "schedule", "tables"])
def test_lost_save_that_was_done_succeeds(name: str, lost: Callable[[], Reply], sleeps: list[float]) -> None:
    """A save that was carried out is found by reading back: the task changed and succeeds."""
    scenario = SCENARIOS[name]
    with Server(losing(scenario.flow(), lost, done=True)) as server:
        result = scenario.run(server.url, **QUICK)
        again = scenario.run(server.url)
    assert not result["failed"], result["msg"]
    assert result["changed"]
    assert not again["changed"]


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
@pytest.mark.parametrize("name", ["source", "destination", "license", "schedule", "tables"])
def test_lost_save_that_was_not_done_fails(name: str, lost: Callable[[], Reply], sleeps: list[float]) -> None:
    """A save that was not carried out is never reported as done."""
    scenario = SCENARIOS[name]
    with Server(losing(scenario.flow(), lost, done=False)) as server:
        result = scenario.run(server.url, **QUICK)
    assert result["failed"]
    assert result["failure"]["method"] == "PATCH"
    if name == "tables":
        assert "3 of 3 tables failed, 0 succeeded" in result["msg"]
        assert result["tables"]["selected"] == ["employees"]
    elif name == "license":
        assert result["failure"]["kind"] == "unknown_outcome"
    else:
        assert "Reading back shows that it was not saved" in result["msg"]


@pytest.mark.parametrize("done", [True, False])
def test_lost_license_save_is_settled_by_reading(done: bool, sleeps: list[float]) -> None:
    """With require_valid false, too, a lost answer fails unless the key was saved."""
    scenario = SCENARIOS["license"]
    with Server(losing(scenario.flow(), LOST["reset"], done=done)) as server:
        result = scenario.run(server.url, require_valid=False)
    assert result["failed"] != done
    if not done:
        assert result["failure"]["kind"] == "unknown_outcome"


def keeping(flow: Flow, change: Callable[[Flow], None]) -> Callable[[Received], Reply]:
    """Return a service that does something else after every save."""

    def answer(received: Received) -> Reply:
        reply = flow(received)
        if received.method == "PATCH":
            change(flow)
        return reply

    return answer


def set_source(name: str, value: Any) -> Callable[[Flow], None]:
    """Return a change of one setting of the source."""

    def change(flow: Flow) -> None:
        connection = flow.connections["conn-src"]
        assert connection is not None
        connection[name] = value

    return change


OTHERWISE: dict[str, tuple[str, Callable[[Flow], None], str]] = {
    "nothing saved": ("source", lambda flow: flow.connections.update({"conn-src": None}), "host"),
    "another host": (
        "source",
        set_source("host", "localhost"),
        "host was saved as 'db.example.com' but reads back as 'localhost'",
    ),
    "another port": ("source", set_source("port", "1"), "port was saved as 3306 but reads back as 1"),
    "another type": ("source", set_source("type", "rds.mysql"), "type was saved as"),
    "no schedule": ("schedule", lambda flow: flow.schedule.clear(), "type was saved as weekly but reads back as None"),
    "another duration": (
        "schedule",
        lambda flow: flow.schedule.update(duration="14h45m"),
        "duration was saved as 14h46m but reads back as 14h45m",
    ),
    "other days": ("schedule", lambda flow: flow.schedule.update(weekFlags="NNNNNNY"), "week_flags was saved as"),
    "one table less": (
        "tables",
        lambda flow: flow.tables["db", "shop"].update(orders=False),
        "'orders' is not selected",
    ),
    "one table more": (
        "tables",
        lambda flow: flow.tables["db", "shop"].update(employees=True),
        "'employees' is still selected",
    ),
    "no tables": ("tables", lambda flow: flow.tables["db", "shop"].clear(), "'orders' is not selected"),
    "another key": ("license", lambda flow: flow.license.update(_lic_key="OTHER"), "is not the one that was sent"),
}


@pytest.mark.parametrize(("name", "change", "says"), OTHERWISE.values(), ids=OTHERWISE)
def test_different_value_read_back_fails(name: str, change: Callable[[Flow], None], says: str) -> None:
    """An accepted save that reads back different is a failure that names the difference."""
    scenario = SCENARIOS[name]
    with Server(keeping(scenario.flow(), change)) as server:
        result = scenario.run(server.url)
    assert result["failure"]["kind"] == "not_converged"
    assert says in result["msg"]
    # What is ignored has changed nothing.
    assert result["changed"] == ("reads back as None" not in result["msg"])


def test_invalid_license_fails_unless_allowed() -> None:
    """A key that the service accepts but calls invalid fails, unless require_valid is false."""
    refuse = {"_lic_status": "Licence expired", "_lic_key": ""}
    with Server(keeping(Flow().configured(), lambda flow: flow.license.update(refuse))) as server:
        required = SCENARIOS["license"].run(server.url)
        tolerated = SCENARIOS["license"].run(server.url, require_valid=False)
    assert required["failure"]["kind"] == "refused"
    assert required["failure"]["messages"] == ["Licence expired"]
    assert "IDB-PRODUCT" in required["msg"]
    assert not tolerated["failed"]
    assert required["license"] == tolerated["license"]
    assert required["license"]["status"] == "Licence expired"
    assert tolerated["license"]["valid"] is False
    assert "Licence expired" in json.dumps(tolerated["warnings"])


def test_equal_value_in_another_spelling_is_unchanged() -> None:
    """A service may spell saved values in its own way."""
    own = {"duration": "0d14h46m00s", "weekFlags": "nynnnyn", "offset": None}
    with Server(keeping(Flow(), lambda flow: flow.schedule.update(own))) as server:
        result = run("flow_schedule", {"api_url": server.url, **SCHEDULE})
        again = run("flow_schedule", {"api_url": server.url, **SCHEDULE})
    assert not result["failed"], result["msg"]
    assert not again["changed"]


def test_rotated_password_is_saved_after_the_service_noticed() -> None:
    """After the service has noticed that the password no longer works, update_password auto saves the new one."""
    flow = Flow().configured()
    set_source("status", "N")(flow)
    with Server(flow) as server:
        options = rotated(api_url=server.url, update_password="auto")
        missing = run("flow_connection", {**options, "password": None})
        sent = [received.method for received in server.received]
        repaired = run("flow_connection", options)
        again = run("flow_connection", options)
    assert missing["failure"]["kind"] == "invalid"
    assert "password must be set" in missing["msg"]
    assert "status N" in missing["msg"]
    assert sent == ["GET"]
    assert (repaired["changed"], again["changed"]) == (True, False)
    assert repaired["connection"]["working"] is True


def test_failure_stays_if_tables_cannot_be_read_back(sleeps: list[float]) -> None:
    """A certain failure stays the same if reading back fails too."""
    flow = SCENARIOS["tables"].flow()
    expired = False

    def answer(received: Received) -> Reply:
        nonlocal expired
        expired = expired or received.method == "PATCH"
        return Reply(http(401)) if expired else flow(received)

    with Server(answer) as server:
        result = run("flow_table", {"api_url": server.url, "api_token": "t0k3n", **TABLES})
    assert result["failure"]["kind"] == "auth"
    assert "expired" in result["msg"]


def test_masked_url_is_unchanged() -> None:
    """A JDBC URL that reads back with a masked password is unchanged."""
    flow = Flow()
    options = {"endpoint": "source", **SOURCE, "type": "rds.jdbcfe", "port": 1, "jdbc_driver": "d"}
    options["jdbc_url"] = "jdbc:x://h;password=S3cr3t"
    with Server(keeping(flow, set_source("url", "jdbc:x://h;password=***"))) as server:
        result = run("flow_connection", {"api_url": server.url, **options})
        again = run("flow_connection", {"api_url": server.url, **options})
    assert not result["failed"], result["msg"]
    assert not again["changed"]
    assert result["connection"]["jdbc_url"] == "jdbc:x://h;password=***"


def test_invalid_license_is_not_sent_again() -> None:
    """An invalid license with the given key fails without sending the key again."""
    flow = Flow()
    flow.license = {"_lic_status": "Licence expired", "_lic_key": KEY, "_lic_prod": "IDB-PRODUCT"}
    with Server(flow) as server:
        result = SCENARIOS["license"].run(server.url)
    assert result["failure"]["kind"] == "refused"
    assert result["license"]["status"] == "Licence expired"
    assert server.lines() == [f"GET {BASE}/config-var/licence"]
