# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles and playbooks as they are, on modules that write down what they are given and do nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..batch import once
from ..playbook import PLAYBOOK, REPOSITORY, SECONDS

PLUGINS = Path(__file__).parent / "plugins"
MODULES = sorted(path.stem for path in (REPOSITORY / "plugins/modules").glob("flow_*.py"))
AWX = "organization credential_type credential execution_environment project inventory host job_template".split()
"""The modules of awx.awx that awx_setup uses."""
SHOW_IT, EMULATOR = "show_result", "start_emulator"
"""Stand-ins for no module: one shows a result to the test, the other is all that the role flow_emulator does."""


@dataclass(frozen=True)
class Call:
    """What a module was given on a host."""

    host: str
    action: str
    args: dict[str, Any]
    tags: list[str]
    connection: str
    check: bool
    diff: bool


@dataclass(frozen=True)
class Played:
    """What came of an ansible-playbook."""

    code: int
    output: str
    calls: list[Call]

    def of(self, host: str, action: str | None = None) -> list[Call]:
        """Return the calls on a host, those of one module if it is named."""
        mine = [call for call in self.calls if call.host == host]
        return [call for call in mine if call.action == action or (action is None and call.action != SHOW_IT)]

    def args(self, host: str, action: str) -> list[dict[str, Any]]:
        """Return what a module was given on a host, each time."""
        return [call.args for call in self.of(host, action)]

    def result(self, host: str) -> Any:
        """Return the result that was kept for a host."""
        (shown,) = self.args(host, SHOW_IT)
        return shown["result"]

    def said(self, host: str, task: str) -> str:
        """Return what is shown of a task on a host."""
        section = self.output.partition(f"TASK [{task}]")[2].partition("\nTASK [")[0]
        return "".join(re.findall(rf"^\w+: \[{host}\].*?(?=^\w+: \[|\Z)", section, re.MULTILINE | re.DOTALL))

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Played:
        """Return what ``play`` found."""
        return cls(found["code"], found["output"], [Call(**call) for call in found["calls"]])


@dataclass(frozen=True)
class Play:
    """A run of ansible-playbook: playbooks by name or as plays, options, and hosts with their variables.

    A group that is called localhost stands for that host: a playbook for it runs on many.
    """

    playbooks: Sequence[str | list[dict[str, Any]]]
    options: Sequence[str]
    hosts: Mapping[str, Mapping[str, Any]]
    environment: Mapping[str, str] | None = None
    group: str = "all"

    @property
    def variables(self) -> dict[str, str]:
        """The variables of all hosts: a playbook for localhost says itself how to connect."""
        return {} if self.group == "localhost" else {"ansible_connection": "local"}


SHOW: list[dict[str, Any]] = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Show the result",
                f"singlestore.flow.{SHOW_IT}": {"result": "{{ flow_pipeline_result }}"},
                "when": "flow_pipeline_result is defined",
                "tags": "always",
            }
        ],
    }
]
"""A playbook that shows the result which the one before it has kept."""


def play_once(shared: Path, name: str, what: Play) -> Played:
    """Play something once for all of pytest's processes."""
    return Played.from_json(once(shared, f"stage-{name}", lambda: play(shared / f"stage-{name}", what)))


def play(folder: Path, what: Play) -> dict[str, Any]:
    """Play something in a folder that is made for it, and return what came of it as JSON's types."""
    folder.mkdir(parents=True)
    record = folder / "record"
    record.touch()
    inventory = {what.group: {"hosts": what.hosts, "vars": what.variables}}
    files = [
        given if isinstance(given, str) else _written(folder / f"playbook-{number}.yml", given)
        for number, given in enumerate(what.playbooks)
    ]
    done = subprocess.run(
        [PLAYBOOK, "-i", _written(folder / "inventory.yml", inventory), *what.options, *files],
        env={**_environment(folder), "FLOW_RECORD": str(record), **(what.environment or {})},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    calls = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return {"code": done.returncode, "output": done.stdout.decode(errors="replace"), "calls": calls}


def _written(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return str(path)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(_collections(folder / "collections")),
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_LIBRARY": str(_library(folder / "library")),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "no_proxy": "*",
    }


def _library(tree: Path) -> Path:
    """Make a folder with a stand-in for the module uri, which is to start with its interpreter."""
    tree.mkdir()
    module = (PLUGINS / "uri.py").read_text(encoding="utf-8")
    (tree / "uri.py").write_text(f"#!/usr/bin/python\n{module}", encoding="utf-8")
    return tree


def _collections(tree: Path) -> Path:
    """Make a collection of the real files, but with stand-ins in the place of modules and of the emulator."""
    flow = tree / "ansible_collections/singlestore/flow"
    for part in (
        "meta",
        "playbooks",
        "plugins/module_utils",
        "plugins/plugin_utils",
        "plugins/filter",
        "plugins/lookup",
        "plugins/doc_fragments",
        "roles/flow_pipeline",
    ):
        _linked(flow / part, REPOSITORY / part)
    _linked(flow / "roles/flow_emulator", PLUGINS / "flow_emulator")
    for name in (*MODULES, SHOW_IT, EMULATOR):
        _linked(flow / f"plugins/action/{name}.py", PLUGINS / "stand_in.py")
    awx = tree / "ansible_collections/awx/awx"
    for name in AWX:
        _linked(awx / f"plugins/action/{name}.py", PLUGINS / "stand_in.py")
    (awx / "meta").mkdir()
    (awx / "meta/runtime.yml").write_text(json.dumps({"action_groups": {"controller": AWX}}))
    return tree


def _linked(place: Path, target: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
