# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an exception of the libraries means for a request. Pure.

Two questions matter: is it certain that the request was not sent, and may another try succeed?
If in doubt, the request counts as received; an operation is then not sent again, and its outcome is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from http.client import BadStatusLine, HTTPException
from socket import timeout as SocketTimeout  # TimeoutError itself since Python 3.10
from ssl import SSLError
from typing import NamedTuple

with suppress(ImportError):  # see require_library in wire.py
    from urllib3 import exceptions as kinds

from .._change.errors import (
    NOT_KNOWN,
    FlowError,
    InvalidError,
    NoAnswerError,
    ResponseError,
    UnknownOutcomeError,
    UnreachableError,
)
from .._change.plan import Request

ADVICE = {
    "TLS": "Check the certificate, ca_path, client_cert and validate_certs.",
    "connection": "Check api_url, that the Ingest service is running there, and that no firewall blocks the connection.",
    "proxy": "Check the proxy in the environment variable http_proxy or https_proxy, add the host to no_proxy, or set "
    "use_proxy to false.",
    "not TLS": "If the port speaks plain HTTP, change https in api_url to http.",
    "proxy not TLS": "If the proxy speaks plain HTTP, change https in its URL to http, in the environment variable "
    "http_proxy or https_proxy.",
    "only TLS": "The port speaks TLS: change http in api_url to https.",
    "time": "Check the log of the service, or raise api_timeout if it is slow.",
    "answer": "Check that api_url points to the Ingest service.",
    "URL": "Check api_url.",
    "again": "Run the task again.",
    "perhaps TLS": "Run the task again. If the port speaks TLS, change http in api_url to https.",
}

NOT_TLS = ("HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL", "WRONG_VERSION_NUMBER")
"""Reasons of OpenSSL if the other side does not speak TLS."""

_RECORD = re.compile(r"[\x14-\x17]\x03[\x00-\x04]")
"""How everything begins that is sent over TLS."""
_OBJECT = re.compile(r"^(?:<[^>]*>|\w+Connection(?:Pool)?\(.*?\)): ")
"""What urllib3 puts before its message: the address of an object, which means nothing to a user."""


class Meaning(NamedTuple):
    """``left`` means that the request may have been received, ``retry`` that another try may succeed."""

    error: type[FlowError]
    what: str
    advice: str
    left: bool = True
    retry: bool = False


def broken(request: Request, url: str, error: Exception, *, timeout: float) -> FlowError:
    """Return the failure of a request; an exception that does not come from the libraries is raised again."""
    meaning = _meaning(error, timeout, plain=url.startswith("http:"))
    lost = request.operation and meaning.left
    error_type, advice = (UnknownOutcomeError, NOT_KNOWN) if lost else (meaning.error, ADVICE[meaning.advice])
    if lost and meaning.advice in ("not TLS", "proxy not TLS", "only TLS"):
        advice = f"{ADVICE[meaning.advice]} {NOT_KNOWN}"
    return error_type(
        f"{request.method} {url} {meaning.what}. {advice}",
        method=request.method,
        path=request.path,
        uncertain=meaning.left,
        retry=meaning.retry,
    )


def _meaning(error: Exception, timeout: float, *, plain: bool) -> Meaning:
    chain = list(_chain(error))
    cause = chain[-1]
    words = _words(cause)
    # http.client has no exception type for a proxy that refuses a tunnel.
    refused = isinstance(cause, OSError) and words.startswith("Tunnel connection failed")
    way = "proxy" if refused or isinstance(error, kinds.ProxyError) else "connection"
    if isinstance(cause, kinds.LocationValueError):
        return Meaning(InvalidError, f"could not be sent ({words})", "URL", left=False)
    if any(isinstance(part, (SSLError, kinds.SSLError)) for part in chain):
        # An invalid certificate ends the handshake; ssl and urllib3 both raise a ValueError for it.
        if isinstance(cause, ValueError):
            return Meaning(UnreachableError, f"could not be sent: TLS failed ({words})", "TLS", left=False)
        return Meaning(UnreachableError, f"got no answer: TLS failed ({words})", _tls_advice(error, cause))
    if isinstance(cause, BadStatusLine) and _RECORD.match(words):
        return Meaning(UnreachableError, "was answered in TLS instead of HTTP", "only TLS")
    if refused or isinstance(cause, kinds.NewConnectionError):
        return Meaning(UnreachableError, f"could not be sent: {words}", way, left=False, retry=True)
    if isinstance(cause, kinds.ConnectTimeoutError):
        return Meaning(NoAnswerError, f"could not be sent: {words}", way, left=False)
    if isinstance(cause, (kinds.TimeoutError, SocketTimeout)):
        return Meaning(NoAnswerError, f"got no answer within {timeout:g} seconds", "time")
    if isinstance(error, (kinds.DecodeError, ValueError, RecursionError)):
        return Meaning(ResponseError, f"returned an answer that cannot be read ({words})", "answer")
    if isinstance(error, (kinds.HTTPError, HTTPException, OSError)):
        advice = "perhaps TLS" if plain and isinstance(cause, ConnectionResetError) else "again"
        return Meaning(UnreachableError, f"got no complete answer ({words})", advice, retry=True)
    raise error


def _tls_advice(error: Exception, cause: BaseException) -> str:
    if getattr(cause, "reason", None) not in NOT_TLS:
        return "TLS"
    return "proxy not TLS" if isinstance(error, kinds.ProxyError) else "not TLS"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those it wraps, down to the cause; the outer ones repeat URLs and object addresses."""
    yield error
    inner = next((arg for arg in reversed(error.args) if isinstance(arg, BaseException)), None)
    if inner is not None:
        yield from _chain(inner)


def _words(cause: BaseException) -> str:
    last = cause.args[-1] if cause.args else ""
    words = getattr(cause, "strerror", None) or (last if isinstance(last, str) else str(cause))
    return _OBJECT.sub("", words).rstrip(".") or type(cause).__name__
