# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real HTTP server on raw sockets, so that it can break the rules of HTTP."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import parse_headers
from typing import Any

LONGEST_SILENCE = 20.0
"""Seconds after which a connection is closed, so that a broken test ends too."""


PIECES = 20
"""The number of pieces of a dripping answer."""
TLS = b"\x16"
"""The first byte of a TLS client."""


@dataclass(frozen=True)
class Received:
    """One request as it arrived; ``path`` is the raw path, ``connection`` counts TCP connections from 1."""

    connection: int
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body) if self.body else None

    @property
    def line(self) -> str:
        """Method and path, for comparing."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Reply:
    """Bytes to send, and what to do with the connection: ``keep``, ``close``, ``reset``, ``hang`` or ``tunnel``."""

    data: bytes = b""
    end: str = "keep"
    drip: float = 0.0
    deaf: bool = False
    """Whether the server accepts no further connections."""
    bare: bool = False
    """Whether to send the bytes unencrypted, past TLS."""
    port: int = 0
    """The port of a tunnel's target on this host."""


def http(status: int, body: bytes = b"", headers: dict[str, str] | None = None, *, reason: str = "Reason") -> bytes:
    """Return a well-formed answer."""
    fields = {"Content-Length": str(len(body)), "Content-Type": "application/json", **(headers or {})}
    if status == 204:
        del fields["Content-Length"]
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


Greet = Callable[[socket.socket], socket.socket]
"""What to do with a connection before reading from it; it may raise OSError to drop the connection."""


def encrypted(context: ssl.SSLContext) -> Greet:
    """Start TLS. After a failed handshake, read the rest, because unread bytes would reset the connection."""

    def greet(connection: socket.socket) -> socket.socket:
        wrapped = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        try:
            wrapped.do_handshake()
        except OSError:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(wrapped, socket.SHUT_WR)
                while socket.socket.recv(wrapped, 65536):
                    pass
            wrapped.close()
            raise
        return wrapped

    return greet


class Server:
    """Answers each request with what ``answer(received)`` returns; remembers every request."""

    def __init__(
        self,
        answer: Callable[[Received], Reply],
        *,
        tls: ssl.SSLContext | None = None,
        greet: Greet = lambda connection: connection,
    ) -> None:
        self.answer = answer
        self._greet = encrypted(tls) if tls else greet
        self.received: list[Received] = []
        self.connections = 0
        self.most_at_once = 0
        self.at_once = 0
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        self._start(self._accept)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop_listening()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(LONGEST_SILENCE)

    def stop_listening(self) -> None:
        """Refuse all further connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def lines(self) -> list[str]:
        """Return method and path of every request received."""
        return [received.line for received in self.received]

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            connection.settimeout(LONGEST_SILENCE)
            # An answer in two parts must not wait for an acknowledgment in between.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            self._start(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        opened = connection
        try:
            connection = self._greet(connection)
            with self._lock:
                self._open.add(connection)
            with connection, connection.makefile("rb") as stream:
                while self._exchange(connection, stream, number):
                    pass
        except OSError:
            pass
        finally:
            opened.close()
            with self._lock:
                self._open -= {opened, connection}

    def _exchange(self, connection: socket.socket, stream: Any, number: int) -> bool:
        if stream.peek(1)[:1] == TLS:  # speaks no HTTP, and sends no line to wait for
            return False
        words = stream.readline().decode("latin-1").split()
        if len(words) != 3:
            return False
        headers = {name.lower(): value for name, value in parse_headers(stream).items()}
        body = stream.read(int(headers.get("content-length", 0)))
        received = Received(number, words[0], words[1], headers, body)
        with self._lock:
            self.received.append(received)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            reply = self.answer(received)
        finally:
            with self._lock:
                self.at_once -= 1
        return self._reply(connection, reply)

    def _reply(self, connection: socket.socket, reply: Reply) -> bool:
        if reply.deaf:
            self.stop_listening()
        if reply.bare:
            socket.socket.sendall(connection, reply.data)
        elif reply.drip:
            size = max(1, len(reply.data) // PIECES)
            for place in range(0, len(reply.data), size):
                connection.sendall(reply.data[place : place + size])
                time.sleep(reply.drip)
        else:
            connection.sendall(reply.data)
        if reply.end == "hang":
            connection.recv(1)
        if reply.end == "tunnel":
            self._tunnel(connection, reply.port)
        if reply.end == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return reply.end == "keep"

    def _tunnel(self, connection: socket.socket, port: int) -> None:
        """Copy bytes in both directions until one side ends; in one thread, since TLS sockets allow only one."""
        with socket.create_connection(("127.0.0.1", port), LONGEST_SILENCE) as beyond:
            others = {connection: beyond, beyond: connection}
            while ready := select.select(list(others), (), (), LONGEST_SILENCE)[0]:
                for origin in ready:
                    data = origin.recv(65536)
                    while isinstance(origin, ssl.SSLSocket) and origin.pending():
                        data += origin.recv(65536)
                    if not data:
                        return
                    others[origin].sendall(data)
