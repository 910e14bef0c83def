# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client: sends requests, retries them if that is safe, and raises only our own errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from .._change.errors import FlowError, HttpError
from .._change.plan import Request
from .breakage import broken
from .exchange import exchange
from .pace import Pace
from .settings import Settings
from .start import Start
from .wire import Wire, require_library

LONGEST_WAIT = 30.0
"""Longest wait in seconds before a retry, whatever ``Retry-After`` says."""
LONGEST_LOOK = 5.0
"""Longest wait in seconds before the next look at a service that is starting."""


class Client:
    """Talks to one service over kept-alive connections; raises only FlowErrors."""

    def __init__(
        self,
        settings: Settings,
        *,
        concurrency: int = 1,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        require_library()
        self._settings = settings
        self._concurrency = concurrency
        self._sleep = sleep
        self._start = Start(settings.wait_timeout, clock)
        self._wire = Wire.towards(settings)
        self._connections = self._wire.connections(concurrency)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._connections.clear()

    def get(self, *segments: str) -> Any:
        """Return the parsed answer to a GET; ``{}`` for null or an empty body, None for 404."""
        try:
            answer = self.send(Request("GET", segments))
        except HttpError as error:
            if error.status == 404:
                return None
            raise
        return {} if answer is None else answer

    def send(self, request: Request) -> Any:
        """Send one request, with retries; return its parsed answer, None if it is empty."""
        return self._send(request, Pace(1))

    def send_all(self, requests: Iterable[Request]) -> list[Any]:
        """Send the requests, a few at a time; return the answer or error of each, in order."""
        pace = Pace(self._concurrency)

        def outcome(request: Request) -> Any:
            try:
                return self._send(request, pace)
            except FlowError as error:
                return error

        with ThreadPoolExecutor(max_workers=self._concurrency) as pool:
            return list(pool.map(outcome, requests))

    def _send(self, request: Request, pace: Pace) -> Any:
        tries, refused, limit = 0, False, 1
        with ExitStack() as pause:
            while True:
                try:
                    with pace.turn(refused=refused, pause=pause) as limit:
                        answer = self._exchange(request)
                except FlowError as error:
                    left = self._start.seconds_left(request, error)
                    if not left and (tries >= self._settings.retries or not _may_retry(request, error)):
                        raise self._start.told(error) from None
                    refused = error.status == 429
                    if refused:
                        pause.enter_context(pace.pause(limit))
                    self._sleep(min(_seconds(error, tries), LONGEST_LOOK, left) if left else _seconds(error, tries))
                    # A 429 first lowers how many requests run at once; it counts as a try only if one runs alone.
                    tries += not refused or limit == 1
                else:
                    self._start.over()
                    return answer

    def _exchange(self, request: Request) -> Any:
        """Send one request and return its parsed answer.

        An operation gets a connection of its own. A kept-alive connection may close just as the
        request is sent, and then nobody knows whether the operation was received.
        """
        settings = self._settings
        connections = self._wire.connections(1) if request.operation else self._connections
        where = self._wire.named(settings.base_url + request.path)
        try:
            answer = exchange(connections, request, settings, where)
        except Exception as error:
            raise broken(request, where, error, timeout=settings.timeout) from None
        finally:
            if connections is not self._connections:
                connections.clear()
        return answer.parsed()


def _seconds(error: FlowError, tries: int) -> float:
    """Return how long to wait before a retry: as long as the service asks, or longer each time."""
    return min(LONGEST_WAIT, 0.5 * 2 ** min(tries, 10) if error.retry_after is None else error.retry_after)


def _may_retry(request: Request, error: FlowError) -> bool:
    """Whether the request may be sent again; an operation only if it cannot have been received."""
    if request.operation:
        return error.retry and error.status is None and not error.uncertain
    return error.retry
