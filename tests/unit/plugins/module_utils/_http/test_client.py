# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often, how soon, on which connection and how many at once the client sends requests."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import urllib3
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import FlowError
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.plugins.module_utils._http import client as client_module
from ansible_collections.singlestore.flow.plugins.module_utils._http.client import Client
from ansible_collections.singlestore.flow.plugins.module_utils._http.pace import Pace
from ansible_collections.singlestore.flow.plugins.module_utils._http.wire import Wire
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http
from ansible_collections.singlestore.flow.tests.unit.support.wire import (
    ALL,
    OPERATION,
    READ,
    RETRIES,
    SAVE,
    TRIES,
    answering,
    ask,
    named,
    settings,
)

SOON = 20.0
"""Seconds within which other requests arrive unless something is wrong."""

every_request = pytest.mark.parametrize("request_", ALL, ids=named)


def tables(count: int) -> list[Request]:
    """Return the requests that select this many tables."""
    return [Request("PATCH", ("config-tab", "d", "s", str(number)), {"select": "Y"}) for number in range(count)]


def number_of(received: Received) -> int:
    """Return the number of the table that a request is for."""
    return int(received.path.rpartition("/")[2])


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"[1]", [1]),
        (200, b"", {}),
        (204, b"", {}),
        (200, b"null", {}),
        (200, b"0", 0),
        (200, b"[]", []),
        (404, b"", None),
    ],
)
def test_get_returns_the_parsed_answer(status: int, body: bytes, expected: Any) -> None:
    """An empty answer gives ``{}``, and 404 gives None."""
    with Server(answering(body, status)) as server, Client(settings(server.url)) as client:
        assert client.get("config-var", "licence") == expected
    asked = [(received.method, received.path.rpartition("/ingest")[2]) for received in server.received]
    assert asked == [("GET", "/config-var/licence")]
    assert "content-type" not in server.received[0].headers


@pytest.mark.parametrize("status", [400, 401, 500])
def test_get_raises_other_failures(status: int) -> None:
    """Any other failure is raised."""
    with Server(answering(b"", status)) as server, Client(settings(server.url)) as client:
        with pytest.raises(FlowError) as caught:
            client.get("conn-src")
    assert caught.value.status == status


@pytest.mark.parametrize("answer", [http(200, b"{}"), http(200), http(204)])
def test_connections_are_kept(answer: bytes) -> None:
    """Reads and saves share one connection; each operation has a new one of its own."""
    with Server(lambda _received: Reply(answer)) as server, Client(settings(server.url)) as client:
        for request in (READ, SAVE, OPERATION, READ, OPERATION, SAVE):
            client.send(request)
    assert [received.connection for received in server.received] == [1, 1, 2, 1, 3, 1]


def test_close_leaves_no_connection() -> None:
    """A closed client leaves no connection open; an operation's connection closes even earlier."""
    ended = threading.Semaphore(0)

    class Noting(Server):
        def _serve(self, *arguments: Any) -> None:
            super()._serve(*arguments)
            ended.release()

    with Noting(answering()) as server:
        with Client(settings(server.url)) as client:
            client.send(READ)
            client.send(OPERATION)
            assert ended.acquire(timeout=SOON)
        assert ended.acquire(timeout=SOON)


