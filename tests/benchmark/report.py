# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The measurements as text for the terminal, and as a page of the docs with a plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ansible.release import __version__ as ansible_version

from .goals import EXPERIMENTS, SIZES, SLOW, Measured, Verdict
from .plot import Series, panel
from .runs import TITLES, Run

PAGE = Path(__file__).parents[2] / "docs/docsite/rst/performance.rst"
HEAD = """..
  Copyright: (c) 2026, the singlestore.flow authors
  GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. _ansible_collections.singlestore.flow.docsite.performance:

Performance
===========

``make benchmark`` repeats these measurements and rewrites this page. The service is replaced by a stand-in that takes almost no time. Every run is
checked to have sent exactly the expected requests. The runs that are compared alternate within one benchmark, so the ratios hold on other machines; the
seconds do not.

For the best speed, use one task per instance (:ansplugin:`singlestore.flow.flow_pipeline#module`), a local connection, and as many ``forks`` as the
controller has room for. Most of the remaining time is Ansible's own cost per task and per host.

A profile of one task with nothing to change shows where its time goes, compared with an empty play. Nearly half of it goes into imports, most of that
into ``urllib3`` and what it needs. The collection's own files are compiled in the first run only: their bytecode is kept in ``__pycache__``, if that folder
can be written. The rest goes into what Ansible spends on any task, the templates of the task, five requests, and comparing their answers with the options.
Each further host adds only the last two.
"""


@dataclass(frozen=True)
class Needs:
    """Megabytes for 200 hosts at forks 20, and CPU seconds for 50,000 tables: planning alone, and the whole task."""

    fleet: float
    planned: float
    wide: float


@dataclass(frozen=True)
class Conditions:
    """The conditions of the measurement."""

    minutes: float
    load: float
    complete: bool

    def __str__(self) -> str:
        words = (
            f"ansible-core {ansible_version}, Python {platform.python_version()}, {os.cpu_count()} processors, forks 20; "
            f"{self.minutes:.0f} minutes in total, with an average load of {self.load:.1f}"
        )
        return words if self.complete else f"{words}; incomplete, because the time ran out"


def ratio(value: float) -> str:
    """Return a ratio as text: 1.25, or 1/40."""
    return f"{value:.2f}" if value >= 0.5 else f"1/{1 / value:.1f}".removesuffix(".0")


def goal_rows(verdicts: Iterable[Verdict], needs: Needs | None) -> list[list[str]]:
    """Return the table of goals, starting with its heading."""
    rows = [["Goal (median ratios)", "Pairs", "Target", "Measured", "CPU", "Reached"]]
    for verdict in verdicts:
        reached = "yes" if verdict.reached else f"no, by {verdict.ratio / verdict.goal.target - 1:.0%}"
        target, measured, cpu = ratio(verdict.goal.target), ratio(verdict.ratio), ratio(verdict.cpu)
        rows.append([verdict.goal.name, str(verdict.pairs), target, measured, cpu, reached])
    if needs:
        for name, limit, unit, value in (
            ("200 hosts at forks 20, total memory", 300, "MB", needs.fleet),
            ("50,000 tables planned, CPU", 1, "s", needs.planned),
        ):
            rows.append([name, "1", f"{limit} {unit}", f"{value:.3g} {unit}", "", "yes" if value <= limit else "no"])
    return rows


def _seconds(measured: Measured, experiment: str, run: Run) -> str:
    costs = measured.get((experiment, run))
    return f"{median(cost.wall for cost in costs):.2f}" if costs else ""


def run_rows(measured: Measured) -> list[list[str]]:
    """Return the table of medians for one instance, starting with its heading."""
    rows = [["One instance, seconds", *(f"{tables:,} tables" for tables in SIZES)]]
    for experiment in EXPERIMENTS[:4]:
        delay = SLOW if "20 ms" in experiment.name else 0.0
        for peer in dict.fromkeys(run.peer for run in experiment.runs):
            runs = [Run(peer, tables, delay, first="first" in experiment.name) for tables in SIZES]
            rows.append(
                [f"{experiment.name}: {TITLES[peer]}", *(_seconds(measured, experiment.name, run) for run in runs)]
            )
    return [row for row in rows if any(row[1:])]


def fleet_rows(measured: Measured) -> list[list[str]]:
    """Return the table of medians for fleets, starting with its heading."""
    fleets = EXPERIMENTS[-1]
    hosts = sorted({run.hosts for run in fleets.runs})
    rows = [["Fleets with nothing to change, seconds", *(f"{number} host{'s' * (number > 1)}" for number in hosts)]]
    rows += [
        [TITLES[peer], *(_seconds(measured, fleets.name, Run(peer, hosts=number)) for number in hosts)]
        for peer in dict.fromkeys(run.peer for run in fleets.runs)
    ]
    return [row for row in rows if any(row[1:])]


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """Return a table for a terminal."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_rst(rows: Sequence[Sequence[str]]) -> str:
    """Return a list-table."""
    lines = [".. list-table::", "  :header-rows: 1", ""]
    for row in rows:
        lines += [f"  {'*' if not number else ' '} - {cell}".rstrip() for number, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def plot(measured: Measured) -> str:
    """Return the plot: first runs by tables, fleets by hosts."""
    first, fleets = EXPERIMENTS[1], EXPERIMENTS[-1]
    one = [
        Series(
            TITLES[peer],
            [(float(run.tables), _median(measured, first.name, run)) for run in first.runs if run.peer == peer],
        )
        for peer in dict.fromkeys(run.peer for run in first.runs)
    ]
    many = [
        Series(
            TITLES[peer],
            [(float(run.hosts), _median(measured, fleets.name, run)) for run in fleets.runs if run.peer == peer],
        )
        for peer in dict.fromkeys(run.peer for run in fleets.runs)
    ]
    return panel("First run of one instance: seconds by tables", one) + panel(
        "Fleets with nothing to change: seconds by hosts", many
    )


def _median(measured: Measured, experiment: str, run: Run) -> float | None:
    costs = measured.get((experiment, run))
    return median(cost.wall for cost in costs) if costs else None


def page(measured: Measured, verdicts: list[Verdict], needs: Needs | None, conditions: Conditions) -> str:
    """Return the page of the docs."""
    drawn = "\n".join(f"  {line}" for line in plot(measured).splitlines())
    also = ""
    if needs:
        also = f"A whole task with 50,000 tables and nothing to change took {needs.wide:.1f} seconds of CPU time more than one with 10 tables.\n\n"
    return (
        f"{HEAD}\nMeasured with {conditions}.\n\n{as_rst(goal_rows(verdicts, needs))}\n{also}"
        f".. raw:: html\n\n{drawn}\n\n{as_rst(run_rows(measured))}\n{as_rst(fleet_rows(measured))}"
    )
