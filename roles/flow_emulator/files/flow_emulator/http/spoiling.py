# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fault does to a request: a wait, another answer, a slow or broken answer, or none at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .faults import Fault

EXTENSION = "flow.connection"
"""The scope extension that holds the Link of the request's TCP connection."""
LINGER = 5.0
"""Seconds to wait for the end of a connection that a fault ends."""


@dataclass(frozen=True)
class Link:
    """A TCP connection: its number, two ways to end it, and an event that is set when it has ended.

    `abort` discards unsent data, `close` sends it first.
    """

    number: int
    abort: Callable[[], None]
    close: Callable[[], None]
    gone: asyncio.Event


async def spoil(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a request as the fault says; a dropped answer is sent through `send` in part or not at all."""
    link: Link = scope["extensions"][EXTENSION]
    await asyncio.sleep(fault.delay)
    if fault.drop == "before":
        await _let_go(link, link.abort)
        return
    answer = _Kept()
    await (_ordered(fault) if fault.answers else app)(scope, receive, answer)
    answer.add(fault.all_headers)
    if fault.drop == "after":
        await _let_go(link, link.abort)
    elif fault.drop == "during":
        await answer.cut(send)
        await _let_go(link, link.close)
    else:
        await answer.pass_on(send, fault.drip)


async def send_whole(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Send an answer in one piece."""
    length = [] if status in (204, 304) else [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers + length})
    await send({"type": "http.response.body", "body": body})


class _Kept:
    """An answer held back until the fault decides how to send it."""

    def __init__(self) -> None:
        self._start: MutableMapping[str, Any] = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")

    def add(self, headers: dict[str, str]) -> None:
        """Set headers of the answer; they replace those of the same name."""
        ours = [(name.encode(), value.encode()) for name, value in headers.items()]
        kept = [
            (name, value) for name, value in self._start["headers"] if name.decode("latin-1").lower() not in headers
        ]
        self._start = {**self._start, "headers": kept + ours}

    async def pass_on(self, send: Send, drip: float) -> None:
        """Send the answer; if `drip` is not 0, byte by byte with a pause of `drip` seconds after each."""
        await send(self._start)
        if drip:
            for position in range(len(self._body)):
                await send(_part(self._body[position : position + 1]))
                await asyncio.sleep(drip)
        await send({"type": "http.response.body", "body": b"" if drip else self._body})

    async def cut(self, send: Send) -> None:
        """Send the headers and the first half of the body."""
        await send(self._start)
        await send(_part(self._body[: len(self._body) // 2]))


def _part(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _ordered(fault: Fault) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        status = fault.status or 200
        body = b"" if status in (204, 304) else fault.answer
        await send_whole(send, status, [(b"content-type", b"application/json")] if body else [], body)

    return app


async def _let_go(link: Link, end: Callable[[], None]) -> None:
    """End the connection and wait until the server has noticed, so that it does not miss the rest of the answer."""
    end()
    with suppress(TimeoutError):
        await asyncio.wait_for(link.gone.wait(), LINGER)
