# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx_setup with a stand-in for the controller, and runs of the job templates that it creates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ecosystem.controller import ENCRYPTED, TOKEN, Controller, serve
from tests.ecosystem.jobs import Job, launch
from tests.ecosystem.snippets import blocks
from tests.ecosystem.world import AWX, ROOT, SECRETS, Ansible, Emulator

GUIDE = ROOT / "docs" / "docsite" / "rst" / "job_templates.rst"
API_KEY = """
  - name: Flow API key
    credential_type: SingleStore Flow API key
    inputs:
      token: "{{ vault_flow_api_key }}"
"""
RECAP = re.compile(r"ok=\d+ +changed=(\d+) +unreachable=0 +failed=0")


@dataclass(frozen=True)
class Setup:
    """A controller, and a way to run awx_setup with it."""

    controller: Controller
    ansible: Ansible
    given: Path
    secrets: Path
    names: tuple[str, str]

    def run(self, *arguments: str) -> str:
        """Run awx_setup and return what it prints."""
        given = ["--extra-vars", f"@{self.given}", "--extra-vars", f"@{self.secrets}"]
        return self.ansible("ansible-playbook", "-vv", "singlestore.flow.awx_setup", *given, *arguments)

    def fails(self, *arguments: str) -> str:
        """Run awx_setup, which must fail, and return what it prints."""
        with pytest.raises(AssertionError) as problem:
            self.run(*arguments)
        return str(problem.value)


def changed(printed: str) -> int:
    """Return how many tasks of a playbook changed something; none may have failed."""
    (number,) = RECAP.findall(printed)
    return int(number)


def playbooks_of(project: Path) -> set[str]:
    """Return the playbooks that job templates may use."""
    begins = re.compile(r"^\s*-?\s*(hosts|(ansible\.builtin\.)?import_playbook):", re.MULTILINE)
    return {str(file.relative_to(project)) for file in project.rglob("*.yml") if begins.search(file.read_text())}


