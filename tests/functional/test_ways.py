# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ordinary modules and Ansible's own worker behave the same with every keyword."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from .batch import ORDINARY, WORKER, once, plain
from .cases import connection_args
from .emulator import KEY, running
from .playbook import Ansible, Run

pytestmark = pytest.mark.matrix

HOST = "keywords"
API = {"api_url": "{{ emulator }}/keywords"}
SCHEDULE = {"type": "periodic", "duration": "5m", **API}
SOURCE = connection_args("source", {"type": "rds.mysqlc"})
SUBOPTIONS = {name: value for name, value in SOURCE.items() if name != "endpoint"}


def task(name: str, module: str, args: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """Return a task in its YAML form."""
    action = module if "." in module else f"singlestore.flow.{module}"
    return {"name": name, action: args, "ignore_errors": True, **keywords}


def show(name: str, what: str) -> dict[str, Any]:
    """Return a task that prints an expression."""
    return {"name": name, "ansible.builtin.debug": {"msg": f"{{{{ {what} }}}}"}}


KEYWORDS = [
    task("register", "flow_schedule", SCHEDULE, register="kept"),
    show("what was registered", "kept"),
    show("its parts", "[kept is changed, kept.schedule.type, kept.schedule.duration | upper]"),
    task("diff", "flow_schedule", {**SCHEDULE, "duration": "6m"}, diff=True),
    task("check mode", "flow_schedule", {**SCHEDULE, "duration": "7m"}, check_mode=True, diff=True),
    task(
        "loop",
        "flow_schedule",
        {**SCHEDULE, "duration": "{{ item }}m"},
        loop=[8, 9],
        loop_control={"label": "{{ item }}"},
    ),
    task("when not", "flow_schedule", SCHEDULE, when="false"),
    task("delegated", "flow_schedule", SCHEDULE, delegate_to="another"),
    task("run once", "flow_schedule", SCHEDULE, run_once=True),
    task(
        "until",
        "flow_license",
        {**API, "license_key": KEY},
        register="license",
        until="license is not failed",
        retries=3,
        delay=0,
    ),
    task(
        "until never",
        "flow_extract",
        {**API, "operation": "full"},
        register="never",
        until="never.accepted | default(false)",
        retries=1,
        delay=0,
    ),
    task("no_log", "flow_connection", {**API, **SOURCE}, no_log=True, register="hidden"),
    show("what no_log keeps", "hidden.connection.host"),
    task("failed_when", "flow_info", API, failed_when="true"),
    task("changed_when", "flow_info", API, changed_when="true"),
    task("warning", "flow_schedule", {**SCHEDULE, "api_token": "0f1e2d3c4b5a"}),
    task("warning and failure", "flow_connection", {**API, **SOURCE, "type": "rds.salesforce", "port": 1}),
    task("unknown option", "flow_schedule", {**SCHEDULE, "durations": "5m"}),
    task("missing option", "flow_schedule", API),
    task("refused", "flow_connection", {**API, **SOURCE, "password": "wrong-pass"}),
    task("unreachable", "flow_info", {"api_url": "http://127.0.0.1:9", "api_retries": 0}),
    task(
        "templates", "flow_schedule", {**API, "type": "{{ none_such | default('manual') }}", "duration": "{{ omit }}"}
    ),
    task(
        "unicode",
        "flow_table",
        {**API, "database": "mydb", "schema": "classicmodels", "tables": ["\u65e5\u672c \U0001f4be"]},
    ),
    task("a number for text", "flow_schedule", {**API, "type": "periodic", "duration": 300}),
    task("text for a number", "flow_connection", {**API, **SOURCE, "port": "3306"}),
    task("alias", "flow_connection", {**API, **{k: v for k, v in SOURCE.items() if k != "user"}, "uid": "flow"}),
    task("both names", "flow_connection", {**API, **SOURCE, "uid": "flow"}),
    task("both names of a suboption", "flow_pipeline", {**API, "source": {**SUBOPTIONS, "uid": "flow"}}),
    task("a list for suboptions", "flow_pipeline", {**API, "source": [{**SUBOPTIONS, "password": "hush"}, 1]}),
    task("secret of one letter", "flow_schedule", {**SCHEDULE, "api_token": "e"}),
    task("the variable of the switch", "flow_info", API, vars={"singlestore_flow_in_worker": "{{ switch }}"}),
    {
        "name": "rescued",
        "block": [{"name": "fails", "singlestore.flow.flow_schedule": {**API, "type": "daily"}}],
        "rescue": [show("why", "ansible_failed_result.failure.kind"), show("where", "ansible_failed_task.name")],
    },
]
DEFAULTS = [
    task("module_defaults of the group", "flow_info", {}),
    task("module_defaults of the module", "flow_schedule", {"duration": "10m"}),
]
ENVIRONMENT = [
    task("environment fallback", "flow_info", {"gather": ["schedule"]}),
    task("the option wins over the environment", "flow_info", {"api_url": "http://127.0.0.1:9", "api_retries": 0}),
]
VARIABLES = {
    "emulator": "{{ lookup('ansible.builtin.env', 'FLOW_EMULATOR') }}",
    "switch": "{{ lookup('ansible.builtin.env', 'SINGLESTORE_FLOW_IN_WORKER') }}",
}
PLAYS = [
    {"name": "keywords", "hosts": HOST, "gather_facts": False, "vars": VARIABLES, "tasks": KEYWORDS},
    {
        "name": "defaults",
        "hosts": HOST,
        "gather_facts": False,
        "vars": VARIABLES,
        "module_defaults": {"group/singlestore.flow.flow": API, "singlestore.flow.flow_schedule": {"type": "periodic"}},
        "tasks": DEFAULTS,
    },
    {"name": "environment", "hosts": HOST, "gather_facts": False, "tasks": ENVIRONMENT},
]


def _play(shared: Path, way: str) -> Run:
    def make() -> dict[str, Any]:
        with running(shared / f"emulator-ways-{way}") as emulator:
            emulator.renew()
            fails_once = {"operation": "get_license", "status": 500, "times": 1, "instance": HOST}
            emulator.control("PUT", "faults", [fails_once])
            environment = {"SINGLESTORE_FLOW_API_URL": emulator.api(HOST), "SINGLESTORE_FLOW_API_RETRIES": "0"}
            ansible = Ansible(shared / f"ways-{way}", emulator, way == WORKER, "-vvv", environment)
            run = ansible.run(PLAYS, "--forks", "1", hosts={HOST: {}, "another": {}}).to_json()
            return {"run": run, "url": emulator.url, "folder": str(ansible.folder)}

    played = once(shared, f"ways-{way}", make)
    text = json.dumps(played["run"]).replace(played["url"], "http://emulator").replace(played["folder"], "FOLDER")
    return Run.from_json(json.loads(text))


CONNECTION = re.compile(r"^(<[\w.]+> |Using module file|Pipelining is enabled)")


def _spoken(output: str) -> list[str]:
    """Return the lines of an output without those about connections and files.

    Ansible itself starts a failure's message with what it ran, a module or an action.
    """
    lines = [line.replace("Task failed: Action failed:", "Task failed: Module failed:") for line in output.splitlines()]
    return plain([line for line in lines if not CONNECTION.match(line)])


@pytest.fixture(scope="module", params=[ORDINARY, WORKER])
def played(request: pytest.FixtureRequest, shared: Path) -> Run:
    """The run of all keywords in each way."""
    return _play(shared, request.param)


def test_output_is_the_same(shared: Path) -> None:
    """ansible-playbook prints the same at -vvv, line by line."""
    ordinary, worker = (_spoken(_play(shared, way).output) for way in (ORDINARY, WORKER))
    assert ordinary == worker


def test_results_are_the_same(shared: Path) -> None:
    """Every result that callbacks get, and every request, is the same."""
    ordinary, worker = (_play(shared, way) for way in (ORDINARY, WORKER))
    for one, other in zip(ordinary.records, worker.records, strict=True):
        assert one.task == other.task
        assert plain(one.result) == plain(other.result)
        assert one.sent == other.sent


def test_keywords_have_their_effect(played: Run) -> None:
    """Each keyword had its effect, so that the comparison is meaningful."""

    def result(task: str) -> dict[str, Any]:
        return played.one(HOST, task).result

    assert result("its parts")["msg"] == [True, "periodic", "0D00H05M00S"]
    assert [item["schedule"]["duration"] for item in result("loop")["results"]] == ["0d00h08m00s", "0d00h09m00s"]
    assert played.one(HOST, "when not").outcome == "skipped"
    assert result("until")["attempts"] == 2
    assert "censored" in result("no_log")
    assert result("what no_log keeps")["msg"] == "source.demo"
    assert result("warning")["warnings"]
    assert result("warning and failure")["warnings"]
    assert result("unreachable")["failure"]["kind"] == "unreachable"
    assert result("why")["msg"] == "invalid"
    assert result("a list for suboptions")["failure"]["kind"] == "invalid"
    assert "source must be a dictionary" in result("a list for suboptions")["msg"]
    assert "hush" not in played.output
    assert result("module_defaults of the module")["schedule"]["duration"] == "0d00h10m00s"
    assert result("environment fallback")["flow"]["schedule"]["type"] == "periodic"
    assert result("the option wins over the environment")["failure"]["kind"] == "unreachable"
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in str(result("refused")["invocation"])