@pytest.mark.parametrize("status", [200, 500])
def test_an_operation_closes_its_connection(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """This happens with any outcome, and does not wait for garbage collection."""
    made: list[urllib3.PoolManager] = []
    connections = Wire.connections

    def remembered(wire: Wire, most: int) -> urllib3.PoolManager:
        made.append(connections(wire, most))
        return made[-1]

    monkeypatch.setattr(Wire, "connections", remembered)
    with Server(answering(b"{}", status)) as server, Client(settings(server.url)) as client:
        with suppress(FlowError):
            client.send(OPERATION)
        _client, operation = made
        assert len(operation.pools) == 0


def test_closed_connection_costs_no_try() -> None:
    """A service that closes every connection after its answer does not use up tries."""
    reply = Reply(http(200, b"{}", {"Connection": "close"}), "close")
    with Server(lambda _received: reply) as server, Client(settings(server.url, retries=0)) as client:
        assert [client.send(READ) for _number in range(3)] == [{}, {}, {}]
    assert server.connections == 3


SENDS = {429: TRIES, 502: TRIES, 503: TRIES, 504: TRIES}
KINDS = {401: "auth", 403: "auth"}


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 407, 408, 409, 418, 425, 429, 500, 501, 502, 503, 504, 505]
)
@every_request
def test_status_decides_about_retries(request_: Request, status: int) -> None:
    """Temporary failures are retried, except for operations; after a gateway error their outcome is unknown."""
    with Server(answering(b"", status)) as server:
        outcome = ask(server.url, request_)
    gateway = status in (502, 504)
    assert outcome.kind == ("unknown_outcome" if request_.operation and gateway else KINDS.get(status, "http"))
    assert (outcome.error.status, outcome.error.uncertain) == (status, gateway)
    assert len(server.received) == (1 if request_.operation else SENDS.get(status, 1))
    assert outcome.slept == [0.5, 1.0][: len(server.received) - 1]


@pytest.mark.parametrize("answer", [http(429), http(502), http(503), http(504), b""])
@pytest.mark.parametrize("request_", [READ, SAVE], ids=named)
def test_last_try_counts(request_: Request, answer: bytes) -> None:
    """A request that succeeds on the last try succeeds."""
    numbers = itertools.count()

    def service(_received: Received) -> Reply:
        return Reply(answer, "keep" if answer else "close") if next(numbers) < RETRIES else Reply(http(200, b"[1]"))

    with Server(service) as server:
        outcome = ask(server.url, request_)
    assert (outcome.answer, len(server.received)) == ([1], TRIES)


@every_request
def test_refused_connection_is_retried(request_: Request) -> None:
    """A refused connection has sent nothing, so an operation is retried too."""
    with Server(answering()) as server:
        server.stop_listening()
        outcome = ask(server.url, request_)
    assert outcome.kind == "unreachable"
    assert not outcome.error.uncertain
    assert "Connection refused" in outcome.text
    assert outcome.slept == [0.5, 1.0]


