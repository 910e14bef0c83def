# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every request passes first: its instance and operation, the key, the journal, the faults."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..work.service import Emulator
from . import hosted
from .endpoints import BASE
from .faults import Fault
from .journal import Entry

EXTENSION = "flow.connection"
"""The scope extension that holds the Link of the request's TCP connection."""
_OWN = frozenset({"/docs", "/redoc", "/openapi.json"})
LINGER = 5.0
"""Seconds to wait for the end of a connection that a fault ends."""
UNAUTHORIZED = "The API key is missing, unknown or has expired: send a valid one as Authorization: Bearer <API key>."


@dataclass(frozen=True)
class Link:
    """A TCP connection: its number, two ways to end it, and the event of its end.

    `abort` throws away what is not sent yet, `close` sends it first.
    """

    number: int
    abort: Callable[[], None]
    close: Callable[[], None]
    gone: asyncio.Event


class Front:
    """An ASGI application around the API."""

    def __init__(self, app: ASGIApp, emulator: Emulator, routes: list[APIRoute]) -> None:
        self._app = app
        self._emulator = emulator
        self._routes = routes
        self.active = 0
        self.last_used = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.active += 1
        try:
            raw = scope["raw_path"].decode("latin-1")
            if raw in _OWN or raw.startswith("/_emulator/"):
                await self._app(scope, receive, send)
            else:
                await self._serve(scope, raw, receive, send)
        finally:
            self.active -= 1
            self.last_used = time.monotonic()

    async def _serve(self, scope: Scope, raw: str, receive: Receive, send: Send) -> None:
        instance, path = split(raw)
        scope = {**scope, "path": path, "flow.instance": instance}
        body = await _whole_body(receive)
        if body is None:
            return
        operation = self._operation(scope)
        entry = self._emulator.journal.add(
            instance=instance,
            connection=scope["extensions"][EXTENSION].number,
            operation=operation,
            method=scope["method"],
            path=path.removeprefix(BASE),
            body=body,
        )
        app = self._app if self._allowed(scope) else self._refuse
        fault = self._emulator.faults.take(operation, instance, unquote(path))
        if fault is None:
            await app(scope, _replay(body), _noting(send, entry))
        else:
            await self._spoil(fault, app, scope, body, send, entry)

    async def _spoil(self, fault: Fault, app: ASGIApp, scope: Scope, body: bytes, send: Send, entry: Entry) -> None:
        entry.fault = True
        link: Link = scope["extensions"][EXTENSION]
        await asyncio.sleep(fault.delay)
        if fault.drop == "before":
            await _let_go(link, link.abort)
            return
        answer = _Kept()
        await (_ordered(fault) if fault.answers else app)(scope, _replay(body), answer)
        answer.add(fault.all_headers)
        if fault.drop == "after":
            await _let_go(link, link.abort)
        elif fault.drop == "during":
            await answer.cut(send)
            await _let_go(link, link.close)
        else:
            entry.status = answer.status
            await answer.pass_on(send, fault.drip)

    def _operation(self, scope: Scope) -> str | None:
        for route in self._routes:
            if route.matches(scope)[0] is Match.FULL:
                return route.operation_id
        return None

    def _allowed(self, scope: Scope) -> bool:
        if not self._emulator.hosted:
            return True
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"]
        return hosted.accepts(given[0] if given else None, self._emulator.keys, self._emulator.clock.now())

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"www-authenticate", b"Bearer")]
        await _send(send, 401, headers, json.dumps({"success": False, "message": UNAUTHORIZED}).encode())


def split(raw: str) -> tuple[str, str]:
    """The instance (the prefix, decoded, without outer slashes) and the raw rest from BASE on."""
    prefix, found, rest = raw.partition(BASE + "/")
    return (unquote(prefix).strip("/"), found + rest) if found else ("", raw)


class _Kept:
    """An answer that is kept back until it is known how to send it."""

    def __init__(self) -> None:
        self._start: MutableMapping[str, Any] = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")

    @property
    def status(self) -> int:
        return int(self._start["status"])

    def add(self, headers: dict[str, str]) -> None:
        """Set headers of the answer, in place of those of the same name."""
        ours = [(name.encode(), value.encode()) for name, value in headers.items()]
        kept = [
            (name, value) for name, value in self._start["headers"] if name.decode("latin-1").lower() not in headers
        ]
        self._start = {**self._start, "headers": kept + ours}

    async def pass_on(self, send: Send, drip: float) -> None:
        """Send it, byte by byte with a pause of `drip` seconds after each if that is not 0."""
        await send(self._start)
        if drip:
            for position in range(len(self._body)):
                await send(
                    {
                        "type": "http.response.body",
                        "body": self._body[position : position + 1],
                        "more_body": True,
                    }
                )
                await asyncio.sleep(drip)
        await send({"type": "http.response.body", "body": b"" if drip else self._body})

    async def cut(self, send: Send) -> None:
        """Send the headers and the first half of the body."""
        await send(self._start)
        await send(
            {
                "type": "http.response.body",
                "body": self._body[: len(self._body) // 2],
                "more_body": True,
            }
        )


def _ordered(fault: Fault) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        status = fault.status or 200
        body = b"" if status in (204, 304) else fault.answer
        await _send(send, status, [(b"content-type", b"application/json")] if body else [], body)

    return app


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    length = [] if status in (204, 304) else [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers + length})
    await send({"type": "http.response.body", "body": body})


async def _whole_body(receive: Receive) -> bytes | None:
    """The request's body; None where the client went away before it was whole."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _noting(send: Send, entry: Entry) -> Send:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.status = message["status"]
        await send(message)

    return noting


async def _let_go(link: Link, end: Callable[[], None]) -> None:
    """End the connection, and let the server see its end before it misses the rest of the answer."""
    end()
    with suppress(TimeoutError):
        await asyncio.wait_for(link.gone.wait(), LINGER)
