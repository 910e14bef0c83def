# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role flow_pipeline: every variable reaches every task as its option, a task a step, and results are passed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import STEPS

from .specs import EVERYTHING, PREFIX, VARIABLES, checked
from .stage import SHOW, Play, Played, play_once

ROLE = [{"hosts": "all", "gather_facts": False, "roles": ["singlestore.flow.flow_pipeline"]}]
CHANGED = [{"step": step, "changed": step == "license"} for step in STEPS]
ANSWERS = {
    "flow_pipeline.": {"steps": CHANGED},
    **{f"flow_pipeline.{step}": {"of": step, "changed": True} for step in STEPS},
}
EMPTY = {"dict": {}, "list": [], "str": ""}
OTHERS = {f"{PREFIX}state": "paused", "answers": {"flow_pipeline.": {"steps": []}}}
HOSTS: dict[str, dict[str, Any]] = {
    "everything": {**EVERYTHING, "answers": ANSWERS},
    "empty": {**{name: EMPTY.get(spec["type"], "") for name, spec in VARIABLES.items()}, **OTHERS},
    "null": {**dict.fromkeys(VARIABLES), **OTHERS},
    "unknown": {f"{PREFIX}tabels": [], f"{PREFIX}result": "of an earlier run", **OTHERS},
}
TASKS = [[], *([step] for step in STEPS), []]
"""The steps of each task."""
TAGS = [["always"], *([step] for step in STEPS[:5]), ["extract", "tables"], ["always"]]


@pytest.fixture(scope="module")
def played(shared: Path) -> Played:
    """The role on all hosts."""
    return play_once(shared, "role", Play([ROLE, SHOW], ("--forks", "4"), HOSTS))


def given(played: Played, host: str) -> list[dict[str, Any]]:
    """Return what the tasks gave the module, without what the role sets itself."""
    return [
        {name: value for name, value in args.items() if name not in ("steps", "earlier")}
        for args in played.args(host, "flow_pipeline")
    ]


def test_every_variable_arrives(played: Played) -> None:
    """In every task, under its own name with its own value."""
    assert played.code == 0, played.output
    wanted = {name[len(PREFIX) :]: value for name, value in EVERYTHING.items()}
    assert given(played, "everything") == [wanted] * len(TASKS)
    assert checked("flow_pipeline", wanted)


@pytest.mark.parametrize("host", ["empty", "null"])
def test_empty_variable_is_not_given(played: Played, host: str) -> None:
    """Nor is one that is null."""
    assert given(played, host) == [{"state": "paused"}] * len(TASKS)


def test_unknown_variable_gives_a_hint(played: Played) -> None:
    """The result of an earlier run is no such variable."""
    hint = "flow_pipeline_tabels is not a variable of the role flow_pipeline, and has no effect. Did you mean flow_pipeline_tables?"
    assert given(played, "unknown") == [{"state": "paused", "hints": [hint]}] * len(TASKS)


def test_each_step_is_a_task(played: Played) -> None:
    """In order, after a task that only checks and before one that only returns; each is given the earlier results."""
    calls = played.args("everything", "flow_pipeline")
    assert [args["steps"] for args in calls] == TASKS
    assert [sorted(call.tags) for call in played.of("everything", "flow_pipeline")] == TAGS
    results = [{"of": step, "changed": True, "failed": False} for step in STEPS]
    earlier = [args.get("earlier") for args in calls]
    assert earlier == [None, *(results[:number] for number in range(7))]


def test_result_is_that_of_the_last_task(played: Played) -> None:
    """Under the documented name; changed if any step has changed."""
    assert played.result("everything") == {"steps": CHANGED, "changed": True, "failed": False}
    assert played.result("null") == {"steps": [], "changed": False, "failed": False}


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        (("--tags", "tables"), ["tables", "extract"]),
        pytest.param(("--tags", "extract"), ["extract"], marks=pytest.mark.exhaustive),
        pytest.param(("--tags", "source"), ["source"], marks=pytest.mark.exhaustive),
        pytest.param(("--skip-tags", "extract"), list(STEPS[:5]), marks=pytest.mark.exhaustive),
        pytest.param(("--tags", "all", "--skip-tags", "tables"), list(STEPS[:4]), marks=pytest.mark.exhaustive),
    ],
)
def test_tags(shared: Path, options: tuple[str, ...], steps: list[str]) -> None:
    """Choose tasks; the tables bring the extract. A task that was left out has no result."""
    name = "-".join(options).replace(",", "-")
    played = play_once(shared, f"role{name}", Play([ROLE, SHOW], options, {"a": HOSTS["everything"]}))
    assert played.code == 0, played.output
    calls = played.args("a", "flow_pipeline")
    assert [args["steps"] for args in calls] == [[], *([step] for step in steps), []]
    known = [{"of": step, "changed": True, "failed": False} if step in steps else {} for step in STEPS]
    assert calls[-1]["earlier"] == known
    assert played.result("a")["changed"]


def test_undefined_variable_fails(shared: Path) -> None:
    """It is never read as not managed."""
    hosts = {"a": {f"{PREFIX}source": {"password": "{{ vault_that_was_forgotten }}"}, **OTHERS}}
    played = play_once(shared, "role-undefined", Play([ROLE], (), hosts))
    assert played.code != 0
    assert "vault_that_was_forgotten" in played.output
    assert played.calls == []