class Clock:
    """A clock that only sleeping moves; after some sleeps, the service may have started."""

    def __init__(self, started: Callable[[float], object] = lambda _now: None) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._started = started

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Pass the time."""
        self.slept.append(seconds)
        self.now += seconds
        self._started(self.now - 1000.0)


def waiting(url: str, clock: Clock, seconds: float = 60.0, **more: Any) -> Client:
    """Return a client that waits for a service that is starting."""
    return Client(settings(url, wait_timeout=seconds, **more), sleep=clock.sleep, clock=clock)


STARTING = [None, 502, 503]
"""What a service says that is starting; None refuses connections."""


@pytest.mark.parametrize("status", [502, 503])
def test_first_read_waits_for_a_service_that_is_starting(status: int) -> None:
    """The wait ends as soon as the service answers, and costs no tries."""
    up: list[float] = []
    clock = Clock(lambda passed: up.append(passed) if passed >= 40 else None)
    with Server(lambda _received: Reply(http(200 if up else status, b"[1]"))) as server:
        with waiting(server.url, clock, retries=0) as client:
            assert client.send(READ) == [1]
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, *[5.0] * 7]


def test_refused_connection_is_tried_until_the_time_is_up() -> None:
    """A service that does not listen yet gets all of the time."""
    clock = Clock()
    with Server(answering()) as server, waiting(server.url, clock, retries=0) as client:
        server.stop_listening()
        with pytest.raises(FlowError) as caught:
            client.send(READ)
    assert caught.value.kind == "unreachable"
    assert "The service was given 60 seconds to start (api_wait_timeout)." in caught.value.message
    assert sum(clock.slept) == 60.0


@pytest.mark.parametrize("retries", [0, 2, 20])
@pytest.mark.parametrize("seconds", [0.1, 7.0, 60.0])
@pytest.mark.parametrize("status", [502, 503])
def test_failure_says_how_long_it_waited(status: int, seconds: float, retries: int) -> None:
    """Both the time and the retries are used up; the message says so."""
    clock = Clock()
    with Server(answering(b"", status)) as server, waiting(server.url, clock, seconds, retries=retries) as client:
        with pytest.raises(FlowError) as caught:
            client.send(READ)
    assert (caught.value.kind, caught.value.status) == ("http", status)
    assert f"The service was given {sum(clock.slept):.3g} seconds to start (api_wait_timeout)." in caught.value.message
    assert sum(clock.slept) >= seconds
    assert len(clock.slept) >= retries
    assert len(server.received) == len(clock.slept) + 1
    if retries == 0:
        assert sum(clock.slept) == pytest.approx(seconds)


def test_second_read_does_not_wait_again() -> None:
    """The time is for the first read; a task that goes on after its failure does not wait again."""
    clock = Clock()
    with Server(answering(b"", 503)) as server, waiting(server.url, clock, retries=0) as client:
        for _read in range(2):
            with pytest.raises(FlowError):
                client.send(READ)
    assert sum(clock.slept) == pytest.approx(60.0)


def test_nothing_waits_after_the_first_success() -> None:
    """A service that goes away again fails as without the option."""
    clock, numbers = Clock(), itertools.count()
    with Server(lambda _received: Reply(http(503 if next(numbers) else 200, b"{}"))) as server:
        with waiting(server.url, clock, retries=0) as client:
            client.send(READ)
            with pytest.raises(FlowError) as caught:
                client.send(READ)
    assert clock.slept == []
    assert "api_wait_timeout" not in caught.value.message


@pytest.mark.parametrize("status", STARTING)
@pytest.mark.parametrize("request_", [SAVE, OPERATION], ids=named)
def test_only_reads_wait(request_: Request, status: int | None) -> None:
    """A save and an operation fail as without the option."""
    clock = Clock()
    with Server(answering(b"", status or 200)) as server, waiting(server.url, clock, retries=0) as client:
        if status is None:
            server.stop_listening()
        with pytest.raises(FlowError) as caught:
            client.send(request_)
    assert clock.slept == []
    assert "api_wait_timeout" not in caught.value.message


@pytest.mark.parametrize("reply", [http(401), http(404), http(429), http(500), http(504), http(200, b"<"), b""])
def test_other_failures_do_not_wait(reply: bytes) -> None:
    """A service that gives another answer has started."""
    clock = Clock()
    with Server(lambda _received: Reply(reply, "close")) as server, waiting(server.url, clock, retries=0) as client:
        with pytest.raises(FlowError) as caught:
            client.send(READ)
    assert clock.slept == []
    assert "api_wait_timeout" not in caught.value.message


def test_retry_after_shortens_no_wait() -> None:
    """The service may ask for more patience; it is looked at every five seconds all the same."""
    clock = Clock()
    with Server(answering(b"", 503, Retry_After="30")) as server, waiting(server.url, clock, 12.0, retries=0) as client:
        with pytest.raises(FlowError):
            client.send(READ)
    assert clock.slept == [5.0, 5.0, 2.0]


@every_request
def test_timeout_is_not_retried(request_: Request) -> None:
    """A request without an answer within api_timeout is sent once."""
    with Server(lambda _received: Reply(b"", "hang")) as server:
        outcome = ask(server.url, request_, timeout=0.05)
    assert outcome.kind == ("unknown_outcome" if request_.operation else "timeout")
    assert "0.05 seconds" in outcome.text
    assert (len(server.received), outcome.slept) == (1, [])


def test_waits_double_up_to_30_seconds() -> None:
    """Each wait is twice as long as the one before, up to 30 seconds."""
    with Server(answering(b"", 503)) as server:
        assert ask(server.url, retries=8).slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


NOW = 1_500_000_000.0
WAITS: dict[str | None, float] = {
    "7": 7.0,
    " 2 ": 2.0,
    "0": 0.0,
    "30": 30.0,
    "31": 30.0,
    "9" * 400: 30.0,
    "Fri, 14 Jul 2017 02:40:12 GMT": 12.0,
    "Friday, 14-Jul-17 02:40:12 GMT": 12.0,
    "Fri, 14 Jul 2017 02:40:12 +0000": 12.0,
    "Fri, 14 Jul 2017 02:41:12 GMT": 30.0,
    "Wed, 21 Oct 2015 07:28:00 GMT": 0.0,
    "soon": 0.5,
    "-5": 0.5,
    "1.5": 0.5,
    "²": 0.5,
    "": 0.5,
    "9" * 5000: 0.5,
    "Fri, 31 Dec 999999999999 23:59:59 GMT": 0.5,
    None: 0.5,
}


@pytest.mark.parametrize("asked", WAITS, ids=lambda asked: "".join(filter(str.isascii, str(asked)))[:30])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_sets_the_wait(status: int, asked: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry-After counts in seconds or as a date, up to 30 seconds; an unreadable value is ignored."""
    monkeypatch.setattr("time.time", lambda: NOW)
    headers = {} if asked is None else {"Retry_After": asked}
    with Server(answering(b"", status, **headers)) as server:
        outcome = ask(server.url, retries=1)
    assert (outcome.slept, outcome.error.status) == ([WAITS[asked]], status)


