# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP answers as data: parsed, or turned into an error that says what to do. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .._change.errors import NOT_KNOWN, AuthError, FlowError, HttpError, ResponseError, UnknownOutcomeError
from .._change.payload import explained, said_to
from .._change.plan import Request

RETRY_STATUSES = (429, 502, 503, 504)
GATEWAY_STATUSES = (502, 504)
"""A gateway got no answer from the service, which may still have received the request."""
TLS_WANTED = re.compile(rb"(?i)https[ -]port|ssl[ -]enabled server port|https server|requires TLS")
"""What servers say if plain HTTP is sent to a port for TLS: nginx, Apache, Go, Tomcat."""


CHECK_CREDENTIALS = "Check the credentials: the key may have expired, been revoked, or not be valid for this instance."
SET_CREDENTIALS = (
    "Set api_token (hosted service), or api_username and api_password (proxy), or api_headers (gateway). "
    "A key that worked before may have expired or been revoked."
)


class Answer(NamedTuple):
    """The answer to a request; ``url`` is for messages, ``headers`` is a case-insensitive mapping, ``retry_after`` is in seconds."""

    request: Request
    url: str
    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    authenticated: bool
    retry_after: float | None

    def parsed(self) -> Any:
        """Return the JSON of a successful answer, or None if it is empty; raise for everything else."""
        if not 200 <= self.status < 300:
            raise self._status_error()
        if not self.body.strip():
            return None
        try:
            return _parse(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("Content-Type") or "no content type"
            what = f"returned {self.status} with {len(self.body)} bytes that are not JSON ({kind})"
            advice = "Check that api_url points to the Ingest service and not to a proxy or login page."
            if self.request.operation:
                raise self._error(UnknownOutcomeError, what, f"{advice} {NOT_KNOWN}") from None
            raise self._error(ResponseError, what, advice) from None

    def _status_error(self) -> FlowError:
        error_type: type[FlowError] = AuthError if self.status in (401, 403) else HttpError
        if self.request.operation and self.status in GATEWAY_STATUSES:
            error_type = UnknownOutcomeError
        try:
            messages = said_to(self.request, _parse(self.body))
        except (ValueError, RecursionError):
            messages = ()
        said = f": {' '.join(messages)}" if messages else ""
        what = explained(f"returned {self.status} {self.reason}".rstrip() + said)
        return self._error(error_type, what, self._advice(), messages)

    def _error(self, error_type: type[FlowError], what: str, advice: str, messages: tuple[str, ...] = ()) -> FlowError:
        return error_type(
            f"{self.request.method} {self.url} {what.rstrip('.')}. {advice}",
            method=self.request.method,
            path=self.request.path,
            status=self.status,
            messages=messages,
            uncertain=self.status in GATEWAY_STATUSES or error_type is ResponseError,
            retry=self.status in RETRY_STATUSES,
            retry_after=self.retry_after,
        )

    def _advice(self) -> str:
        status = self.status
        if self.request.operation and status in GATEWAY_STATUSES:
            return NOT_KNOWN
        if status in (401, 403):
            return CHECK_CREDENTIALS if self.authenticated else SET_CREDENTIALS
        if status == 400 and self.url.startswith("http:") and TLS_WANTED.search(self.body):
            return "The port speaks TLS: change http in api_url to https."
        if 300 <= status < 400:
            place = self.headers.get("Location") or "an unnamed location"
            return f"Redirects are not followed. Set api_url to the URL of the service (this redirects to {place})."
        if status == 407:
            return "The proxy requires credentials. Set them in the proxy URL in the environment variable http_proxy."
        if status == 404:
            return "Check api_url, especially its path prefix, and that the requested item exists on this service."
        if status == 409 and self.request.conflict:
            return self.request.conflict
        if status == 429:
            return (
                "The service asks for fewer requests. Lower forks (and concurrency for tables), or raise api_retries."
            )
        if status >= 500:
            return "Check the log of the service, or of the gateway in front of it, then run the task again."
        return "The service does not accept this request. Check the options and the log of the service."


def _parse(body: bytes) -> Any:
    return json.loads(body, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
