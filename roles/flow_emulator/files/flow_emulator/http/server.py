# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The web server: one socket, TLS on request, and connections that an application may close."""

from __future__ import annotations

import asyncio
import itertools
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..work.service import Service
from . import application
from .gate import Gate
from .spoiling import EXTENSION, Link

GRACE = 5
IDLE_CHECK = 0.5


@dataclass(frozen=True)
class Options:
    """How to serve; `idle_timeout` is in seconds, 0 means never."""

    host: str = "127.0.0.1"
    port: int = 8081
    tls_cert: Path | None = None
    tls_key: Path | None = None
    idle_timeout: float = 0
    verbose: bool = False


class Protocol(HttpToolsProtocol):
    """HTTP with a Link to the TCP connection in the ASGI scope, as an extension."""

    _numbers = itertools.count(1)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.number = next(self._numbers)
        self.gone = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.gone.set()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: Any = self.scope
        link = Link(self.number, self.transport.abort, self.transport.close, self.gone)
        scope["extensions"] = {EXTENSION: link}


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 picks any free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=2048)
    # asyncio does this only for sockets made with proto=IPPROTO_TCP, which create_server does not.
    # Without it an answer in two writes waits 40 ms for the client's delayed acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def base_url(options: Options, listening: socket.socket) -> str:
    """Return the URL of the listening socket, without a slash at the end."""
    scheme = "https" if options.tls_cert else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"{scheme}://{host}:{listening.getsockname()[1]}"


def run(service: Service, options: Options, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until a signal arrives or no request has come within the idle timeout."""
    gate = application.create(service, ready=ready)
    server = uvicorn.Server(_config(gate, options))
    asyncio.run(_serve(server, gate, service, options, listening))


def _config(gate: Gate, options: Options) -> uvicorn.Config:
    return uvicorn.Config(
        gate,
        http=Protocol,
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=options.verbose,
        log_level="info" if options.verbose else "error",
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=75,
        ssl_certfile=options.tls_cert,
        ssl_keyfile=options.tls_key,
    )


async def _serve(
    server: uvicorn.Server,
    gate: Gate,
    service: Service,
    options: Options,
    listening: socket.socket,
) -> None:
    watch = asyncio.create_task(_stop_when_idle(server, gate, service, options.idle_timeout))
    await server.serve(sockets=[listening])
    watch.cancel()


async def _stop_when_idle(server: uvicorn.Server, gate: Gate, service: Service, seconds: float) -> None:
    while seconds:
        await asyncio.sleep(IDLE_CHECK)
        idle = asyncio.get_running_loop().time() - gate.last_used
        if idle > seconds and not gate.active and not service.queue.pending(None):
            print(f"No request for {seconds:g} seconds: stopping.", file=sys.stderr)
            server.should_exit = True
            return
