# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proxies on real sockets: which one is used, what it sees, and every way in which it may fail."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.plugins.module_utils._http.wire import Wire
from ansible_collections.singlestore.flow.tests.unit.support.certificates import Authority, Identity
from ansible_collections.singlestore.flow.tests.unit.support.flow import BASE
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http
from ansible_collections.singlestore.flow.tests.unit.support.wire import (
    ALL,
    OPERATION,
    READ,
    RETRIES,
    TOKEN,
    TRIES,
    answering,
    ask,
    named,
)

SUCCESS = {"success": True}
HOST = "flow.invalid"
"""The service's name, which only the proxy knows."""
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
USER = "proxy-user"
PASSWORD = "pr0xy-m4rker"
CREDENTIALS = f"{USER}:{PASSWORD}"
BASIC = "Basic cHJveHktdXNlcjpwcjB4eS1tNHJrZXI="

every_request = pytest.mark.parametrize("request_", ALL, ids=named)
every_scheme = pytest.mark.parametrize("scheme", ["http", "https"])


@pytest.fixture(scope="session")
def beyond(authority: Authority) -> Identity:
    """Return the certificate of the service behind the proxy."""
    return authority.vouch(HOST)


def tunnel(server: Server) -> Callable[[Received], Reply]:
    """Return a proxy that connects every tunnel to one server."""
    return lambda _received: Reply(http(200), "tunnel", port=server.port)


def use(monkeypatch: pytest.MonkeyPatch, proxy: Server, *names: str, credentials: str = "") -> None:
    """Set a proxy in the environment."""
    for name in names or ("http_proxy", "https_proxy"):
        scheme, _separator, place = proxy.url.partition("://")
        monkeypatch.setenv(name, f"{scheme}://{f'{credentials}@' if credentials else ''}{place}")


