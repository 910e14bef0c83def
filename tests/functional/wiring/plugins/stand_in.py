# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands in for any module: writes down what it is given, and answers what the host's variables say."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """The variable ``answers`` has results by ``action``, or by ``action.endpoint``, ``action.schema`` and ``action.steps``."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        args = self._task.args
        action = self._task.resolved_action.rpartition(".")[2]
        call = {
            "host": task_vars["inventory_hostname"],
            "action": action,
            "args": args,
            "tags": self._task.tags,
            "connection": self._connection.transport,
            "check": self._task.check_mode,
            "diff": self._task.diff,
        }
        line = json.dumps(call, default=str) + "\n"
        # One write to a file that is appended to: workers do not get in each other's way.
        record = os.open(os.environ["FLOW_RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(record, line.encode())
        os.close(record)
        answers = self._templar.template(task_vars.get("answers", {}))
        which = args.get("endpoint") or args.get("schema") or "-".join(args.get("steps", ()))
        return {"changed": False, **answers.get(action, {}), **answers.get(f"{action}.{which}", {})}
