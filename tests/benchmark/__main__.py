# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make benchmark`` measures, prints the goals and writes the docs page; ``--quick`` is a trial run."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from . import needs, report
from .goals import EXPERIMENTS, Measured, verdicts
from .runs import measure
from .standin import StandIn, running


class Benchmark:
    """One run of the benchmark, which starts nothing new after its time is over."""

    def __init__(self, service: StandIn, folder: Path, minutes: float) -> None:
        self._service, self._folder = service, folder
        self._started = time.monotonic()
        self._minutes = minutes
        self._loads: list[float] = []
        self._complete = True
        self.measured: Measured = {}

    def run(self, *, pairs: int, rounds: int) -> None:
        """Measure every experiment; each gets its share of the remaining time."""
        for number, experiment in enumerate(EXPERIMENTS):
            share = (self._minutes - self.minutes) / (len(EXPERIMENTS) - number)
            until = self.minutes + max(share, 0) * (2 if number < len(EXPERIMENTS) - 1 else 1)
            for turn, runs in enumerate(experiment.turns(pairs=pairs, rounds=rounds)):
                if turn and self.minutes > until:
                    self._complete = False
                    break
                _say(f"{experiment.name}: round {turn + 1}")
                for run in runs:
                    cost = measure(run, self._service, self._folder)
                    self.measured.setdefault((experiment.name, run), []).append(cost)
                    _say(f"{cost.wall:8.2f} s, {cost.cpu:.2f} s of CPU: {run}")
                self._loads.append(os.getloadavg()[0])

    def needs(self) -> report.Needs:
        """Measure memory and the widest schema."""
        _say("memory, and 50,000 tables")
        service, folder = self._service, self._folder
        return report.Needs(needs.fleet(service, folder), needs.planning(), needs.wide_schema(service, folder))

    @property
    def minutes(self) -> float:
        """Return how long the benchmark has been running."""
        return (time.monotonic() - self._started) / 60

    @property
    def conditions(self) -> report.Conditions:
        """Return the conditions of the run."""
        return report.Conditions(self.minutes, sum(self._loads) / len(self._loads), self._complete)


def _say(words: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {words}", file=sys.stderr, flush=True)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--pairs", type=int, default=7, help="rounds of what the goals compare (7)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the rest (3)")
    parser.add_argument("--minutes", type=float, default=60, help="begin no further round after this (60)")
    parser.add_argument("--quick", action="store_true", help="one round, five minutes or so; leaves the docs alone")
    asked = parser.parse_args()
    pairs, rounds = (1, 1) if asked.quick else (asked.pairs, asked.rounds)
    with running() as service, tempfile.TemporaryDirectory() as folder:
        benchmark = Benchmark(service, Path(folder), asked.minutes)
        benchmark.run(pairs=pairs, rounds=rounds)
        found = benchmark.needs()
    judged = verdicts(benchmark.measured)
    print(f"{benchmark.conditions}\n\n{report.as_text(report.goal_rows(judged, found))}\n")
    print(
        f"{report.as_text(report.run_rows(benchmark.measured))}\n\n{report.as_text(report.fleet_rows(benchmark.measured))}"
    )
    if not asked.quick:
        report.PAGE.write_text(report.page(benchmark.measured, judged, found, benchmark.conditions), encoding="utf-8")
        print(f"\nWritten to {os.path.relpath(report.PAGE)}")


if __name__ == "__main__":
    main()
