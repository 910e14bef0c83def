# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long to wait for a service that is starting. Pure: the clock is a parameter."""

from __future__ import annotations

from collections.abc import Callable

from .._change.errors import FlowError, UnreachableError
from .._change.plan import Request

STARTING_STATUSES = (502, 503)


class Start:
    """Reads wait for a service that is starting, from the first request on, until anything succeeds."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._begun: float | None = None

    def over(self) -> None:
        """Note that the service has answered, so that it is not waited for again."""
        self._seconds = 0.0

    def seconds_left(self, request: Request, error: FlowError) -> float:
        """Return for how many more seconds a request that failed may be repeated; 0 if it may not."""
        if not self._seconds or request.method != "GET" or not _is_starting(error):
            return 0.0
        if self._begun is None:
            self._begun = self._clock()
        return max(0.0, self._begun + self._seconds - self._clock())

    def told(self, error: FlowError) -> FlowError:
        """Return a failure that says how long the service was waited for, if it was."""
        if self._begun is None or not self._seconds:
            return error
        waited = f"{self._clock() - self._begun:.3g}"
        return error.restated(
            type(error), f"{error.message} The service was given {waited} seconds to start (api_wait_timeout)."
        )


def _is_starting(error: FlowError) -> bool:
    """Whether nothing listens yet, or a gateway says that nothing does."""
    refused = isinstance(error, UnreachableError) and error.retry and not error.uncertain
    return refused or error.status in STARTING_STATUSES
