# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory that a fleet needs, and the CPU time that a wide schema needs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from .runs import LONGEST_RUN, Run, command, environment, measure
from .standin import StandIn

FLEET = Run("pipeline", hosts=200)
WIDE = 50_000
PLANNING = """
import sys
import time
from ansible_collections.singlestore.flow.plugins.module_utils._resources import tables
given = {"database": "d", "schema": "s", "tables": ["*"], "exclude": ["*_0*"], "state": "selected", "exclusive": True}
listed = [{"name": f"table_{number}", "selected": number % 2 == 0} for number in range(int(sys.argv[1]))]
started = time.process_time()
desired = tables.desired({**given, "concurrency": 8})
plan = tables.plan(desired, tables.read(lambda *_segments: listed, desired))
assert len(plan.requests) > len(listed) // 3
plan.diff()
tables.result(desired, plan, plan.after, [])
print(time.process_time() - started)
"""


def fleet(service: StandIn, folder: Path) -> float:
    """Return the peak memory of all processes of a fleet's run, in megabytes (proportional set size)."""
    service.set_up(tables=FLEET.tables, configured=True)
    most = 0.0
    give_up = time.monotonic() + LONGEST_RUN
    with subprocess.Popen(
        command(FLEET, service.url, folder),
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None:
            if time.monotonic() > give_up:
                process.kill()
            most = max(most, sum(_megabytes(pid) for pid in _family(process.pid)))
            time.sleep(0.1)
    if process.returncode:
        raise RuntimeError(f"{FLEET} ended with {process.returncode}")
    return most


def _family(leader: int) -> set[int]:
    """Return a process and all its descendants; a worker of Ansible has its own session."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="latin-1").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    family = {leader}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def wide_schema(service: StandIn, folder: Path) -> float:
    """Return the additional CPU seconds of a task without changes for 50,000 tables instead of 10."""
    few, many = (measure(Run("pipeline", tables), service, folder).cpu for tables in (10, WIDE))
    return many - few


def planning() -> float:
    """Return the CPU seconds for reading and planning 50,000 tables, with result and diff."""
    env = {**environment(), "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
    return float(subprocess.check_output([sys.executable, "-c", PLANNING, str(WIDE)], env=env, text=True))
