# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request and its answer as bytes: what is sent, and how much is read back."""

from __future__ import annotations

import json
from contextlib import suppress

with suppress(ImportError):  # see require_library in wire.py
    import urllib3
    from urllib3.util import Retry

from .._change.plan import Request
from .answer import Answer
from .settings import Settings
from .wire import basic

LARGEST_ANSWER = 64 * 1024 * 1024
CHUNK = 64 * 1024
"""Bytes to read at a time; compressed bytes may grow a thousandfold before they are counted."""


def exchange(connections: urllib3.PoolManager, request: Request, settings: Settings, where: str) -> Answer:
    """Send a request once, follow no redirect, and return the answer; the connection can then be reused.

    ``where`` is the URL in messages.
    """
    response = connections.request(
        request.method,
        settings.base_url + request.path,
        body=None if request.body is None else json.dumps(request.body).encode(),
        headers=_headers(request, settings),
        timeout=settings.timeout,
        redirect=False,
        retries=False,
        preload_content=False,
        enforce_content_length=True,
    )
    with response:
        body = _body(response)
    return Answer(
        request=request,
        url=where,
        status=response.status,
        reason=response.reason or "",
        headers=response.headers,
        body=body,
        authenticated=bool(settings.token or settings.username),
        retry_after=_retry_after(response),
    )


def _headers(request: Request, settings: Settings) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": "singlestore.flow", **settings.headers}
    if request.method != "GET":
        headers["Content-Type"] = "application/json"
    if settings.token:
        headers["Authorization"] = f"Bearer {settings.token}"
    elif settings.username:
        headers["Authorization"] = basic(settings.username, settings.password or "")
    return headers


def _body(response: urllib3.BaseHTTPResponse) -> bytes:
    body = bytearray()
    for chunk in response.stream(CHUNK):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise ValueError(f"more than {LARGEST_ANSWER} bytes")
    return bytes(body)


def _retry_after(response: urllib3.BaseHTTPResponse) -> float | None:
    """Return the seconds to wait according to the answer; None if it does not say, or not readably."""
    with suppress(ValueError, OverflowError, urllib3.exceptions.InvalidHeader):
        return Retry().get_retry_after(response)
    return None
