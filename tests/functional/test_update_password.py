# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords that cannot be compared: the effect of ``update_password`` in each situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .batch import Plays, Scenario, Task
from .emulator import Emulator
from .playbook import Run

DATABASE = "sqlite:///{{ lookup('ansible.builtin.env', 'FLOW_DATA') }}/source.db"
FIRST, SECOND = "first-pass-1", "second-pass-2"
TEST, SAVE = ("POST", "/conn-src/test"), ("PATCH", "/conn-src")
READ = ("GET", "/conn-src")
SAVED = [READ, TEST, SAVE, READ]


@dataclass(frozen=True)
class Step:
    """One run of the module: the options besides the connection, and the expected result."""

    name: str
    given: Mapping[str, Any]
    sent: list[tuple[str, str]]
    changed: bool = False
    kind: str | None = None
    words: tuple[str, ...] = ()
    status: str | None = "Y"
    warns: bool = False


@dataclass(frozen=True)
class Rotation:
    """The password changes in the database; the service notices when it next uses the connection."""

    name: str
    noticed: bool


def create(**given: Any) -> Step:
    """Save the connection for the first time."""
    return Step("create", {"password": FIRST, **given}, SAVED, changed=True)


def refused(name: str, given: Mapping[str, Any], *words: str) -> Step:
    """A required password is missing: the message says so, and only the read is sent."""
    return Step(name, given, [READ], kind="invalid", words=("password", "Nothing was tested or saved", *words))


NOTICED, UNNOTICED = Rotation("rotate", noticed=True), Rotation("rotate", noticed=False)
AUTO, ON_CREATE, ALWAYS = ({"update_password": value} for value in ("auto", "on_create", "always"))

STORIES: dict[str, tuple[Step | Rotation, ...]] = {
    "auto": (
        create(),
        Step("again", {"password": FIRST}, [READ]),
        Step("another password is not noticed", {"password": SECOND}, [READ]),
        Step("no password is needed", {}, [READ]),
        NOTICED,
        Step("the old password", {"password": FIRST}, [READ, TEST], kind="refused", words=("Nothing was saved",)),
        refused("no password", {}, "status N"),
        Step("in check mode", {"password": SECOND, "check_mode": True}, [READ, TEST], changed=True),
        Step("repaired", {"password": SECOND}, SAVED, changed=True),
        Step("again once more", {"password": SECOND}, [READ]),
    ),
    "auto-unnoticed": (
        create(),
        UNNOTICED,
        Step("nobody can tell", {"password": SECOND}, [READ]),
    ),
    "auto-untested": (
        Step(
            "save a wrong one", {"password": "wrong", "test": False}, [READ, SAVE, READ], True, status="N", warns=True
        ),
        Step(
            "it is tried again", {"password": "wrong", "test": False}, [READ, SAVE, READ], True, status="N", warns=True
        ),
        Step("the right one", {"password": FIRST, "test": False}, [READ, SAVE, READ], True),
        Step("again", {"password": FIRST, "test": False}, [READ]),
    ),
    "auto-without": (
        refused("nothing saved", {}, "nothing is saved yet"),
        refused("to test", {"state": "tested"}, "state is tested"),
        create(),
        refused("a setting differs", {"port": 3307}, "port differs"),
        Step("nothing differs", {"port": 3306}, [READ]),
    ),
    "on-create": (
        create(**ON_CREATE),
        Step("again", {"password": FIRST, **ON_CREATE}, [READ]),
        NOTICED,
        Step("status N is left alone", {"password": SECOND, **ON_CREATE}, [READ], status="N", warns=True),
        Step("without a password too", {**ON_CREATE}, [READ], status="N", warns=True),
        Step("a setting differs", {"password": SECOND, "port": 3307, **ON_CREATE}, SAVED, changed=True),
        refused("a setting differs, without", {"port": 3308, **ON_CREATE}, "port differs"),
    ),
    "always": (
        create(**ALWAYS),
        Step("again", {"password": FIRST, **ALWAYS}, SAVED, changed=True),
        Step("in check mode", {"password": FIRST, "check_mode": True, **ALWAYS}, [READ, TEST], changed=True),
        refused("without", {**ALWAYS}, "update_password is always"),
        UNNOTICED,
        Step("the old password", {"password": FIRST, **ALWAYS}, [READ, TEST], kind="refused"),
        Step("the new password", {"password": SECOND, **ALWAYS}, SAVED, changed=True),
        Step("only tested", {"password": SECOND, "state": "tested", **ALWAYS}, [READ, TEST]),
    ),
}


def _tasks(host: str, story: tuple[Step | Rotation, ...]) -> tuple[Task, ...]:
    tasks = []
    for item in story:
        if isinstance(item, Rotation):
            tasks.append(_put_host("rotate", host, SECOND))
            if item.noticed:
                path = f"{host}/ingest/api/ingest/list-db/mydb/classicmodels"
                tasks.append(Task("use the connection", "emulator", {"method": "GET", "path": path}))
            continue
        args = {"endpoint": "source", "type": "rds.mysqlc", "host": f"{host}.demo", "user": "app", **item.given}
        check = args.pop("check_mode", False)
        tasks.append(Task(item.name, "flow_connection", args, {"check_mode": check}))
    return tuple(tasks)


def _put_host(name: str, host: str, password: str) -> Task:
    hosts = {f"{host}.demo": {"url": DATABASE, "user": "app", "password": password}}
    return Task(name, "emulator", {"method": "PUT", "path": "_emulator/hosts", "body": hosts})


SCENARIOS = [
    Scenario(host, (_put_host("first password", host, FIRST), *_tasks(host, story))) for host, story in STORIES.items()
]
PLAYS = Plays("update-password", SCENARIOS)
EACH = [
    pytest.param(host, step, id=f"{host}-{step.name.replace(' ', '_')}")
    for host, story in STORIES.items()
    for step in story
    if isinstance(step, Step)
]


@pytest.mark.parametrize(("host", "step"), EACH)
def test_update_password_decides_about_the_request(played: Run, host: str, step: Step) -> None:
    """The requests, ``changed`` and the failure's message are as expected."""
    found = played.one(host, step.name)
    assert found.sent == step.sent
    assert found.outcome == ("failed" if step.kind else "ok"), found.result
    assert found.result["changed"] is step.changed
    if step.kind:
        assert found.result["failure"]["kind"] == step.kind
        assert [word for word in step.words if word not in found.result["msg"]] == [], found.result["msg"]
    else:
        assert found.result["connection"]["status"] == step.status
        assert found.result["connection"]["working"] is (step.status == "Y")
        assert ("warnings" in found.result) is step.warns


def test_results_are_the_same_both_ways(shared: Path, process: Emulator, ordinary: str) -> None:
    """Results, failures and warnings are exactly the same both ways."""
    PLAYS.assert_like_worker(shared, process, ordinary)


def test_message_says_what_to_do(played: Run) -> None:
    """A saved connection that does not work is named with its host."""
    (warning,) = played.one("on-create", "status N is left alone").result["warnings"]
    assert "on-create.demo" in warning
    assert "status N" in warning
