# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles and playbooks as they are, on modules that write down what they are given and do nothing."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..batch import once
from ..playbook import PLAYBOOK, REPOSITORY, SECONDS

STAND_IN = Path(__file__).parent / "plugins" / "stand_in.py"
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


@dataclass(frozen=True)
class Play:
    """A run of ansible-playbook: playbooks by name or as plays, options, and hosts with their variables."""

    playbooks: Sequence[str | list[dict[str, Any]]]
    options: Sequence[str] = ()
    hosts: Mapping[str, Mapping[str, Any]] | None = None
    environment: Mapping[str, str] | None = None


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


def play_once(shared: Path, name: str, play: Play) -> Played:
    """Play something once for all of pytest's processes."""
    found = once(shared, f"stage-{name}", lambda: _played(shared / f"stage-{name}", play))
    return Played(found["code"], found["output"], [Call(**call) for call in found["calls"]])


def _played(folder: Path, play: Play) -> dict[str, Any]:
    folder.mkdir(parents=True)
    record = folder / "record"
    record.touch()
    inventory = {"all": {"hosts": play.hosts or {"localhost": {}}, "vars": {"ansible_connection": "local"}}}
    files = [
        given if isinstance(given, str) else _written(folder / f"playbook-{number}.yml", given)
        for number, given in enumerate(play.playbooks)
    ]
    done = subprocess.run(
        [PLAYBOOK, "-i", _written(folder / "inventory.yml", inventory), *play.options, *files],
        env={**_environment(folder), "FLOW_RECORD": str(record), **(play.environment or {})},
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
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "no_proxy": "*",
    }


def _collections(tree: Path) -> Path:
    """Make a collection of the real files, but with stand-ins in the place of modules and of the emulator."""
    flow = tree / "ansible_collections/singlestore/flow"
    for part in ("meta", "playbooks", "plugins/module_utils", "plugins/doc_fragments", "roles/flow_pipeline"):
        _linked(flow / part, REPOSITORY / part)
    _linked(flow / "roles/flow_emulator", Path(__file__).parent / "plugins" / "flow_emulator")
    for name in (*MODULES, SHOW_IT, EMULATOR):
        _linked(flow / f"plugins/action/{name}.py", STAND_IN)
    awx = tree / "ansible_collections/awx/awx"
    for name in AWX:
        _linked(awx / f"plugins/action/{name}.py", STAND_IN)
    (awx / "meta").mkdir()
    (awx / "meta/runtime.yml").write_text(json.dumps({"action_groups": {"controller": AWX}}))
    return tree


def _linked(place: Path, target: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