@every_request
def test_http_is_forwarded_with_the_whole_url(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain HTTP goes to the proxy with the whole URL."""
    with Server(answering()) as proxy:
        use(monkeypatch, proxy, "http_proxy", credentials=CREDENTIALS)
        outcome = ask(f"http://{HOST}:8081", request_)
    assert outcome.answer == SUCCESS
    (received,) = proxy.received
    assert received.line == f"{request_.method} http://{HOST}:8081{BASE}{request_.path}"
    assert received.headers["host"] == f"{HOST}:8081"
    assert received.headers["authorization"] == f"Bearer {TOKEN}"
    assert received.headers["proxy-authorization"] == BASIC
    assert received.json == request_.body


@every_request
def test_https_is_tunnelled(
    authority: Authority, beyond: Identity, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With https, the proxy sees only the host name and its own credentials, and the service sees neither."""
    with Server(answering(), tls=beyond.server()) as server, Server(tunnel(server)) as proxy:
        use(monkeypatch, proxy, "https_proxy", credentials=CREDENTIALS)
        outcome = ask(f"https://{HOST}", request_, ca_path=str(authority.file))
    assert outcome.answer == SUCCESS
    (asked,) = proxy.received
    assert asked.line == f"CONNECT {HOST}:443"
    assert asked.headers["proxy-authorization"] == BASIC
    assert "authorization" not in asked.headers
    (received,) = server.received
    assert received.line == f"{request_.method} {BASE}{request_.path}"
    assert "proxy-authorization" not in received.headers


def test_retry_uses_the_same_tunnel(authority: Authority, beyond: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    """A retried request goes through the same tunnel."""
    numbers = itertools.count()
    with (
        Server(lambda _received: Reply(http(200 if next(numbers) else 503, b"{}")), tls=beyond.server()) as server,
        Server(tunnel(server)) as proxy,
    ):
        use(monkeypatch, proxy)
        assert ask(f"https://{HOST}", ca_path=str(authority.file)).answer == {}
    assert (len(proxy.received), len(server.received)) == (1, 2)


@pytest.mark.parametrize("name", ["elsewhere.example", "127.0.0.1"])
def test_tunnel_checks_the_service_certificate(
    authority: Authority, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate must be valid for the service, not for the proxy."""
    with Server(answering(), tls=authority.vouch(name).server()) as server, Server(tunnel(server)) as proxy:
        use(monkeypatch, proxy)
        outcome = ask(f"https://{HOST}", OPERATION, ca_path=str(authority.file))
    assert outcome.kind == "unreachable"
    assert "could not be sent: TLS failed" in outcome.text
    assert (len(proxy.received), server.received, outcome.slept) == (1, [], [])


@pytest.mark.parametrize(
    ("names", "url", "used"),
    [
        ("http_proxy", "http", True),
        ("HTTP_PROXY", "http", True),
        ("all_proxy", "http", True),
        ("https_proxy", "http", False),
        ("http_proxy no_proxy=127.0.0.1", "http", False),
        ("http_proxy no_proxy=other.example,127.0.0.1", "http", False),
        ("http_proxy no_proxy=127.0.0.0/8", "http", False),
        ("http_proxy no_proxy=other.example,10.0.0.0/8,nonsense/,127.0.0.1/24", "http", False),
        ("http_proxy no_proxy=10.0.0.0/8", "http", True),
        ("http_proxy no_proxy=*", "http", False),
        ("http_proxy no_proxy=127.0.0.1:1", "http", True),
        ("http_proxy NO_PROXY=127.0.0.1", "http", False),
        ("http_proxy no_proxy=127.0.0.2", "http", True),
        ("no_proxy=127.0.0.1", "http", False),
        ("https_proxy", "https", True),
        ("HTTPS_PROXY", "https", True),
        ("all_proxy", "https", True),
        ("http_proxy", "https", False),
        ("https_proxy no_proxy=127.0.0.1", "https", False),
    ],
)
def test_environment_selects_the_proxy(
    authority: Authority, here: Identity, names: str, url: str, used: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's proxy for the URL's scheme is used, unless no_proxy excludes the host."""
    with Server(answering(), tls=here.server() if url == "https" else None) as server:
        with Server(lambda received: tunnel(server)(received) if url == "https" else answering()(received)) as proxy:
            for name in names.split():
                name, given, value = name.partition("=")
                monkeypatch.setenv(name, value if given else proxy.url)
            assert ask(server.url, ca_path=str(authority.file)).answer == SUCCESS
    assert len(proxy.received) == used
    assert len(server.received) == (url == "https" or not used)


@every_scheme
@every_request
def test_use_proxy_false_uses_none(
    authority: Authority, here: Identity, request_: Request, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's proxies are not used, not even an unusable one."""
    with Server(answering(), tls=here.server() if scheme == "https" else None) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, "nonsense://[")
        outcome = ask(server.url, request_, ca_path=str(authority.file), use_proxy=False)
    assert outcome.answer == SUCCESS
    assert len(server.received) == 1


NAMED = "(through the proxy http://127.0.0.1:{})"


@pytest.mark.parametrize("status", [200, 302, 401, 403, 407, 500, 502])
@pytest.mark.parametrize("request_", [READ, OPERATION], ids=named)
def test_failure_names_the_proxy(request_: Request, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure may come from the proxy, so it is named, without its credentials; success is not."""
    with Server(answering(b"<html>", status)) as proxy:
        use(monkeypatch, proxy, credentials=CREDENTIALS)
        outcome = ask(f"http://{HOST}", request_, retries=0)
    assert f"http://{HOST}{BASE}{request_.path} {NAMED.format(proxy.port)} returned {status}" in outcome.text
    assert USER not in outcome.text
    assert PASSWORD not in outcome.text


@pytest.mark.parametrize("end", ["close", "hang", "deaf"])
@every_scheme
@every_request
def test_broken_connection_names_the_proxy(
    request_: Request, scheme: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that breaks off, says nothing or is not there is named, without its credentials."""
    with Server(lambda _received: Reply(b"", end)) as proxy:
        use(monkeypatch, proxy, credentials=CREDENTIALS)
        if end == "deaf":
            proxy.stop_listening()
        outcome = ask(f"{scheme}://{HOST}", request_, retries=0, timeout=0.2)
    assert NAMED.format(proxy.port) in outcome.text
    assert USER not in outcome.text
    assert ("use_proxy" in outcome.text) == (end == "deaf")


@pytest.mark.parametrize("login", ["", "user@", "user:pw@", "user:p@w@"])
def test_proxy_is_named_without_its_credentials(login: str) -> None:
    """Whatever is in the password."""
    wire = Wire(f"http://{login}proxy:3128", None)
    assert wire.named("http://h/x") == "http://h/x (through the proxy http://proxy:3128)"


def test_failure_without_a_proxy_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no_proxy, a failure names no proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server(answering(b"", 500)) as server:
        assert "proxy" not in ask(server.url).text


@pytest.mark.parametrize("written", ["{place}", "http://{place}", "http://{place}/", "HTTP://{place}"])
def test_proxy_url_needs_no_scheme(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy may be given without a scheme."""
    with Server(answering()) as proxy:
        monkeypatch.setenv("http_proxy", written.format(place=f"{CREDENTIALS}@127.0.0.1:{proxy.port}"))
        assert ask(f"http://{HOST}").answer == SUCCESS
    assert [received.headers["proxy-authorization"] for received in proxy.received] == [BASIC]


@pytest.mark.parametrize(
    ("credentials", "expected"), [("a%40b:c%3Ad%2F", "Basic YUBiOmM6ZC8="), ("a", "Basic YTo="), ("", None)]
)
def test_proxy_gets_decoded_credentials(
    credentials: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials that are encoded in the URL reach the proxy decoded; there may be no password, or neither."""
    with Server(answering()) as proxy:
        use(monkeypatch, proxy, credentials=credentials)
        assert ask(f"http://{HOST}").answer == SUCCESS
    assert [received.headers.get("proxy-authorization") for received in proxy.received] == [expected]


@pytest.mark.parametrize(
    "proxy",
    [
        f"http://{USER}:1/{PASSWORD}@h",
        f"http://{CREDENTIALS}@",
        f"ftp://{CREDENTIALS}@h",
        f"http://{CREDENTIALS}@[bad",
        f"http://{CREDENTIALS}@h:x",
    ],
)
@pytest.mark.parametrize("request_", [READ, OPERATION], ids=named)
def test_unusable_proxy_is_reported_without_its_password(
    request_: Request, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An invalid proxy is reported as an error of the environment, without its password."""
    monkeypatch.setenv("http_proxy", proxy)
    outcome = ask(f"http://{HOST}", request_)
    assert outcome.kind == "invalid"
    assert "http_proxy" in outcome.text
    assert PASSWORD not in outcome.text


def test_socks_proxy_uses_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A SOCKS proxy is handled by its library."""
    made: list[tuple[str, dict[str, Any]]] = []

    def manager(proxy: str, **options: Any) -> urllib3.PoolManager:
        made.append((proxy, options))
        return urllib3.PoolManager(**options)

    monkeypatch.setitem(sys.modules, "urllib3.contrib.socks", SimpleNamespace(SOCKSProxyManager=manager))
    monkeypatch.setenv("all_proxy", f"socks5h://{CREDENTIALS}@127.0.0.1:1")
    with Server(answering()) as server:
        assert ask(server.url).answer == SUCCESS
    assert made == [(f"socks5h://{CREDENTIALS}@127.0.0.1:1", {"num_pools": 1, "maxsize": 1})]


def test_missing_socks_library_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the missing library."""
    monkeypatch.setitem(sys.modules, "urllib3.contrib.socks", None)
    monkeypatch.setenv("all_proxy", f"socks5://{CREDENTIALS}@127.0.0.1:1")
    outcome = ask(f"http://{HOST}")
    assert outcome.kind == "invalid"
    assert "PySocks" in outcome.text
    assert PASSWORD not in outcome.text


@every_scheme
@every_request
def test_unreachable_proxy_is_retried(request_: Request, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If no proxy listens, nothing was sent, so an operation is retried too."""
    with Server(answering()) as proxy:
        use(monkeypatch, proxy, credentials=CREDENTIALS)
        proxy.stop_listening()
        outcome = ask(f"{scheme}://{HOST}", request_)
    assert outcome.kind == "unreachable"
    assert not outcome.error.uncertain
    assert "Connection refused" in outcome.text
    assert "no_proxy" in outcome.text
    assert PASSWORD not in outcome.text
    assert outcome.slept == [0.5, 1.0]


@pytest.mark.parametrize("status", [403, 407, 502])
@every_request
def test_refused_tunnel_is_retried(request_: Request, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that opens no tunnel has forwarded nothing, so an operation is retried too."""
    with Server(answering(b"<html>", status)) as proxy:
        use(monkeypatch, proxy, credentials=CREDENTIALS)
        outcome = ask(f"https://{HOST}", request_)
    assert outcome.kind == "unreachable"
    assert not outcome.error.uncertain
    assert f"Tunnel connection failed: {status}" in outcome.text
    assert "https_proxy" in outcome.text
    assert PASSWORD not in outcome.text
    assert proxy.lines() == [f"CONNECT {HOST}:443"] * TRIES


def test_operation_succeeds_once_the_tunnel_opens(
    authority: Authority, beyond: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operation succeeds as soon as the proxy opens the tunnel."""
    numbers = itertools.count()
    with Server(answering(), tls=beyond.server()) as server:
        with Server(
            lambda received: Reply(http(502)) if next(numbers) < RETRIES else tunnel(server)(received)
        ) as proxy:
            use(monkeypatch, proxy)
            outcome = ask(f"https://{HOST}", OPERATION, ca_path=str(authority.file))
    assert outcome.answer == SUCCESS
    assert (len(proxy.received), len(server.received)) == (TRIES, 1)


@pytest.mark.parametrize(
    ("status", "operation", "sends"),
    [
        (403, "auth", 1),
        (407, "http", 1),
        (502, "unknown_outcome", TRIES),
        (503, "http", TRIES),
        (504, "unknown_outcome", TRIES),
    ],
)
@every_request
def test_error_answer_of_the_proxy(
    request_: Request, status: int, operation: str, sends: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error from the proxy counts as an answer; after a gateway error, an operation may have been received."""
    with Server(answering(b"<html>", status)) as proxy:
        use(monkeypatch, proxy, credentials=CREDENTIALS)
        outcome = ask(f"http://{HOST}", request_)
    assert outcome.kind == (operation if request_.operation else "auth" if status == 403 else "http")
    assert outcome.error.status == status
    assert PASSWORD not in outcome.text
    assert ("http_proxy" in outcome.text) == (status == 407)
    assert len(proxy.received) == (1 if request_.operation else sends)


@pytest.mark.parametrize("end", ["close", "reset"])
@every_scheme
@every_request
def test_proxy_that_drops_the_request(
    request_: Request, scheme: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that disconnects after a request may have forwarded it, so an operation is sent once."""
    with Server(lambda _received: Reply(b"", end)) as proxy:
        use(monkeypatch, proxy, credentials=CREDENTIALS)
        outcome = ask(f"{scheme}://{HOST}", request_)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert outcome.error.uncertain
    assert PASSWORD not in outcome.text
    assert len(proxy.received) == (1 if request_.operation else TRIES)


@pytest.mark.parametrize("end", ["close", "reset"])
@every_request
def test_service_behind_a_tunnel_that_drops_the_request(
    authority: Authority, beyond: Identity, request_: Request, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same holds for a tunnel: an operation is sent once."""
    with Server(lambda _received: Reply(b"", end), tls=beyond.server()) as server, Server(tunnel(server)) as proxy:
        use(monkeypatch, proxy)
        outcome = ask(f"https://{HOST}", request_, ca_path=str(authority.file))
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert outcome.error.uncertain
    assert len(server.received) == (1 if request_.operation else TRIES)


@every_scheme
@every_request
def test_silent_proxy_times_out(request_: Request, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent proxy gets as much time as a service, and may have forwarded the request."""
    with Server(lambda _received: Reply(b"", "hang")) as proxy:
        use(monkeypatch, proxy)
        outcome = ask(f"{scheme}://{HOST}", request_, timeout=0.3)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "timeout")
    assert len(proxy.received) == 1


@every_scheme
@every_request
def test_tls_proxy_is_checked_with_ca_path(
    authority: Authority,
    here: Identity,
    beyond: Identity,
    request_: Request,
    scheme: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The certificate of a TLS proxy is checked against ca_path, like the service's."""
    with Server(answering(), tls=beyond.server()) as server:
        proxying = tunnel(server) if scheme == "https" else answering()
        with Server(proxying, tls=here.server()) as proxy:
            use(monkeypatch, proxy, credentials=CREDENTIALS)
            outcome = ask(f"{scheme}://{HOST}", request_, ca_path=str(authority.file))
    assert outcome.answer == SUCCESS
    assert [received.headers["proxy-authorization"] for received in proxy.received] == [BASIC]


@every_scheme
@every_request
def test_untrusted_tls_proxy_gets_nothing(
    authority: Authority, stranger: Authority, request_: Request, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy with an invalid certificate gets nothing, not even its credentials."""
    with Server(answering(), tls=stranger.vouch().server()) as proxy:
        use(monkeypatch, proxy, credentials=CREDENTIALS)
        outcome = ask(f"{scheme}://{HOST}", request_, ca_path=str(authority.file))
    assert outcome.kind == "unreachable"
    assert "TLS failed" in outcome.text
    assert PASSWORD not in outcome.text
    assert (proxy.received, outcome.slept) == ([], [])
