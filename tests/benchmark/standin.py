# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for the service that takes almost no time, so that the service itself is not measured.

It keeps saved settings, counts requests and connections, answers after a delay, and can refuse
requests above a limit. ``PUT /_standin`` sets it up and forgets all instances,
``GET /_standin`` returns the counts since then.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import unquote

SUFFIX = "/ingest/api/ingest/"
CONTROL = "/_standin"
REASONS = {200: "OK", 204: "No Content", 404: "Not Found", 429: "Too Many Requests"}
UNKNOWN = ("unknown", 404, None)
CONNECTION = {"host": "db.example.com", "port": "3306", "uid": "flow", "status": "Y"}
SAVED: dict[str, dict[str, Any]] = {
    "conn-src": {**CONNECTION, "type": "rds.mysqlc"},
    "conn-dst": {**CONNECTION, "type": "rds.sstorem"},
    "license": {"_lic_status": "Expires on 01 Sep 2035 (8 units)", "_lic_key": "ABCDE-FGHIJ-KLMNO-PQRST"},
    "schedule": {"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h00m", "isScheduled": True},
}
"""The state of an instance after peers/pipeline.yml has set it up."""


@dataclass
class Setup:
    """The behavior: a ``delay`` in seconds, and 429 for more than ``at_once`` simultaneous requests."""

    tables: int = 10
    configured: bool = False
    delay: float = 0.0
    at_once: int = 0
    retry_after: str = "0"


@dataclass
class Counts:
    """Counts: requests by kind, TCP connections, instances, answers with 429, and the most simultaneous requests."""

    requests: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    instances: int = 0
    refused: int = 0
    most_at_once: int = 0


class Instance:
    """The state of one instance."""

    def __init__(self, setup: Setup) -> None:
        self.saved: dict[str, Any] = {**SAVED} if setup.configured else {"license": {"_lic_status": "", "_lic_key": ""}}
        self.tables = {f"table_{number:05}": setup.configured for number in range(setup.tables)}

    def answer(self, method: str, segments: list[str], body: Any) -> tuple[str, int, Any]:
        """Return (kind of request, status, answer)."""
        match method:
            case "GET":
                return self._read(segments)
            case "PATCH":
                return self._save(segments, body)
        match segments:
            case ["conn-src" | "conn-dst" as name, "test"]:
                return f"test {name}", 200, {"success": True}
            case ["ops", "extract", operation]:
                return "extract", 200, {"success": True, "message": f"{operation} requested"}
        return UNKNOWN

    def _read(self, segments: list[str]) -> tuple[str, int, Any]:
        match segments:
            case ["conn-src" | "conn-dst" as name]:
                return name, 200, _pairs(self.saved.get(name, {}))
            case ["config-var", "licence"]:
                return "license", 200, _pairs(self.saved["license"])
            case ["config-sched"]:
                return "schedule", 200, self.saved.get("schedule", {})
            case ["list-db", _database, _schema]:
                listed = [{"name": name, "selected": on, "id": name} for name, on in self.tables.items()]
                return "list", 200, listed
        return UNKNOWN

    def _save(self, segments: list[str], body: Any) -> tuple[str, int, Any]:
        match segments:
            case ["conn-src" | "conn-dst" as name]:
                values = {item["name"]: item["value"] for item in body}
                self.saved[name] = {**values, "pwd": "***", "pwd2": "***", "status": "Y"}
                return f"save {name}", 204, None
            case ["config-var", "licence"]:
                self.saved["license"] = {**SAVED["license"], "_lic_key": body[0]["value"]}
                return "save license", 204, None
            case ["config-sched"]:
                self.saved["schedule"] = {"offset": "0d00h00m", "isScheduled": True, **body}
                return "save schedule", 204, None
            case ["config-tab", _database, _schema, table] if table in self.tables:
                self.tables[table] = body["select"] == "Y"
                return "select", 204, None
        return UNKNOWN


def _pairs(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


class Service:
    """All instances of the process, each behind its own path prefix."""

    def __init__(self) -> None:
        self.set_up(Setup())

    def set_up(self, setup: Setup) -> None:
        """Forget everything and change the behavior."""
        self.setup, self.counts = setup, Counts()
        self._instances: dict[str, Instance] = {}
        self._under_way = 0

    async def respond(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Return (status, answer) to a request."""
        if path == CONTROL:
            if method == "PUT":
                self.set_up(Setup(**json.loads(body)))
            return 200, {**asdict(self.counts), "requests": dict(self.counts.requests)}
        prefix, _suffix, operation = path.partition(SUFFIX)
        self._under_way += 1
        try:
            self.counts.most_at_once = max(self.counts.most_at_once, self._under_way)
            too_many = 0 < self.setup.at_once < self._under_way
            if self.setup.delay:
                await asyncio.sleep(self.setup.delay)
            if too_many:
                self.counts.refused += 1
                return 429, None
            return self._answer(prefix, method, operation, body)
        finally:
            self._under_way -= 1

    def _answer(self, prefix: str, method: str, operation: str, body: bytes) -> tuple[int, Any]:
        if prefix not in self._instances:
            self._instances[prefix] = Instance(self.setup)
            self.counts.instances += 1
        segments = [unquote(segment) for segment in operation.split("/")]
        kind, status, answer = self._instances[prefix].answer(method, segments, json.loads(body) if body else None)
        self.counts.requests[kind] += 1
        return status, answer


class Connection(asyncio.Protocol):
    """One TCP connection, kept alive, with just enough HTTP/1.1 for one request after the other."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._received = b""
        self._counted = False
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport for the answers."""
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Answer each complete request."""
        self._received += data
        if self._task is None or self._task.done():
            self._next()

    def _next(self) -> None:
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._received = rest[length:]
        method, path, _version = first.split(" ")
        if path != CONTROL and not self._counted:
            self._counted = True
            self._service.counts.connections += 1
        keep = headers.get("connection", "").lower() != "close"
        self._task = asyncio.ensure_future(self._exchange(method, path, rest[:length], keep=keep))

    async def _exchange(self, method: str, path: str, body: bytes, *, keep: bool) -> None:
        status, answer = await self._service.respond(method, path, body)
        content = b"" if answer is None else json.dumps(answer).encode()
        head = f"HTTP/1.1 {status} {REASONS[status]}\r\n"
        if status == 429:
            head += f"Retry-After: {self._service.setup.retry_after}\r\n"
        if status != 204:
            head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        self._transport.write(head.encode() + b"\r\n" + content)
        if not keep:
            self._transport.close()
        elif self._received:
            asyncio.get_running_loop().call_soon(self._next)


async def _serve() -> None:
    service = Service()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(service), "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    await server.serve_forever()


@dataclass(frozen=True)
class StandIn:
    """A running stand-in, as its users see it."""

    url: str

    def set_up(self, **setup: Any) -> None:
        """Forget everything and behave like a Setup of these values."""
        self._control("PUT", json.dumps(setup).encode())

    def counts(self) -> Counts:
        """Return the counts since the last setup."""
        seen = self._control("GET", None)
        return Counts(**{**seen, "requests": Counter(seen["requests"])})

    def _control(self, method: str, body: bytes | None) -> Any:
        request = urllib.request.Request(self.url + CONTROL, data=body, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)


@contextmanager
def running() -> Iterator[StandIn]:
    """Run a stand-in in a separate process, on a free port."""
    command = [sys.executable, __file__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield StandIn(process.stdout.readline().strip())
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_serve())
