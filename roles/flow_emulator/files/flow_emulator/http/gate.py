# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate that every request passes first: its instance and operation, the key, the journal, the faults."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from urllib.parse import unquote

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..work.service import Service
from .faults import Faults
from .journal import Entry, Journal
from .paths import BASE, is_own, split
from .spoiling import EXTENSION, send_whole, spoil

UNAUTHORIZED = "The API key is missing, unknown or has expired: send a valid one as Authorization: Bearer <API key>."


class Gate:
    """An ASGI application around the API."""

    def __init__(
        self, app: ASGIApp, service: Service, journal: Journal, faults: Faults, routes: Sequence[APIRoute]
    ) -> None:
        self._app = app
        self._service = service
        self._journal = journal
        self._faults = faults
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
            if is_own(raw):
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
        entry = self._journal.add(
            instance=instance,
            connection=scope["extensions"][EXTENSION].number,
            operation=operation,
            method=scope["method"],
            path=path.removeprefix(BASE),
            body=body,
        )
        app = self._app if self._allowed(scope) else self._refuse
        fault = self._faults.take(operation, instance, unquote(path))
        if fault is None:
            await app(scope, _replay(body), _noting(send, entry))
        else:
            entry.fault = True
            noted = send if fault.drop else _noting(send, entry)
            await spoil(fault, app, scope, _replay(body), noted)

    def _operation(self, scope: Scope) -> str | None:
        for route in self._routes:
            if route.matches(scope)[0] is Match.FULL:
                return route.operation_id
        return None

    def _allowed(self, scope: Scope) -> bool:
        if not self._service.hosted:
            return True
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"]
        scheme, _space, key = (given[0] if given else "").partition(" ")
        return scheme.lower() == "bearer" and self._service.keys.accepts(key.strip(), self._service.clock.now())

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"www-authenticate", b"Bearer")]
        await send_whole(send, 401, headers, json.dumps({"success": False, "message": UNAUTHORIZED}).encode())


async def _whole_body(receive: Receive) -> bytes | None:
    """Return the request's body; None if the client left before it was complete."""
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
