# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal: which requests it holds, and that it holds no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flow_emulator.http import journal
from flow_emulator.http.journal import Journal, masked, readable


def asked(kept: Journal, instance: str, **fields: Any) -> journal.Entry:
    request = {"connection": 7, "operation": "extract", "method": "POST", "path": "/p", "body": b"[1]"}
    return kept.add(instance=instance, **{**request, **fields})


def numbers(kept: Journal, instance: str | None = None) -> list[int]:
    return [entry["number"] for entry in kept.entries(instance)]


def test_entry_holds_the_request() -> None:
    kept = Journal()
    entry = asked(kept, "a")
    entry.status, entry.fault = 204, True
    asked(kept, "b", connection=8, operation=None, method="GET", path="/q", body=b"")
    one = {"number": 1, "instance": "a", "connection": 7, "operation": "extract", "method": "POST", "path": "/p"}
    two = {"number": 2, "instance": "b", "connection": 8, "operation": None, "method": "GET", "path": "/q"}
    assert kept.entries(None) == [
        {**one, "body": [1], "status": 204, "fault": True},
        {**two, "body": None, "status": None, "fault": False},
    ]


def test_entries_of_an_instance() -> None:
    """Numbers continue after entries were dropped."""
    kept = Journal()
    for instance in "abab":
        asked(kept, instance)
    assert (numbers(kept), numbers(kept, "a"), numbers(kept, "c")) == ([1, 2, 3, 4], [1, 3], [])
    kept.clear("a")
    assert numbers(kept) == [2, 4]
    kept.clear(None)
    assert numbers(kept) == []
    asked(kept, "a")
    assert numbers(kept) == [5]


@pytest.mark.parametrize("cleared", [False, True])
def test_oldest_entries_are_dropped_first(cleared: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT", 3)
    kept = Journal()
    if cleared:
        kept.clear("other")
    for _time in range(5):
        asked(kept, "a")
    assert numbers(kept) == [3, 4, 5]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (7, 7),
        (True, True),
        ("text", "text"),
        ({"pwd": "s", "pwd2": 7, "_lic_key": None, "PWD": "x"}, {"pwd": "***", "pwd2": "***", "_lic_key": "***", "PWD": "x"}),
        ({"name": "pwd", "value": "s", "more": 1}, {"name": "pwd", "value": "***", "more": 1}),
        ({"name": "host", "value": "h"}, {"name": "host", "value": "h"}),
        ({"name": "pwd", "pwd2": "s"}, {"name": "pwd", "pwd2": "***"}),
        ({"name": ["pwd"], "value": "s"}, {"name": ["pwd"], "value": "s"}),
        ({"value": "s"}, {"value": "s"}),
        ([{"a": [{"pwd": "s"}]}], [{"a": [{"pwd": "***"}]}]),
        ("jdbc:mysql://u:p@h/d", "jdbc:mysql://***@h/d"),
        ("a://u:p@h b://v:q@i", "a://***@h b://***@i"),
        ("jdbc:sqlserver://h;Password=s;pwd=t;x=1", "jdbc:sqlserver://h;Password=***;pwd=***;x=1"),
        ("a://h?PWD=s&password=t&x=1", "a://h?PWD=***&password=***&x=1"),
        ({"url": "a://u:p@h"}, {"url": "a://***@h"}),
    ],
)  # fmt: skip
def test_secrets_are_masked(value: Any, expected: Any) -> None:
    assert masked(value) == expected
    assert readable(json.dumps(value).encode()) == expected


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_other_text_than_json_is_kept(body: bytes) -> None:
    assert readable(body) is None
