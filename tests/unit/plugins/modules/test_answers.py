# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that a service may give: nothing saved in every spelling, and deviations from the reference."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.flow import VALID, Flow
from ansible_collections.singlestore.flow.tests.unit.support.modules import run
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import (
    KEY,
    SCENARIOS,
    SOURCE,
    TABLES,
    Target,
    struck,
)
from ansible_collections.singlestore.flow.tests.unit.support.server import Reply, Server, http

NOTHING = {
    "404": http(404, b"<html>not found</html>"),
    "null": http(200, b"null"),
    "empty body": http(200, b""),
    "blank body": http(200, b" \r\n"),
    "no content": http(204),
    "[]": http(200, b"[]"),
    "{}": http(200, b"{}"),
    "no known name": http(200, b'[{"name": "id", "value": "CDCSRC"}]'),
    "null values": http(200, b'[{"name": "host", "value": null}, {"name": "type", "value": ""}]'),
}


def first_read(path: str) -> Target:
    """Return the first GET of a path."""
    return Target(method="GET", path=path, nth=0, number=0, times=1)


NOT_IN_PAIRS = [name for name in NOTHING if name not in ("no known name", "null values")]


@pytest.mark.parametrize(
    ("name", "path", "nothing"),
    [
        *(("source", "/conn-src", nothing) for nothing in NOTHING),
        *(("destination", "/conn-dst", nothing) for nothing in NOTHING),
        *(("schedule", "/config-sched", nothing) for nothing in NOT_IN_PAIRS),
    ],
)
def test_nothing_saved_in_every_spelling(name: str, path: str, nothing: str) -> None:
    """For every way to say that nothing is saved, a task saves everything, and a second one finds it."""
    scenario = SCENARIOS[name]
    with struck(scenario.flow(), first_read(path), 1, lambda _received, _honest: Reply(NOTHING[nothing])) as server:
        result = scenario.run(server.url)
    assert not result["failed"], result["msg"]
    assert result["changed"]
    assert result["diff"]["before"] == {}
    assert [received.method for received in server.received if received.path.endswith(path)] == ["GET", "PATCH", "GET"]


@pytest.mark.parametrize("nothing", [name for name in NOTHING if name != "404"])
def test_instance_without_license_takes_a_key(nothing: str) -> None:
    """An instance without a license takes a key; only 404 means that it has no license to manage."""
    scenario = SCENARIOS["license"]
    target = first_read("/config-var/licence")
    with struck(scenario.flow(), target, 1, lambda _received, _honest: Reply(NOTHING[nothing])) as server:
        result = scenario.run(server.url)
    assert result["license"]["valid"] is True
    assert result["changed"]


def test_missing_license_endpoint() -> None:
    """Without a license endpoint, as on the hosted service, flow_info succeeds and flow_license fails."""
    target = first_read("/config-var/licence")
    with struck(Flow().configured(), target, None, lambda _received, _honest: Reply(NOTHING["404"])) as server:
        failed = SCENARIOS["license"].run(server.url)
        info = SCENARIOS["info"].run(server.url)
        extract = SCENARIOS["extract"].run(server.url)
    assert (failed["failure"]["kind"], failed["failure"]["status"]) == ("http", 404)
    assert "no license to manage" in failed["msg"]
    assert info["flow"]["license"] is None
    assert info["flow"]["source"]["host"] == "db"
    assert extract["accepted"] is True


@pytest.mark.parametrize("nothing", NOTHING)
def test_extract_fails_without_a_connection(nothing: str) -> None:
    """The preflight fails before an operation is sent."""
    scenario = SCENARIOS["extract"]
    with struck(
        scenario.flow(), first_read("/conn-dst"), None, lambda _received, _honest: Reply(NOTHING[nothing])
    ) as server:
        result = scenario.run(server.url)
    assert result["failure"]["kind"] == "invalid"
    assert "no destination connection is saved" in result["msg"]
    assert {received.method for received in server.received} == {"GET"}


@pytest.mark.parametrize("nothing", NOT_IN_PAIRS)
def test_unknown_table_fails_without_tables(nothing: str) -> None:
    """No name matches a missing or empty table list."""
    scenario = SCENARIOS["tables"]
    target = first_read("/list-db/db/shop")
    with struck(scenario.flow(), target, None, lambda _received, _honest: Reply(NOTHING[nothing])) as server:
        result = scenario.run(server.url)
        unconfigured = run("flow_table", {"api_url": server.url, **TABLES})
    assert result["failure"]["kind"] == "invalid"
    assert "schema 'shop' of database 'db'" in result["msg"]
    assert unconfigured["failure"]["kind"] == "invalid"
    assert {received.method for received in server.received} == {"GET"}


