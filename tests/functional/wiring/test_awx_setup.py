# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx_setup: what each of its variables is for, and what its credential types and surveys lead to."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import jinja2.meta
import pytest
import yaml

from ..playbook import REPOSITORY
from .specs import API_OPTIONS, PREFIX, ROLE, documented, extract
from .stage import Play, Played, play_once


class Loader(yaml.SafeLoader):
    """Reads YAML with Ansible's ``!unsafe``, which keeps a text as it is."""


Loader.add_constructor("!unsafe", lambda loader, node: node.value)
VARS: dict[str, Any] = yaml.load((REPOSITORY / "playbooks/vars/awx.yml").read_text(encoding="utf-8"), Loader)
TYPES = {type_["name"]: type_ for type_ in VARS["__flow_awx_credential_types"]}
TEMPLATES = VARS["__flow_awx_job_templates"]
SURVEY = VARS["__flow_awx_survey"]
NAME = "SingleStore Flow"
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


def questions(template: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the survey of a job template asks."""
    spec: list[dict[str, Any]] = template["survey_spec"]["spec"]
    return SURVEY if spec == "{{ __flow_awx_survey }}" else spec


@pytest.mark.parametrize("host", WRONG)
def test_wrong(played: Played, host: str) -> None:
    """It is said what is wrong, and nothing is set up."""
    failure = played.said(host, "Check the variables")
    assert failure.startswith("fatal: ")
    assert WRONG[host][1] in failure
    assert played.of(host) == []


# Credential types

INJECTED: dict[str, dict[str, str]] = {
    "API key": {
        "SINGLESTORE_FLOW_API_TOKEN": "token",
        "SINGLESTORE_FLOW_CA_PATH": "file of ca_certificates",
        "flow_pipeline_api_token": "token",
    },
    "proxy login": {"SINGLESTORE_FLOW_API_USERNAME": "username", "SINGLESTORE_FLOW_API_PASSWORD": "password"},
    "source database": {"flow_source_user": "username", "flow_source_password": "password"},
    "destination database": {"flow_destination_user": "username", "flow_destination_password": "password"},
    "license": {"flow_pipeline_license_key": "license_key"},
}
"""The field that each variable holds."""
EACH_TYPE = pytest.mark.parametrize("name", TYPES)
FALLBACKS = {variable: spec for spec in API_OPTIONS.values() for variable in spec["fallback"][1]}


def injected(name: str, **fields: str) -> dict[str, str]:
    """Return the environment and the variables that a credential brings; a file's name tells what is in it."""
    injectors = TYPES[name]["injectors"]
    files = {
        label.partition(".")[2]: f"file of {jinja2.Template(template).render(fields)}"
        for label, template in injectors.get("file", {}).items()
    }
    values = {**fields, "tower": SimpleNamespace(filename=SimpleNamespace(**files))}
    given = {**injectors.get("env", {}), **injectors.get("extra_vars", {})}
    return {variable: jinja2.Template(template).render(values) for variable, template in given.items()}


def fields(name: str) -> dict[str, dict[str, Any]]:
    """Return the fields of a credential type."""
    return {field["id"]: field for field in TYPES[name]["inputs"]["fields"]}


@EACH_TYPE
def test_injectors(name: str) -> None:
    """Each field reaches its variables."""
    assert injected(name, **{field: field for field in fields(name)}) == INJECTED[name.removeprefix(f"{NAME} ")]


def test_no_certificates() -> None:
    """Without any, no file is named."""
    assert injected(f"{NAME} API key", token="token")["SINGLESTORE_FLOW_CA_PATH"] == ""


@EACH_TYPE
def test_injected_variables_are_read(name: str) -> None:
    """By the modules from the environment, by the role, or by the inventory that the guide shows."""
    injectors = TYPES[name]["injectors"]
    guide = (REPOSITORY / "docs/docsite/rst/job_templates.rst").read_text(encoding="utf-8")
    assert set(injectors.get("env", {})) <= set(FALLBACKS)
    others = set(injectors.get("extra_vars", {})) - set(ROLE)
    assert [variable for variable in others if f"{{{{ {variable} }}}}" not in guide] == []
    assert [variable for variable in others if variable not in TYPES[name]["description"]] == []


@EACH_TYPE
def test_fields(name: str) -> None:
    """A field is secret where what it reaches is; all but the certificates are required."""
    options = {**FALLBACKS, **ROLE}
    for variable, field in injected(name, **{field: field for field in fields(name)}).items():
        held = fields(name)[field.removeprefix("file of ")]
        secret = options[variable].get("no_log", False) if variable in options else variable.endswith("password")
        assert held.get("secret", False) is secret, variable
        assert held["type"] == "string"
    assert set(TYPES[name]["inputs"]["required"]) == set(fields(name)) - {"ca_certificates"}
    assert [field for field, held in fields(name).items() if held.get("multiline")] == [
        field for field in fields(name) if field == "ca_certificates"
    ]


# Surveys


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["name"])
def test_survey(template: dict[str, Any]) -> None:
    """Each question is about a variable that there is, and offers every value that it takes."""
    alone = template.get("job_tags") == "extract"
    offered = {
        f"{PREFIX}extract": set(extract.OPERATIONS if alone else ROLE[f"{PREFIX}extract"]["choices"]),
        **{name: {"true", "false"} for name in documented("pipeline") if name.endswith("in_one_task")},
    }
    asked = {question["variable"]: question for question in questions(template)}
    assert set(asked) == ({f"{PREFIX}extract"} if alone else set(offered))
    for variable, question in asked.items():
        assert question["type"] == "multiplechoice"
        assert question["required"] is True
        assert set(question["choices"]) == offered[variable]
        assert question["default"] in question["choices"]
    if not alone:
        assert asked[f"{PREFIX}extract"]["default"] == ROLE[f"{PREFIX}extract"]["default"]


def test_job_templates() -> None:
    """One of them only looks, and one only starts an operation."""
    assert [(template["job_type"], template.get("job_tags")) for template in TEMPLATES] == [
        ("run", None),
        ("check", None),
        ("run", "extract"),
    ]
