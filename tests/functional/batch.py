# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many scenarios in one run of ansible-playbook: each is a host, and an instance of the emulator.

Running a playbook costs more than what is tested, so the scenarios of a test file are played in one
run, several at a time, and each test looks at what came of its own.
"""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .emulator import Emulator, running
from .playbook import Ansible, Record, Run

FORKS = "4"
WAYS = ("ordinary", "worker")
"""As ordinary modules, and in Ansible's own worker."""


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


def prepare(emulator: Emulator, scenarios: Sequence[Scenario]) -> None:
    """Bring each scenario's instance into its first state; the journal starts with the first task."""
    faults = []
    for scenario in scenarios:
        for request in scenario.setup:
            emulator.ingest(scenario.name, *request)
        faults += [{"instance": scenario.name, **fault} for fault in scenario.faults]
    emulator.control("PUT", "faults", faults)
    emulator.control("DELETE", "journal")


def play(scenarios: Sequence[Scenario], emulator: Emulator, folder: Path, *, in_worker: bool) -> Run:
    """Play the scenarios side by side."""
    pipelining = {"ANSIBLE_PIPELINING": "true"}  # for speed: an ordinary module is handed over without files
    ansible = Ansible(folder, emulator, in_worker, verbosity="-vvv", environment=pipelining)
    return played_by(ansible, scenarios)


def played_by(ansible: Ansible, scenarios: Sequence[Scenario]) -> Run:
    """Have scenarios played by an ansible-playbook that is set up already."""
    for scenario in scenarios:
        ansible.written(f"{scenario.name}.yml", [task.written() for task in scenario.tasks])
    plays = {
        "hosts": "all",
        "gather_facts": False,
        "strategy": "free",
        "module_defaults": {
            "group/singlestore.flow.flow": {
                "api_url": ansible.emulator.url + "/{{ inventory_hostname }}",
                "api_retries": 0,
            }
        },
        "tasks": [{"name": "Play the scenario", "include_tasks": "{{ inventory_hostname }}.yml"}],
    }
    hosts: dict[str, Any] = {scenario.name: {} for scenario in scenarios}
    return ansible.run([plays], "--forks", FORKS, hosts=hosts)


def once(folder: Path, name: str, make: Callable[[], Any]) -> Any:
    """Return what ``make`` returns; pytest's other processes wait for it and read it from a file."""
    result = folder / f"{name}.result"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            result.write_text(json.dumps(make()))
        return json.loads(result.read_text())


def play_once(
    shared: Path,
    name: str,
    scenarios: Sequence[Scenario],
    way: str,
    first: Callable[[Emulator], None] | None = None,
) -> Run:
    """Play scenarios on an emulator of their own, which ``first`` is shown; return what came of them.

    Each way has its own server; so that what both say can be compared, they are called by one name.
    """

    def make() -> dict[str, Any]:
        with running(shared / f"emulator-{name}-{way}") as emulator:
            if first:
                first(emulator)
            prepare(emulator, scenarios)
            run = play(scenarios, emulator, shared / f"{name}-{way}", in_worker=way == "worker")
            return {"run": run.to_json(), "url": emulator.url}

    played = once(shared, f"{name}-{way}", make)
    text = json.dumps(played["run"]).replace(played["url"], "http://emulator")
    return Run.from_json(json.loads(text))


IN_TRACEBACK = re.compile(r'(?<=File ")[^"]*/(?=ansible_collections/)')
"""Where a module's code lay when it ran: ansible-core 2.16 shows it at -vvv."""
PRODUCT_ID = re.compile(r"IDB(-[A-Z0-9]+)+")
"""Each instance makes up its own."""


def plain(value: Any) -> Any:
    """Return a result without what says which way, or which instance, it comes from."""
    if isinstance(value, str):
        return PRODUCT_ID.sub("IDB", IN_TRACEBACK.sub("", value))
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def said(run: Run) -> dict[tuple[str, str], Any]:
    """Return what each task has said, to compare the two ways."""
    return {(record.host, record.task): _said(record) for record in run.records}


def _said(record: Record) -> dict[str, Any]:
    return {"outcome": record.outcome, **plain(record.result)}
