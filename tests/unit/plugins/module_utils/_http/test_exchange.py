# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request and its answer on a real socket: every byte sent, and any bytes received."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
import urllib3
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.plugins.module_utils._http import exchange
from ansible_collections.singlestore.flow.plugins.module_utils._http.client import Client
from ansible_collections.singlestore.flow.tests.unit.support.flow import BASE
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http
from ansible_collections.singlestore.flow.tests.unit.support.wire import (
    ALL,
    OPERATION,
    READ,
    SAVE,
    TOKEN,
    TRIES,
    answering,
    ask,
    named,
    settings,
)

every_request = pytest.mark.parametrize("request_", ALL, ids=named)
USUAL = {"accept": "application/json", "user-agent": "singlestore.flow", "accept-encoding": "identity"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("request_", "own"),
    [(READ, {}), (SAVE, {**JSON, "content-length": "18"}), (OPERATION, {**JSON, "content-length": "0"})],
    ids=["read", "save", "operation"],
)
def test_request_headers(request_: Request, own: dict[str, str]) -> None:
    """A request has these headers and no others."""
    with Server(answering()) as server:
        ask(server.url, request_)
    (received,) = server.received
    assert received.headers == {
        **USUAL,
        **own,
        "host": f"127.0.0.1:{server.port}",
        "authorization": f"Bearer {TOKEN}",
    }
    assert received.json == request_.body


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        ({"token": "a+b/c="}, "Bearer a+b/c="),
        ({"username": "jürgen", "password": "pässword:1"}, "Basic asO8cmdlbjpww6Rzc3dvcmQ6MQ=="),
        ({"username": "日本", "password": "x" * 60}, f"Basic 5pel5pysOnh4{'eHh4' * 19}eA=="),
        ({"username": "u"}, "Basic dTo="),
        ({"token": "t", "username": "u", "password": "p"}, "Bearer t"),
        ({}, None),
    ],
)
def test_credentials_become_a_header(credentials: dict[str, str], expected: str | None) -> None:
    """A token is sent as Bearer; user and password as Basic in UTF-8, on one line of any length."""
    with Server(answering()) as server:
        ask(server.url, **{"token": None, **credentials})
    assert [received.headers.get("authorization") for received in server.received] == [expected]


@pytest.mark.parametrize(
    ("credentials", "advice"),
    [
        ({"token": "t"}, "Check the credentials"),
        ({"username": "u"}, "Check the credentials"),
        ({"token": "t", "username": "u"}, "Check the credentials"),
        ({}, "Set api_token"),
    ],
)
def test_refused_credentials_give_the_right_advice(credentials: dict[str, str], advice: str) -> None:
    """Credentials are to be checked, or to be set if there were none; a status may come without words."""
    with Server(lambda _received: Reply(b"HTTP/1.1 401\r\nContent-Length: 0\r\n\r\n")) as server:
        outcome = ask(server.url, **{"token": None, **credentials})
    assert f"returned 401. {advice}" in outcome.text


def test_words_of_a_status_are_repeated() -> None:
    """In the message."""
    with Server(lambda _received: Reply(http(400, reason="Too Early"))) as server:
        assert "returned 400 Too Early." in ask(server.url).text


def test_netrc_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials come only from the options."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password else\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(netrc))
    with Server(answering()) as server:
        ask(server.url, token=None)
    assert ["authorization" in received.headers for received in server.received] == [False]


