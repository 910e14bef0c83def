# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of the requests received, without their secrets. It lasts as long as the process."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 100_000
MASK = "***"
_SECRET_NAMES = frozenset({"pwd", "pwd2", "_lic_key"})
_IN_URL = (
    re.compile(r"(?<=://)[^/?#\s]*(?=@)"),
    re.compile(r"(?i)(?<=password=)[^&;\s]*"),
    re.compile(r"(?i)(?<=pwd=)[^&;\s]*"),
)


@dataclass(slots=True)
class Entry:
    """One request; `status` is None until it is answered, and stays None if its connection was dropped."""

    number: int
    instance: str
    connection: int
    operation: str | None
    method: str
    path: str
    body: Any
    status: int | None = None
    fault: bool = False


class Journal:
    """The newest entries, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._number = 0

    def add(
        self,
        *,
        instance: str,
        connection: int,
        operation: str | None,
        method: str,
        path: str,
        body: bytes,
    ) -> Entry:
        """Record a request; the caller fills in how it was answered."""
        self._number += 1
        entry = Entry(self._number, instance, connection, operation, method, path, readable(body))
        self._entries.append(entry)
        return entry

    def entries(self, instance: str | None) -> list[dict[str, Any]]:
        """Return all entries, or those of one instance."""
        return [asdict(entry) for entry in list(self._entries) if instance is None or entry.instance == instance]

    def clear(self, instance: str | None) -> None:
        """Forget all entries, or those of one instance. Numbering continues."""
        kept = [] if instance is None else [entry for entry in self._entries if entry.instance != instance]
        self._entries = deque(kept, maxlen=KEPT)


def readable(body: bytes) -> Any:
    """Return the body as JSON with its secrets masked; None if it is empty or not JSON."""
    try:
        return masked(json.loads(body))
    except (ValueError, RecursionError):
        return None


def masked(value: Any) -> Any:
    """Return a JSON value with passwords and license keys replaced by `***`, also inside JDBC URLs."""
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, str) and name in _SECRET_NAMES and "value" in value:
            return {**value, "value": MASK}
        return {name: MASK if name in _SECRET_NAMES else masked(item) for name, item in value.items()}
    if isinstance(value, str):
        for secret in _IN_URL:
            value = secret.sub(MASK, value)
    return value
