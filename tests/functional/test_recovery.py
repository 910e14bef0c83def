# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and the playbook when runs go wrong and are repeated, in steps and in one task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .batch import FORKS, Scenario, once, plain, prepare
from .cases import CONFIGURED, PIPELINE, SAVE_SOURCE, VARIABLES, WHERE, Sent, body, select
from .emulator import EXPIRED_KEY, PASSWORD, USER, Emulator
from .playbook import URL, Ansible, Run

STEPS, ONE = "", "-one"
"""What the names of hosts end with: in steps, in one task."""
RUNS: dict[str, tuple[str, ...]] = {
    "first": (),
    "then": (),
    "tables": ("--tags", "tables"),
    "no extract": ("--skip-tags", "extract"),
    "schedule": ("--tags", "schedule"),
}
"""The runs in their order, with the options of each. Faults end with the first."""


def only(**options: Any) -> dict[str, Any]:
    """Return the variables that give these options alone."""
    return {f"flow_pipeline_{name}": value for name, value in options.items()}


def everything(**changes: Any) -> dict[str, Any]:
    """Return the variables of a whole pipeline with some options changed."""
    return {**VARIABLES, **only(**changes)}


@dataclass(frozen=True)
class Act:
    """A run of one host: its variables, the operations that it sends, what stays due, and words of its failure."""

    variables: Mapping[str, Any] = field(default_factory=everything)
    sends: tuple[str, ...] = ()
    due: str | None = None
    fails: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """What happens to one pipeline in some of the RUNS, from the state that ``setup`` leads to."""

    acts: Mapping[str, Act]
    setup: tuple[Sent, ...] = ()
    faults: tuple[Mapping[str, Any], ...] = ()
    ways: tuple[str, ...] = (STEPS, ONE)


TABLE = "/config-tab/mydb/classicmodels/"
OFFICES = {**WHERE, "tables": ["offices"]}
AUTOMATIC = ("PATCH", "/config-sched", {"type": "auto"})
LOADED = Act(sends=("full",))
TYPO = Act(everything(tables=[{**OFFICES, "tables": ["paymens"]}]), fails=("tables:", "paymens", "names: payments"))
TWICE = everything(tables=[OFFICES, {**OFFICES, "tables": ["payments"]}])
FOLLOWED = Act(everything(extract="full"), sends=("full",))
REFUSED = Act(
    sends=("full",), due="full", fails=("extract:", "not now", "because tables were selected for the first time")
)
REFUSES = {"operation": "extract", "body": '{"success": false, "message": "not now"}'}
EXPIRED = everything(license_key=EXPIRED_KEY)
ANOTHER_HOST = {**PIPELINE["source"], "host": "another"}
ANOTHER_TYPE = {**PIPELINE["source"], "type": "rds.mysql", "database": None}
WITH_DATABASE = body({**PIPELINE["source"], "port": 3306, "database": "mydb"}, PASSWORD)

STORIES = {
    "typo": Story({"first": TYPO, "then": LOADED}),
    "typo-with-source": Story({"first": TYPO, "then": LOADED}, (SAVE_SOURCE,), ways=(ONE,)),
    "refused": Story({"first": REFUSED, "then": Act()}, faults=(REFUSES,)),
    "refused-and-followed": Story({"first": REFUSED, "then": FOLLOWED}, faults=(REFUSES,), ways=(ONE,)),
    "license": Story({"first": Act(EXPIRED, fails=("license:", "Licence expired")), "then": LOADED}),
    "license-later": Story(
        {"first": Act(EXPIRED, due="full", fails=("license:", "because the destination was saved for the first time"))},
        (SAVE_SOURCE, select("offices"), select("payments")),
    ),
    "moved": Story({"first": Act(everything(source=ANOTHER_HOST), due="full")}, (*CONFIGURED, select("payments"))),
    "vault": Story({"first": Act(everything(license_key="{{ forgotten }}"), fails=("forgotten",))}),
    "twice": Story({"first": Act(TWICE, fails=("items 1 and 2",))}, ways=(ONE,)),
    "misspelled": Story({"first": Act(only(tabels=[OFFICES]), fails=("Nothing is given",))}, ways=(ONE,)),
    "null": Story(
        {"first": Act(only(source=ANOTHER_TYPE, tables=None, tabels=[OFFICES]))},
        (("PATCH", "/conn-src", WITH_DATABASE),),
    ),
    "paused": Story(
        {"first": Act(everything(state="paused")), "then": Act(sends=("syncnew",))}, (*CONFIGURED, AUTOMATIC)
    ),
    "absent": Story({"first": Act(everything(state="absent"))}, (*CONFIGURED, AUTOMATIC)),
    "keyword": Story({"first": Act()}, ways=(STEPS,)),
    "tables": Story({"tables": Act(sends=("syncnew",))}, CONFIGURED),
    "no-extract": Story({"no extract": Act(due="full")}),
    "schedule": Story({"schedule": Act()}),
}
KEYS = ("source", "destination", "license", "schedule", "tables", "extract", "steps", "extract_due", "predicted")
SHOW = "Show the result"
ROLE = {"role": "singlestore.flow.flow_pipeline", "check_mode": True}
SHOWN = {"name": SHOW, "ansible.builtin.debug": {"var": "flow_pipeline_result"}, "tags": "always"}
PLAYS: list[dict[str, Any]] = [
    {"import_playbook": "singlestore.flow.pipeline"},
    {"hosts": "keyword", "gather_facts": False, "roles": [ROLE]},
    {"hosts": "all", "gather_facts": False, "tasks": [SHOWN]},
]
"""The playbook, the role with the keyword, and a later play, which shows the result that they have left."""


