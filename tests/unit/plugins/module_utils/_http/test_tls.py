# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS on real sockets: trusted authorities, client certificates, and broken connections."""

from __future__ import annotations

import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.tests.unit.support.certificates import Authority, Identity, locked
from ansible_collections.singlestore.flow.tests.unit.support.server import Reply, Server, encrypted, http
from ansible_collections.singlestore.flow.tests.unit.support.wire import (
    ALL,
    OPERATION,
    TRIES,
    answering,
    ask,
    named,
)

SUCCESS = {"success": True}
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

every_request = pytest.mark.parametrize("request_", ALL, ids=named)


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BUNDLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("place", ["file", "folder"])
@every_request
def test_ca_path_is_trusted(authority: Authority, here: Identity, request_: Request, place: str) -> None:
    """ca_path is a file of certificates, or a folder in OpenSSL's layout."""
    with Server(answering(), tls=here.server()) as server:
        outcome = ask(server.url, request_, ca_path=str(getattr(authority, place)))
    assert outcome.answer == SUCCESS
    assert len(server.received) == 1


@pytest.mark.parametrize("name", BUNDLES)
def test_environment_bundle_is_trusted(
    authority: Authority, here: Identity, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without ca_path, the environment variables of requests are used."""
    monkeypatch.setenv(name, str(authority.file))
    with Server(answering(), tls=here.server()) as server:
        assert ask(server.url).answer == SUCCESS


@pytest.mark.parametrize("trusting", [True, False], ids=["ca_path", "environment"])
def test_ca_path_wins_over_environment(
    authority: Authority, stranger: Authority, here: Identity, trusting: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the certificates in ca_path are trusted."""
    option, bundle = (authority, stranger) if trusting else (stranger, authority)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle.file))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(bundle.file))
    with Server(answering(), tls=here.server()) as server:
        outcome = ask(server.url, ca_path=str(option.file))
    assert outcome.kind == (None if trusting else "unreachable")


