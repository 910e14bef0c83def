# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A misbehaving service: every request of a module meets every fault."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.flow import Flow
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import (
    KEY,
    PASSWORD,
    RETRIES,
    SCENARIOS,
    Scenario,
    Target,
    struck,
    targets,
    tries,
)
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http

ALL = 1 + RETRIES
FAILURE = {"kind", "method", "path", "status", "messages"}
ROLES = ("read", "test", "save", "operation")
NEXT_STEPS = ("Check", "Run", "Set", "Request", "Lower")

Honest = Callable[[], Reply]
Behave = Callable[[Received, Honest], Reply]


@dataclass(frozen=True)
class Expected:
    """How a task ends: the ``kind`` of its failure (None: success), its status, and how often the request is sent."""

    kind: str | None
    status: int | None
    sends: int


WELL_AT_ONCE = Expected(None, None, 1)


@dataclass(frozen=True)
class Fault:
    """What the service does instead, how often (None: always), and the expected outcome by role."""

    name: str
    behave: Behave
    expected: dict[str, Expected]
    times: int | None = None
    api_timeout: float = 30.0


def raw(data: bytes, end: str = "keep", drip: float = 0.0) -> Behave:
    """Answer with these bytes and do nothing."""
    return lambda _received, _honest: Reply(data, end, drip)


def done_then(end: str) -> Behave:
    """Carry out the request and lose the answer."""

    def behave(_received: Received, honest: Honest) -> Reply:
        honest()
        return Reply(b"", end)

    return behave


def dripping(_received: Received, honest: Honest) -> Reply:
    """Answer a few bytes at a time, each well within the timeout."""
    return Reply(honest().data, drip=0.001)


def padded(_received: Received, honest: Honest) -> Reply:
    """Answer with 10 MB, mostly white space or an unknown setting."""
    data = honest().data.partition(b"\r\n\r\n")[2]
    filler = b'{"name": "more", "value": "' + b"x" * 10_000_000 + b'"}'
    if data.startswith(b"[{") and b'"value"' in data:
        return Reply(http(200, data[:-1] + b", " + filler + b"]"))
    return Reply(http(200, data + b" " * 10_000_000))


def embellished(_received: Received, honest: Honest) -> Reply:
    """Answer with unknown names, keys and headers, and repeat everything."""
    answer = json.loads(honest().data.partition(b"\r\n\r\n")[2] or b"null")
    if isinstance(answer, dict):
        answer = {**answer, "unknown": {"deep": [1, None, {}]}}
    if isinstance(answer, list):
        odd = [True, 1.5, None, {"a": []}, [1], "text"]
        extra = [{"name": f"unknown{number}", "value": value} for number, value in enumerate(odd)]
        answer = [{**item, "more": [item]} for item in answer * 2] + (extra if answer and "value" in answer[0] else [])
    return Reply(http(200, json.dumps(answer).encode(), {"X-Unknown": "é" * 100}))


def numeric_port(_received: Received, honest: Honest) -> Reply:
    """Answer with the port as a number."""
    data = honest().data.partition(b"\r\n\r\n")[2]
    return Reply(http(200, data.replace(b'"value": "3306"', b'"value": 3306')) if data else http(204))


def always(kind: str | None, status: int | None, sends: int = 1, **others: Expected) -> dict[str, Expected]:
    """Expect the same of every role, except for ``others``."""
    return {**dict.fromkeys(ROLES, Expected(kind, status, sends)), **others}


def unread(*, saved: Expected, operation: Expected = Expected("unknown_outcome", 200, 1)) -> dict[str, Expected]:
    """Expect reads, tests and operations to fail on an unreadable answer, and this outcome of saves."""
    return always("response", 200, save=saved, operation=operation)


LOST_OPERATION = Expected("unknown_outcome", None, 1)
NOT_SAVED = Expected("response", 200, 1)
TAKEN_AS_SAVED = Expected("not_converged", None, 1)
LOGIN_PAGE = b"<!DOCTYPE html><html><body>Please log in</body></html>"
HTML = {"Content-Type": "text/html"}
ONCE_MORE = always(None, None, 2)

