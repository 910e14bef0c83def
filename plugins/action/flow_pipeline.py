# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_pipeline, run in Ansible's own worker where that comes to the same."""

from __future__ import annotations

from ansible_collections.singlestore.flow.plugins.modules import flow_pipeline
from ansible_collections.singlestore.flow.plugins.plugin_utils._worker import WorkerAction


class ActionModule(WorkerAction):
    """The action of flow_pipeline."""

    main = staticmethod(flow_pipeline.main)