def test_cookies_are_not_kept() -> None:
    """A cookie in an answer is not sent with the next request."""
    with Server(answering(Set_Cookie="session=1; Path=/")) as server:
        with Client(settings(server.url)) as client:
            client.send(READ)
            client.send(READ)
    assert ["cookie" in received.headers for received in server.received] == [False, False]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("plain_1-2.3~4", "plain_1-2.3~4"),
        ("two words", "two%20words"),
        ("a/b", "a%2Fb"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...", "..."),
        ("../..", "..%2F.."),
        ("%2e%2E", "%252e%252E"),
        ("100%", "100%25"),
        ("a?b#c", "a%3Fb%23c"),
        ("a;b=c&d+e", "a%3Bb%3Dc%26d%2Be"),
        ("a:b@c", "a%3Ab%40c"),
        ("[x]", "%5Bx%5D"),
        ("back\\slash", "back%5Cslash"),
        ("line\r\nX: y", "line%0D%0AX%3A%20y"),
        ("é", "%C3%A9"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("😀", "%F0%9F%98%80"),
        ("\x00\x7f", "%00%7F"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/gate%20way/id"])
def test_name_is_one_path_segment(name: str, path: str, prefix: str) -> None:
    """A name with any characters is one segment on the wire."""
    with Server(answering()) as server:
        assert ask(server.url + prefix, Request("GET", ("list-db", name, "s"))).kind is None
    assert server.lines() == [f"GET {prefix}{BASE}/list-db/{path}/s"]


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
@every_request
def test_redirects_are_not_followed(request_: Request, status: int) -> None:
    """This holds for another host and for the same one, with and without a body."""
    with Server(answering()) as elsewhere:
        for place in (f"{elsewhere.url}{BASE}/conn-src", "/elsewhere"):
            with Server(answering(b"", status, Location=place)) as server:
                outcome = ask(server.url, request_)
            assert (outcome.kind, outcome.error.status) == ("http", status)
            assert place in outcome.text
            assert len(server.received) == 1
        assert elsewhere.connections == 0


SURROGATE = "\ud83d"
READABLE: dict[str, tuple[bytes, Any]] = {
    "nothing": (b"", None),
    "blank": (b" \r\n", None),
    "null": (b"null", None),
    "false": (b"false", False),
    "UTF-8": ('["é日"]'.encode(), ["é日"]),
    "a byte order mark": (codecs.BOM_UTF8 + b"[1]", [1]),
    "UTF-16": ('["é"]'.encode("utf-16"), ["é"]),
    "UTF-32": ('["é"]'.encode("utf-32"), ["é"]),
    "a lone surrogate": (b'["\\ud83d"]', [SURROGATE]),
    "numbers beyond doubles": (
        b"[1e400, 123456789012345678901234567890]",
        [float("inf"), 123456789012345678901234567890],
    ),
    "a name twice": (b'{"a": 1, "a": 2}', {"a": 2}),
    "a hundred deep": (b"[" * 100 + b"]" * 100, json.loads("[" * 100 + "]" * 100)),
}
UNREADABLE = {
    "NaN": b"[NaN]",
    "Infinity": b"[Infinity]",
    "-Infinity": b"-Infinity",
    "a million deep": b"[" * 1_000_000,
    "Latin-1": '["é"]'.encode("latin-1"),
    "no UTF-8": b'["\xff\xfe\xfd"]',
    "half": b'[{"name": "ho',
    "two answers": b"{}{}",
    "a quotation mark too few": b'"',
    "a control character": b'"\x00"',
    "HTML": b"<!DOCTYPE html>",
}


@pytest.mark.parametrize("case", READABLE)
def test_readable_answer_is_parsed(case: str) -> None:
    """JSON in any of its encodings is parsed, and so is an empty answer."""
    body, expected = READABLE[case]
    with Server(answering(body)) as server:
        assert ask(server.url).answer == expected


@pytest.mark.parametrize("case", UNREADABLE)
@every_request
def test_unreadable_answer_fails_without_retry(request_: Request, case: str) -> None:
    """An answer that is not JSON is still an answer: there is no retry, and an operation may have been started."""
    with Server(answering(UNREADABLE[case], Content_Type="text/odd")) as server:
        outcome = ask(server.url, request_)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "response")
    assert outcome.error.uncertain != request_.operation
    assert f"200 with {len(UNREADABLE[case])} bytes that are not JSON (text/odd)" in outcome.text
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [400, 401, 500])
@pytest.mark.parametrize("case", UNREADABLE)
def test_status_decides_if_the_body_is_unreadable(case: str, status: int) -> None:
    """The status is enough if the body cannot be read."""
    with Server(answering(UNREADABLE[case], status)) as server:
        outcome = ask(server.url)
    assert (outcome.error.status, outcome.error.messages) == (status, ())


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """Return an answer in chunks."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + end


FRAMED = {
    "chunks": chunked(b'["a', b'", "b"]'),
    "gzip": http(200, gzip.compress(b'["a", "b"]'), {"Content-Encoding": "gzip"}),
    "deflate": http(200, zlib.compress(b'["a", "b"]'), {"Content-Encoding": "deflate"}),
    "interim": b"HTTP/1.1 100 Continue\r\n\r\n" + http(200, b'["a", "b"]'),
    "names in any case": http(200, b"").replace(b"Content-Length: 0", b"cOnTeNt-LeNgTh: 10") + b'["a", "b"]',
}


@pytest.mark.parametrize("case", FRAMED)
def test_framed_answer_is_read_to_its_end(case: str) -> None:
    """An answer with any framing is read to its end, and its connection is reused."""
    with Server(lambda _received: Reply(FRAMED[case])) as server, Client(settings(server.url)) as client:
        assert [client.send(READ), client.send(READ)] == [["a", "b"]] * 2
    assert server.connections == 1


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_answer_may_end_with_the_connection(version: bytes) -> None:
    """An answer without a length ends with the connection."""
    with Server(lambda _received: Reply(b"HTTP/%s 200 OK\r\n\r\n[1]" % version, "close")) as server:
        assert ask(server.url).answer == [1]


EMPTY = {
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\n",
    "HTTP/1.1": b"HTTP/1.1 200 OK\r\n\r\n",
    "closing": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    "bare line feeds": b"HTTP/1.1 200 OK\nServer: x\n\n",
    "no chunk": chunked(),
}


@pytest.mark.parametrize("case", EMPTY)
@every_request
def test_empty_answer_is_accepted(request_: Request, case: str) -> None:
    """An empty answer may have no length; it ends with the connection."""
    with Server(lambda _received: Reply(EMPTY[case], "close")) as server:
        assert ask(server.url, request_).answer is None
    assert len(server.received) == 1


BROKEN_OFF = {
    "status line": b"HTTP/1.1 20",
    "headers": b"HTTP/1.1 200 OK\r\nContent-Le",
    "no headers": b"HTTP/1.1 200 OK\r\n",
    "after a header": b"HTTP/1.1 200 OK\r\nConnection: close\r\n",
    "value of a header": b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 0",
    "status 204": b"HTTP/1.1 204 No Content\r\nServer: nginx\r\n",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nServer: nginx\r\n",
    "before the body": http(200, b"[1]")[:-3],
    "body": http(200, b"[1]")[:-1],
    "compressed body": http(200, gzip.compress(b"[1]" * 100), {"Content-Encoding": "gzip"})[:-9],
    "chunk": chunked(b"[1]", end=b""),
    "size of a chunk": chunked(b"[1]", end=b"5"),
    "within a chunk": chunked(b"[1]", end=b"5\r\n[1"),
    "no chunk": chunked(end=b"zz\r\n"),
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
}


@pytest.mark.parametrize("end", ["close", "reset"])
@pytest.mark.parametrize("case", BROKEN_OFF)
@every_request
def test_incomplete_answer_is_retried_except_for_operations(request_: Request, case: str, end: str) -> None:
    """After an incomplete answer, reads and saves are retried, and an operation may have been started."""
    with Server(lambda _received: Reply(BROKEN_OFF[case], end)) as server:
        outcome = ask(server.url, request_)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "unreachable")
    assert outcome.error.uncertain
    assert len(server.received) == (1 if request_.operation else TRIES)


@pytest.mark.parametrize("case", BROKEN_OFF)
def test_silence_within_an_answer_times_out(case: str) -> None:
    """A server that stops halfway through its answer gets as much time as api_timeout says."""
    with Server(lambda _received: Reply(BROKEN_OFF[case], "hang")) as server:
        outcome = ask(server.url, timeout=0.05)
    assert outcome.kind in ("timeout", "unreachable")
    assert (outcome.kind == "unreachable") == (case in ("no chunk", "another protocol"))


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@every_request
def test_undecompressible_answer_is_not_retried(request_: Request, encoding: str) -> None:
    """An answer that cannot be decompressed is an error that a retry would not fix."""
    with Server(answering(b"zzzz", Content_Encoding=encoding)) as server:
        outcome = ask(server.url, request_)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "response")
    assert len(server.received) == 1


BIG = b"[" + b" " * 200_000 + b"]"
TOO_BIG = {
    "stated": http(200, BIG),
    "chunks": chunked(BIG, BIG),
    "compressed": http(200, gzip.compress(BIG), {"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("case", TOO_BIG)
def test_answer_over_the_limit_is_refused(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer over the limit is not read to its end, and does not disturb the next request."""

    def answer(received: Received) -> Reply:
        return Reply(TOO_BIG[case]) if received.path.endswith(READ.path) else Reply(http(200, b"[2]"))

    monkeypatch.setattr(exchange, "LARGEST_ANSWER", 100_000)
    with Server(answer) as server, Client(settings(server.url)) as client:
        (failed,) = client.send_all([READ])
        assert failed.kind == "response"
        assert "more than 100000 bytes" in failed.message
        assert client.send(SAVE) == [2]
    assert len(server.received) == 2


def test_answer_is_read_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few compressed bytes may become many, so they are counted as they come."""
    sizes: list[Any] = []
    stream = urllib3.HTTPResponse.stream

    def noted(response: urllib3.HTTPResponse, amount: Any = None, *more: Any) -> Any:
        sizes.append(amount)
        return stream(response, amount, *more)

    monkeypatch.setattr(urllib3.HTTPResponse, "stream", noted)
    with Server(answering()) as server:
        assert ask(server.url).kind is None
    assert sizes == [exchange.CHUNK]


def test_answer_at_the_limit_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer of exactly the limit is read."""
    monkeypatch.setattr(exchange, "LARGEST_ANSWER", len(BIG))
    with Server(answering(BIG)) as server:
        assert ask(server.url).answer == []