def story(host: str) -> Story:
    """Return a host's story."""
    return STORIES[host.removesuffix(ONE)]


def hosts(*stories: str, run: str = "") -> list[str]:
    """Return the hosts of stories, those that take part in a run if it is named."""
    return [f"{name}{way}" for name in stories for way in STORIES[name].ways if run in ("", *STORIES[name].acts)]


@pytest.fixture(scope="module")
def runs(shared: Path, emulator: Emulator) -> dict[str, Run]:
    """All runs, on one emulator, which knows another host for the source."""

    def make() -> dict[str, Any]:
        url = emulator.control("GET", "hosts")["source.demo"]["url"]
        emulator.control("PUT", "hosts", {"another": {"url": url, "user": USER, "password": PASSWORD}})
        prepare(emulator, [Scenario(host, (), story(host).setup, story(host).faults) for host in hosts(*STORIES)])
        return {name: _run(shared / "recovery", emulator, name) for name in RUNS}

    return {name: Run.from_json(run) for name, run in once(shared, "recovery", make).items()}


def _run(folder: Path, emulator: Emulator, name: str) -> dict[str, Any]:
    given = {
        host: {**URL, **story(host).acts[name].variables, "flow_in_one_task": host.endswith(ONE)}
        for host in hosts(*STORIES, run=name)
    }
    options = (*RUNS[name], "--forks", FORKS, "--extra-vars", "flow_hosts=all:!keyword")
    invocation = {"ANSIBLE_INJECT_INVOCATION": str(name == "no extract").lower()}  # it makes the other runs slower
    run = Ansible(folder, emulator, in_worker=True, environment=invocation).run(PLAYS, *options, hosts=given)
    emulator.control("DELETE", "journal")
    emulator.control("DELETE", "faults")
    return run.to_json()


def ended(run: Run, host: str) -> dict[str, Any]:
    """Return the result of the task that failed, or the one that the later play shows."""
    failed = [record.result for record in run.of(host) if record.outcome == "failed"]
    found: dict[str, Any] = failed[0] if failed else run.one(host, SHOW).result["flow_pipeline_result"]
    return found


def wrote(run: Run, host: str) -> list[str]:
    """Return the paths of the requests other than reads and connection tests."""
    return [path for record in run.of(host) for _method, path in record.wrote]


def each(*stories: str) -> pytest.MarkDecorator:
    """Call a test with each host of some stories."""
    return pytest.mark.parametrize("host", hosts(*stories))


EVERY = pytest.mark.parametrize(("name", "host"), [(name, host) for name in RUNS for host in hosts(*STORIES, run=name)])


@EVERY
def test_run_ends_as_told(runs: dict[str, Run], name: str, host: str) -> None:
    """It fails or not, it sends the operations of its story alone, and returns what is still due."""
    run, act = runs[name], story(host).acts[name]
    assert run.totals[host]["failures"] == bool(act.fails), run.output[-4000:]
    result = ended(run, host)
    assert [word for word in act.fails if word not in result["msg"]] == [], result["msg"]
    operations = [path.rpartition("/")[2] for path in wrote(run, host) if path.startswith("/ops/")]
    assert operations == list(act.sends)
    assert result.get("extract_due") == act.due


@EVERY
def test_what_is_due_is_said(runs: dict[str, Run], name: str, host: str) -> None:
    """The last sentence of a failure, or a warning, says how to start it; nothing is said if nothing is due."""
    act = story(host).acts[name]
    said = ended(runs[name], host)["msg"] if act.fails else " ".join(runs[name].warnings(host))
    assert said.count("still due") == bool(act.due)
    if act.due:
        assert said.endswith(f"Start it with extract: {act.due} (in the role, flow_pipeline_extract: {act.due}).")


