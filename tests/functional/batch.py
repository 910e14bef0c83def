# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many scenarios in one run of ansible-playbook: each is a host and an instance of the emulator.

Starting ansible-playbook takes longer than the tasks do, so one run plays all scenarios of a test
file, several at a time, and each test looks at the results of its own scenario.
"""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from .emulator import Emulator
from .playbook import Ansible, Record, Run

FORKS = "4"
ORDINARY, WORKER, SAMPLE = "ordinary", "worker", "sample"
"""As ordinary modules, in Ansible's own worker, and a sample of the former, which take ten times as long."""
WAYS = (
    WORKER,
    pytest.param(SAMPLE, marks=pytest.mark.sample),
    pytest.param(ORDINARY, marks=pytest.mark.exhaustive),
)


@dataclass(frozen=True)
class Task:
    """One task of a scenario; ``keywords`` are the task's own, such as ``check_mode``."""

    name: str
    module: str
    args: Mapping[str, Any]
    keywords: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether it runs one of the collection's modules."""
        return self.module.startswith("flow_")

    def written(self) -> dict[str, Any]:
        """Return the task in its YAML form."""
        action = f"singlestore.flow.{self.module}" if self.is_ours else self.module
        return {"name": self.name, action: dict(self.args), "ignore_errors": True, "diff": True, **self.keywords}


@dataclass(frozen=True)
class Scenario:
    """Tasks in order, on an instance prepared by ``setup`` (method, path, body) and ``faults``."""

    name: str
    tasks: tuple[Task, ...]
    setup: tuple[tuple[str, str, Any], ...] = ()
    faults: tuple[Mapping[str, Any], ...] = ()


def prepare(emulator: Emulator, scenarios: Sequence[Scenario]) -> None:
    """Prepare each scenario's instance; the journal starts with the first task."""
    faults = []
    for scenario in scenarios:
        for request in scenario.setup:
            emulator.ingest(scenario.name, *request)
        faults += [{"instance": scenario.name, **fault} for fault in scenario.faults]
    emulator.control("PUT", "faults", faults)
    emulator.control("DELETE", "journal")


def play(scenarios: Sequence[Scenario], emulator: Emulator, folder: Path, *, in_worker: bool) -> Run:
    """Play the scenarios in parallel."""
    pipelining = {"ANSIBLE_PIPELINING": "true"}  # for speed: an ordinary module is handed over without files
    ansible = Ansible(folder, emulator, in_worker, verbosity="-vvv", environment=pipelining)
    return played_by(ansible, scenarios)


def played_by(ansible: Ansible, scenarios: Sequence[Scenario]) -> Run:
    """Play scenarios with the given Ansible."""
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
    """Return the result of ``make``; pytest's other processes wait for it and read it from a file."""
    result = folder / f"{name}.result"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            result.write_text(json.dumps(make()))
        return json.loads(result.read_text())


@dataclass(frozen=True)
class Plays:
    """Scenarios that are played once in each way, on an emulator that is reset and prepared by ``first``."""

    name: str
    scenarios: Sequence[Scenario]
    first: Callable[[Emulator], None] | None = None

    def played(self, way: str) -> Sequence[Scenario]:
        """Return the scenarios that are played in a way."""
        return sample(self.scenarios) if way == SAMPLE else self.scenarios

    def marks(self, scenario: str, *tasks: str) -> list[pytest.MarkDecorator]:
        """Return the marks of a test about these tasks, or about all tasks of the scenario if none is named."""
        played = {task.name for one in sample(self.scenarios) if one.name == scenario for task in one.tasks}
        wanted = tasks or {task.name for one in self.scenarios if one.name == scenario for task in one.tasks}
        return [pytest.mark.sampled] if played.issuperset(wanted) else []

    def run(self, shared: Path, emulator: Emulator, way: str) -> Run:
        """Return the run, with the same server name for each way, so that they can be compared."""

        def make() -> dict[str, Any]:
            emulator.renew()
            if self.first:
                self.first(emulator)
            prepare(emulator, self.played(way))
            run = play(self.played(way), emulator, shared / f"{self.name}-{way}", in_worker=way == WORKER)
            return {"run": run.to_json(), "url": emulator.url}

        played = once(shared, f"{self.name}-{way}", make)
        text = json.dumps(played["run"]).replace(played["url"], "http://emulator")
        return Run.from_json(json.loads(text))

    def assert_like_worker(self, shared: Path, emulator: Emulator, way: str) -> None:
        """Check that a way and the worker have returned exactly the same for each task."""
        ordinary, worker = (outputs(self.run(shared, emulator, each)) for each in (way, WORKER))
        assert ordinary == worker


def sample(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Return the first task of each module, with its repetitions and the tasks that it needs."""
    first: dict[str, Mapping[str, Any]] = {}
    found = []
    for scenario in scenarios:
        tasks: list[Task] = []
        taken = True
        for task in scenario.tasks:
            if task.is_ours:
                taken = first.setdefault(task.module, task.args) is task.args
            tasks += [task] if taken else []
        if any(task.is_ours for task in tasks):
            found.append(replace(scenario, tasks=tuple(tasks)))
    return found


IN_TRACEBACK = re.compile(r'(?<=File ")[^"]*/(?=ansible_collections/)')
"""The folder of a module's code at run time, which ansible-core 2.16 shows at -vvv."""
PRODUCT_ID = re.compile(r"IDB(-[A-Z0-9]+)+")
"""Each instance has a random one."""


def plain(value: Any) -> Any:
    """Return a result without the parts that depend on the way or the instance."""
    if isinstance(value, str):
        return PRODUCT_ID.sub("IDB", IN_TRACEBACK.sub("", value))
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def outputs(run: Run) -> dict[tuple[str, str], Any]:
    """Return what each task has returned and sent, to compare the two ways."""
    return {(record.host, record.task): _output(record) for record in run.records}


def _output(record: Record) -> dict[str, Any]:
    return {"outcome": record.outcome, **plain(record.result)}
