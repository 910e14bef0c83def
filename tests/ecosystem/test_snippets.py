# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every code block in the README, the guides and the modules' documentation works.

The files of a page are written and its commands are run in one folder, in the order of the page,
with an emulator. Each command must print the lines that the page shows.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.ecosystem.controller import TOKEN, Controller, serve
from tests.ecosystem.snippets import Command, blocks, commands
from tests.ecosystem.world import ROOT, RUN_SECONDS, SECRETS, Ansible, Emulator

PAGES = [ROOT / "README.md", *sorted(ROOT.glob("roles/*/README.md")), *sorted(ROOT.glob("docs/docsite/rst/*.rst"))]
MODULES = sorted((ROOT / "plugins" / "modules").glob("flow_*.py"))
ADDRESS = re.compile(
    r"https?://(?P<host>localhost|[a-z0-9.-]+\.example\.com|\{\{ inventory_hostname \}\}):(?:8081|30081)"
)
ELSEWHERE = {
    "make": "the Makefile's targets are what runs the tests",
    "pip": "the environment of the tests has it",
    "git": "there is no such repository",
    "ansible-galaxy": "the tests have installed the collection from its tarball",
    "ansible-builder": "test_execution_environment.py; building wants a container engine",
    "ansible-vault": "it asks for a password",
    "podman": "building wants a container engine",
    "export": "the tests have a controller of their own",
    "read": "the same",
    "python": "the tests start the emulator themselves",
}
"""Programs whose commands are tested elsewhere or cannot be tested, with the reason."""


def missing(command: Command, printed: str) -> list[str]:
    """Return the documented lines that a command has not printed."""
    squeezed = {" ".join(line.split()) for line in printed.splitlines()}
    return [line for line in command.printed if " ".join(line.split()) not in squeezed]


class Reader:
    """A reader who follows a page exactly, in a separate folder."""

    def __init__(self, folder: Path, ansible: Ansible, emulator: Emulator) -> None:
        self.folder = folder
        self.environment = ansible.environment
        self.instance = emulator.instance()
        self.emulator = emulator
        (folder / "secrets.yml").write_text(yaml.safe_dump(SECRETS))

    def here(self, text: str) -> str:
        """Return a text with the emulator's addresses in place of its own; each host is an instance."""

        def address(match: re.Match[str]) -> str:
            return self.instance if match["host"] == "localhost" else f"{self.instance}-{match['host']}"

        return ADDRESS.sub(address, text)

    def write(self, name: str, text: str) -> None:
        """Write a file of the page."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.here(text))

    def type(self, command: Command) -> None:
        """Run a command of the page, which must succeed and print the documented lines."""
        done = subprocess.run(
            ["bash", "-euc", self.here(command.line)],
            check=False,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=RUN_SECONDS,
        )
        assert done.returncode == 0, f"{command.line}\n{done.stdout}"
        assert not missing(command, done.stdout), (
            f"{command.line}\n{done.stdout}\nlacks {missing(command, done.stdout)}"
        )
        assert not [secret for secret in SECRETS.values() if secret in done.stdout], done.stdout


@pytest.fixture
def controller() -> Iterator[dict[str, str]]:
    """The environment variables of a stand-in for an automation controller."""
    with serve(Controller({"playbooks/pipeline.yml"})) as url:
        yield {"CONTROLLER_HOST": url, "CONTROLLER_OAUTH_TOKEN": TOKEN}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_snippets_of_a_page_work(
    page: Path, tmp_path: Path, ansible: Ansible, emulator: Emulator, controller: dict[str, str]
) -> None:
    reader = Reader(tmp_path, replace(ansible, variables=controller), emulator)
    ran = []
    for block in blocks(page):
        if block.language.startswith("yaml"):
            yaml.load(block.text, Loader=Unsafe)
        if block.name:
            reader.write(block.name, block.text)
        for command in commands(block) if block.language == "console" else ():
            if command.program not in ELSEWHERE:
                reader.type(command)
                ran.append(command.line)
    playbooks = {block.name for block in blocks(page) if block.name and "hosts:" in block.text}
    assert not [name for name in playbooks if not any(name in line for line in ran)], "a playbook that no command runs"


class Unsafe(yaml.SafeLoader):
    """YAML with Ansible's tag for text that is not a template."""


Unsafe.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@pytest.fixture(scope="module")
def pipeline(ansible: Ansible, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """An instance that takes any parameter, with the pipeline that the modules' examples need."""
    emulator.ask("profile", method="PUT", json={"parameters": "any"})
    reader = Reader(tmp_path_factory.mktemp("examples"), ansible, emulator)
    examples = yaml.safe_load(example_of(next(file for file in MODULES if file.stem == "flow_pipeline")))
    play(reader, "flow_pipeline", examples[:1])
    return reader


def example_of(module: Path) -> str:
    """Return the examples of a module."""
    return module.read_text().split('EXAMPLES = r"""', 1)[1].split('"""', 1)[0]


def play(reader: Reader, name: str, tasks: list[object], *options: str) -> None:
    """Run tasks as a playbook."""
    whole = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    reader.write(f"{name}.json", json.dumps(whole))
    reader.type(Command(" ".join(["ansible-playbook", f"{name}.json", "--extra-vars @secrets.yml", *options]), ()))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_examples_of_a_module_work(module: Path, pipeline: Reader) -> None:
    tasks = yaml.safe_load(example_of(module))
    assert any(f"singlestore.flow.{module.stem}" in task for task in tasks)
    play(pipeline, module.stem, tasks, "--check", "--diff")
    play(pipeline, module.stem, tasks)