def test_requests_ca_bundle_wins(
    authority: Authority, stranger: Authority, here: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the environment names two bundles, the one of requests is used."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(stranger.file))
    with Server(answering(), tls=here.server()) as server:
        assert ask(server.url).answer == SUCCESS


@pytest.mark.parametrize("installed", [True, False])
def test_default_authorities_are_trusted(
    authority: Authority, here: Identity, installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default, certifi's authorities are trusted, or the system's if certifi is missing."""
    if installed:
        monkeypatch.setattr("certifi.where", lambda: str(authority.file))
    else:
        monkeypatch.setitem(sys.modules, "certifi", None)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with Server(answering(), tls=here.server()) as server:
        assert ask(server.url).answer == SUCCESS


def refused(identity: Identity, request: Request, words: str, **options: Any) -> None:
    """Check that no request is sent to a server with this certificate, and that there is no retry."""
    with Server(answering(), tls=identity.server()) as server:
        outcome = ask(server.url, request, **options)
    assert outcome.kind == "unreachable"
    assert not outcome.error.uncertain
    assert "could not be sent: TLS failed" in outcome.text
    assert words in outcome.text
    assert "ca_path" in outcome.text
    assert (server.received, server.connections, outcome.slept) == ([], 1, [])


@every_request
def test_unknown_authority_is_refused(here: Identity, request_: Request) -> None:
    """Without ca_path, only public authorities are trusted."""
    refused(here, request_, "unable to get local issuer certificate")


@every_request
def test_other_authority_than_ca_path_is_refused(here: Identity, stranger: Authority, request_: Request) -> None:
    """With ca_path, only that authority is trusted."""
    refused(here, request_, "unable to get local issuer certificate", ca_path=str(stranger.file))


@every_request
def test_certificate_for_another_host_is_refused(authority: Authority, request_: Request) -> None:
    """A certificate for another host is not valid for this one."""
    refused(authority.vouch("elsewhere.example"), request_, "127.0.0.1", ca_path=str(authority.file))


@every_request
def test_expired_certificate_is_refused(authority: Authority, request_: Request) -> None:
    """A certificate is not valid after its last day."""
    refused(authority.vouch(expired=True), request_, "certificate has expired", ca_path=str(authority.file))


@pytest.mark.parametrize("trusted", [True, False], ids=["ca_path", "no-ca_path"])
def test_validate_certs_false_accepts_any_certificate(
    authority: Authority, stranger: Authority, trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With validate_certs false, any certificate is accepted, without a warning and despite the environment."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    identity = stranger.vouch("elsewhere.example", expired=True)
    with Server(answering(), tls=identity.server()) as server, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        outcome = ask(server.url, validate_certs=False, ca_path=str(authority.file) if trusted else None)
    assert outcome.answer == SUCCESS
    assert warned == []


@pytest.mark.parametrize("name", ["ca_path", *BUNDLES])
@pytest.mark.parametrize("content", [None, b"", b"no certificate"], ids=["absent", "empty", "text"])
def test_unusable_ca_path_is_named(
    here: Identity, name: str, content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the unusable file, and nothing is sent."""
    path = tmp_path / "bundle.pem"
    if content is not None:
        path.write_bytes(content)
    options = {name: str(path)} if name == "ca_path" else {}
    monkeypatch.setenv(name, str(path))
    with Server(answering(), tls=here.server()) as server:
        outcome = ask(server.url, **options)
    assert outcome.kind == "invalid"
    assert f"{name} is {path}" in outcome.text
    assert "[Errno" not in outcome.text
    assert server.connections == 0


def asked_for(authority: Authority, here: Identity, request: Request, **options: Any) -> tuple[Server, Any]:
    """Send a request to a server that requires a certificate of the authority."""
    with Server(answering(), tls=here.server(asking=authority)) as server:
        return server, ask(server.url, request, ca_path=str(authority.file), **options)


@pytest.mark.parametrize("together", [True, False], ids=["one file", "two files"])
@every_request
def test_client_certificate_is_sent(authority: Authority, here: Identity, request_: Request, together: bool) -> None:
    """The client sends its certificate, with the key in the same file or in another one."""
    own = authority.vouch("client.example")
    files = {"client_cert": own.both} if together else {"client_cert": own.cert, "client_key": own.key}
    _server, outcome = asked_for(authority, here, request_, **{name: str(path) for name, path in files.items()})
    assert outcome.answer == SUCCESS


@pytest.mark.parametrize("shown", [None, "stranger"], ids=["none", "wrong"])
@every_request
def test_refused_client_certificate(
    authority: Authority, stranger: Authority, here: Identity, request_: Request, shown: str | None
) -> None:
    """The server refuses after the handshake, so the client cannot know whether its request was read."""
    options = {"client_cert": str(stranger.vouch("client.example").both)} if shown else {}
    server, outcome = asked_for(authority, here, request_, **options)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert outcome.error.uncertain
    assert "TLS failed" in outcome.text
    assert ("client_cert" in outcome.text) != request_.operation
    assert (server.received, server.connections, outcome.slept) == ([], 1, [])


def unusable(own: Identity, other: Identity, case: str) -> dict[str, str]:
    """Return options with a certificate that the client cannot use."""
    files = {
        "no key": {"client_cert": own.cert},
        "another key": {"client_cert": own.cert, "client_key": other.key},
        "no certificate": {"client_cert": own.key},
        "no key in its file": {"client_cert": own.cert, "client_key": own.cert},
        "locked": {"client_cert": locked(own, "pass-m4rker")},
    }
    return {name: str(path) for name, path in files[case].items()}


@pytest.mark.parametrize("case", ["no key", "another key", "no certificate", "no key in its file", "locked"])
def test_unusable_client_certificate_is_named(authority: Authority, here: Identity, case: str) -> None:
    """A certificate without its key is found before anything is sent, and without asking for a password."""
    own, other = authority.vouch("client.example"), authority.vouch("other.example")
    options = unusable(own, other, case)
    server, outcome = asked_for(authority, here, OPERATION, **options)
    assert outcome.kind == "invalid"
    assert f"{' with '.join(f'{name} {path}' for name, path in options.items())} cannot be used: " in outcome.text
    assert ("encrypted" in outcome.text) == (case == "locked")
    assert "PRIVATE" not in outcome.text
    assert server.connections == 0


@pytest.mark.parametrize("option", ["ca_path", "client_cert", "client_key"])
def test_missing_file_is_found_without_tls(option: str, tmp_path: Path) -> None:
    """A missing file is also found without TLS."""
    with Server(answering()) as server:
        outcome = ask(server.url, **{option: str(tmp_path / "nothing")})
    assert outcome.kind == "invalid"
    assert f"{option} is {tmp_path / 'nothing'}" in outcome.text
    assert server.connections == 0


def test_files_are_not_read_without_tls(tmp_path: Path) -> None:
    """Without TLS, the content of the files does not matter."""
    path = tmp_path / "bundle.pem"
    path.touch()
    with Server(answering()) as server:
        assert ask(server.url, ca_path=str(path), client_cert=str(path)).answer == SUCCESS


def hello_then(answer: bytes) -> Callable[[socket.socket], socket.socket]:
    """Read the client's hello, answer with these bytes, and disconnect."""

    def greet(connection: socket.socket) -> socket.socket:
        connection.recv(65536)
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
        raise OSError

    return greet


DURING = {
    "ends": b"",
    "alert": b"\x15\x03\x03\x00\x02\x02\x28",
    "HTTP": http(400, b"The plain HTTP request was sent to HTTPS port"),
    "noise": bytes(range(256)),
}


@pytest.mark.parametrize("noise", DURING.values(), ids=DURING)
@every_request
def test_break_during_handshake(request_: Request, noise: bytes) -> None:
    """TLS may fail for another reason than the certificate; nothing is sent twice."""
    with Server(answering(), greet=hello_then(noise)) as server:
        outcome = ask(server.url.replace("http:", "https:"), request_)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert "TLS failed" in outcome.text
    assert ("change https in api_url to http" in outcome.text) == (noise in (DURING["HTTP"], DURING["noise"]))
    assert ("It is not known" in outcome.text) == request_.operation
    assert (server.received, server.connections, outcome.slept) == ([], 1, [])


@every_request
def test_tls_proxy_that_speaks_plain_http(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the scheme of the proxy, not that of the service."""
    with Server(answering(), greet=hello_then(DURING["HTTP"])) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("http:", "https:"))
        outcome = ask("http://flow.invalid", request_)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert "change https in its URL to http" in outcome.text


@every_request
def test_silence_during_handshake(request_: Request) -> None:
    """A handshake without an answer times out."""

    def greet(connection: socket.socket) -> socket.socket:
        while connection.recv(65536):
            pass
        raise OSError

    with Server(answering(), greet=greet) as server:
        outcome = ask(server.url.replace("http:", "https:"), request_, timeout=0.05)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "timeout")
    assert (server.connections, outcome.slept) == (1, [])


@every_request
def test_break_after_handshake(authority: Authority, here: Identity, request_: Request) -> None:
    """A server that disconnects after the handshake may have read the request, so an operation is sent once."""
    speak = encrypted(here.server())

    def greet(connection: socket.socket) -> socket.socket:
        with speak(connection) as spoken:
            spoken.recv(1)
            spoken.unwrap()
        raise OSError

    with Server(answering(), greet=greet) as server:
        outcome = ask(server.url.replace("http:", "https:"), request_, ca_path=str(authority.file))
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert server.connections == (1 if request_.operation else TRIES)


AFTER = {
    "closed": Reply(b"", "close"),
    "reset": Reply(b"", "reset"),
    "half an answer": Reply(http(200, b"{}", {"Content-Length": "50"}), "close"),
}


@pytest.mark.parametrize("reply", AFTER.values(), ids=AFTER)
@every_request
def test_break_after_request(authority: Authority, here: Identity, request_: Request, reply: Reply) -> None:
    """Reads and saves are retried, and an operation is not."""
    with Server(lambda _received: reply, tls=here.server()) as server:
        outcome = ask(server.url, request_, ca_path=str(authority.file))
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert outcome.error.uncertain
    assert len(server.received) == (1 if request_.operation else TRIES)


@every_request
def test_unencrypted_answer_is_refused(authority: Authority, here: Identity, request_: Request) -> None:
    """Unencrypted bytes are not accepted as an answer."""
    reply = Reply(http(200, b'{"success": true}'), "close", bare=True)
    with Server(lambda _received: reply, tls=here.server()) as server:
        outcome = ask(server.url, request_, ca_path=str(authority.file))
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert "TLS failed" in outcome.text
    assert len(server.received) == 1


@every_request
def test_http_to_a_tls_port_fails(here: Identity, request_: Request) -> None:
    """A server that just disconnects may want TLS; the message says so."""
    with Server(answering(), tls=here.server()) as server:
        outcome = ask(server.url.replace("https:", "http:"), request_)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert ("If the port speaks TLS, change http in api_url to https" in outcome.text) != request_.operation
    assert server.received == []
    assert server.connections == (1 if request_.operation else TRIES)


@pytest.mark.parametrize(
    "record", [DURING["alert"], b"\x15\x03\x01\x00\x02\x02\x46", b"\x16\x03\x03\x00\x02\x02\x46\n"]
)
@every_request
def test_http_is_answered_in_tls(request_: Request, record: bytes) -> None:
    """Most servers answer plain HTTP with a TLS alert, which another try would not change."""
    with Server(answering(), greet=hello_then(record)) as server:
        outcome = ask(server.url, request_)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert "was answered in TLS instead of HTTP. The port speaks TLS: change http in api_url to https." in outcome.text
    assert ("It is not known" in outcome.text) == request_.operation
    assert (server.connections, outcome.slept) == (1, [])


SAYING = {
    "nginx": b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
    "Apache": b"<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br /></p>",
    "Go": b"Client sent an HTTP request to an HTTPS server.\n",
    "Tomcat": b"Bad Request\r\nThis combination of host and port requires TLS.\r\n",
}


@pytest.mark.parametrize("name", SAYING)
def test_server_that_asks_for_tls_in_plain_http(name: str) -> None:
    """Some servers say in plain HTTP that they want TLS."""
    with Server(answering(SAYING[name], 400)) as server:
        outcome = ask(server.url)
    assert (outcome.kind, outcome.error.status) == ("http", 400)
    assert "change http in api_url to https" in outcome.text


@pytest.mark.parametrize(("status", "body"), [(400, b'{"message": "no such table"}'), (500, SAYING["Go"])])
def test_other_answers_do_not_ask_for_tls(status: int, body: bytes) -> None:
    """Another answer is about something else."""
    with Server(answering(body, status)) as server:
        assert "change http" not in ask(server.url).text
