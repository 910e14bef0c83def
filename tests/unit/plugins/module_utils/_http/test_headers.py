# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option api_headers: what is sent, and what is refused."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import urllib3
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.plugins.module_utils._http.headers import OWN, extra_headers
from ansible_collections.singlestore.flow.tests.unit.support.server import Server
from ansible_collections.singlestore.flow.tests.unit.support.wire import ALL, answering, ask, named
from hypothesis import given
from hypothesis import strategies as st

every_request = pytest.mark.parametrize("request_", ALL, ids=named)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {}),
        ({"X-Api-Key": "k3y"}, {"X-Api-Key": "k3y"}),
        ({"x_key": 'a b\t"c"; d=e~!'}, {"x_key": 'a b\t"c"; d=e~!'}),
        ({"X-Tenant": 5, "X-Rate": 0.5}, {"X-Tenant": "5", "X-Rate": "0.5"}),
        ({"X-None": None, "X-Empty": "", "X-Zero": 0}, {"X-Zero": "0"}),
    ],
)
def test_headers_are_text(given: dict[str, Any], sent: dict[str, str]) -> None:
    """A number is sent as text; null and empty text are the same as not given."""
    assert extra_headers(given) == sent


@pytest.mark.parametrize(
    ("given", "says"),
    [
        *(({name.title(): "m4rker"}, f"api_headers contains {name.title()}, which") for name in OWN),
        ({"Accept": "m4rker"}, "set themselves. Remove it."),
        ({"HOST": "m4rker"}, "Set api_url"),
        ({"authorization": "m4rker"}, "Set api_token"),
        ({"X Key": "m4rker"}, "the name 'X Key'"),
        ({"X-Key:": "m4rker"}, "the name 'X-Key:'"),
        ({"X-Key\r\nY": "m4rker"}, "the name"),
        ({"": "m4rker"}, "the name ''"),
        ({5: "m4rker", "ü": "m4rker"}, "the name 'ü'"),
        ({"X-Key": "m4rker\r\nX-Other: a"}, "The value of X-Key in api_headers contains a line break"),
        ({"X-Key": "m4rker\n"}, "The value of X-Key"),
        ({"X-Key": " m4rker"}, "The value of X-Key"),
        ({"X-Key": "m4rker\0"}, "The value of X-Key"),
        ({"X-Key": "m4rker\x7f"}, "The value of X-Key"),
        ({"X-Key": "m4rkér"}, "The value of X-Key"),
        ({"X-Key": True}, "must be a text or a number. Put it in quotes"),
        ({"X-Key": ["m4rker"]}, "must be a text or a number"),
        ({"X-Key": {"m4rker": "m4rker"}}, "must be a text or a number"),
        ({"X-Key": "a", "x-key": "m4rker"}, "contains x-key twice"),
    ],
)
def test_bad_header_is_refused_without_its_value(given: dict[Any, Any], says: str) -> None:
    """The message names the header, and never shows a value."""
    with pytest.raises(InvalidError) as caught:
        extra_headers(given)
    assert says in caught.value.message
    assert "m4rk" not in caught.value.message


@every_request
def test_headers_are_sent_with_every_request(request_: Request) -> None:
    """They are sent beside the client's own, and change none of these."""
    with Server(answering()) as server:
        ask(server.url, request_)
        ask(server.url, request_, headers={"X-Api-Key": "k3y", "Cookie": "a=b"})
    without, with_them = (received.headers for received in server.received)
    assert with_them == {**without, "x-api-key": "k3y", "cookie": "a=b"}


@every_request
def test_own_headers_are_known(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each header that the client sends without the option is one that the option refuses, also to a proxy."""
    with Server(answering()) as server:
        ask(server.url, request_)
        monkeypatch.setenv("http_proxy", server.url.replace("//", "//user:password@"))
        ask("http://flow.invalid", request_)
        monkeypatch.setenv("https_proxy", server.url)
        ask("https://flow.invalid", request_, retries=0)
    assert {name for received in server.received for name in received.headers} <= set(OWN)
    assert len(server.received) >= 3


@given(st.dictionaries(st.text(max_size=5) | st.sampled_from(["X-A", "x-b"]), st.text(max_size=8)))
def test_any_header_is_sent_as_it_is_or_refused(headers: dict[str, str]) -> None:
    """Whatever is accepted can be sent, on one line each."""
    with contextlib.suppress(InvalidError):
        for name, value in extra_headers(headers).items():
            assert f"{name}: {value}".encode("ascii").isascii()
            assert len(f"{name}: {value}".splitlines()) == 1
            assert urllib3.HTTPHeaderDict({name: value})[name] == value
