# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook demo: where each of its variables goes, and what it makes of the rows on both sides."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from .specs import documented
from .stage import EMULATOR, Play, Played, play_once

PLAYBOOK = "singlestore.flow.demo"
SAME = [
    {"table": "offices", "source_rows": 7, "destination_rows": 7},
    {"table": "orders", "source_rows": 326, "destination_rows": 326},
]
ROWS = {
    "same": SAME,
    "fewer": [SAME[0], {**SAME[1], "destination_rows": 325}],
    "uncounted": [{"table": "offices", "source_rows": None, "destination_rows": None}],
    "check": SAME,
}
"""What the emulator of each host counts."""
DIR = "/elsewhere/a folder"
GIVEN = {
    "flow_demo_state": "started",
    "flow_demo_dir": DIR,
    "flow_demo_source": {"type": "rds.pgres", "host": "one"},
    "flow_demo_destination": {"host": "two"},
    "flow_demo_tables": [{"database": "d", "schema": "s", "tables": ["t"]}],
}
THRICE = [
    {"import_playbook": PLAYBOOK, "vars": variables}
    for variables in ({"emulator": ""}, {"flow_demo_state": "stopped"}, GIVEN)
]


ROLE = {"answers": {"flow_pipeline.": {"steps": []}}}
HOSTS = {
    host: {"emulator": f"http://emulator/{host}", "ansible_python_interpreter": "/nowhere", **ROLE} for host in ROWS
}
ANSWERS = {f"http://emulator/{host}/_emulator/tables": rows for host, rows in ROWS.items()}


def play(shared: Path, name: str, playbook: Any, hosts: Collection[str], *options: str) -> Played:
    """Play the demo on hosts that stand for this one."""
    answers = {"FLOW_ANSWERS": json.dumps(ANSWERS)}
    chosen = {host: HOSTS[host] for host in hosts}
    return play_once(shared, name, Play([playbook], ("--forks", "3", *options), chosen, answers, "localhost"))


@pytest.fixture(scope="module")
def check(shared: Path) -> Played:
    """The playbook in check mode: with no emulator, to stop it, and as asked for."""
    return play(shared, "demo-check", THRICE, ["check"], "--check")


@pytest.fixture(scope="module")
def real(shared: Path) -> Played:
    """The playbook as it is."""
    return play(shared, "demo", PLAYBOOK, [host for host in ROWS if host != "check"])


def given(played: Played, host: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what each module was given on a host, without what the role sets itself."""
    own = ("steps", "earlier")
    return [(call.action, {k: v for k, v in call.args.items() if k not in own}) for call in played.of(host)]


def url(host: str) -> str:
    """Return where the emulator of a host is."""
    return f"http://emulator/{host}"


def wanted(host: str, started: Mapping[str, Any], **options: Any) -> list[tuple[str, Any]]:
    """Return what the modules are to be given: some of it as the demo's variables have it."""
    given = {
        "api_url": url(host),
        "schedule": {"type": "periodic", "duration": "1h"},
        "license_key": "DEMO0-00000-00000-00000",
        **options,
    }
    path = f"{url(host)}/_emulator"
    return [
        (EMULATOR, {"state": "started", "port": 0, **started}),
        *[("flow_pipeline", given)] * 8,
        ("uri", {"url": f"{path}/operations?wait=300", "timeout": 310, "use_proxy": False}),
        ("uri", {"url": f"{path}/tables", "use_proxy": False}),
    ]


def test_every_variable_has_a_value() -> None:
    """That the head of the playbook documents, or that it says how to stop with."""
    assert documented("demo") | {"flow_demo_dir"} == set(GIVEN)


def test_without_an_emulator(check: Played) -> None:
    """Stopped, or not started in check mode, there is nothing more to do."""
    assert [(action, args["state"]) for action, args in given(check, "check")[:2]] == [
        (EMULATOR, "started"),
        (EMULATOR, "stopped"),
    ]


def test_as_asked_for(check: Played) -> None:
    """Each variable goes where it is for."""
    assert given(check, "check")[2:] == wanted(
        "check",
        {"dir": DIR},
        source={"type": "rds.pgres", "host": "one"},
        destination={"host": "two"},
        tables=[{"database": "d", "schema": "s", "tables": ["t"]}],
    ), check.output
    assert f"flow_demo_dir='{DIR}'" in check.said("check", "Show how to stop the emulator")


def test_check_mode(check: Played) -> None:
    """The emulator is asked all the same."""
    assert check.code == 0, check.output
    assert {call.check for call in check.of("check") if call.action != "uri"} == {True}
    assert {call.check for call in check.of("check", "uri")} == {False}


def test_as_it_is(real: Played) -> None:
    """From the embedded source to the embedded destination; the rows are shown, and how to stop."""
    embedded = {"user": "flow", "password": "flow-demo"}
    assert given(real, "same") == wanted(
        "same",
        {"dir": "~/.cache/singlestore-flow-demo"},
        source={"type": "rds.mysqlc", "host": "source.demo", **embedded},
        destination={"host": "destination.demo", **embedded},
        tables=[{"database": "demo", "schema": "classicmodels", "tables": ["*"]}],
    ), real.output
    rows = re.findall(r'"(\w+) +(\w+) +(\w+)"', real.said("same", "Show the rows"))
    assert rows == [("table", "source", "destination"), ("offices", "7", "7"), ("orders", "326", "326")]
    stop = real.said("same", "Show how to stop the emulator")
    assert url("same") in stop
    assert "ansible-playbook singlestore.flow.demo --extra-vars flow_demo_state=stopped" in stop
    assert "--extra-vars flow_demo_dir='~/.cache/singlestore-flow-demo'" in stop


@pytest.mark.parametrize("host", ["fewer", "uncounted"])
def test_rows_that_differ(real: Played, host: str) -> None:
    """The demo fails, and says where to look."""
    failure = real.said(host, "Compare the rows")
    assert failure.startswith("fatal: ")
    assert f"{url(host)}/_emulator/operations" in failure
    assert given(real, host)[-1][0] == "uri"
    assert real.said(host, "Show how to stop the emulator") == ""
