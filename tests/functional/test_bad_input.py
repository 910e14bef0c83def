# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad values are refused by name, with the allowed values, before any write is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .batch import Plays, Scenario, Task
from .cases import SAVE_SOURCE, connection_args
from .emulator import Emulator
from .playbook import Ansible, Run


@dataclass(frozen=True)
class Bad:
    """A task's arguments, and the words that its failure must contain."""

    name: str
    module: str
    args: Mapping[str, Any]
    words: tuple[str, ...]


def _source(name: str, *words: str, without: tuple[str, ...] = (), **args: Any) -> Bad:
    given = {**connection_args("source", {"type": "rds.mysqlc"}), **args}
    return Bad(name, "flow_connection", {key: value for key, value in given.items() if key not in without}, words)


def _destination(name: str, *words: str, **args: Any) -> Bad:
    return Bad(name, "flow_connection", connection_args("destination", args), words)


def _schedule(name: str, *words: str, **args: Any) -> Bad:
    return Bad(name, "flow_schedule", args, words)


def _table(name: str, *words: str, **args: Any) -> Bad:
    return Bad(name, "flow_table", {"database": "mydb", "schema": "classicmodels", **args}, words)


def _api(name: str, *words: str, **args: Any) -> Bad:
    return Bad(name, "flow_schedule", {"type": "auto", **args}, words)


BAD = {
    "bad-connection": (
        _source("port 0", "port", "1 to 65535", port=0),
        _source("port 65536", "port", "1 to 65535", port=65536),
        _source("port -1", "port", "1 to 65535", port=-1),
        _source("port no number", "port", "int", port="default"),
        _source(
            "no password to save",
            "password",
            "nothing is saved yet",
            "Nothing was tested or saved",
            without=("password",),
        ),
        _source(
            "no password to test", "password", "Nothing was tested or saved", state="tested", without=("password",)
        ),
        _source("mask as password", "password", "***", password="***"),
        _source("empty password", "password", "empty", password=""),
        _source("no type", "type", "rds.mysqlc", "rds.jdbcfe", without=("type",)),
        _source("no port and no default", "port", "rds.mongo", "65535", type="rds.mongo"),
        _source("empty host", "host", "empty", host=""),
        _source("no host", "host", "must be set", without=("host",)),
        _source("no user", "user", "must be set", without=("user",)),
        _source("jdbc with neither", "jdbc_driver", "jdbc_url", "rds.jdbcfe", type="rds.jdbcfe", port=1),
        _source("jdbc with a driver alone", "jdbc_driver", "jdbc_url", type="rds.jdbcfe", port=1, jdbc_driver="x.Y"),
        _source("jdbc with a url alone", "jdbc_driver", "jdbc_url", type="rds.jdbcfe", port=1, jdbc_url="jdbc:x:y"),
        _destination("jdbc_driver on a destination", "jdbc_driver", "source", jdbc_driver="x.Y"),
        _destination("jdbc_url on a destination", "jdbc_url", "source", jdbc_url="jdbc:x:y"),
        _source("another endpoint", "endpoint", "source", "destination", endpoint="sink"),
        _source("another update_password", "update_password", "auto", "on_create", "always", update_password="never"),
        _source("an unknown option", "hots", "host", hots="x"),
    ),
    "bad-schedule": (
        _schedule("eaten by YAML", "duration", "886", "14:46", "quote", type="daily", duration=886),
        _schedule("25 hours", "duration", "25h", "23:59", type="daily", duration="25h"),
        _schedule("25:00", "duration", "25:00", "23:59", type="daily", duration="25:00"),
        _schedule("minute 60", "duration", "12:60", "23:59", type="weekly", duration="12:60", days=["mon"]),
        _schedule(
            "a wrong letter", "week_flags", "YNXNNNN", "seven", type="weekly", duration="1h", week_flags="YNXNNNN"
        ),
        _schedule("six letters", "week_flags", "YNNNNN", "seven", type="weekly", duration="1h", week_flags="YNNNNN"),
        _schedule(
            "days and flags", "days", "week_flags", type="weekly", duration="1h", week_flags="YNNNNNN", days=["mon"]
        ),
        _schedule("an unknown day", "days", "someday", "sunday", type="weekly", duration="1h", days=["someday"]),
        _schedule("no day", "days", type="weekly", duration="1h", days=[]),
        _schedule("no day in flags", "week_flags", type="weekly", duration="1h", week_flags="NNNNNNN"),
        _schedule("neither days nor flags", "days", "week_flags", type="weekly", duration="1h"),
        _schedule("no interval", "duration", "zero", type="periodic", duration="0m"),
        _schedule("no duration", "duration", "required", type="periodic"),
        _schedule("an offset for daily", "offset", "daily", type="daily", duration="1h", offset="1m"),
        _schedule("a duration for manual", "duration", "manual", type="manual", duration="1h"),
        _schedule("an offset in seconds", "offset", "minutes", type="periodic", duration="1h", offset="30s"),
        _schedule("a word", "duration", "soon", "5m", type="periodic", duration="soon"),
        _schedule("monthly", "type", "monthly", "manual, auto, periodic, daily, weekly", type="monthly"),
    ),
    "bad-table": (
        _table(
            "a name that does not exist",
            "tables",
            "custmers",
            "similar names: customers",
            tables=["offices", "custmers"],
        ),
        _table("a pattern that matches nothing", "tables", "x*", "8 tables", tables=["x*"]),
        _table("an empty name", "tables", "empty", tables=[""]),
        _table("concurrency 0", "concurrency", "1 to 32", tables=["offices"], concurrency=0),
        _table("concurrency 33", "concurrency", "1 to 32", tables=["offices"], concurrency=33),
        _table("exclusive and deselected", "exclusive", "selected", tables=["x"], exclusive=True, state="deselected"),
        _table("no tables", "tables", "required"),
    ),
    "bad-rest": (
        Bad("mask as license key", "flow_license", {"license_key": "***"}, ("license_key", "mask")),
        Bad("empty license key", "flow_license", {"license_key": ""}, ("license_key", "empty")),
        Bad(
            "unknown operation", "flow_extract", {"operation": "all"}, ("operation", "full, syncnew, syncstruct, delta")
        ),
        Bad("extract unconfigured", "flow_extract", {"operation": "full"}, ("source", "destination", "preflight")),
        Bad(
            "unknown gather", "flow_info", {"gather": ["secrets"]}, ("gather", "source, destination, license, schedule")
        ),
        _api("no scheme", "api_url", "http(s)://", api_url="localhost:8081"),
        _api("another scheme", "api_url", "http(s)://", api_url="ftp://localhost:8081"),
        _api("no host", "api_url", "http(s)://", api_url="http://"),
        _api("words", "api_url", "http(s)://", api_url="the service"),
        _api("port of the URL", "api_url", "http(s)://", api_url="http://localhost:99999"),
        _api("a query", "api_url", "query", api_url="http://localhost:8081/?a=b"),
        _api("credentials in the URL", "api_url", "api_username", api_url="http://user:pass@localhost:8081"),
        _api("no time", "api_timeout", "above 0", api_timeout=0),
        _api("fewer than no retries", "api_retries", "from 0", api_retries=-1),
        _api("token and user", "api_token", "api_username", api_token="3f9c", api_username="u", api_password="9d0a"),
        _api("user without password", "api_username", "api_password", api_username="u"),
        _api("a token with a line break", "api_token", "line break", api_token="a\nb"),
        _api("a key file without its certificate", "client_key", "client_cert", client_key="x"),
        _api("a CA that is not there", "ca_path", "does not exist", ca_path="/nowhere/ca.pem"),
        Bad(
            "pipeline with a bad port",
            "flow_pipeline",
            {"schedule": {"type": "auto"}, "destination": {"host": "h", "user": "u", "port": 0}},
            ("destination", "port", "1 to 65535"),
        ),
        Bad(
            "pipeline with a bad table option",
            "flow_pipeline",
            {
                "tables": [{"database": "a", "schema": "b", "tables": ["x"], "select": True}],
                "schedule": {"type": "auto"},
            },
            ("tables", "select"),
        ),
        Bad(
            "pipeline with an unknown extract",
            "flow_pipeline",
            {"extract": "sometimes"},
            ("extract", "auto, never, full, syncnew, syncstruct, delta"),
        ),
    ),
}
SETUP = {"bad-table": (SAVE_SOURCE,)}
SCENARIOS = [
    Scenario(host, tuple(Task(bad.name, bad.module, bad.args) for bad in listed), SETUP.get(host, ()))
    for host, listed in BAD.items()
]
PLAYS = Plays("bad-input", SCENARIOS)
EACH = [pytest.param(host, bad, id=bad.name.replace(" ", "-")) for host, listed in BAD.items() for bad in listed]


