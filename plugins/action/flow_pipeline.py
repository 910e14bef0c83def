# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_pipeline in Ansible's own process."""

from __future__ import annotations

from ansible_collections.singlestore.flow.plugins.plugin_utils._bytecode import bytecode_kept

with bytecode_kept():
    from ansible_collections.singlestore.flow.plugins.module_utils._pipeline import whole
    from ansible_collections.singlestore.flow.plugins.module_utils._run.pipeline import carry_out_pipeline
    from ansible_collections.singlestore.flow.plugins.plugin_utils._action import FlowAction


class ActionModule(FlowAction):
    """The action of flow_pipeline."""

    resource = whole
    carry_out = staticmethod(carry_out_pipeline)
