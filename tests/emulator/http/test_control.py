# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control path: journal, reset, clock, hosts, and the paths that name instances."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from flow_emulator.http import application

from tests.emulator.support.emulators import DESTINATION, LICENSE, SOURCE, Instance, connection, control, pairs, serving

GUIDE = Path(__file__).parents[3] / "docs/docsite/rst/emulator.rst"
SECRETS = ("marker-password", "MARKER-LICENSE-KEY-AAAA", "marker-in-url")


def test_health_counts_instances_with_state(url: str) -> None:
    control(url, "POST", "reset")
    assert control(url, "GET", "health")["instances"] == 0
    for name in ("one", "two"):
        Instance(url, name).save("config-sched", {"type": "manual"})
    assert control(url, "GET", "health")["instances"] == 2


def test_journal_lists_requests_in_order(instance: Instance) -> None:
    instance.get("conn-src")
    instance.save("config-sched", {"type": "manual"})
    instance.send("PATCH", "config-sched", {"type": "never"})
    instance.send("GET", "nothing/here?x=1")
    entries = instance.journal()
    assert [(e["operation"], e["method"], e["path"], e["body"], e["status"], e["fault"]) for e in entries] == [
        ("get_source", "GET", "/conn-src", None, 200, False),
        ("save_schedule", "PATCH", "/config-sched", {"type": "manual"}, 204, False),
        ("save_schedule", "PATCH", "/config-sched", {"type": "never"}, 400, False),
        (None, "GET", "/nothing/here", None, 404, False),
    ]
    assert [entry["number"] for entry in entries] == sorted({entry["number"] for entry in entries})
    assert {entry["instance"] for entry in entries} == {instance.name}


def test_journal_distinguishes_connections(instance: Instance) -> None:
    instance.get("conn-src")
    instance.get("conn-src")
    Instance(instance.url, instance.name).get("conn-src")
    first, second, third = (entry["connection"] for entry in instance.journal())
    assert first == second != third


def test_journal_can_be_cleared_for_one_instance(instance: Instance) -> None:
    other = Instance(instance.url, f"{instance.name}-other")
    instance.get("conn-src")
    other.get("conn-src")
    control(instance.url, "DELETE", "journal", params={"instance": instance.name})
    assert instance.journal() == []
    assert len(other.journal()) == 1


def test_journal_answers_and_log_contain_no_secret(tmp_path: Path) -> None:
    password, key, in_url = SECRETS
    jdbc = connection("rds.jdbcfe", "h", pwd=password, drv="d", url=f"jdbc:mysql://u:{in_url}@h/d?password={in_url}")
    (tmp_path / "data").mkdir()
    with serving(tmp_path / "data", "--verbose") as url:
        instance = Instance(url, "secretive")
        instance.send("PATCH", "conn-src", pairs(jdbc))
        instance.send("POST", "conn-src/test", pairs(jdbc))
        instance.send("PATCH", "conn-src", pairs({**jdbc, "pwd2": "other"}))
        instance.send("PATCH", "conn-dst", pairs({**DESTINATION, "pwd": password, "pwd2": password}))
        instance.send("PATCH", "conn-dst", {"pwd": password})
        instance.save("config-var/licence", [{"name": "_lic_key", "value": key}])
        control(url, "PUT", "hosts", {"h": {"url": "sqlite://", "user": "u", "password": password}})
        control(url, "PUT", "keys", {key: {}})
        paths = ["journal", "hosts", "keys", "operations", "tables", "faults", "health"]
        output = "".join(requests.get(f"{url}/_emulator/{path}", timeout=60).text for path in paths)
        output += instance.send("GET", "list-db/d/s").text
        assert instance.journal()[0]["body"][3] == {"name": "pwd", "value": "***"}
    output += (tmp_path / "data.log").read_text()
    assert not [secret for secret in SECRETS if secret in output]
    assert "PATCH" in (tmp_path / "data.log").read_text()
    state = tmp_path / "data/state.db"
    assert state.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("prefix", ["", "a", "a/b/c", "gateway/0a1b/flow", "ä ö", "ingest", "docs", "_emulators"])
def test_any_prefix_is_an_instance(url: str, prefix: str) -> None:
    instance = Instance(url, prefix)
    instance.save("config-sched", {"type": "auto"})
    assert instance.get("config-sched")["type"] == "auto"
    assert control(url, "GET", "journal", params={"instance": f"/{prefix}/"})[-1]["instance"] == prefix
    control(url, "POST", "reset", params={"instance": prefix})
    assert instance.get("config-sched")["type"] == "manual"


def test_reset_of_one_instance_keeps_the_others(url: str) -> None:
    one, two = (Instance(url, name).set_up("offices") for name in ("reset-1", "reset-2"))
    for instance in (one, two):
        assert instance.run("full")["state"] == "done"
    products = [instance.named("config-var/licence")["_lic_prod"] for instance in (one, two)]
    control(url, "POST", "reset", params={"instance": "reset-1"})
    assert one.journal() == []
    assert one.operations() == []
    assert one.get("conn-src") == one.get("conn-dst") == []
    one.save("conn-src", pairs(SOURCE))
    assert one.selected() == set()
    assert two.selected() == {"offices"}
    assert one.named("config-var/licence")["_lic_prod"] != products[0]
    assert two.named("config-var/licence")["_lic_prod"] == products[1]


