# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tables names and patterns mean."""

from __future__ import annotations

import unicodedata
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError
from ansible_collections.singlestore.flow.plugins.module_utils._resources import names, tables
from ansible_collections.singlestore.flow.tests.unit.support.examples import NAMES
from hypothesis import given
from hypothesis import strategies as st

SHOP = ("customers", "employees", "orders", "order_details", "Orders", "products")


def select(*asked: str, exclude: tuple[str, ...] = (), available: Any = SHOP) -> set[str]:
    """Return the tables that are meant."""
    return names.select(asked, exclude, available, "schema 's' of database 'd'")


@pytest.mark.parametrize(
    ("asked", "exclude", "meant"),
    [
        (("orders",), (), {"orders"}),
        (("order*",), (), {"orders", "order_details"}),
        (("*",), ("o*",), {"customers", "employees", "Orders", "products"}),
        (("[oO]rders",), (), {"orders", "Orders"}),
        (("[!o]*",), ("Orders",), {"customers", "employees", "products"}),
        (("?rders", "customers"), (), {"orders", "Orders", "customers"}),
        (("*",), ("*",), set()),
        (("orders",), ("no such table",), {"orders"}),
        ((), (), set()),
    ],
)
def test_patterns(asked: tuple[str, ...], exclude: tuple[str, ...], meant: set[str]) -> None:
    """Shell patterns, case and all."""
    assert select(*asked, exclude=exclude) == meant


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("custmers", "similar names: customers"),
        ("ORDERS", "similar names: "),
        ("order", "similar names: Orders, orders"),
        ("zzzzz", "not one of the 6 tables"),
        ("z*", "the pattern 'z*' matches none of the 6 tables"),
        ("[", "the pattern '['"),
        ("Customers ", "similar names: customers"),
    ],
)
def test_what_is_not_there(name: str, says: str) -> None:
    """What means nothing is named, with near names, and nothing is written."""
    with pytest.raises(InvalidError) as caught:
        select("orders", name)
    assert says in caught.value.message
    assert "Nothing was written" in caught.value.message
    assert "schema 's' of database 'd'" in caught.value.message


ODD = [
    "a b",
    " leading",
    "a/b",
    "a.b",
    ".",
    "..",
    "...",
    "%",
    "%41",
    "100%",
    "a%2Fb",
    "'",
    '"',
    "`",
    "a\\b",
    "a?b",
    "a*b",
    "*",
    "?",
    "[",
    "]",
    "[ab]",
    "[!a]",
    "{a,b}",
    "~",
    "#",
    "a#b",
    "a;b",
    "a&b=c",
    "a+b",
    "é",
    "e\u0301",
    "ß",
    "ẞ",
    "表",
    "🔑",
    "a\nb",
    "-rf",
    "$HOME",
    "A",
    "a",
    "null",
    "true",
    "\u202eabc",
    "\u00a0",
]


@pytest.mark.parametrize("name", ODD)
def test_odd_name_means_itself(name: str) -> None:
    """A name that exists wins over its reading as a pattern, and is sent so that it arrives as it is."""
    assert select(name, available=ODD) == {name}
    options = {"database": name, "schema": name, "tables": [name], "exclude": [], "state": "selected"}
    desired = tables.desired({**options, "exclusive": False, "concurrency": 1, "source_pending": False})
    listing = [{"name": table, "selected": False} for table in ODD]
    (request,) = tables.plan(desired, tables.read(lambda *_segments: listing, desired)).requests
    assert request.path.count("/") == 4
    assert not {".", ".."} & set(request.path.split("/"))
    assert [unquote(part) for part in request.path.split("/")[2:]] == [name] * 3


def test_composed_and_decomposed_are_two() -> None:
    """Two names that look the same are two tables."""
    composed, decomposed = unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")
    assert select(composed, available=[composed, decomposed]) == {composed}
    assert select("*", exclude=(decomposed,), available=[composed, decomposed]) == {composed}


@given(st.sets(NAMES, min_size=1, max_size=10), st.data())
def test_literal_names(available: set[str], data: st.DataObject) -> None:
    """Names that exist select exactly themselves, whatever they look like."""
    asked = data.draw(st.sets(st.sampled_from(sorted(available))))
    excluded = data.draw(st.sets(st.sampled_from(sorted(available))))
    assert select(*asked, exclude=tuple(excluded), available=available) == asked - excluded


@given(st.sets(st.text("ab*?[]!-", min_size=1, max_size=5), min_size=1), st.text("ab*?[]!-", min_size=1, max_size=5))
def test_patterns_are_the_shells(available: set[str], pattern: str) -> None:
    """What is no name is read as Python's fnmatch reads it, case-sensitively."""
    expected = {pattern} if pattern in available else {name for name in available if fnmatchcase(name, pattern)}
    if not names.is_pattern(pattern):
        expected &= {pattern}
    assert names.matches(pattern, available) == expected


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"concurrency": 0}, "from 1 to 32"),
        ({"concurrency": 33}, "from 1 to 32"),
        ({"state": "deselected", "exclusive": True}, "exclusive requires state selected"),
        ({"database": ""}, "database contains an empty name"),
        ({"schema": ""}, "schema contains an empty name"),
        ({"tables": ["a", ""]}, "tables contains an empty name"),
        ({"exclude": [""]}, "exclude contains an empty name"),
        ({"tables": ["\ud800"]}, "not valid Unicode"),
    ],
)
def test_bad_value(options: dict[str, Any], says: str) -> None:
    """A bad value is refused with its name and what is allowed."""
    valid = {
        "database": "d",
        "schema": "s",
        "tables": ["t"],
        "exclude": [],
        "state": "selected",
        "exclusive": False,
        "concurrency": 8,
        "source_pending": False,
    }
    with pytest.raises(InvalidError) as caught:
        tables.desired({**valid, **options})
    assert says in caught.value.message


def test_many_tables_are_planned_at_once() -> None:
    """A schema of 50,000 tables is read and planned with one look at each."""
    listing = [{"name": f"table_{number}", "selected": number % 2 == 0} for number in range(50_000)]
    options = {
        "database": "d",
        "schema": "s",
        "tables": ["*"],
        "exclude": ["*9"],
        "state": "selected",
        "exclusive": True,
    }
    desired = tables.desired({**options, "concurrency": 8, "source_pending": False})
    plan = tables.plan(desired, tables.read(lambda *_segments: listing, desired))
    assert len(plan.after["selected"]) == 45_000
    assert len(plan.requests) == 20_000
