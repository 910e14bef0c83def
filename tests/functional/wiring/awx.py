# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What playbooks/vars/awx.yml holds."""

from __future__ import annotations

from typing import Any

import yaml

from .specs import read


class Loader(yaml.SafeLoader):
    """Reads YAML with Ansible's ``!unsafe``, which keeps a text as it is."""


Loader.add_constructor("!unsafe", lambda loader, node: node.value)
VARS: dict[str, Any] = read("playbooks/vars/awx.yml", Loader)
TYPES = {type_["name"]: type_ for type_ in VARS["__flow_awx_credential_types"]}
TEMPLATES = VARS["__flow_awx_job_templates"]
SURVEY = VARS["__flow_awx_survey"]
NAME = "SingleStore Flow"


def questions(template: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the survey of a job template asks."""
    spec: list[dict[str, Any]] = template["survey_spec"]["spec"]
    return SURVEY if spec == "{{ __flow_awx_survey }}" else spec