@pytest.mark.parametrize(
    ("name", "host"),
    [(name, host) for name in RUNS for host in hosts(*STORIES, run=name) if not story(host).acts[name].fails],
)
def test_later_play_has_the_same_result_both_ways(runs: dict[str, Run], name: str, host: str) -> None:
    """It is not that of a task which was skipped."""
    both = (ended(runs[name], f"{host.removesuffix(ONE)}{way}") for way in story(host).ways)
    first, *others = [[plain(result[key]) for key in KEYS] for result in both]
    assert others in ([], [first])


# The first run


@each("typo", "license")
def test_failure_comes_before_the_selection(runs: dict[str, Run], host: str) -> None:
    """So that full stays due."""
    assert [path for path in wrote(runs["first"], host) if path.startswith(TABLE)] == []


@each("typo-with-source", "vault", "twice", "misspelled")
def test_failure_comes_before_any_write(runs: dict[str, Run], host: str) -> None:
    """A table that does not exist, and variables that are undefined, contradict each other or are not there."""
    assert wrote(runs["first"], host) == []


@each("refused")
def test_refused_extract_is_not_repeated(runs: dict[str, Run], host: str) -> None:
    """The next run with the same variables does nothing: the failed one has said what to do."""
    assert ended(runs["first"], host)["failure"]["kind"] == "refused"
    assert wrote(runs["then"], host) == []


@each("moved")
def test_moved_connection_is_saved(runs: dict[str, Run], host: str) -> None:
    """And the warning says why nothing is started."""
    assert wrote(runs["first"], host) == ["/conn-src", "/config-sched"]
    assert "because the source now points elsewhere" in " ".join(runs["first"].warnings(host))


@each("null")
def test_null_is_not_given(runs: dict[str, Run], host: str) -> None:
    """The saved database is sent again, and tables are not managed."""
    (sent,) = [sent for method, _path, sent in runs["first"].requests(host) if method == "PATCH"]
    assert {"name": "db", "value": "mydb"} in sent
    assert ended(runs["first"], host)["source"]["database"] == "mydb"
    assert ended(runs["first"], host)["tables"] == []


@each("null", "misspelled")
def test_misspelled_variable_is_named(runs: dict[str, Run], host: str) -> None:
    """With the near name, also if nothing else is given."""
    said = " ".join([*runs["first"].warnings(host), ended(runs["first"], host).get("msg", "")])
    assert "flow_pipeline_tabels is not a variable of the role" in said
    assert "Did you mean flow_pipeline_tables?" in said


@each("paused")
def test_paused_pipeline_keeps_its_tables(runs: dict[str, Run], host: str) -> None:
    """And selects those that are described only after going back to present."""
    assert wrote(runs["first"], host) == ["/config-sched"]
    assert ended(runs["first"], host)["schedule"]["type"] == "manual"
    assert wrote(runs["then"], host) == ["/config-sched", f"{TABLE}payments", "/ops/extract/syncnew"]


@each("absent")
def test_absent_pipeline_keeps_its_connections(runs: dict[str, Run], host: str) -> None:
    """Its schedule is manual, and no table is selected."""
    assert wrote(runs["first"], host) == ["/config-sched", f"{TABLE}offices"]
    result = ended(runs["first"], host)
    assert (result["schedule"]["type"], result["tables"][0]["selected"]) == ("manual", [])


@each("keyword")
def test_check_mode_as_a_keyword_predicts_every_step(runs: dict[str, Run], host: str) -> None:
    """As --check does, on an instance on which nothing is saved."""
    assert wrote(runs["first"], host) == []
    result = ended(runs["first"], host)
    assert [step["step"] for step in result["steps"] if step["changed"]] == [*KEYS[:6]]
    assert result["predicted"]
    assert result["extract"] == {"operation": "full", "accepted": None, "message": None}


# Tags


@each("tables")
def test_tag_tables_brings_the_extract(runs: dict[str, Run], host: str) -> None:
    """A table that is added alone is loaded in the same run."""
    assert wrote(runs["tables"], host) == [f"{TABLE}payments", "/ops/extract/syncnew"]


@each("no-extract")
def test_skipped_extract_leaves_the_other_steps(runs: dict[str, Run], host: str) -> None:
    """They are done as ever."""
    skipped = [step["step"] for step in ended(runs["no extract"], host)["steps"] if step["skipped"]]
    assert skipped == ["extract"]


def test_results_stay_small(runs: dict[str, Run]) -> None:
    """Also where they have an invocation, as in versions of ansible-core that always add it."""
    (kept,) = [
        record.result for record in runs["no extract"].of("no-extract") if record.task.endswith("Say what is still due")
    ]
    assert "invocation" in kept
    assert len(json.dumps(kept)) < 20_000


@each("schedule")
def test_tag_schedule_sends_the_schedule_alone(runs: dict[str, Run], host: str) -> None:
    """Nothing else is even read."""
    assert wrote(runs["schedule"], host) == ["/config-sched"]
    assert {path for _method, path, _body in runs["schedule"].requests(host)} == {"/config-sched"}
