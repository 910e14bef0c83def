# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup pipeline_options: the options of flow_pipeline from the variables of the role."""

from __future__ import annotations

DOCUMENTATION = r"""
name: pipeline_options
short_description: Options of flow_pipeline from the variables of the role
description:
  - Returns the options of M(singlestore.flow.flow_pipeline) that the variables of the role P(singlestore.flow.flow_pipeline#role) give.
  - A variable that is null or empty is left out. A variable that is undefined inside fails.
  - For a variable whose name starts with C(flow_pipeline_) and that the role does not know, the options get a hint, which the module shows
    as a warning.
version_added: 2.0.0
author:
  - The singlestore.flow authors (@singlestore-flow)
options:
  _terms:
    description: None are needed.
"""

EXAMPLES = r"""
- name: Show the options that the variables give
  ansible.builtin.debug:
    msg: "{{ lookup('singlestore.flow.pipeline_options') }}"
  vars:
    flow_pipeline_extract: delta
    flow_pipeline_license_key: ""
  # => {"extract": "delta"}
"""

RETURN = r"""
_raw:
  description: One dictionary with the options of M(singlestore.flow.flow_pipeline).
  type: list
  elements: dict
"""

from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible_collections.singlestore.flow.plugins.plugin_utils._bytecode import bytecode_kept

with bytecode_kept():
    from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import (
        OPTIONS,
        PREFIX,
        RESULT,
        from_variables,
    )
    from ansible_collections.singlestore.flow.plugins.module_utils._run.options import API_OPTIONS


class LookupModule(LookupBase):  # type: ignore[misc]
    """The lookup, for Ansible."""

    def run(self, terms: Any, variables: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        """Return the options that the variables of a task give."""
        names = [name for name in variables if name.startswith(PREFIX) and name != RESULT]
        given = {name: self._templar.template(variables[name]) for name in names}
        return [from_variables(given, [*OPTIONS, *API_OPTIONS])]
