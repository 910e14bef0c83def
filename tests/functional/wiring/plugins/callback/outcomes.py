# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes down what came of each task."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: outcomes
type: notification
short_description: Writes down results
description: Appends host, task and result of each task to FLOW_RECORD, a line each.
"""


class CallbackModule(CallbackBase):
    """Keeps raw results, of the items of a loop too."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "outcomes"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, result: Any, **_more: Any) -> None:
        outcome = {"host": result._host.get_name(), "task": result._task.get_name(), "result": dict(result._result)}
        with open(os.environ["FLOW_RECORD"], "a", encoding="utf-8") as record:
            record.write(json.dumps(outcome, default=str) + "\n")

    v2_runner_on_ok = v2_runner_on_failed = v2_runner_on_unreachable = _write
