# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter pipeline_steps: the steps of a pipeline that tags choose."""

from __future__ import annotations

DOCUMENTATION = r"""
name: pipeline_steps
short_description: Steps of a pipeline that tags choose
description:
  - Returns the steps of M(singlestore.flow.flow_pipeline) that C(--tags) and C(--skip-tags) choose, as they choose the tasks of the role
    P(singlestore.flow.flow_pipeline#role). The tag V(tables) also chooses the extract that is then due.
  - Fails if C(--tags) names no step.
version_added: 2.0.0
author:
  - The singlestore.flow authors (@singlestore-flow)
positional: skip
options:
  _input:
    description: The tags to run, from the variable C(ansible_run_tags).
    type: list
    elements: str
    required: true
  skip:
    description: The tags to skip, from the variable C(ansible_skip_tags).
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Set up the steps that the tags choose
  singlestore.flow.flow_pipeline:
    api_url: http://localhost:8081
    schedule:
      type: auto
    steps: "{{ ansible_run_tags | singlestore.flow.pipeline_steps(ansible_skip_tags) }}"
  tags: [always]
"""

RETURN = r"""
_value:
  description: The names of the steps, in their order.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.singlestore.flow.plugins.plugin_utils._bytecode import bytecode_kept

with bytecode_kept():
    from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError
    from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import from_tags


def pipeline_steps(run: list[str], skip: list[str] | None = None) -> list[str]:
    """Return the steps that tags choose."""
    try:
        return from_tags(run, skip or [])
    except InvalidError as error:
        raise AnsibleFilterError(error.message) from None


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"pipeline_steps": pipeline_steps}
