# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records each task's result and the requests that the emulator received during the task."""

from __future__ import annotations

import json
import os
import urllib.request
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Records results and requests
description: Writes FLOW_RECORD, a list of host, task, outcome, result and requests.
"""


class CallbackModule(CallbackBase):
    """Keeps raw results, and reads the journal of the emulator's instance with the host's name."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._records: list[dict[str, Any]] = []
        self._seen: dict[str, int] = {}

    def _record(self, result: Any, outcome: str) -> None:
        host = result._host.get_name()
        self._records.append(
            {
                "host": host,
                "task": result._task.get_name(),
                "tags": list(result._task.tags),
                "outcome": outcome,
                "result": dict(result._result),
                "requests": self._requests(host),
            }
        )

    def _requests(self, host: str) -> list[dict[str, Any]]:
        """Return the requests since the last call."""
        address = f"{os.environ['FLOW_EMULATOR']}/_emulator/journal?instance={host}"
        with urllib.request.urlopen(address, timeout=60) as response:
            entries = json.load(response)
        last = self._seen.get(host, 0)
        new = [entry for entry in entries if entry["number"] > last]
        self._seen[host] = max((entry["number"] for entry in entries), default=0)
        return new

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record(result, "failed")

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record(result, "unreachable")

    def v2_playbook_on_stats(self, stats: Any) -> None:
        totals = {host: stats.summarize(host) for host in stats.processed}
        with open(os.environ["FLOW_RECORD"], "w", encoding="utf-8") as file:
            json.dump({"records": self._records, "totals": totals}, file, default=str)
