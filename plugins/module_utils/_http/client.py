# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one HTTP file: sends requests, tries again where that does no harm, and knows no error but ours."""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cached_property
from typing import Any

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from requests.auth import HTTPBasicAuth
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

from .._change.errors import (
    NOT_KNOWN,
    FlowError,
    HttpError,
    InvalidError,
    NoAnswerError,
    ResponseError,
    UnknownOutcomeError,
    UnreachableError,
)
from .._change.plan import Request
from .answer import Answer
from .pace import Pace
from .settings import Settings

LONGEST_WAIT = 30.0
"""Seconds to wait at the most before a request is tried again, whatever ``Retry-After`` says."""
LARGEST_ANSWER = 64 * 1024 * 1024
CHUNK = 1024 * 1024
HANDFUL = 5
"""Requests up to which a pool is not worth its connections."""
QUICK = 0.002
"""Seconds; where answers take less in the mean, threads would only wait for each other."""

_OBJECT = re.compile(r"^(?:<[^>]*>|\w+Connection(?:Pool)?\(.*?\)): ")


class Client:
    """Speaks with one service over kept-alive connections; raises FlowErrors and nothing else."""

    def __init__(
        self,
        settings: Settings,
        *,
        concurrency: int = 1,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        _check_files(settings)
        self._settings = settings
        self._concurrency = concurrency
        self._sleep = sleep
        self._clock = clock
        self._adapter = self._new_adapter()
        self._how = _environment(settings)
        if not settings.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._adapter.close()

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

    def send_all(self, requests_: Iterable[Request]) -> list[Any]:
        """Send each request; return for each its answer or its error, in their order.

        One after the other, until the service lets itself be waited for; from then on a few at a time.
        """
        todo, done = deque(requests_), list[Any]()
        workers = self._concurrency if len(todo) > HANDFUL else 1
        pace, started = Pace(workers), self._clock()
        while todo and (workers == 1 or self._clock() - started <= QUICK * max(1, len(done))):
            done.append(self._outcome(todo.popleft(), pace))
        with ThreadPoolExecutor(max_workers=workers) as pool:
            return done + list(pool.map(lambda request: self._outcome(request, pace), todo))

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

    def _new_adapter(self) -> HTTPAdapter:
        return HTTPAdapter(pool_connections=1, pool_maxsize=self._concurrency, pool_block=True)

    def _exchange(self, request: Request) -> Any:
        """One request on the wire, and its answer.

        An operation gets a connection of its own: one that was kept alive may be closing just as the
        request goes out, and nobody could then say whether the operation was received. The adapter is
        used without a Session, which would follow redirects, keep cookies and read .netrc.
        """
        adapter = self._new_adapter() if request.operation else self._adapter
        try:
            with adapter.send(self._prepared(request), stream=True, **self._how) as response:
                body = _body_of(response)
        except Exception as error:
            raise self._transport_error(request, error) from None
        finally:
            if adapter is not self._adapter:
                adapter.close()
        answer = Answer(
            request=request,
            url=self._settings.base_url + request.path,
            status=response.status_code,
            reason=response.reason or "",
            headers=response.headers,
            body=body,
            authenticated=bool(self._settings.token or self._settings.username),
            now=time.time(),
        )
        return answer.parsed()

    @cached_property
    def _prepared_once(self) -> requests.PreparedRequest:
        """What all requests have in common; made with the first, whose failure a URL is that cannot be prepared."""
        settings = self._settings
        headers = {"Accept": "application/json", "User-Agent": "singlestore.flow"}
        auth = None
        if settings.token:
            headers["Authorization"] = f"Bearer {settings.token}"
        elif settings.username:
            auth = HTTPBasicAuth(settings.username.encode(), (settings.password or "").encode())
        prepared = requests.PreparedRequest()
        prepared.prepare("GET", settings.base_url, headers=headers, auth=auth)
        return prepared

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        prepared = self._prepared_once.copy()
        # Not prepared: that would unquote %2E and resolve a table called '..'.
        prepared.method, prepared.url = request.method, self._settings.base_url + request.path
        if request.method != "GET":
            prepared.headers["Content-Type"] = "application/json"
            prepared.prepare_body(None if request.body is None else json.dumps(request.body), None)
        return prepared

    def _transport_error(self, request: Request, error: Exception) -> FlowError:
        """Return what an exception of the libraries means for the request."""
        kinds = requests.exceptions
        cause = _cause(error)
        if isinstance(error, kinds.SSLError):
            advice = "Check the certificate, ca_path, client_cert and validate_certs."
            if isinstance(_innermost(error), ssl.SSLCertVerificationError):
                return self._error(UnreachableError, request, f"could not be sent: TLS failed ({cause})", advice)
            return self._lost(UnreachableError, request, f"got no answer: TLS failed ({cause})", advice)
        if isinstance(error, (kinds.InvalidURL, urllib3.exceptions.LocationValueError)):
            return self._error(InvalidError, request, f"could not be sent ({cause})", "Check api_url.")
        if _never_sent(error):
            timed_out = isinstance(error, kinds.ConnectTimeout)
            advice = "Check api_url, that the Ingest service is running there, and that nothing blocks the way."
            error_type = NoAnswerError if timed_out else UnreachableError
            return self._error(error_type, request, f"could not be sent: {cause}", advice, retry=not timed_out)
        if isinstance(error, (kinds.ContentDecodingError, ValueError, RecursionError)):
            advice = "Check that api_url leads to the Ingest service."
            what = f"was answered with what cannot be read ({cause})"
            return self._error(ResponseError, request, what, advice, uncertain=True)
        if isinstance(error, kinds.Timeout) or "timed out" in cause.lower():
            what = f"got no answer within {self._settings.timeout:g} seconds"
            return self._lost(
                NoAnswerError, request, what, "Look at the service's log; raise api_timeout if it is slow."
            )
        if not isinstance(
            error, (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)
        ):
            raise error
        return self._lost(UnreachableError, request, f"lost its answer ({cause})", "Run the task again.", retry=True)

    def _lost(self, error_type: type[FlowError], request: Request, what: str, advice: str, **more: Any) -> FlowError:
        if request.operation:
            error_type = UnknownOutcomeError
            advice = NOT_KNOWN
        return self._error(error_type, request, what, advice, uncertain=True, **more)

    def _error(self, error_type: type[FlowError], request: Request, what: str, advice: str, **more: Any) -> FlowError:
        sentence = f"{request.method} {self._settings.base_url}{request.path} {what}. {advice}"
        return error_type(sentence, method=request.method, path=request.path, **more)


def _check_files(settings: Settings) -> None:
    for option in ("ca_path", "client_cert", "client_key"):
        path = getattr(settings, option)
        if path and not os.path.exists(path):
            raise InvalidError(f"{option} is {path}, which does not exist on the host that runs the module.")


def _environment(settings: Settings) -> dict[str, Any]:
    """Return what a request is sent with, the environment's proxies and CA bundle looked up once."""
    with requests.Session() as session:
        verify = settings.validate_certs and (settings.ca_path or True)
        cert: Any = (settings.client_cert, settings.client_key) if settings.client_key else settings.client_cert
        merged = session.merge_environment_settings(settings.base_url, {}, True, verify, cert)
    return {name: merged[name] for name in ("proxies", "verify", "cert")} | {"timeout": settings.timeout}


def _seconds(error: FlowError, tries: int) -> float:
    """Return how long to wait before another try: as the service asks, or longer each time."""
    return min(LONGEST_WAIT, 0.5 * 2**tries if error.retry_after is None else error.retry_after)


def _may_retry(request: Request, error: FlowError) -> bool:
    """Whether the contract has it sent again; an operation only where it cannot have been received."""
    if request.operation:
        return error.retry and error.status is None and not error.uncertain
    return error.retry


def _never_sent(error: Exception) -> bool:
    if isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    reason = getattr(error.args[0], "reason", error.args[0]) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _innermost(error: BaseException) -> BaseException:
    """Return the exception at the bottom; the outer ones repeat URLs and object addresses."""
    inner = getattr(error, "reason", None)
    if not isinstance(inner, BaseException):
        inner = next((arg for arg in reversed(error.args) if isinstance(arg, BaseException)), None)
    return error if inner is None else _innermost(inner)


def _cause(error: BaseException) -> str:
    """Return what is at the bottom of an exception, in words."""
    error = _innermost(error)
    words = getattr(error, "strerror", None) or str(error.args[-1] if error.args else "")
    return _OBJECT.sub("", str(words)).rstrip(".") or type(error).__name__


def _body_of(response: requests.Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(CHUNK):
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise ValueError(f"more than {LARGEST_ANSWER} bytes")
        chunks.append(chunk)
    framed = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
    if not chunks and not framed and response.status_code == 200 and response.raw.version == 11:
        # http.client takes headers that break off for whole ones, and no body for an empty one.
        raise http.client.HTTPException("its headers broke off")
    return b"".join(chunks)