@pytest.mark.parametrize(("host", "bad"), EACH)
def test_bad_value_is_refused_by_name(played: Run, host: str, bad: Bad) -> None:
    """The kind is invalid, and the message names the option and the allowed values."""
    found = played.one(host, bad.name)
    assert found.outcome == "failed"
    assert found.result["failure"]["kind"] == "invalid"
    assert [word for word in bad.words if word not in found.result["msg"]] == [], found.result["msg"]


@pytest.mark.parametrize(("host", "bad"), EACH)
def test_bad_value_writes_nothing(played: Run, host: str, bad: Bad) -> None:
    """Only reads are sent."""
    assert [method for method, _path in played.one(host, bad.name).sent if method != "GET"] == []


def test_failures_are_the_same_both_ways(shared: Path, process: Emulator, ordinary: str) -> None:
    """Ordinary modules and Ansible's worker fail exactly the same."""
    PLAYS.assert_like_worker(shared, process, ordinary)


def test_unquoted_time_of_day_is_explained(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The message explains what YAML makes of 14:46 without quotes."""
    folder = tmp_path_factory.mktemp("eaten")  # a short path: Ansible makes sockets below it
    playbook = folder / "eaten.yml"
    playbook.write_text(
        "- hosts: all\n"
        "  gather_facts: false\n"
        "  tasks:\n"
        "    - singlestore.flow.flow_schedule:\n"
        f"        api_url: {emulator.api('eaten')}\n"
        "        type: daily\n"
        "        duration: 14:46\n"
    )
    run = Ansible(folder / "run", emulator, in_worker=True).run(str(playbook), hosts={"eaten": {}})
    (record,) = run.records
    assert record.result["failure"]["kind"] == "invalid"
    assert "quote it ('14:46')" in record.result["msg"]
    assert record.sent == []
