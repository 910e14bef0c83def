# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many scenarios in one run of ansible-playbook: each is a host, and an instance of the emulator.

Running a playbook costs more than what is tested, so the scenarios of all tests are played in one
run, several at a time, and each test looks at what came of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .emulator import Emulator
from .playbook import Ansible, Run

FORKS = "4"


@dataclass(frozen=True)
class Task:
    """One task of a scenario; ``keywords`` are the task's own, such as ``check_mode``."""

    name: str
    module: str
    args: Mapping[str, Any]
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def written(self) -> dict[str, Any]:
        """Return the task as YAML has it."""
        action = self.module if "." in self.module or self.module == "emulator" else f"singlestore.flow.{self.module}"
        return {"name": self.name, action: dict(self.args), "ignore_errors": True, "diff": True, **self.keywords}


@dataclass(frozen=True)
class Scenario:
    """Tasks in order, on an instance that ``setup`` (method, path, body) and ``faults`` have prepared."""

    name: str
    tasks: tuple[Task, ...]
    setup: tuple[tuple[str, str, Any], ...] = ()
    faults: tuple[Mapping[str, Any], ...] = ()


def prepare(emulator: Emulator, scenarios: Iterable[Scenario]) -> None:
    """Bring each scenario's instance into its first state; the journal starts with the first task."""
    faults = []
    for scenario in scenarios:
        for request in scenario.setup:
            emulator.ingest(scenario.name, *request)
        faults += [{"instance": scenario.name, **fault} for fault in scenario.faults]
    emulator.control("PUT", "faults", faults)
    emulator.control("DELETE", "journal")


def play(scenarios: Iterable[Scenario], emulator: Emulator, folder: Path, *, in_worker: bool) -> Run:
    """Play the scenarios side by side."""
    pipelining = {"ANSIBLE_PIPELINING": "true"}  # for speed: an ordinary module is handed over without files
    ansible = Ansible(folder, emulator, in_worker, verbosity="-vvv", environment=pipelining)
    for scenario in scenarios:
        ansible.written(f"{scenario.name}.yml", [task.written() for task in scenario.tasks])
    plays = {
        "hosts": "all",
        "gather_facts": False,
        "strategy": "free",
        "module_defaults": {
            "group/singlestore.flow.flow": {"api_url": emulator.url + "/{{ inventory_hostname }}", "api_retries": 0}
        },
        "tasks": [{"name": "Play the scenario", "include_tasks": "{{ inventory_hostname }}.yml"}],
    }
    hosts: dict[str, Any] = {scenario.name: {} for scenario in scenarios}
    return ansible.run([plays], "--forks", FORKS, hosts=hosts)
