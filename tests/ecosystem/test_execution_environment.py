# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tools that build and run execution environments accept the collection."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.ecosystem.snippets import blocks
from tests.ecosystem.world import ROOT, SECRETS, Ansible, Emulator, program, run

GUIDE = ROOT / "docs" / "docsite" / "rst" / "job_templates.rst"


def test_builder_finds_what_the_collection_needs(collections: Path) -> None:
    printed = run(program("ansible-builder"), "introspect", "--sanitize", collections)
    found = yaml.safe_load(printed)
    assert found["python"] == ["urllib3>=1.26  # from collection singlestore.flow"]
    assert [line.split()[0] for line in found["system"]] == ["openssh-clients", "openssh-client"]


def test_builder_accepts_the_definition_of_the_guide(tarball: Path, tmp_path: Path) -> None:
    (definition,) = (block for block in blocks(GUIDE) if block.name == "execution-environment.yml")
    given = yaml.safe_load(definition.text)
    assert given["dependencies"]["galaxy"]["collections"][0]["name"] == "singlestore.flow"
    given["dependencies"]["galaxy"]["collections"] = [{"name": str(tarball), "type": "file"}]
    file = tmp_path / "execution-environment.yml"
    file.write_text(yaml.safe_dump(given))

    options = ["--output-filename", "Containerfile", "--file", file, "--context", tmp_path / "context"]
    run(program("ansible-builder"), "create", *options)

    assert "ansible-galaxy collection install" in (tmp_path / "context" / "Containerfile").read_text()


@pytest.fixture
def inventory(emulator: Emulator, tmp_path: Path) -> Path:
    """An inventory with one instance, whose secrets are in the environment."""
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "flow_pipeline_api_url": emulator.instance(),
        "flow_pipeline_extract": "never",
        "flow_pipeline_source": {
            "type": "rds.pgres",
            "host": "postgres.example.com",
            "user": "flow",
            "password": "{{ lookup('ansible.builtin.env', 'SOURCE_PASSWORD') }}",
        },
    }
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps({"all": {"hosts": {"flow-1": variables}}}))
    return file


def test_navigator_runs_the_playbook(ansible: Ansible, inventory: Path, collection: Path, tmp_path: Path) -> None:
    ansible = replace(ansible, variables={"SOURCE_PASSWORD": SECRETS["vault_source_password"]})
    playbook = collection / "playbooks" / "pipeline.yml"
    options = ["--ee", "false", "--mode", "stdout", "--playbook-artifact-enable", "false", "--inventory", inventory]

    printed = ansible("ansible-navigator", "run", playbook, *options, cwd=tmp_path)

    assert "changed=1" in printed, printed
    assert SECRETS["vault_source_password"] not in printed
