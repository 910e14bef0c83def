# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook pipeline: which hosts, in steps or in one task, and what each tag does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import STEPS

from .specs import EVERYTHING, PREFIX, documented
from .stage import SHOW, Play, Played, play_once

IN_ONE_TASK = "flow_in_one_task"
PLAYBOOK = "singlestore.flow.pipeline"
ANSWERS = {"flow_pipeline": {"source": "of the module", "steps": []}}
HOSTS: dict[str, dict[str, Any]] = {
    "steps": {**EVERYTHING, "answers": ANSWERS},
    "steps-asked-for": {f"{PREFIX}schedule": {"type": "auto"}, IN_ONE_TASK: "false", "answers": ANSWERS},
    "one": {**EVERYTHING, IN_ONE_TASK: "true", "answers": ANSWERS},
    "elsewhere": EVERYTHING,
}
ROLE = [[], *([step] for step in STEPS), []]
"""The steps of each task of the role."""


@pytest.fixture(scope="module")
def played(shared: Path) -> Played:
    """The playbook on all hosts but one."""
    options = ("--forks", "4", "--extra-vars", "flow_hosts=all:!elsewhere")
    return play_once(shared, "pipeline", Play([PLAYBOOK, SHOW], options, HOSTS))


def steps(played: Played, host: str) -> list[list[str]]:
    """Return the steps of each task on a host."""
    return [args["steps"] for args in played.args(host, "flow_pipeline")]


def test_every_variable_has_a_host() -> None:
    """That the head of the playbook documents."""
    assert documented("pipeline") == {"flow_hosts", IN_ONE_TASK}


def test_hosts(played: Played) -> None:
    """Those of flow_hosts alone."""
    assert played.code == 0, played.output
    assert {call.host for call in played.calls} == set(HOSTS) - {"elsewhere"}


def test_in_one_task(played: Played) -> None:
    """The module has every variable of the role as its option, and no results of other tasks."""
    (args,) = played.args("one", "flow_pipeline")
    wanted = {name[len(PREFIX) :]: value for name, value in EVERYTHING.items()}
    assert args == {**wanted, "steps": list(STEPS)}


@pytest.mark.parametrize("host", ["steps", "steps-asked-for"])
def test_in_steps(played: Played, host: str) -> None:
    """The role's, one after the other."""
    assert steps(played, host) == ROLE


def test_result(played: Played) -> None:
    """In one variable, whichever way it was done."""
    assert played.result("steps")["source"] == "of the module"
    assert played.result("one")["source"] == "of the module"


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (("--tags", "tables"), ["tables", "extract"]),
        pytest.param(("--skip-tags", "extract"), list(STEPS[:5]), marks=pytest.mark.exhaustive),
        pytest.param(("--tags", "schedule"), ["schedule"], marks=pytest.mark.exhaustive),
    ],
)
def test_tags(shared: Path, options: tuple[str, ...], chosen: list[str]) -> None:
    """Choose the same steps both ways, on all hosts where none are named."""
    hosts = {"steps": HOSTS["steps"], "one": HOSTS["one"]}
    played = play_once(shared, "-".join(["pipeline", *options]), Play([PLAYBOOK], options, hosts))
    assert played.code == 0, played.output
    assert steps(played, "steps") == [[], *([step] for step in chosen), []]
    assert steps(played, "one") == [chosen]


@pytest.mark.parametrize("host", ["steps", "one"])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ("--extra-vars", "flow_hosts=pipelins", "--tags", "tables", "--limit", "steps,one"),
            "flow_hosts is pipelins, and no host of the inventory matches",
        ),
        (("--tags", "tabels"), "The tags tabels choose no step"),
    ],
)
def test_doing_nothing_fails(shared: Path, host: str, options: tuple[str, ...], says: str) -> None:
    """A misspelled group, or a misspelled tag."""
    name = "-".join(["pipeline", host, *options])
    played = play_once(shared, name, Play([PLAYBOOK], options, {host: HOSTS[host]}))
    assert played.code != 0
    assert says in " ".join(played.output.split())
    assert played.calls == []
