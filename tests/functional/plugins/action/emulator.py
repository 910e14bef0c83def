# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls the emulator in the middle of a playbook, without the tested code."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Takes ``method``, ``path`` and ``body``, and accepts any status."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        given = self._task.args
        request = urllib.request.Request(
            f"{os.environ['FLOW_EMULATOR']}/{given['path']}",
            json.dumps(given["body"]).encode() if "body" in given else None,
            {"Content-Type": "application/json"},
            method=given["method"],
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return {"changed": False, "status": response.status}
        except urllib.error.HTTPError as error:
            return {"changed": False, "status": error.code}
