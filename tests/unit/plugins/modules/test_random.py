# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any bytes as an answer give a result or a failure of the collection, in every module."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.flow import BASE
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import (
    SCENARIOS,
    Target,
    struck,
    targets,
)
from ansible_collections.singlestore.flow.tests.unit.support.server import Reply, Server, http
from hypothesis import given
from hypothesis import strategies as st

KINDS = {"invalid", "unreachable", "timeout", "auth", "http", "response", "refused", "not_converged", "unknown_outcome"}
WORDS = st.sampled_from(
    ["name", "value", "selected", "success", "message", "messageList", "type", "duration", "offset", "weekFlags", "isScheduled",
     "host", "port", "uid", "db", "drv", "url", "status", "_lic_status", "_lic_key", "_lic_prod", "customers", "Y", "N", "***", "daily"]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=6)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=5),
    max_leaves=15,
)
PAIRS = st.lists(st.fixed_dictionaries({"name": WORDS, "value": SCALARS | JSON}), max_size=8)
TABLES = st.lists(st.fixed_dictionaries({"name": WORDS | SCALARS, "selected": st.booleans() | SCALARS}), max_size=6)

STATUSES = st.sampled_from(
    [200, 200, 200, 200, 201, 204, 206, 226, 300, 304, 399, 400, 401, 404, 429, 451, 499, 500, 503, 599, 999]
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Retry-After", "Content-Type", "Location", "Content-Encoding", "Transfer-Encoding", "Set-Cookie", "Connection"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12)
    | st.sampled_from(
        ["gzip", "deflate", "chunked", "close", "keep-alive", "gzip, gzip", "br", "1e9", "http://[", "\x1f"]
    ),
    max_size=3,
)
BODIES = (JSON | PAIRS | TABLES).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40)
ANSWERS = st.builds(http, STATUSES, BODIES, HEADERS)
MANGLED = st.builds(
    lambda answer, place, noise, kept: answer[:place] + noise + answer[place + len(noise) :][:kept],
    ANSWERS,
    st.integers(0, 120),
    st.binary(max_size=8),
    st.integers(0, 200),
)
RAW = ANSWERS | MANGLED | st.binary(max_size=80) | st.binary(max_size=40).map(b"HTTP/1.1 200 OK\r\n".__add__)


def assert_ours(result: dict[str, Any]) -> None:
    """Check that a module ended in a documented way."""
    if result["failed"]:
        assert result["failure"]["kind"] in KINDS
        assert isinstance(result["msg"], str)
    assert isinstance(result.get("changed", False), bool)
    assert "Traceback" not in json.dumps(result)


@functools.cache
def known(name: str) -> list[Target]:
    """Return the requests of a scenario."""
    return targets(SCENARIOS[name])


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "pipeline"])
@given(data=st.data(), raw=RAW)
def test_any_bytes_give_a_result_or_a_failure(name: str, data: st.DataObject, raw: bytes) -> None:
    """One request is answered with any bytes; the module's result is well-formed."""
    scenario = SCENARIOS[name]
    target = data.draw(st.sampled_from(known(name)))
    with struck(scenario.flow(), target, None, lambda _received, _honest: Reply(raw, "close")) as server:
        result = scenario.run(server.url, api_retries=0, api_timeout=5)
    assert_ours(result)
    operations = [line for line in server.lines() if line.startswith(f"POST {BASE}/ops/")]
    assert len(operations) <= 1


@given(raw=RAW, nth=st.integers(0, 20))
def test_any_bytes_end_a_pipeline_with_a_report(raw: bytes, nth: int) -> None:
    """The same holds in the middle of a pipeline: the first failure ends it, and its steps say so."""
    scenario = SCENARIOS["pipeline"]
    target = known("pipeline")[nth % len(known("pipeline"))]
    with struck(scenario.flow(), target, None, lambda _received, _honest: Reply(raw, "close")) as server:
        result = scenario.run(server.url, api_retries=0, api_timeout=5)
    assert_ours(result)
    assert sum(step["failed"] for step in result["steps"]) == result["failed"]


@pytest.mark.parametrize("name", ["source", "license", "schedule", "tables", "info"])
@given(bodies=st.lists(BODIES, min_size=1, max_size=6))
def test_any_sequence_of_answers_gives_a_result_or_a_failure(name: str, bodies: list[bytes]) -> None:
    """Every request gets a different random answer."""
    left = list(bodies)
    with Server(lambda _received: Reply(http(200, left.pop() if left else b"[]"))) as server:
        result = SCENARIOS[name].run(server.url, api_retries=0)
    assert_ours(result)
