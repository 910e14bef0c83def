# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks run as ordinary modules, and which Python runs those: each keyword, variable and setting.

The module that would run as an ordinary one is a stand-in that says which Python runs it; what runs in
Ansible's own process is the real code, which finds nobody at its URL.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ..batch import once
from ..playbook import PLAYBOOK, REPOSITORY, SECONDS

OWN, OTHER, INSIDE = "own", "other", "inside"
"""An ordinary module by Ansible's own Python, one by another Python, and a task in Ansible's own process."""
PLUGINS = Path(__file__).parent / "plugins"
ELSEWHERE = Path(__file__).parents[1] / "plugins" / "connection"
SWITCH = "singlestore_flow_in_worker"
SUDO = """#!/bin/sh
# Stands for sudo: what becomes of the options is not what is tested.
while [ $# -gt 0 ]; do
    case $1 in
    -u) shift 2 ;;
    -*) shift ;;
    *) break ;;
    esac
done
exec "$@"
"""
BECOME = {"ansible_become_exe": "{{ lookup('env', 'FLOW_SUDO') }}", "ansible_become_method": "ansible.builtin.sudo"}
PYTHON = "ansible_python_interpreter"
OTHER_PYTHON = "{{ lookup('env', 'FLOW_OTHER_PYTHON') }}"
OWN_PYTHON = "{{ ansible_playbook_python }}"
HOSTS: dict[str, dict[str, Any]] = {
    "here": {},
    "there": {},
    "own": {PYTHON: OWN_PYTHON},
    "other": {PYTHON: OTHER_PYTHON},
    "automatic": {PYTHON: "auto_silent"},
    "become": {"ansible_become": True},
    "off": {SWITCH: False},
    "on": {SWITCH: True},
    "elsewhere": {"ansible_connection": "elsewhere", PYTHON: OTHER_PYTHON},
    "builtin": {"ansible_connection": "ansible.builtin.local"},
    "legacy": {"ansible_connection": "ansible.legacy.local"},
}
SOME = {"SOME": "thing"}

Cases = dict[str, tuple[dict[str, Any], str]]
"""A task's keywords, and what is to become of it."""

TASKS: Cases = {
    "plain": ({}, INSIDE),
    "check mode": ({"check_mode": True}, INSIDE),
    "async": ({"async": 60, "poll": 1}, OWN),
    "no async": ({"async": 0}, INSIDE),
    "environment": ({"environment": SOME}, OWN),
    "environment of several": ({"environment": [{}, SOME]}, OWN),
    "no environment": ({"environment": {}}, INSIDE),
    "environment and async": ({"environment": SOME, "async": 60, "poll": 1}, OWN),
    "become": ({"become": True}, OWN),
    "become by variable": ({"vars": {"ansible_become": True}}, OWN),
    "no become": ({"become": False}, INSIDE),
    "interpreter": ({"vars": {PYTHON: OTHER_PYTHON}}, OTHER),
    "own interpreter": ({"vars": {PYTHON: OWN_PYTHON}}, INSIDE),
    "own interpreter by another name": ({"vars": {PYTHON: "{{ lookup('env', 'FLOW_OWN_PYTHON') }}"}}, INSIDE),
    "own interpreter and environment": ({"vars": {PYTHON: OWN_PYTHON}, "environment": SOME}, OWN),
    "interpreter and environment": ({"vars": {PYTHON: OTHER_PYTHON}, "environment": SOME}, OTHER),
    "switched off": ({"vars": {SWITCH: False}}, OWN),
    "switched off in words": ({"vars": {SWITCH: "no"}}, OWN),
    "another connection": ({"vars": {"ansible_connection": "elsewhere", PYTHON: OTHER_PYTHON}}, OTHER),
    **{
        f"delegated to {host}": ({"delegate_to": host}, outcome)
        for host, outcome in {
            "there": INSIDE,
            "localhost": INSIDE,
            "own": INSIDE,
            "other": OTHER,
            "automatic": INSIDE,
            "become": OWN,
            "off": OWN,
            "on": INSIDE,
            "elsewhere": OTHER,
            "builtin": INSIDE,
            "legacy": INSIDE,
        }.items()
    },
    "delegated with environment": ({"delegate_to": "there", "environment": SOME}, OWN),
    "delegated with async": ({"delegate_to": "there", "async": 60, "poll": 1}, OWN),
    "delegated with environment to other": ({"delegate_to": "other", "environment": SOME}, OTHER),
    "in a loop": ({"loop": [1], "environment": SOME}, OWN),
}
ON_HOSTS = {
    "own": INSIDE,
    "other": OTHER,
    "automatic": INSIDE,
    "become": OWN,
    "off": OWN,
    "elsewhere": OTHER,
    "builtin": INSIDE,
    "legacy": INSIDE,
}
EVERYWHERE: Cases = {"plain": ({}, OWN), "delegated to own": ({"delegate_to": "own"}, OWN)}
SETTINGS: dict[str, tuple[dict[str, str], Cases]] = {
    "keep_remote_files": ({"ANSIBLE_KEEP_REMOTE_FILES": "true"}, EVERYWHERE),
    "interpreter_python": (
        {"ANSIBLE_PYTHON_INTERPRETER": "FLOW_OTHER_PYTHON"},
        {
            "plain": ({}, OTHER),
            "delegated to there": ({"delegate_to": "there"}, OTHER),
            "delegated to own": ({"delegate_to": "own"}, INSIDE),
            "environment": ({"environment": SOME}, OTHER),
        },
    ),
    "switch": (
        {SWITCH.upper(): "false"},
        {
            **EVERYWHERE,
            "delegated to on": ({"delegate_to": "on"}, INSIDE),
            "switched on": ({"vars": {SWITCH: True}}, INSIDE),
        },
    ),
    "become": ({"ANSIBLE_BECOME": "true"}, EVERYWHERE),
}
"""Settings of a whole run."""
PLAYS: dict[str, dict[str, Any]] = {
    "play": {"environment": SOME},
    "become of a play": {"become": True},
}
"""Keywords of a play."""


