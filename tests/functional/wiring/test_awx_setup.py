# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx_setup: what each of its variables is for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..playbook import REPOSITORY
from .awx import NAME, TEMPLATES, TYPES, questions
from .specs import documented
from .stage import Play, Played, play_once

PLAYBOOK = "singlestore.flow.awx_setup"

LEAST = {"flow_awx_project_url": "https://git.example.com/flow.git"}
EVERYTHING: dict[str, Any] = {
    "flow_awx_project_url": "https://git.example.com/another.git",
    "flow_awx_project_branch": "stable",
    "flow_awx_playbook": "flow.yml",
    "flow_awx_organization": "Data",
    "flow_awx_execution_image": "registry.example.com/flow:2",
    "flow_awx_instances": [{"name": "one", "variables": {"a": 1}}, {"name": "two"}],
    "flow_awx_variables": {"b": 2},
    "flow_awx_credentials": [
        {"name": "the key", "credential_type": "SingleStore Flow API key", "inputs": {"token": "t"}},
        {"name": "the login", "credential_type": "SingleStore Flow proxy login", "inputs": {"username": "u"}},
    ],
    "flow_awx_update_secrets": "yes",
}
CREDENTIAL = {"name": "x", "credential_type": "SingleStore Flow license", "inputs": {"license_key": "k"}}
WRONG = {
    "no-project": ({}, "flow_awx_project_url"),
    "no-name": ({**LEAST, "flow_awx_instances": [{"variables": {}}]}, "flow_awx_instances"),
    "foreign-type": (
        {**LEAST, "flow_awx_credentials": [{"name": "x", "credential_type": "Machine", "inputs": {}}]},
        "Machine",
    ),
}


@pytest.fixture(scope="module")
def played(shared: Path) -> Played:
    """The playbook with each of these variables, as a host each."""
    hosts = {
        "everything": EVERYTHING,
        "least": LEAST,
        "credential": {**LEAST, "flow_awx_credentials": [CREDENTIAL]},
        **{name: variables for name, (variables, _word) in WRONG.items()},
    }
    return play_once(shared, "awx", Play([PLAYBOOK], ("--forks", "4"), hosts, group="localhost"))


def test_every_variable_has_a_value() -> None:
    """That the head of the playbook documents."""
    assert documented("awx_setup") == set(EVERYTHING)


def test_everything(played: Played) -> None:
    """Each variable goes where it is for."""
    owned = {"organization": "Data"}
    credentials = [("the key", "API key", {"token": "t"}), ("the login", "proxy login", {"username": "u"})]
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "b": 2,
    }
    project = {"scm_url": "https://git.example.com/another.git", "scm_branch": "stable"}
    assert calls(played, "everything") == [
        ("organization", {"name": "Data"}),
        *credential_types(),
        *(
            (
                "credential",
                {**owned, "name": name, "credential_type": f"{NAME} {type_}", "inputs": inputs, "update_secrets": True},
            )
            for name, type_, inputs in credentials
        ),
        ("execution_environment", {**owned, "name": NAME, "image": "registry.example.com/flow:2"}),
        ("project", {**owned, "name": NAME, "scm_type": "git", **project}),
        ("inventory", {**owned, "name": NAME, "kind": "", "variables": variables}),
        ("host", {"name": "one", "inventory": NAME, "variables": {"a": 1}}),
        ("host", {"name": "two", "inventory": NAME, "variables": {}}),
        *job_templates(playbook="flow.yml", credentials=["the key", "the login"], execution_environment=NAME, **owned),
    ], played.output


def test_least(played: Played) -> None:
    """What is left out is not given, or has its default."""
    owned = {"organization": "Default"}
    variables = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    assert (REPOSITORY / "playbooks/pipeline.yml").is_file()
    assert calls(played, "least") == [
        ("organization", {"name": "Default"}),
        *credential_types(),
        ("project", {**owned, "name": NAME, "scm_type": "git", "scm_url": LEAST["flow_awx_project_url"]}),
        ("inventory", {**owned, "name": NAME, "kind": "", "variables": variables}),
        *job_templates(playbook="playbooks/pipeline.yml", credentials=[], **owned),
    ], played.output


def test_secrets_that_are_there(played: Played) -> None:
    """Left alone unless asked for."""
    assert played.args("credential", "credential") == [
        {**CREDENTIAL, "organization": "Default", "update_secrets": False, "request_timeout": 60}
    ]


def calls(played: Played, host: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what each module was given on this machine, but for what is the same for all."""
    found = played.of(host)
    common = {"request_timeout": 60}
    assert {call.connection for call in found} == {"local"}
    assert [call.action for call in found if not call.args.items() >= common.items()] == []
    return [(call.action, {name: call.args[name] for name in call.args if name not in common}) for call in found]


def credential_types() -> list[tuple[str, dict[str, Any]]]:
    """Return the credential types as they are to be made."""
    return [("credential_type", {**type_, "kind": "cloud"}) for type_ in TYPES.values()]


def job_templates(**more: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the job templates as they are to be made."""
    common = {
        "project": NAME,
        "inventory": NAME,
        "diff_mode": True,
        "ask_limit_on_launch": True,
        "survey_enabled": True,
        **more,
    }
    return [
        (
            "job_template",
            {
                **common,
                **template,
                "job_tags": template.get("job_tags", ""),
                "survey_spec": {**template["survey_spec"], "spec": questions(template)},
            },
        )
        for template in TEMPLATES
    ]


@pytest.mark.parametrize("host", WRONG)
def test_wrong(played: Played, host: str) -> None:
    """It is said what is wrong, and nothing is set up."""
    failure = played.said(host, "Check the variables")
    assert failure.startswith("fatal: ")
    assert WRONG[host][1] in failure
    assert played.of(host) == []
