# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The experiments, whose runs take turns, and the goals for their ratios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from .runs import Cost, Run

SIZES = (10, 100, 1000)
SLOW = 0.02
AGAIN_PEERS = ("pipeline", "role", "modules", "script", "uri")
FIRST_PEERS = ("pipeline", "role", "modules", "script", "curl", "uri")
MOST_FOR_URI = {0.0: 100, SLOW: 10}
"""The most tables for the uri playbook in a first run: a thousand would take ten minutes."""


@dataclass(frozen=True)
class Goal:
    """The ratio of two runs, and its highest allowed value."""

    name: str
    run: Run
    beside: Run
    target: float


def _again(peer: str, tables: int = 10, hosts: int = 1) -> Run:
    return Run(peer, tables=tables, hosts=hosts)


GOALS = (
    Goal("nothing to change, one instance, one pipeline task / empty play", _again("pipeline"), _again("empty"), 1.2),
    Goal("the same through the role's separate tasks / empty play", _again("role"), _again("empty"), 2),
    Goal(
        "1,000 tables, first run, 20 ms service / a requests script with as many threads",
        Run("pipeline", 1000, SLOW, first=True),
        Run("script", 1000, SLOW, first=True),
        1.25,
    ),
    Goal(
        "1,000 tables, first run / curl in a loop",
        Run("pipeline", 1000, first=True),
        Run("curl", 1000, first=True),
        1 / 6,
    ),
    Goal(
        "100 tables, first run / the uri playbook",
        Run("pipeline", 100, first=True),
        Run("uri", 100, first=True),
        1 / 50,
    ),
    Goal("nothing to change with 1,000 tables / with 10 tables", _again("pipeline", 1000), _again("pipeline"), 1.1),
    Goal(
        "200 instances, one pipeline task each, nothing to change / a null action over the same hosts",
        _again("pipeline", hosts=200),
        _again("null_action", hosts=200),
        1.8,
    ),
    Goal(
        "the same / one local module task per host",
        _again("pipeline", hosts=200),
        _again("null_module", hosts=200),
        1 / 5,
    ),
    Goal("200 hosts / 100 hosts", _again("pipeline", hosts=200), _again("pipeline", hosts=100), 2.1),
)


@dataclass(frozen=True)
class Experiment:
    """Runs that take turns, so that disturbances of the machine affect all of them."""

    name: str
    runs: tuple[Run, ...]

    def turns(self, *, pairs: int, rounds: int) -> Iterator[tuple[Run, ...]]:
        """Yield the runs of each round; those of goals in ``pairs`` rounds, the others in ``rounds``."""
        held = {run for goal in GOALS for run in (goal.run, goal.beside)}
        for number in range(max(pairs, rounds)):
            due = tuple(run for run in self.runs if number < (pairs if run in held else rounds))
            if due:
                yield due


def _one_instance(delay: float, *, first: bool) -> Iterator[Run]:
    for peer in FIRST_PEERS if first else AGAIN_PEERS:
        for tables in SIZES:
            if not (first and peer == "uri" and tables > MOST_FOR_URI[delay]):
                yield Run(peer, tables, delay, first=first)


EXPERIMENTS = (
    Experiment(
        "nothing to change",
        (_again("empty"), _again("null_action"), _again("null_module"), *_one_instance(0.0, first=False)),
    ),
    Experiment("first run", tuple(_one_instance(0.0, first=True))),
    Experiment("nothing to change, 20 ms", tuple(_one_instance(SLOW, first=False))),
    Experiment("first run, 20 ms", tuple(_one_instance(SLOW, first=True))),
    Experiment(
        "fleets",
        (
            *(_again(peer, hosts=hosts) for hosts in (1, 20, 100, 200) for peer in ("null_action", "pipeline")),
            *(_again(peer, hosts=20) for peer in ("role", "modules", "uri")),
            _again("null_module", hosts=200),
        ),
    ),
)

Measured = dict[tuple[str, Run], list[Cost]]
"""The time of each run of an experiment, round by round."""


@dataclass(frozen=True)
class Verdict:
    """The result for a goal; ratios are medians over ``pairs`` pairs of one round each."""

    goal: Goal
    pairs: int
    ratio: float
    cpu: float

    @property
    def reached(self) -> bool:
        """Whether the ratio of wall-clock times is within the target."""
        return self.ratio <= self.goal.target


def verdicts(measured: Measured) -> list[Verdict]:
    """Return the result for each goal with measurements of both sides."""
    found = []
    for goal in GOALS:
        for experiment in EXPERIMENTS:
            both = [measured.get((experiment.name, run), []) for run in (goal.run, goal.beside)]
            pairs = list(zip(*both, strict=False))
            if pairs:
                wall = median(one.wall / other.wall for one, other in pairs)
                cpu = median(one.cpu / other.cpu for one, other in pairs)
                found.append(Verdict(goal, len(pairs), wall, cpu))
                break
    return found