def test_reset_restores_samples_clock_hosts_and_licenses(url: str) -> None:
    instance = Instance(url, "all").set_up("offices")
    before = instance.run("full")["tables"][0]["rows"]
    sample = control(url, "GET", "hosts")["source.demo"]["url"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(sample)) as database:
        with database:
            database.execute("DELETE FROM payments")
    control(url, "PUT", "clock", {"advance": 1e6})
    control(url, "PUT", "hosts", {"source.demo": {"url": f"sqlite:///{sample}", "user": "x", "password": "y"}})
    control(url, "PUT", "licences", {LICENSE: {"expires_on": "2000-01-01", "units": 1}})
    control(url, "PUT", "faults", [{"status": 500}])
    control(url, "POST", "reset")
    assert control(url, "GET", "journal") == control(url, "GET", "faults") == []
    assert control(url, "GET", "licences") == {}
    instance.set_up("offices", "payments")
    tables = control(url, "GET", "tables", params={"instance": "all"})
    assert [(table["source_rows"], table["destination_rows"]) for table in tables] == [(before, None), (300, None)]
    now = datetime.fromisoformat(control(url, "GET", "clock")["now"])
    assert abs(now - datetime.now(UTC)) < timedelta(hours=1)


def test_every_control_path_is_in_the_guide() -> None:
    """With its methods."""
    rows = re.findall(r"^    \* - ``(\w+)``\n      - ([A-Z, ]+)\n", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    paths = application.openapi()["paths"].items()
    served = {path.removeprefix("/_emulator/"): {*item} for path, item in paths if path.startswith("/_emulator/")}
    assert {path: set(methods.lower().split(", ")) for path, methods in rows} == served


def test_clock_continues_from_the_time_it_is_set_to(url: str) -> None:
    control(url, "PUT", "clock", {"now": "2031-01-01T00:00:00+02:00"})
    assert control(url, "GET", "clock")["now"].startswith("2030-12-31T22:00:0")
    control(url, "PUT", "clock", {"advance": -86400})
    assert control(url, "GET", "clock")["now"].startswith("2030-12-30T22:00:0")
    control(url, "PUT", "clock", {"now": None})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {}),
        ("clock", {"now": None, "advance": 1}),
        ("clock", {"advance": None}),
        ("clock", {"now": "yesterday"}),
        ("clock", {"now": "9999-12-31T00:00:00Z"}),
        ("clock", {"advance": 1e300}),
        ("hosts", {"h": {"url": "no url", "user": "u", "password": "p"}}),
        ("hosts", {"h": {"url": "sqlite://"}}),
        ("licences", {"k": {"expires_on": "soon", "units": 1}}),
        ("keys", {"k": {"expires_at": "soon"}}),
        ("profile", []),
        ("profile", {"saves": "never"}),
        ("profile", {"parameters": None}),
        ("profile", {"saves": "merge", "more": 1}),
        ("faults", {"status": 500}),
        ("faults", [{"operation": "nothing"}]),
        ("faults", [{"status": 99}]),
        ("faults", [{"body_base64": "*"}]),
        ("faults", [{"headers": {"a b": "c"}}]),
        ("faults", [{"headers": {"a": "b\r\nc: d"}}]),
        ("faults", [{"headers": {"Content-Length": "3"}}]),
        ("faults", [{"unknown": 1}]),
    ],
)
def test_control_path_refuses_bad_input(url: str, path: str, body: Any) -> None:
    before = control(url, "GET", path)
    answer = requests.put(f"{url}/_emulator/{path}", json=body, timeout=60)
    assert answer.status_code == 400, answer.text
    assert answer.json()["message"]
    if path != "clock":
        assert control(url, "GET", path) == before


@pytest.mark.parametrize(
    "path", ["", "/", "/nothing", "/ingest/api/ingest", "/ingest/api/ingest/", "/_emulator/nothing"]
)
def test_unknown_path_is_not_found(url: str, path: str) -> None:
    answer = requests.get(url + path, timeout=60)
    assert answer.status_code == 404
    assert answer.json()["success"] is False


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "conn-src"), ("POST", "config-sched"), ("GET", "ops/extract/full")]
)
def test_wrong_method_is_not_allowed(instance: Instance, method: str, path: str) -> None:
    answer = instance.send(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"]


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_body_without_json_content_type_is_refused(instance: Instance, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = instance.session.patch(
        f"{instance.url}/{instance.name}/ingest/api/ingest/config-sched",
        data=b'{"type":"auto"}',
        headers=headers,
        timeout=60,
    )
    assert answer.status_code == 415
    assert instance.get("config-sched")["type"] == "manual"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000, b"9" * 10_000, b'"\\ud800"', b"NaN", b'{"type":"\\ud800"}']
)
def test_invalid_json_is_refused(instance: Instance, body: bytes) -> None:
    for path in ("conn-src", "config-sched", "config-var/licence"):
        answer = instance.session.patch(
            f"{instance.url}/{instance.name}/ingest/api/ingest/{path}",
            data=body,
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=60,
        )
        assert answer.status_code == 400, answer.text


def test_surrogates_and_zero_bytes_are_accepted_or_refused(instance: Instance) -> None:
    for value in ("\ud800", "a\0b"):
        body = [{"name": "_lic_key", "value": value}]
        assert instance.send("PATCH", "config-var/licence", body).status_code in (204, 400)
        assert instance.send("PATCH", "conn-src", pairs({**SOURCE, "host": value})).status_code in (204, 400)
        assert instance.send("POST", "conn-src/test", pairs({**SOURCE, "db": value})).status_code in (200, 400)
    instance.get("conn-src")
