# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_extract in Ansible's own process."""

from __future__ import annotations

from ansible_collections.singlestore.flow.plugins.plugin_utils._bytecode import bytecode_kept

with bytecode_kept():
    from ansible_collections.singlestore.flow.plugins.module_utils._resources import extract
    from ansible_collections.singlestore.flow.plugins.plugin_utils._action import FlowAction


class ActionModule(FlowAction):
    """The action of flow_extract."""

    resource = extract