@pytest.mark.parametrize(
    "url",
    [
        "http://{}.example".format("a" * 64),
        "http://nowhere.invalid",
        "http://[::1]:1",
        "http://127.0.0.1:1",
        "http://-..example",
    ],
)
def test_unknown_host_fails(url: str) -> None:
    """An unknown host is a failure that names the request."""
    outcome = ask(url)
    assert outcome.kind in ("unreachable", "invalid")
    assert outcome.error.method == "GET"
    assert url in outcome.text
    assert "Check api_url" in outcome.text


def test_no_requests_open_no_connection() -> None:
    """Without requests there are no answers and no connections."""
    with Server(answering()) as server, Client(settings(server.url), concurrency=4) as client:
        assert client.send_all([]) == []
    assert server.connections == 0


@pytest.mark.parametrize("concurrency", [1, 2, 4, 8])
def test_concurrency_is_used_fully(concurrency: int) -> None:
    """Exactly as many requests as allowed arrive before the first answer; the answers keep the requests' order."""
    together = threading.Barrier(concurrency)

    def answer(received: Received) -> Reply:
        together.wait(SOON)
        return Reply(http(200, b"%d" % number_of(received)))

    with Server(answer) as server, Client(settings(server.url), concurrency=concurrency) as client:
        assert client.send_all(tables(5 * concurrency)) == [*range(5 * concurrency)]
    assert (server.most_at_once, server.connections) == (concurrency, concurrency)


def test_answers_are_in_the_order_of_the_requests() -> None:
    """The first request is answered last and still comes first; an error takes its request's place."""
    others = threading.Semaphore(0)

    def answer(received: Received) -> Reply:
        number = number_of(received)
        if number == 0:
            for _other in range(5):
                assert others.acquire(timeout=SOON)
        else:
            others.release()
        return Reply(http(500 if number == 3 else 200, b"%d" % number))

    with Server(answer) as server, Client(settings(server.url), concurrency=2) as client:
        answers = client.send_all(tables(6))
    assert [answer if isinstance(answer, int) else answer.status for answer in answers] == [0, 1, 2, 500, 4, 5]


def test_default_is_one_request_at_a_time() -> None:
    """By default, a client uses one connection."""
    with Server(answering(b"")) as server, Client(settings(server.url)) as client:
        assert client.send_all(tables(6)) == [None] * 6
    assert [number_of(received) for received in server.received] == [*range(6)]
    assert (server.most_at_once, server.connections) == (1, 1)


def refusing(refused: int, together: threading.Barrier) -> Callable[[Received], Reply]:
    """Return a service that waits for simultaneous requests, and then answers some of them with 429."""
    first = itertools.count()
    places = itertools.count()

    def answer(_received: Received) -> Reply:
        if next(first) < together.parties:
            together.wait(SOON)
            if next(places) < refused:
                return Reply(http(429, headers={"Retry-After": "3"}))
        return Reply(http(204))

    return answer