def test_tables_are_predicted_without_a_source() -> None:
    """In check mode, names are predicted and patterns give a warning; otherwise the task fails."""
    options = {**TABLES, "tables": ["customers", "o*"]}
    flow = Flow()
    refuse = http(500, b'{"message": "no source"}')
    with struck(flow, first_read("/list-db/db/shop"), None, lambda _received, _honest: Reply(refuse)) as server:
        predicted = run("flow_table", {"api_url": server.url, **options}, check=True)
        real = run("flow_table", {"api_url": server.url, **options})
        flow.configured()
        broken = run("flow_table", {"api_url": server.url, **options}, check=True)
    assert predicted["changed"]
    assert predicted["tables"]["added"] == ["customers"]
    assert "o*" in json.dumps(predicted["warnings"])
    assert real["failure"]["kind"] == "invalid"
    assert "Save the source connection first" in real["msg"]
    assert (broken["failure"]["kind"], broken["failure"]["status"]) == ("http", 500)


ODD_CONNECTIONS: dict[str, tuple[list[dict[str, Any]], str | None]] = {
    "a port as a number": ([{"name": "port", "value": 3306}], None),
    "a port with blanks": ([{"name": "port", "value": " 3306 "}], None),
    "the same name twice": ([{"name": "host", "value": "db.example.com"}] * 2, None),
    "two hosts": ([{"name": "host", "value": "a"}, {"name": "host", "value": "b"}], "two different values for 'host'"),
    "a host that is true": ([{"name": "host", "value": True}], "a boolean; expected text as the value of 'host'"),
    "a host that is a list": ([{"name": "host", "value": ["a"]}], "a list; expected text as the value of 'host'"),
    "a port with a fraction": ([{"name": "port", "value": 3306.5}], "a number; expected text as the value of 'port'"),
    "a name that is a number": ([{"name": 5, "value": "x"}], "an object; expected an object with a name"),
    "null among the names": ([None], "null; expected an object with a name"),  # type: ignore[list-item]
}


@pytest.mark.parametrize(("odd", "wrong"), ODD_CONNECTIONS.values(), ids=ODD_CONNECTIONS)
def test_odd_connection_is_read_or_named(odd: list[dict[str, Any]], wrong: str | None) -> None:
    """A readable connection is used; an unreadable one is named, and nothing is written."""
    names = {item["name"] for item in odd if item}
    saved = {"host": SOURCE["host"], "port": "3306", "uid": "admin", "type": SOURCE["type"], "status": "Y"}
    answer = [{"name": name, "value": value} for name, value in saved.items() if name not in names] + odd
    with Server(lambda _received: Reply(http(200, json.dumps(answer).encode()))) as server:
        result = run("flow_connection", {"api_url": server.url, "endpoint": "source", **SOURCE})
    assert [received.method for received in server.received] == ["GET"]
    if wrong is None:
        assert result["changed"] is False
        assert result["connection"]["port"] == 3306
    else:
        assert result["failure"]["kind"] == "response"
        assert wrong in result["msg"]


ODD_TABLES: dict[str, tuple[Any, str]] = {
    "names alone": (["customers"], "an object with name and selected"),
    "no selected": ([{"name": "customers"}], "an object with name and selected"),
    "selected as text": ([{"name": "customers", "selected": "Y"}], "a name and true or false"),
    "selected as a number": ([{"name": "customers", "selected": 1}], "a name and true or false"),
    "a name that is null": ([{"name": None, "selected": True}], "a name and true or false"),
    "selected and not": ([{"name": "t", "selected": True}, {"name": "t", "selected": False}], "for the table 't'"),
    "an object": ({"tables": []}, "a list of tables"),
    "a text": ("customers", "a list of tables"),
    "false": (False, "a list of tables"),
}


@pytest.mark.parametrize(("odd", "wrong"), ODD_TABLES.values(), ids=ODD_TABLES)
def test_odd_table_list_is_named(odd: Any, wrong: str) -> None:
    """An unreadable table list is named, and nothing is written."""
    with Server(lambda _received: Reply(http(200, json.dumps(odd).encode()))) as server:
        result = run("flow_table", {"api_url": server.url, **TABLES})
    assert result["failure"]["kind"] == "response"
    assert wrong in result["msg"]
    assert [received.method for received in server.received] == ["GET"]