def task(name: str, keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task as YAML has it."""
    args = {"api_url": "http://127.0.0.1:9", "api_retries": 0}
    return {"name": name, "singlestore.flow.flow_info": args, "ignore_errors": True, **keywords}


def play(name: str, hosts: str, cases: Cases, **keywords: Any) -> dict[str, Any]:
    """Return a play of cases."""
    tasks = [task(case, given) for case, (given, _outcome) in cases.items()]
    return {"name": name, "hosts": hosts, "gather_facts": False, "vars": BECOME, "tasks": tasks, **keywords}


BLOCKS: list[dict[str, Any]] = [
    {"name": "a block", "environment": SOME, "block": [task("environment of a block", {})]},
    {"name": "a block", "become": True, "block": [task("become of a block", {})]},
    {"name": "a block", "delegate_to": "other", "block": [task("delegation of a block", {})]},
]
BY_BLOCK = {"environment of a block": OWN, "become of a block": OWN, "delegation of a block": OTHER}


@pytest.fixture(scope="module")
def world(shared: Path) -> dict[str, str]:
    """The environment that every run has: another Python first on PATH, and two names for paths."""
    folder = Path(once(shared, "whose-python", lambda: str(_built(shared / "whose-python"))))
    return {
        "PATH": f"{folder / 'other'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "tmp"),
        "ANSIBLE_ASYNC_DIR": str(folder / "async"),
        "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS / "callback"),
        "ANSIBLE_CONNECTION_PLUGINS": str(ELSEWHERE),
        "ANSIBLE_CALLBACKS_ENABLED": "outcomes",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "FLOW_SUDO": str(folder / "sudo"),
        "FLOW_BLOCKED": str(folder / "blocked"),
        "FLOW_OTHER_PYTHON": str(folder / "other" / "python3"),
        "FLOW_OWN_PYTHON": str(Path(PLAYBOOK).parent / "python3"),
    }


def _built(folder: Path) -> Path:
    """Make another Python environment, a sudo, and the collection with a stand-in for one module."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "environment"], check=True)
    (folder / "other").symlink_to(folder / "environment" / "bin")
    (folder / "sudo").write_text(SUDO)
    (folder / "sudo").chmod(0o755)
    flow = folder / "collections/ansible_collections/singlestore/flow"
    (flow / "plugins/modules").mkdir(parents=True)
    (flow / "meta").symlink_to(REPOSITORY / "meta")
    for part in ("action", "plugin_utils", "module_utils", "doc_fragments"):
        (flow / "plugins" / part).symlink_to(REPOSITORY / "plugins" / part)
    (flow / "plugins/modules/flow_info.py").symlink_to(PLUGINS / "report.py")
    (flow / "plugins/modules/flow_license.py").symlink_to(REPOSITORY / "plugins/modules/flow_license.py")
    (folder / "blocked").mkdir()
    (folder / "blocked/urllib3.py").write_text("raise ImportError\n")
    return folder


def run(shared: Path, world: Mapping[str, str], name: str, plays: list[dict[str, Any]], **environment: str) -> Any:
    """Run plays once; return ``{host: {task: result}}``."""

    def make() -> dict[str, dict[str, Any]]:
        folder = shared / f"whose-python-{name}"
        folder.mkdir()
        inventory = {"all": {"hosts": HOSTS, "vars": {"ansible_connection": "local"}}}
        for file, content in (("inventory.yml", inventory), ("playbook.yml", plays)):
            (folder / file).write_text(json.dumps(content), encoding="utf-8")
        record = folder / "record"
        done = subprocess.run(
            [PLAYBOOK, "-i", folder / "inventory.yml", folder / "playbook.yml"],
            env={**world, "FLOW_RECORD": str(record), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
        assert record.exists(), done.stdout.decode()
        found: dict[str, dict[str, Any]] = {}
        for line in record.read_text(encoding="utf-8").splitlines():
            outcome = json.loads(line)
            found.setdefault(outcome["host"], {})[outcome["task"]] = outcome["result"]
        return found

    return once(shared, f"whose-python-{name}", make)


def what_ran(world: Mapping[str, str], result: dict[str, Any]) -> str:
    """Return what has run a task; in Ansible's own process it finds nobody."""
    (one,) = result.get("results", [result])
    if one.get("failure", {}).get("kind") == "unreachable":
        return INSIDE
    python = one.get("python", str(one))
    folders = {
        str(Path(world[name]).parent): what for name, what in (("FLOW_OWN_PYTHON", OWN), ("FLOW_OTHER_PYTHON", OTHER))
    }
    return folders.get(str(Path(python).parent), python)


@pytest.fixture(scope="module")
def plain(shared: Path, world: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What ran each case that needs no settings of its own."""
    plays = [
        play("tasks", "here", TASKS),
        play("hosts", ":".join(ON_HOSTS), {"host": ({}, "")}),
        *(play(name, "here", {f"in {name}": ({}, OWN)}, **keywords) for name, keywords in PLAYS.items()),
        {"name": "blocks", "hosts": "here", "gather_facts": False, "vars": BECOME, "tasks": BLOCKS},
    ]
    found = run(shared, world, "plain", plays)
    return {host: {name: what_ran(world, result) for name, result in each.items()} for host, each in found.items()}


@pytest.mark.parametrize("name", TASKS)
def test_task(plain: Any, name: str) -> None:
    """By the task's keywords, and by the host that it is delegated to."""
    assert plain["here"][name] == TASKS[name][1]


@pytest.mark.parametrize("host", ON_HOSTS)
def test_host(plain: Any, host: str) -> None:
    """By the host's variables."""
    assert plain[host]["host"] == ON_HOSTS[host]


@pytest.mark.parametrize(("name", "outcome"), [*((f"in {name}", OWN) for name in PLAYS), *BY_BLOCK.items()])
def test_inherited(plain: Any, name: str, outcome: str) -> None:
    """By the keywords of the play, or of the block, that a task is in."""
    assert plain["here"][name] == outcome


@pytest.mark.parametrize("name", SETTINGS)
def test_setting(shared: Path, world: Mapping[str, str], name: str) -> None:
    """By the configuration of Ansible; a variable wins over it."""
    environment, cases = SETTINGS[name]
    variables = {key: world.get(value, value) for key, value in environment.items()}
    found = run(shared, world, name, [play(name, "here", cases)], **variables)["here"]
    assert {case: what_ran(world, result) for case, result in found.items()} == {
        case: outcome for case, (_keywords, outcome) in cases.items()
    }


# What runs it lacks a library


@pytest.mark.parametrize(
    ("way", "keywords", "variables", "python"),
    [
        (OTHER, {"vars": {PYTHON: OTHER_PYTHON}}, {}, "FLOW_OTHER_PYTHON"),
        (INSIDE, {}, {"PYTHONPATH": "FLOW_BLOCKED"}, "FLOW_OWN_PYTHON"),
    ],
)
def test_missing_library(
    shared: Path, world: Mapping[str, str], way: str, keywords: Any, variables: Mapping[str, str], python: str
) -> None:
    """The failure names the interpreter, and the command that installs the library for it."""
    action = {"singlestore.flow.flow_license": {"api_url": "http://127.0.0.1:9", "license_key": "KEY"}}
    tasks = [{"name": "license", **action, "ignore_errors": True, **keywords}]
    plays = [{"hosts": "here", "gather_facts": False, "tasks": tasks}]
    settings = {name: world[value] for name, value in variables.items()}
    result = run(shared, world, f"missing-{way}", plays, **settings)["here"]["license"]
    assert result["failure"] == {
        "kind": "missing_library",
        "method": None,
        "path": None,
        "status": None,
        "messages": [],
    }, result
    folder = re.escape(str(Path(world[python]).parent))
    assert re.search(rf"{folder}/python[\d.]* .*'{folder}/python[\d.]* -m pip install urllib3'", result["msg"])