@pytest.fixture(scope="module")
def environment(
    ansible: Ansible, collection: Path, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> Setup:
    """A controller without any setup, not yet served."""
    assert AWX.is_dir(), f"There is no awx.awx in {AWX}: run the tests with make ecosystem."
    folder = tmp_path_factory.mktemp("given")
    (text,) = (block.text for block in blocks(GUIDE) if block.name == "awx.yml")
    urls = [emulator.instance(), emulator.instance()]
    for number, url in enumerate(urls, start=1):
        text = text.replace(f"http://flow-{number}.example.com:8081", url)
    (folder / "awx.yml").write_text(text + API_KEY.lstrip("\n"))
    (folder / "secrets.yml").write_text(yaml.safe_dump(SECRETS))
    first, second = (url.rpartition("/")[2] for url in urls)
    return Setup(
        Controller(playbooks_of(collection)), ansible, folder / "awx.yml", folder / "secrets.yml", (first, second)
    )


@pytest.fixture(scope="module")
def done(environment: Setup) -> Setup:
    """A controller that has been set up, which tests must not change."""
    with served(environment) as setup:
        printed = setup.run()
    assert changed(printed) > 0
    assert not [secret for secret in SECRETS.values() if secret in printed]
    return setup


@pytest.fixture
def setup(done: Setup) -> Iterator[Setup]:
    """A copy of a controller that has been set up."""
    copy = replace(done, controller=deepcopy(done.controller))
    copy.controller.writes.clear()
    with served(copy) as setup:
        yield setup


@contextmanager
def served(setup: Setup) -> Iterator[Setup]:
    """Serve a setup's controller."""
    with serve(setup.controller) as url:
        variables = {"CONTROLLER_HOST": url, "CONTROLLER_OAUTH_TOKEN": TOKEN}
        yield replace(setup, ansible=replace(setup.ansible, variables=variables))


def test_second_run_changes_nothing(setup: Setup) -> None:
    kept = deepcopy(setup.controller.objects)

    printed = setup.run()

    assert changed(printed) == 0, printed
    assert setup.controller.writes == []
    assert setup.controller.objects == kept


def test_check_mode_writes_nothing(setup: Setup) -> None:
    printed = setup.run("--check", "--extra-vars", "flow_awx_project_branch=next")
    assert changed(printed) == 1, printed
    assert setup.controller.writes == []


def test_setup_creates_the_expected_objects(done: Setup) -> None:
    controller = done.controller
    names = {name: {item["name"] for item in items.values()} for name, items in controller.objects.items()}
    assert names["hosts"] == {"flow-1", "flow-2"}
    assert names["credentials"] == {"Flow source", "Flow destination", "Flow license", "Flow API key"}
    assert len(names["credential_types"]) == 6
    assert len(names["job_templates"]) == 3
    for number, template in controller.objects["job_templates"].items():
        assert len(controller.attached[number]) == 4
        assert controller.surveys[number]["spec"]
        assert controller.objects["execution_environments"][template["execution_environment"]]["image"]
    variables = json.loads(controller.named("inventories", "SingleStore Flow")["variables"])
    assert variables["flow_pipeline_source"]["password"] == "{{ flow_source_password }}"
    assert variables["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"


def test_secrets_are_sent_again_when_asked_to(setup: Setup) -> None:
    rotated = {"vault_source_password": "r0tated", "flow_awx_update_secrets": True}

    printed = setup.run("--extra-vars", json.dumps(rotated))

    assert "r0tated" not in printed
    assert setup.controller.named("credentials", "Flow source")["inputs"]["password"] == "r0tated"
    (shown,) = setup.controller.find("credentials", {"name": "Flow source"})
    assert shown["inputs"]["password"] == ENCRYPTED


def test_unknown_credential_type_is_named(setup: Setup) -> None:
    wrong = {"flow_awx_credentials": [{"name": "x", "credential_type": "Machine", "inputs": {}}]}
    printed = setup.fails("--extra-vars", json.dumps(wrong))
    assert "Unknown types: Machine" in printed
    assert setup.controller.writes == []


def test_refusal_of_the_controller_is_shown(setup: Setup) -> None:
    printed = setup.fails("--extra-vars", "flow_awx_playbook=playbooks/none.yml")
    assert "Playbook not found for project." in printed


@pytest.fixture
def run_job(done: Setup, collection: Path, tmp_path: Path) -> Any:
    """A function that launches a job template of a controller that has been set up."""
    numbers = iter(range(100))

    def run(template: str, **answers: str) -> Job:
        folder = tmp_path / f"job-{next(numbers)}"
        return launch(done.controller, template, answers, project=collection, folder=folder, ansible=done.ansible)

    return run


DEFAULTS = {"flow_pipeline_extract": "", "flow_in_one_task": ""}


def test_jobs_run_with_injected_credentials(run_job: Any, done: Setup, emulator: Emulator) -> None:
    names = done.names

    dry = run_job("SingleStore Flow pipeline, dry run", **DEFAULTS)
    assert dry.status == "successful", dry.shown
    assert set(dry.stats["changed"]) == {"flow-1", "flow-2"}
    assert not any(saves(emulator, name) for name in names)

    first = run_job("SingleStore Flow pipeline", **DEFAULTS)
    assert first.status == "successful", first.shown
    for name, tables in zip(names, (2, 8), strict=True):
        (operation,) = emulator.ask("operations", params={"instance": name, "wait": 60})
        assert (operation["operation"], operation["state"]) == ("full", "done")
        counted = emulator.ask("tables", params={"instance": name})
        assert len(counted) == tables
        assert all(table["source_rows"] == table["destination_rows"] for table in counted)
        assert emulator.ask("journal", params={"instance": name})

    second = run_job("SingleStore Flow pipeline", **{**DEFAULTS, "flow_in_one_task": "true"})
    assert second.status == "successful", second.shown
    assert not second.stats["changed"]

    delta = run_job("SingleStore Flow operation", flow_pipeline_extract="delta")
    assert delta.status == "successful", delta.shown
    for name in names:
        operations = emulator.ask("operations", params={"instance": name, "wait": 60})
        assert [operation["operation"] for operation in operations] == ["full", "delta"]

    shown = dry.shown + first.shown + second.shown + delta.shown
    assert not [secret for secret in SECRETS.values() if secret in shown]


def saves(emulator: Emulator, instance: str) -> list[Any]:
    """Return the requests to an instance other than reads."""
    journal = emulator.ask("journal", params={"instance": instance})
    return [entry for entry in journal if entry["method"] == "PATCH" or entry["operation"] == "extract"]