ODD_SCHEDULES = [
    [1],
    "periodic",
    5,
    True,
    {"type": 5},
    {"type": "daily", "duration": 5},
    {"type": "daily", "weekFlags": []},
]


@pytest.mark.parametrize("odd", ODD_SCHEDULES, ids=str)
def test_odd_schedule_fails_before_any_write(odd: Any) -> None:
    """An unreadable schedule is a failure before anything is written."""
    with Server(lambda _received: Reply(http(200, json.dumps(odd).encode()))) as server:
        result = run("flow_schedule", {"api_url": server.url, "type": "manual"})
    assert result["failure"]["kind"] == "response"
    assert [received.method for received in server.received] == ["GET"]


@pytest.mark.parametrize(
    "said", [{"type": "monthly", "duration": "x"}, {"type": "Periodic ", "duration": "9" * 5000 + "m"}]
)
def test_unknown_schedule_is_shown_and_replaced(said: dict[str, Any]) -> None:
    """An unknown schedule is shown as it is and can be replaced."""
    flow = Flow().configured()
    flow.schedule = said
    with Server(flow) as server:
        info = run("flow_info", {"api_url": server.url, "gather": ["schedule"]})
        result = run("flow_schedule", {"api_url": server.url, "type": "auto"})
    assert info["flow"]["schedule"]["type"] in ("monthly", "periodic")
    assert info["flow"]["schedule"]["duration"] == said["duration"]
    assert result["schedule"]["type"] == "auto"


LICENSES = {
    VALID: (True, "2099-09-01", 8),
    "Expires on 1 September 2099": (True, "2099-09-01", None),
    "expires on 31 DEC 2030 (1 unit)": (True, "2030-12-31", 1),
    "Licence expired": (False, None, None),
    "Licence refused": (False, None, None),
    "Lizenz gültig": (True, None, None),
    "Expires on 99 Foo 2025 (8 units)": (True, None, None),
    "": (False, None, None),
}


@pytest.mark.parametrize(("text", "expected"), LICENSES.items(), ids=LICENSES)
def test_license_status_is_parsed(text: str, expected: tuple[bool, str | None, int | None]) -> None:
    """Known texts are parsed; others are kept as they are."""
    flow = Flow()
    flow.license = {"_lic_status": text, "_lic_key": KEY, "_lic_prod": "IDB-PRODUCT"}
    with Server(flow) as server:
        result = run("flow_info", {"api_url": server.url, "gather": ["license"]})
    valid, expires_on, units = expected
    assert result["flow"]["license"] == {
        "status": text,
        "valid": valid,
        "expires_on": expires_on,
        "units": units,
        "product_id": "IDB-PRODUCT",
    }
    assert KEY not in json.dumps(result)


REFUSALS = {
    "the reference's": (
        {
            "messageList": [{"topic": None, "message": "Error: Driver not found for rds.", "status": "E"}],
            "success": False,
        },
        ["Error: Driver not found for rds."],
    ),
    "one message": ({"success": False, "message": "no"}, ["no"]),
    "texts": ({"success": False, "messageList": ["one", "two"]}, ["one", "two"]),
    "none": ({"success": False}, []),
    "no list": ({"success": False, "messageList": {"message": "x"}}, []),
    "odd ones": ({"success": False, "messageList": [1, None, {"message": 5}, {"message": "three"}]}, ["three"]),
}


@pytest.mark.parametrize(("answer", "messages"), REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize(("name", "path"), [("source", "/conn-src/test"), ("extract", "/ops/extract/full")])
def test_refusal_shows_all_messages(name: str, path: str, answer: dict[str, Any], messages: list[str]) -> None:
    """All messages of the service are shown; nothing is saved after a failed test."""
    scenario = SCENARIOS[name]
    target = Target(method="POST", path=path, nth=0, number=0, times=1)
    said = http(200, json.dumps(answer).encode())
    with struck(scenario.flow(), target, None, lambda _received, _honest: Reply(said)) as server:
        result = scenario.run(server.url)
    assert result["failure"]["kind"] == "refused"
    assert result["failure"]["messages"] == messages
    assert result["failure"]["status"] == 200
    assert all(message in result["msg"] for message in messages)
    assert not [received for received in server.received if received.method == "PATCH"]
