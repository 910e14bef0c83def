# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook pipeline: which hosts, in steps or in one task, and what each tag does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .specs import PREFIX, ROLE, checked, documented, read, value
from .stage import SHOW, Play, Played, play_once
from .templates import calls

IN_ONE_TASK = "flow_pipeline_in_one_task"
PLAYBOOK = "singlestore.flow.pipeline"
EVERYTHING = {variable: value(spec, variable) for variable, spec in ROLE.items()}
ONE = {"flow_pipeline": {"source": "of the module"}}
HOSTS: dict[str, dict[str, Any]] = {
    "steps": EVERYTHING,
    "steps-asked-for": {"flow_pipeline_schedule": {"type": "auto"}, IN_ONE_TASK: "false"},
    "one": {**EVERYTHING, IN_ONE_TASK: True, "answers": ONE},
    "elsewhere": EVERYTHING,
}
EMPTY: dict[str, Any] = {name: {"dict": {}, "list": []}.get(spec["type"], "") for name, spec in ROLE.items()}
(TASKS,) = (play["tasks"] for play in read("playbooks/pipeline.yml"))
STEPS = {
    "source": ["flow_connection"],
    "destination": ["flow_connection"],
    "tables": ["flow_table", "flow_table"],
    "schedule": ["flow_schedule"],
    "license": ["flow_license"],
    "extract": ["flow_extract"],
}
"""The modules that run for each tag."""


@pytest.fixture(scope="module")
def played(shared: Path) -> Played:
    """The playbook on all hosts but one."""
    options = ("--forks", "4", "--extra-vars", "flow_hosts=all:!elsewhere")
    return play_once(shared, "pipeline", Play([PLAYBOOK, SHOW], options, HOSTS))


def test_every_variable_has_a_host() -> None:
    """That the head of the playbook documents."""
    assert documented("pipeline") == {"flow_hosts", IN_ONE_TASK}


def test_in_one_task() -> None:
    """The module has every variable of the role as its option."""
    ((module, args),) = calls(TASKS, {**EVERYTHING, IN_ONE_TASK: "true"})
    wanted = {variable.removeprefix(PREFIX): given for variable, given in EVERYTHING.items()}
    assert module == "flow_pipeline"
    assert checked(module, args) == checked(module, wanted)


@pytest.mark.parametrize("variables", [{}, EMPTY], ids=["left-out", "empty"])
def test_nothing_in_one_task(variables: dict[str, Any]) -> None:
    """What is empty or left out is not given."""
    assert list(calls(TASKS, {**variables, IN_ONE_TASK: "true"})) == [("flow_pipeline", {})]


def test_hosts(played: Played) -> None:
    """Those of flow_hosts alone."""
    assert played.code == 0, played.output
    assert {call.host for call in played.calls} == set(HOSTS) - {"elsewhere"}


@pytest.mark.parametrize("host", ["steps", "steps-asked-for"])
def test_in_steps(played: Played, host: str) -> None:
    """The role's, one after the other."""
    wanted = [module for modules in STEPS.values() for module in modules]
    assert [call.action for call in played.of(host)] == (wanted if host == "steps" else ["flow_schedule"])


def test_result(played: Played) -> None:
    """In one variable, whichever way it was done."""
    assert played.result("steps")["schedule"] is None
    assert played.result("one")["source"] == "of the module"


def test_tags(played: Played) -> None:
    """A step has its own tag and no other."""
    calls = played.of("steps")
    assert {tag: [call.action for call in calls if call.tags == [tag]] for tag in STEPS} == STEPS
    assert [(call.action, call.tags) for call in played.of("one")] == [("flow_pipeline", [])]


@pytest.mark.parametrize(
    "tag", [pytest.param(tag, marks=[pytest.mark.exhaustive] if tag != "extract" else []) for tag in STEPS]
)
def test_tag(shared: Path, tag: str) -> None:
    """Its step and no other, on all hosts where none are named; the result is kept."""
    hosts = {host: {**EVERYTHING, "flow_pipeline_extract": "full"} for host in ("a", "b")}
    played = play_once(shared, f"pipeline-{tag}", Play([PLAYBOOK, SHOW], ("--tags", tag), hosts))
    assert played.code == 0, played.output
    for host in hosts:
        assert [call.action for call in played.of(host)] == STEPS[tag]
        assert set(played.result(host)) == set(STEPS)
