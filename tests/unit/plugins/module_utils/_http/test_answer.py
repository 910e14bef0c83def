# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers as data: the content of a success, and the meaning and advice of each failure."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import NOT_KNOWN, FlowError
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.plugins.module_utils._http.answer import Answer
from hypothesis import given
from hypothesis import strategies as st

READ = Request("GET", ("conn-src",))
START = Request("POST", ("ops", "extract", "full"), operation=True)


def answer(status: int, body: bytes = b"", request: Request = READ, **more: Any) -> Answer:
    """Return an answer; its reason is ``Reason`` unless another one is given."""
    rest = {"reason": "Reason", "headers": {}, "authenticated": False, "retry_after": None, **more}
    return Answer(request=request, url="http://h/api" + request.path, status=status, body=body, **rest)


def failure(status: int, body: bytes = b"", request: Request = READ, **more: Any) -> FlowError:
    """Return the error for an answer."""
    with pytest.raises(FlowError) as caught:
        answer(status, body, request, **more).parsed()
    return caught.value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, "x", null, true]}', {"a": [1, "x", None, True]}),
        (b" [] ", []),
        (b"null", None),
        (b"", None),
        (b" \r\n", None),
        (b'"\xc3\xa9"', "é"),
        (b"0", 0),
    ],
)
@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_success_is_parsed(status: int, body: bytes, value: Any) -> None:
    """JSON is parsed, and an empty answer is None."""
    assert answer(status, body).parsed() == value
    assert answer(status, body, START).parsed() == value


@pytest.mark.parametrize("body", [b"<html>", b"{", b"\xff", b"NaN", b'{"a": Infinity}', b"-Infinity", b"[" * 100_000])
def test_unreadable_success_is_an_error(body: bytes) -> None:
    """Anything but JSON is an error; it is then unknown whether an operation was started."""
    error = failure(200, body, headers={"Content-Type": "text/html"})
    assert (error.kind, error.status, error.uncertain, error.retry) == ("response", 200, True, False)
    assert f"GET http://h/api/conn-src returned 200 with {len(body)} bytes" in error.message
    assert "(text/html)" in error.message
    assert NOT_KNOWN not in error.message
    error = failure(200, body, START)
    assert (error.kind, error.status, error.uncertain, error.retry) == ("unknown_outcome", 200, False, False)
    assert "(no content type)" in error.message
    assert error.message.endswith(NOT_KNOWN)


STATUSES = {
    100: "http", 199: "http", 300: "http", 301: "http", 308: "http", 400: "http", 401: "auth", 402: "http", 403: "auth",
    404: "http", 407: "http", 409: "http", 429: "http", 500: "http", 502: "http", 503: "http", 504: "http", 599: "http",
}  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("request_", [READ, START], ids=["read", "operation"])
def test_status_decides_the_failure(status: int, request_: Request) -> None:
    """The status decides whether to retry, and whether the service may have received the request."""
    error = failure(status, request=request_, retry_after=7.0)
    gateway = status in (502, 504)
    assert error.failure() == {
        "kind": "unknown_outcome" if gateway and request_ is START else STATUSES[status],
        "method": request_.method,
        "path": request_.path,
        "status": status,
        "messages": [],
    }
    assert error.uncertain == gateway
    assert error.retry == (status in (429, 502, 503, 504))
    assert error.retry_after == 7.0
    assert f"{request_.method} http://h/api{request_.path} returned {status} Reason. " in error.message
    assert (NOT_KNOWN in error.message) == (gateway and request_ is START)


ADVICE = {
    "Check the credentials": [(401, True), (403, True)],
    "api_token": [(401, False), (403, False)],
    "(this redirects to an unnamed location)": [(300, True), (301, False), (399, False)],
    "proxy requires credentials": [(407, False)],
    "prefix": [(404, True)],
    "fewer requests": [(429, False)],
    "log of the service, or of the gateway": [(500, False), (503, True), (599, False)],
    "does not accept this request": [(199, False), (400, True), (402, False), (409, False), (499, False)],
}


def test_each_status_has_one_advice() -> None:
    """Each status has exactly one advice."""
    for words, cases in ADVICE.items():
        for status, authenticated in cases:
            message = failure(status, authenticated=authenticated).message
            assert [other for other in ADVICE if other in message.split("Reason. ")[1]] == [words]
    assert "(this redirects to /there)" in failure(302, headers={"Location": "/there"}).message


@pytest.mark.parametrize(
    ("body", "reason", "says", "messages"),
    [
        (b'{"message": "no X"}', "Bad", "returned 400 Bad: no X. ", ["no X"]),
        (b'{"messageList": ["a.", "b."]}', "Bad", "returned 400 Bad: a. b. ", ["a.", "b."]),
        (b'{"message": "no"}', "", "returned 400: no. ", ["no"]),
        (b"", "", "returned 400. ", []),
        (b"<html>", "Bad.", "returned 400 Bad. ", []),
        (b"NaN", "Bad", "returned 400 Bad. ", []),
        (b"[" * 100_000, "Bad", "returned 400 Bad. ", []),
        (b'["no"]', "Bad", "returned 400 Bad. ", []),
    ],
)
def test_failure_repeats_the_messages_of_the_service(body: bytes, reason: str, says: str, messages: list[str]) -> None:
    """The error has the reason and all messages of the body, in one sentence with one full stop."""
    error = failure(400, body, reason=reason)
    assert says in error.message
    assert error.failure()["messages"] == messages


@given(st.integers(100, 599), st.binary(max_size=20) | st.sampled_from([b"[]", b"null", b"NaN"]), st.booleans())
def test_any_answer_is_a_value_or_an_error(status: int, body: bytes, operation: bool) -> None:
    """Any answer gives a value or an error of the collection."""
    with contextlib.suppress(FlowError):
        answer(status, body, START if operation else READ).parsed()


def test_conflict_has_the_advice_of_its_request() -> None:
    """A request may know what to do about status 409, and only about that."""
    request = Request("PATCH", ("conn-src",), conflict="Do this.")
    assert failure(409, b"", request).message.endswith(" returned 409 Reason. Do this.")
    assert "Do this." not in failure(400, b"", request).message
    assert "does not accept" in failure(409).message


@pytest.mark.parametrize(("said", "noted"), [("Access denied for u (***).", True), ("Access denied.", False)])
def test_mask_in_a_message_is_explained(said: str, noted: bool) -> None:
    """A mask is not the password that was sent."""
    message = failure(400, json.dumps({"message": said}).encode()).message
    assert said in message
    assert ("The service writes *** in place of a secret; the real one was sent." in message) == noted