FAULTS = (
    Fault("reset", raw(b"", "reset"), always("unreachable", None, ALL, operation=LOST_OPERATION)),
    Fault("reset once", raw(b"", "reset"), {**ONCE_MORE, "operation": LOST_OPERATION}, times=1),
    Fault("closed", raw(b"", "close"), always("unreachable", None, ALL, operation=LOST_OPERATION)),
    Fault(
        "done, then reset",
        done_then("reset"),
        always("unreachable", None, ALL, save=Expected(None, None, ALL), operation=LOST_OPERATION),
    ),
    Fault(
        "no answer",
        raw(b"", "hang"),
        always("timeout", None, operation=LOST_OPERATION),
        api_timeout=0.15,
    ),
    Fault(
        "done, then no answer",
        done_then("hang"),
        always("timeout", None, save=WELL_AT_ONCE, operation=LOST_OPERATION),
        api_timeout=0.15,
    ),
    Fault(
        "half an answer",
        raw(b"HTTP/1.1 200 OK\r\nContent-Le", "close"),
        always("unreachable", None, ALL, operation=LOST_OPERATION),
    ),
    Fault(
        "less than announced",
        raw(http(200, b"[]", {"Content-Length": "50"}), "close"),
        always("unreachable", None, ALL, operation=LOST_OPERATION),
    ),
    Fault(
        "broken chunks",
        raw(http(200, b"zz\r\n", {"Transfer-Encoding": "chunked", "Content-Length": "4"}), "close"),
        always("unreachable", None, ALL, operation=LOST_OPERATION),
    ),
    Fault(
        "no HTTP",
        raw(b"220 mail.example.com ESMTP\r\n", "close"),
        always("unreachable", None, ALL, operation=LOST_OPERATION),
    ),
    Fault("slow bytes", dripping, always(None, None)),
    Fault("401", raw(http(401)), always("auth", 401)),
    Fault("403", raw(http(403, LOGIN_PAGE, HTML)), always("auth", 403)),
    Fault("429 once", raw(http(429)), {**ONCE_MORE, "operation": Expected("http", 429, 1)}, times=1),
    Fault("429", raw(http(429)), always("http", 429, ALL, operation=Expected("http", 429, 1))),
    Fault("500", raw(http(500, b'{"message": "it hurts"}')), always("http", 500)),
    Fault("502 once", raw(http(502)), {**ONCE_MORE, "operation": Expected("unknown_outcome", 502, 1)}, times=1),
    Fault("502", raw(http(502)), always("http", 502, ALL, operation=Expected("unknown_outcome", 502, 1))),
    Fault("503 once", raw(http(503)), {**ONCE_MORE, "operation": Expected("http", 503, 1)}, times=1),
    Fault("503", raw(http(503)), always("http", 503, ALL, operation=Expected("http", 503, 1))),
    Fault("504", raw(http(504)), always("http", 504, ALL, operation=Expected("unknown_outcome", 504, 1))),
    Fault("400", raw(http(400)), always("http", 400)),
    Fault("HTML", raw(http(200, LOGIN_PAGE, HTML)), unread(saved=NOT_SAVED)),
    Fault("truncated JSON", raw(http(200, b'[{"name": "ho')), unread(saved=NOT_SAVED)),
    Fault("invalid UTF-8", raw(http(200, b'["\xff\xfe\xfd"]')), unread(saved=NOT_SAVED)),
    Fault("deep JSON", raw(http(200, b"[" * 200_000)), unread(saved=NOT_SAVED)),
    Fault("not a number", raw(http(200, b"NaN")), unread(saved=NOT_SAVED)),
    Fault(
        "broken compression",
        raw(http(200, b"zzzz", {"Content-Encoding": "gzip"})),
        always("response", None, operation=LOST_OPERATION),
    ),
    Fault("a number", raw(http(200, b"5")), unread(saved=TAKEN_AS_SAVED)),
    Fault("a text", raw(http(200, b'"Y"')), unread(saved=TAKEN_AS_SAVED)),
    Fault("a list of numbers", raw(http(200, b"[1, 2]")), unread(saved=TAKEN_AS_SAVED)),
    Fault("an object of numbers", raw(http(200, b'{"type": 1, "success": 1}')), unread(saved=TAKEN_AS_SAVED)),
    Fault("unknown names, all twice", embellished, always(None, None)),
    Fault("a port as a number", numeric_port, always(None, None)),
    Fault(
        "compressed",
        lambda _received, honest: Reply(
            http(200, gzip.compress(honest().data.partition(b"\r\n\r\n")[2] or b"null"), {"Content-Encoding": "gzip"})
        ),
        always(None, None),
    ),
    Fault("10 MB", padded, always(None, None)),
)