@pytest.mark.parametrize("refused", [1, 3, 4])
def test_429_in_a_pool_costs_no_try(refused: int) -> None:
    """Some of four simultaneous requests are refused: fewer continue, and all succeed with one try each."""
    slept: list[float] = []
    with Server(refusing(refused, threading.Barrier(4))) as server:
        with Client(settings(server.url, retries=1), concurrency=4, sleep=slept.append) as client:
            assert client.send_all(tables(20)) == [None] * 20
    assert len(server.received) == 20 + refused
    assert slept == [3.0] * refused


def test_only_a_429_slows_the_others_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else pauses them, and only a refused request goes before them."""
    seen: list[tuple[str, Any]] = []

    class Noted(Pace):
        def turn(self, *, refused: bool = False, **more: Any) -> Any:
            seen.append(("turn", refused))
            return super().turn(refused=refused, **more)

        def pause(self, limit: int) -> Any:
            seen.append(("pause", limit))
            return super().pause(limit)

    monkeypatch.setattr(client_module, "Pace", Noted)
    statuses = itertools.chain([429, 503], itertools.repeat(204))
    with Server(lambda _received: Reply(http(next(statuses)))) as server:
        assert ask(server.url).answer is None
    assert seen == [("turn", False), ("pause", 1), ("turn", True), ("turn", False)]


def test_second_429_in_a_smaller_pool_costs_no_try() -> None:
    """A request refused among four and then among two is tried a third time, with a single retry allowed."""
    numbers = itertools.count()

    def answer(received: Received) -> Reply:
        return Reply(http(429 if number_of(received) == 0 and next(numbers) < 2 else 204))

    with Server(answer) as server:
        with Client(settings(server.url, retries=1), concurrency=4, sleep=lambda _seconds: None) as client:
            assert client.send_all(tables(8)) == [None] * 8
    assert len(server.received) == 10


def test_429_of_a_single_request_costs_a_try() -> None:
    """A pool of one cannot shrink, so the tries are counted."""
    with Server(answering(b"", 429)) as server, Client(settings(server.url), sleep=lambda _seconds: None) as client:
        (failed,) = client.send_all(tables(1))
    assert (failed.status, len(server.received)) == (429, TRIES)


def test_endless_429_fails() -> None:
    """If the service refuses everything, the pool shrinks to one, and then the tries are counted."""
    with Server(answering(b"", 429)) as server:
        with Client(settings(server.url), concurrency=4, sleep=lambda _seconds: None) as client:
            answers = client.send_all(tables(8))
    assert [answer.status for answer in answers] == [429] * 8
    assert len(server.received) >= 8 * TRIES


def test_no_request_starts_during_a_pause() -> None:
    """Nothing is sent during the wait after a 429; then the refused request is among the first two."""
    waiting, answered, again = threading.Event(), threading.Semaphore(0), threading.Event()
    together = threading.Barrier(4)
    seen: list[int] = []
    during: list[int] = []
    numbers = itertools.count()

    def answer(received: Received) -> Reply:
        number = next(numbers)
        seen.append(number_of(received))
        if number < 4:
            together.wait(SOON)
            if number_of(received) == 2:
                return Reply(http(429))
            # The other requests are answered after the refused one has started to wait.
            assert waiting.wait(SOON)
            answered.release()
        elif number_of(received) == 2:
            again.set()
        else:
            # Two are sent at once: one of them is the refused request, however late it arrives.
            assert again.wait(SOON)
        return Reply(http(204))

    def sleep(_seconds: float) -> None:
        waiting.set()
        for _other in range(3):
            assert answered.acquire(timeout=SOON)
        during.extend(seen)

    with Server(answer) as server, Client(settings(server.url), concurrency=4, sleep=sleep) as client:
        assert client.send_all(tables(12)) == [None] * 12
    assert sorted(during) == [0, 1, 2, 3]
    assert 2 in seen[4:6]
    assert sorted(seen) == sorted([*range(12), 2])
