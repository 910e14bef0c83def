# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credential types, surveys and job templates of awx_setup: what they lead to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jinja2
import pytest

from ..playbook import REPOSITORY
from .awx import NAME, TEMPLATES, TYPES, questions
from .specs import API_OPTIONS, PREFIX, VARIABLES, documented, extract

# Credential types

INJECTED: dict[str, dict[str, str]] = {
    "API key": {
        "SINGLESTORE_FLOW_API_TOKEN": "token",
        "SINGLESTORE_FLOW_CA_PATH": "file of ca_certificates",
        "flow_pipeline_api_token": "token",
    },
    "proxy login": {
        "SINGLESTORE_FLOW_API_USERNAME": "username",
        "SINGLESTORE_FLOW_API_PASSWORD": "password",
        "flow_pipeline_api_username": "username",
        "flow_pipeline_api_password": "password",
    },
    "gateway": {
        "SINGLESTORE_FLOW_CLIENT_CERT": "file of client_certificate",
        "SINGLESTORE_FLOW_CLIENT_KEY": "file of client_key",
        "flow_pipeline_api_headers": "headers",
    },
    "source database": {"flow_source_user": "username", "flow_source_password": "password"},
    "destination database": {"flow_destination_user": "username", "flow_destination_password": "password"},
    "license": {"flow_pipeline_license_key": "license_key"},
}
"""The field that each variable holds."""
EACH_TYPE = pytest.mark.parametrize("name", TYPES)
OPTIONAL = {"ca_certificates", "headers", "client_certificate", "client_key"}
MULTILINE = {"ca_certificates", "client_certificate", "client_key"}
"""What is pasted as a file."""
FALLBACKS = {f"SINGLESTORE_FLOW_{name.upper()}": spec for name, spec in API_OPTIONS.items()}


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
    assert set(injected(f"{NAME} gateway").values()) == {""}


@EACH_TYPE
def test_injected_variables_are_read(name: str) -> None:
    """By the modules from the environment, by the role, or by the inventory that the guide shows."""
    injectors = TYPES[name]["injectors"]
    guide = (REPOSITORY / "docs/docsite/rst/job_templates.rst").read_text(encoding="utf-8")
    assert set(injectors.get("env", {})) <= set(FALLBACKS)
    others = set(injectors.get("extra_vars", {})) - set(VARIABLES)
    assert [variable for variable in others if f"{{{{ {variable} }}}}" not in guide] == []
    assert [variable for variable in others if variable not in TYPES[name]["description"]] == []


@EACH_TYPE
def test_fields(name: str) -> None:
    """A field is secret where what it reaches is, or what is in its file."""
    options = {**FALLBACKS, **VARIABLES}
    for variable, field in injected(name, **{field: field for field in fields(name)}).items():
        held = fields(name)[field.removeprefix("file of ")]
        secret = options[variable].get("no_log", False) if variable in options else variable.endswith("password")
        assert held.get("secret", False) is (secret or held["id"] == "client_key"), variable
        assert held["type"] == "string"
    assert set(TYPES[name]["inputs"]["required"]) == set(fields(name)) - OPTIONAL
    assert {field for field, held in fields(name).items() if held.get("multiline")} == set(fields(name)) & MULTILINE


# Surveys


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["name"])
def test_survey(template: dict[str, Any]) -> None:
    """Each question is about a variable that there is, and offers every value that it takes; AWX wants a name."""
    assert template["survey_spec"]["name"] == template["name"]
    alone = template.get("job_tags") == "extract"
    offered = {
        f"{PREFIX}extract": set(extract.OPERATIONS if alone else VARIABLES[f"{PREFIX}extract"]["choices"]),
        **{name: {"true", "false"} for name in documented("pipeline") if name.endswith("in_one_task")},
    }
    asked = {question["variable"]: question for question in questions(template)}
    assert set(asked) == ({f"{PREFIX}extract"} if alone else set(offered))
    for variable, question in asked.items():
        assert question["type"] == "multiplechoice"
        assert set(question["choices"]) == offered[variable]
        # An answer outranks the inventory, so none is demanded where the inventory may have one.
        assert (question["required"], question["default"]) == ((True, "delta") if alone else (False, ""))


def test_job_templates() -> None:
    """One of them only looks, and one only starts an operation."""
    assert [(template["job_type"], template.get("job_tags")) for template in TEMPLATES] == [
        ("run", None),
        ("check", None),
        ("run", "extract"),
    ]