def assert_truthful(result: dict[str, Any], target: Target, expected: Expected, where: str) -> None:
    """Check that a failure has the documented shape, names the request and says what to do."""
    if expected.kind is None:
        assert not result["failed"], f"{where}: {result.get('msg')}"
        return
    assert result["failed"], f"{where}: ended well"
    failure = result["failure"]
    method = "GET" if expected.kind == "refused" else target.method
    # An answer of the wrong shape is recognized by its content, not by its status.
    statuses = (expected.status, None) if expected.kind in ("response", "unknown_outcome") else (expected.status,)
    assert set(failure) == FAILURE, where
    assert failure["kind"] == expected.kind, f"{where}: {failure} {result['msg']}"
    assert (failure["method"], failure["path"]) == (method, target.path), f"{where}: {failure}"
    assert failure["status"] in statuses, f"{where}: {failure}"
    assert any(step in result["msg"] for step in NEXT_STEPS), f"{where}: {result['msg']}"
    text = json.dumps(result)
    assert "Traceback" not in text, where
    assert PASSWORD not in text, where
    assert KEY not in text, where


def of_license(expected: Expected) -> Expected:
    """Adjust for the license: a key that the service considers invalid reads back like no key."""
    if expected.kind == "not_converged":
        return replace(expected, kind="refused", status=200)
    certain = expected.kind in (None, "auth") or expected.status in (400, 429, 500, 503)
    return expected if certain else replace(expected, kind="unknown_outcome")


def meet(fault: Fault, scenario: Scenario, target: Target) -> tuple[Server, dict[str, Any]]:
    """Run a task under a fault; repeat it with more time if a real answer came too late on a busy machine."""
    for patience in (1, 10, 100):
        with struck(scenario.flow(), target, fault.times, fault.behave) as server:
            result = scenario.run(server.url, api_timeout=fault.api_timeout * patience)
        if not result["failed"] or result["failure"]["path"] == target.path:
            break
    return server, result


FIRST_OF_THEIR_KIND = list({str(fault.expected): fault.name for fault in reversed(FAULTS)}.values())
"""One fault for each way in which a task may end."""


def meetings() -> Iterator[Any]:
    """Yield every scenario with every fault; the pipeline sends what the others send and takes the longest."""
    for scenario, fault in itertools.product(SCENARIOS.values(), FAULTS):
        left = scenario.name == "pipeline" and fault.name not in FIRST_OF_THEIR_KIND
        marks = [pytest.mark.exhaustive] if left else []
        yield pytest.param(scenario, fault, id=f"{scenario.name}-{fault.name}", marks=marks)


@pytest.mark.parametrize(("scenario", "fault"), list(meetings()))
def test_each_request_meets_each_fault(scenario: Scenario, fault: Fault, sleeps: list[float]) -> None:
    """Each request of the task meets the fault in turn; the others get normal answers."""
    for target in targets(scenario):
        expected = fault.expected[target.role]
        if target.path == "/config-var/licence" and target.role == "save":
            expected = of_license(expected)
        where = f"{target} under {fault.name}"
        server, result = meet(fault, scenario, target)
        assert_truthful(result, target, expected, where)
        assert tries(server, target, went_on=expected.kind is None) == expected.sends, where


def deaf_after(flow: Flow, answers: int) -> Callable[[Received], Reply]:
    """Return a service that answers this many requests and then refuses connections."""
    numbers = itertools.count(1)

    def answer(received: Received) -> Reply:
        reply = flow(received)
        if next(numbers) < answers:
            return reply
        return Reply(reply.data.replace(b"\r\n", b"\r\nConnection: close\r\n", 1), "close", deaf=True)

    return answer


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_refused_connection_is_retried(scenario: Scenario, sleeps: list[float]) -> None:
    """From each request on, nothing listens: every request is retried, since none can have been received."""
    for target in targets(scenario):
        sleeps.clear()
        with Server(deaf_after(scenario.flow(), target.number)) as server:
            if target.number == 0:
                server.stop_listening()
            result = scenario.run(server.url)
        where = f"{target} refused"
        assert_truthful(result, target, Expected("unreachable", None, 0), where)
        assert len(server.received) == target.number, where
        # With several tables, each one is tried.
        assert sleeps == [0.5, 1.0] * max(1, len(sleeps) // RETRIES), where


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_redirect_is_not_followed(scenario: Scenario, status: int) -> None:
    """Nothing is sent to the target of a redirect."""
    with Server(lambda _received: Reply(http(200, b"[]"))) as elsewhere:
        redirect = http(status, headers={"Location": f"{elsewhere.url}/ingest/api/ingest/conn-src"})
        for target in targets(scenario):
            with struck(scenario.flow(), target, None, raw(redirect)) as server:
                result = scenario.run(server.url, api_token="t0ken")
            assert_truthful(result, target, Expected("http", status, 1), f"{target} redirected")
            assert elsewhere.url in result["msg"]
            assert tries(server, target, went_on=False) == 1
        assert elsewhere.connections == 0
