# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one HTTP file: sends requests, tries again where that does no harm, and raises no error but ours."""

from __future__ import annotations

import http.client
import json
import os
import platform
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

try:
    import urllib3

    from .answer import Answer
    from .breakage import breakage
except ImportError:
    HAS_URLLIB3 = False
else:
    HAS_URLLIB3 = True

from .._change.errors import (
    NOT_KNOWN,
    FlowError,
    HttpError,
    InvalidError,
    MissingLibraryError,
    UnknownOutcomeError,
)
from .._change.plan import Request
from .pace import Pace
from .settings import Settings

LONGEST_WAIT = 30.0
"""Seconds to wait at the most before a request is tried again, whatever ``Retry-After`` says."""
LARGEST_ANSWER = 64 * 1024 * 1024
CHUNK = 1024 * 1024


class Client:
    """Speaks with one service over kept-alive connections; raises FlowErrors and nothing else."""

    def __init__(
        self, settings: Settings, *, concurrency: int = 1, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        _check(settings)
        self._settings = settings
        self._concurrency = concurrency
        self._sleep = sleep
        self._headers = _headers(settings)
        self._connections = self._connect()
        if not settings.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._connections.clear()

    def get(self, *segments: str) -> Any:
        """Return the parsed answer to a GET; ``{}`` for null and for an empty body, None for 404."""
        try:
            answer = self.send(Request("GET", segments))
        except HttpError as error:
            if error.status == 404:
                return None
            raise
        return {} if answer is None else answer

    def send(self, request: Request) -> Any:
        """Send one request, as often as the contract allows; return its parsed answer, None for an empty one."""
        return self._send(request, Pace(1))

    def send_all(self, requests: Iterable[Request]) -> list[Any]:
        """Send each request, a few at a time; return for each its answer or its error, in their order."""
        pace = Pace(self._concurrency)
        with ThreadPoolExecutor(max_workers=self._concurrency) as pool:
            return list(pool.map(lambda request: self._outcome(request, pace), requests))

    def _outcome(self, request: Request, pace: Pace) -> Any:
        try:
            return self._send(request, pace)
        except FlowError as error:
            return error

    def _send(self, request: Request, pace: Pace) -> Any:
        tries, refused, limit = 0, False, 1
        while True:
            try:
                with pace.turn(refused=refused) as limit:
                    return self._exchange(request)
            except FlowError as error:
                if tries >= self._settings.retries or not _may_retry(request, error):
                    raise
                refused = error.status == 429
                with pace.pause(limit) if refused else nullcontext():
                    self._sleep(_seconds(error, tries))
                # A 429 among many asks for fewer at once: it counts where there are none fewer.
                tries += not refused or limit == 1

    def _connect(self) -> urllib3.PoolManager:
        settings = self._settings
        options: dict[str, Any] = {
            "num_pools": 1,
            "maxsize": self._concurrency,
            "block": True,
            "timeout": urllib3.Timeout(connect=settings.timeout, read=settings.timeout),
            **_tls_options(settings),
        }
        proxy = _proxy(settings.base_url)
        if not proxy:
            return urllib3.PoolManager(**options)
        login = urlsplit(proxy)
        if login.username:
            headers = {"Proxy-Authorization": _basic(login.username, login.password or "")}
            return urllib3.ProxyManager(proxy, proxy_headers=headers, **options)
        return urllib3.ProxyManager(proxy, **options)

    def _exchange(self, request: Request) -> Any:
        """One request on the wire, and its answer.

        An operation gets a connection of its own: one that was kept alive may be closing just as the
        request goes out, and nobody could then say whether the operation was received.
        """
        connections = self._connect() if request.operation else self._connections
        url = self._settings.base_url + request.path
        try:
            response = connections.urlopen(request.method, url, redirect=False, **self._message(request))
            body = _body_of(response)
        except Exception as error:
            raise self._broken(request, error) from None
        finally:
            if connections is not self._connections:
                connections.clear()
        answer = Answer(
            request=request,
            url=url,
            status=response.status,
            reason=response.reason or "",
            headers=response.headers,
            body=body,
            authenticated="Authorization" in self._headers,
        )
        return answer.parsed()

    def _message(self, request: Request) -> dict[str, Any]:
        headers = self._headers
        if request.method != "GET":
            headers = {**headers, "Content-Type": "application/json"}
        body = None if request.body is None else json.dumps(request.body).encode()
        return {"headers": headers, "body": body, "retries": False, "preload_content": False}

    def _broken(self, request: Request, error: Exception) -> FlowError:
        """Return what an exception of the library means for the request; raise one that is not about it."""
        found = breakage(error, timeout=self._settings.timeout)
        if found is None:
            raise error
        error_type, advice = found.error_type, found.advice
        if found.lost and request.operation:
            error_type, advice = UnknownOutcomeError, NOT_KNOWN
        return error_type(
            f"{request.method} {self._settings.base_url}{request.path} {found.what}. {advice}",
            method=request.method,
            path=request.path,
            uncertain=found.received,
            retry=found.retry,
        )


def _check(settings: Settings) -> None:
    if not HAS_URLLIB3:
        raise MissingLibraryError(
            f"The Python library urllib3 is not installed for {sys.executable} on {platform.node()}, which runs this task. "
            f"Install it with '{sys.executable} -m pip install urllib3', "
            "or set ansible_python_interpreter to a Python that has it."
        )
    for option in ("ca_path", "client_cert", "client_key"):
        path = getattr(settings, option)
        if path and not os.path.exists(path):
            raise InvalidError(f"{option} is {path}, which does not exist on the host that runs the module.")


def _headers(settings: Settings) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": "singlestore.flow"}
    if settings.token:
        headers["Authorization"] = f"Bearer {settings.token}"
    elif settings.username:
        headers["Authorization"] = _basic(settings.username, settings.password or "")
    return headers


def _basic(username: str, password: str) -> str:
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"


def _tls_options(settings: Settings) -> dict[str, Any]:
    if not settings.base_url.startswith("https:"):
        return {}
    options: dict[str, Any] = {"cert_file": settings.client_cert, "key_file": settings.client_key}
    if not settings.validate_certs:
        return {**options, "cert_reqs": "CERT_NONE"}
    trusted = settings.ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    where = "ca_cert_dir" if trusted and os.path.isdir(trusted) else "ca_certs"
    return {**options, "cert_reqs": "CERT_REQUIRED", where: trusted}


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names for a URL."""
    parts = urlsplit(url)
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    if not found or proxy_bypass(parts.netloc):
        return None
    return found if "://" in found else f"http://{found}"


def _seconds(error: FlowError, tries: int) -> float:
    """Return how long to wait before another try: as the service asks, or longer each time."""
    return min(LONGEST_WAIT, 0.5 * 2**tries if error.retry_after is None else error.retry_after)


def _may_retry(request: Request, error: FlowError) -> bool:
    """Whether the contract has it sent again; an operation only where it cannot have been received."""
    if request.operation:
        return error.retry and error.status is None and not error.uncertain
    return error.retry


def _body_of(response: urllib3.BaseHTTPResponse) -> bytes:
    """Read an answer to its end, so that its connection can be used again."""
    chunks: list[bytes] = []
    size = 0
    try:
        for chunk in response.stream(CHUNK):
            size += len(chunk)
            if size > LARGEST_ANSWER:
                raise ValueError(f"more than {LARGEST_ANSWER} bytes")
            chunks.append(chunk)
    except Exception:
        response.close()
        raise
    finally:
        response.release_conn()
    framed = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
    if not chunks and not framed and response.status == 200 and response.version == 11:
        # http.client takes headers that break off for whole ones, and no body for an empty one.
        raise http.client.HTTPException("its headers broke off")
    return b"".join(chunks)
