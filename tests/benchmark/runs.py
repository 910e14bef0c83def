# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of one peer: start it, time it, and check that it did exactly the expected work."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from .standin import Counts, StandIn

PEERS = Path(__file__).parent / "peers"
LONGEST_RUN = 900
READS = Counter({"conn-src": 1, "conn-dst": 1, "list": 1, "schedule": 1, "license": 1})
SAVES = ("save conn-src", "save conn-dst", "save schedule", "save license", "extract")
TASKS = {"pipeline": 1, "role": 5, "modules": 5}
"""Tasks of the collection that send something without changes; each has one connection."""

TITLES = {
    "empty": "an empty play",
    "null_action": "a null action plugin",
    "null_module": "a null local module",
    "pipeline": "flow_pipeline, one task",
    "role": "the role's tasks",
    "modules": "the role's tasks as ordinary modules",
    "script": "a requests script, 4 threads",
    "curl": "a curl script",
    "uri": "an ansible.builtin.uri playbook",
}


class BrokenRun(Exception):
    """A run that failed or did not do exactly the expected work."""


@dataclass(frozen=True)
class Run:
    """A peer on ``hosts`` instances of ``tables`` tables; the service takes ``delay`` seconds per request."""

    peer: str
    tables: int = 10
    delay: float = 0.0
    first: bool = False
    hosts: int = 1

    def __str__(self) -> str:
        state = "first run" if self.first else "nothing to change"
        return f"{TITLES[self.peer]}; {self.hosts} hosts, {self.tables} tables, {self.delay * 1000:g} ms, {state}"


@dataclass(frozen=True)
class Cost:
    """The seconds of a run: wall-clock time and CPU time."""

    wall: float
    cpu: float


def environment() -> dict[str, str]:
    """Return a user's plain environment: the defaults of Ansible and Python, except for 20 forks."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON", "SINGLESTORE_"))
    }
    paths = {name: os.environ[name] for name in ("ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_HOME") if name in os.environ}
    return {**kept, **paths, "ANSIBLE_FORKS": "20", "ANSIBLE_NOCOLOR": "1"}


def inventory(folder: Path, hosts: int) -> Path:
    """Write an inventory of local hosts that do not look for an interpreter."""
    path = folder / f"inventory-{hosts}"
    if not path.exists():
        path.write_text(
            f"[all]\nhost[001:{hosts:03}]\n[all:vars]\nansible_connection=local\n"
            'ansible_python_interpreter="{{ ansible_playbook_python }}"\n',
            encoding="utf-8",
        )
    return path


def command(run: Run, url: str, folder: Path) -> list[str]:
    """Return the command that a user would type."""
    if run.peer == "script":
        return [sys.executable, str(PEERS / "script.py"), f"{url}/host001"]
    if run.peer == "curl":
        return [str(PEERS / "curl.sh"), f"{url}/host001", str(run.tables)]
    playbook = "role" if run.peer == "modules" else run.peer
    return [
        str(Path(sys.executable).with_name("ansible-playbook")),
        "--inventory",
        str(inventory(folder, run.hosts)),
        "--extra-vars",
        json.dumps({"api_base": url}),
        str(PEERS / f"{playbook}.yml"),
    ]


def measure(run: Run, service: StandIn, folder: Path) -> Cost:
    """Run once; raise BrokenRun unless exactly the expected work was done."""
    service.set_up(tables=run.tables, delay=run.delay, configured=not run.first)
    env = {**environment(), **({"SINGLESTORE_FLOW_IN_WORKER": "false"} if run.peer == "modules" else {})}
    before, started = _cpu(), time.perf_counter()
    done = subprocess.run(
        command(run, service.url, folder),
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=LONGEST_RUN,
        check=False,
    )
    cost = Cost(time.perf_counter() - started, _cpu() - before)
    complaint = wrong(run, done, service.counts())
    if complaint:
        raise BrokenRun(f"{run}: {complaint}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return cost


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def wrong(run: Run, done: subprocess.CompletedProcess[str], counts: Counts) -> str:
    """Return what a run did wrong; empty if nothing."""
    if done.returncode:
        return f"ended with {done.returncode}"
    if run.peer not in ("empty", "script", "curl"):
        changed = [int(found) for found in re.findall(r"changed=(\d+) +unreachable=0 +failed=0", done.stdout)]
        if len(changed) != run.hosts or any(bool(number) != run.first for number in changed):
            return f"changed {changed} on {run.hosts} hosts"
    if run.peer in ("empty", "null_action", "null_module"):
        return f"sent {counts}" if counts.requests else ""
    if run.first:
        wanted = {**dict.fromkeys(SAVES, run.hosts), "select": run.tables * run.hosts}
        sent = {name: counts.requests[name] for name in wanted}
        return "" if sent == wanted else f"sent {counts} instead of {wanted}"
    expected = Counter({name: number * run.hosts for name, number in READS.items()})
    if counts.requests != expected:
        return f"sent {counts} instead of {expected}"
    connections = TASKS.get(run.peer)
    if connections and counts.connections != connections * run.hosts:
        return f"opened {counts.connections} connections for {run.hosts} hosts"
    return ""
