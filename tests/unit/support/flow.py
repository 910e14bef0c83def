# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A minimal service that follows the API reference."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import unquote

from .server import Received, Reply, http

BASE = "/ingest/api/ingest"
VALID = "Expires on 01 Sep 2099 (8 units)"
TABLES = ("customers", "employees", "offices", "orders")

Pairs = dict[str, Any]


class Flow:
    """One instance; the state of each resource is plain data that a test may set and read.

    The reference does not say whether a save replaces a whole resource or merges into it; a test may choose.
    """

    def __init__(self, *, replaces: bool = False) -> None:
        self.replaces = replaces
        self.connections: dict[str, Pairs | None] = {"conn-src": None, "conn-dst": None}
        self.license: Pairs = {"_lic_status": "Licence expired", "_lic_key": "", "_lic_prod": "IDB-PRODUCT"}
        self.schedule: Pairs = {}
        self.tables: dict[tuple[str, str], dict[str, bool]] = {("db", "shop"): dict.fromkeys(TABLES, False)}
        self.operations: list[str] = []
        self.loaded: set[str] | None = None
        """Tables of db.shop that were loaded from the source to the destination; None if full never ran."""
        self._lock = threading.Lock()

    def configured(self) -> Flow:
        """Set up a running pipeline; return the instance."""
        common = {"port": "3306", "uid": "admin", "pwd": "old", "status": "Y"}
        self.connections["conn-src"] = {"host": "db", "type": "rds.mysqlc", "id": "CDCSRC", **common}
        self.connections["conn-dst"] = {"host": "s2", "type": "rds.sstorem", "id": "CDCDST", **common}
        self.license.update(_lic_status=VALID, _lic_key="AAAAA-BBBBB-CCCCC-DDDDD")
        self.schedule = {"type": "manual", "duration": None, "offset": None, "weekFlags": None, "isScheduled": False}
        return self

    def selected(self) -> set[str]:
        """Return the selected tables of db.shop."""
        return {table for table, chosen in self.tables["db", "shop"].items() if chosen}

    def __call__(self, received: Received) -> Reply:
        """Carry out a request; return the reference's answer."""
        if not received.path.startswith(BASE + "/"):
            return Reply(http(404))
        segments = [unquote(part) for part in received.path[len(BASE) + 1 :].split("/")]
        with self._lock:
            answer = self._answer(received.method, segments, received.json)
        if answer is None:
            return Reply(http(204))
        return Reply(http(200, json.dumps(answer).encode()))

    def _answer(self, method: str, segments: list[str], body: Any) -> Any:
        name, rest = segments[0], segments[1:]
        if name in self.connections:
            return self._connection(method, name, rest, body)
        if segments == ["config-var", "licence"]:
            return self._license(method, body)
        if name == "config-sched":
            return self._schedule(method, body)
        if name == "list-db":
            tables = self.tables[rest[0], rest[1]] if self.connections["conn-src"] else {}
            return [{"name": table, "selected": chosen, "id": table} for table, chosen in tables.items()]
        if name == "config-tab":
            self.tables[rest[0], rest[1]][rest[2]] = body == {"select": "Y"}
            return None
        self.operations.append(rest[1])
        if rest[1] == "full" or (rest[1] == "syncnew" and self.loaded is not None):
            self.loaded = (self.loaded or set()) | self.selected()
        return {"success": True, "message": "Full Extract requested"}

    def _connection(self, method: str, name: str, rest: list[str], body: Any) -> Any:
        given = {item["name"]: item["value"] for item in body or ()}
        if rest == ["test"]:
            return {"success": True}
        if method == "PATCH":
            before = self.connections[name] or {}
            kept = {} if self.replaces else before
            self.connections[name] = {**kept, **given, "status": "Y"}
            self.loaded = self.loaded if before else None
            return None
        return pairs({**self.connections[name], "pwd": "***", "pwd2": "***"}) if self.connections[name] else []

    def _license(self, method: str, body: Any) -> Any:
        if method == "GET":
            return pairs(self.license)
        self.license.update(_lic_key=body[0]["value"], _lic_status=VALID)
        return None

    def _schedule(self, method: str, body: Any) -> Any:
        if method == "GET":
            return self.schedule
        empty = {"duration": None, "offset": "0d00h00m", "weekFlags": None}
        kept = {} if self.replaces else {"offset": self.schedule.get("offset") or empty["offset"]}
        self.schedule = {**empty, **kept, **body, "isScheduled": body["type"] != "manual"}
        return None


def pairs(values: Pairs) -> list[Pairs]:
    """Return ``[{"name": n, "value": v}, ...]``."""
    return [{"name": name, "value": value} for name, value in values.items()]
