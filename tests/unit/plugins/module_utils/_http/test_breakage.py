# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The meaning of each exception of the libraries, as a table."""

from __future__ import annotations

import http.client
import socket
import ssl
import zlib
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import NOT_KNOWN
from ansible_collections.singlestore.flow.plugins.module_utils._http.breakage import broken
from ansible_collections.singlestore.flow.tests.unit.support.wire import OPERATION, READ
from urllib3 import exceptions as kinds
from urllib3.connection import HTTPConnection

URL = "https://flow.example/ingest/api/ingest/conn-src"
CONNECTION: Any = HTTPConnection("flow.example", 8081)
POOL: Any = "HTTPConnectionPool(host='flow.example', port=8081)"
TUNNEL = OSError("Tunnel connection failed: 407 Proxy Authentication Required")
UNTRUSTED = ssl.SSLCertVerificationError(1, "self-signed certificate")
EXPIRED = "certificate has expired"


class CertificateError(ValueError):
    """An exception that each version of urllib3 defines in a different place."""


def proxied(error: Exception) -> kinds.ProxyError:
    """Return urllib3's exception for an error with a proxy."""
    return kinds.ProxyError("Cannot connect to proxy.", error)


def aborted(error: Exception) -> kinds.ProtocolError:
    """Return urllib3's exception for a network error."""
    return kinds.ProtocolError("Connection aborted.", error)


def wrong_version() -> ssl.SSLError:
    """Return the exception for a port that speaks plain HTTP."""
    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    error.reason = "WRONG_VERSION_NUMBER"
    return error


REFUSED = kinds.NewConnectionError(CONNECTION, "Failed to establish a new connection: [Errno 111] Connection refused")
SLOW = kinds.ConnectTimeoutError(CONNECTION, "Connection to flow.example timed out. (connect timeout=5)")
SILENT = kinds.ReadTimeoutError(POOL, URL, "Read timed out. (read timeout=5)")
GARBLED = kinds.DecodeError("Received response with content-encoding: gzip", zlib.error("incorrect header check"))

CERTAIN = [
    (
        REFUSED,
        "unreachable",
        True,
        "could not be sent: Failed to establish a new connection: [Errno 111] Conn",
        "api_url",
    ),
    (proxied(REFUSED), "unreachable", True, "could not be sent: Failed to establish a new connection", "no_proxy"),
    (SLOW, "timeout", False, "could not be sent: Connection to flow.example timed out", "api_url"),
    (proxied(SLOW), "timeout", False, "could not be sent: Connection to flow.example timed out", "no_proxy"),
    (aborted(TUNNEL), "unreachable", True, "could not be sent: Tunnel connection failed: 407 Proxy", "no_proxy"),
    (proxied(TUNNEL), "unreachable", True, "could not be sent: Tunnel connection failed: 407 Proxy", "no_proxy"),
    (kinds.SSLError(UNTRUSTED), "unreachable", False, "TLS failed (self-signed certificate)", "ca_path"),
    (proxied(kinds.SSLError(UNTRUSTED)), "unreachable", False, "TLS failed (self-signed certificate)", "ca_path"),
    (kinds.SSLError(CertificateError("no match")), "unreachable", False, "TLS failed (no match)", "ca_path"),
    (
        kinds.LocationParseError("http://-..x"),
        "invalid",
        False,
        "could not be sent (Failed to parse: http://-..x)",
        "api_url",
    ),
]
"""Nothing was sent: exception, kind, whether to retry, and words about what happened and what to do."""

UNCERTAIN = [
    (kinds.SSLError(ssl.SSLError(1, "bad record mac")), "unreachable", False, "TLS failed (bad record mac)", "ca_path"),
    (kinds.SSLError(ssl.SSLEOFError(8, "EOF")), "unreachable", False, "got no answer: TLS failed (EOF)", "ca_path"),
    (aborted(ssl.SSLEOFError(8, "EOF")), "unreachable", False, "got no answer: TLS failed (EOF)", "ca_path"),
    (proxied(ssl.SSLError(1, "alert")), "unreachable", False, "got no answer: TLS failed (alert)", "ca_path"),
    (
        kinds.SSLError(wrong_version()),
        "unreachable",
        False,
        "TLS failed ([SSL: WRONG_VERSION_NUMBER] wrong version number)",
        "change https in api_url to http",
    ),
    (
        proxied(kinds.SSLError(wrong_version())),
        "unreachable",
        False,
        "TLS failed",
        "change https in its URL to http, in the environment variable http_proxy",
    ),
    (
        aborted(http.client.BadStatusLine("\x15\x03\x01\x00\x02\x02F")),
        "unreachable",
        False,
        "was answered in TLS instead of HTTP",
        "change http in api_url to https",
    ),
    (SILENT, "timeout", False, "got no answer within 5 seconds", "api_timeout"),
    (aborted(socket.timeout("timed out")), "timeout", False, "got no answer within 5 seconds", "api_timeout"),
    (proxied(socket.timeout("timed out")), "timeout", False, "got no answer within 5 seconds", "api_timeout"),
    (GARBLED, "response", False, "cannot be read (incorrect header check)", "api_url"),
    (ValueError("more than 5 bytes"), "response", False, "cannot be read (more than 5 bytes)", "api_url"),
    (RecursionError("maximum depth"), "response", False, "cannot be read (maximum depth)", "api_url"),
    (
        aborted(ConnectionResetError(104, "reset by peer")),
        "unreachable",
        True,
        "no complete answer (reset by peer)",
        "again",
    ),
    # urllib3 1.26 raises this for everything that breaks with a proxy, even if the request reached it.
    (
        proxied(ConnectionResetError(104, "reset by peer")),
        "unreachable",
        True,
        "no complete answer (reset by peer)",
        "again",
    ),
    (
        proxied(http.client.RemoteDisconnected("no response")),
        "unreachable",
        True,
        "no complete answer (no response)",
        "again",
    ),
    (aborted(http.client.BadStatusLine("SSH-2.0")), "unreachable", True, "got no complete answer (SSH-2.0)", "again"),
    (aborted(http.client.IncompleteRead(b"abc", 47)), "unreachable", True, "3 bytes read, 47 more expected", "again"),
    (
        http.client.HTTPException("its headers are incomplete"),
        "unreachable",
        True,
        "(its headers are incomplete)",
        "again",
    ),
    (http.client.HTTPException(), "unreachable", True, "got no complete answer (HTTPException)", "again"),
    (BrokenPipeError(32, "Broken pipe."), "unreachable", True, "got no complete answer (Broken pipe)", "again"),
    (OSError("Connection failed"), "unreachable", True, "got no complete answer (Connection failed)", "again"),
    (OSError("Refused by X."), "unreachable", True, "got no complete answer (Refused by X)", "again"),
    (kinds.InvalidHeader("Content-Length contained multiple"), "unreachable", True, "contained multiple", "again"),
]
"""The same for requests that may have been received."""


def named(value: Any) -> str | None:
    """Return the name of an exception in a test ID."""
    return f"{type(value).__name__}-{value}"[:40] if isinstance(value, Exception) else None


@pytest.mark.parametrize(("error", "kind", "retry", "what", "advice"), CERTAIN + UNCERTAIN, ids=named)
def test_read_fails_with_the_kind_of_the_exception(
    error: Exception, kind: str, retry: bool, what: str, advice: str
) -> None:
    """A read fails either way; for a write it matters whether it may have been received."""
    failure = broken(READ, URL, error, timeout=5.0)
    assert failure.kind == kind
    assert (failure.method, failure.path, failure.status) == ("GET", "/conn-src", None)
    assert (failure.retry, failure.uncertain) == (retry, (error, kind, retry, what, advice) in UNCERTAIN)
    assert failure.message.startswith(f"GET {URL} ")
    happened, _end, next_step = failure.message.rpartition(". ")
    assert what in happened
    assert advice in next_step or advice in failure.message
    assert not {"HTTPConnection", "object at", "Pool("} & set(failure.message.split())


@pytest.mark.parametrize(("error", "kind", "retry", "what", "advice"), CERTAIN, ids=named)
def test_operation_that_was_not_sent_fails_like_a_read(
    error: Exception, kind: str, retry: bool, what: str, advice: str
) -> None:
    """An operation that was certainly not sent fails like a read."""
    failure = broken(OPERATION, URL, error, timeout=5.0)
    assert (failure.kind, failure.retry, failure.uncertain) == (kind, retry, False)
    assert what in failure.message
    assert advice in failure.message
    assert NOT_KNOWN not in failure.message


@pytest.mark.parametrize(("error", "kind", "retry", "what", "advice"), UNCERTAIN, ids=named)
def test_operation_that_may_have_been_sent_is_unknown_outcome(
    error: Exception, kind: str, retry: bool, what: str, advice: str
) -> None:
    """The outcome of an operation that may have been sent is unknown."""
    failure = broken(OPERATION, URL, error, timeout=5.0)
    assert (failure.kind, failure.uncertain) == ("unknown_outcome", True)
    assert what in failure.message
    assert failure.message.endswith(NOT_KNOWN)


@pytest.mark.parametrize("error", [KeyError("x"), TypeError("x"), AttributeError("x"), AssertionError("x")])
@pytest.mark.parametrize("request_", [READ, OPERATION], ids=["read", "operation"])
def test_other_exceptions_are_not_caught(request_: Any, error: Exception) -> None:
    """Exceptions that no library raises are bugs and pass through."""
    with pytest.raises(type(error)) as caught:
        broken(request_, URL, error, timeout=5.0)
    assert caught.value is error


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        ("http://h", aborted(http.client.RemoteDisconnected("closed")), True),
        ("http://h", aborted(ConnectionResetError(104, "reset by peer")), True),
        ("https://h", aborted(http.client.RemoteDisconnected("closed")), False),
        ("http://h", aborted(http.client.IncompleteRead(b"abc", 47)), False),
        ("http://h", http.client.HTTPException("its headers are incomplete"), False),
    ],
)
def test_port_that_ends_plain_http_without_a_word_may_want_tls(url: str, error: Exception, said: bool) -> None:
    """Some servers for TLS just disconnect."""
    message = broken(READ, url, error, timeout=5.0).message
    assert ("If the port speaks TLS, change http in api_url to https" in message) == said
    assert "Run the task again." in message
