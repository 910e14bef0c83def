# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables that names and patterns select."""

from __future__ import annotations

import unicodedata
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import (
    HttpError,
    InvalidError,
    ResponseError,
)
from ansible_collections.singlestore.flow.plugins.module_utils._resources import names, tables
from ansible_collections.singlestore.flow.tests.unit.support.examples import NAMES
from hypothesis import given
from hypothesis import strategies as st

SHOP = ("customers", "employees", "orders", "order_details", "Orders", "products")


def select(*asked: str, exclude: tuple[str, ...] = (), available: Any = SHOP) -> set[str]:
    """Return the selected tables."""
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
def test_pattern_matches_like_a_shell(asked: tuple[str, ...], exclude: tuple[str, ...], meant: set[str]) -> None:
    """Patterns work as in a shell, and case matters."""
    assert select(*asked, exclude=exclude) == meant


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("custmers", "similar names: customers"),
        ("ORDERS", "similar names: "),
        ("order", "similar names: Orders, orders"),
        ("zzzzz", "not one of the 6 tables"),
        ("X", "not one of the 6 tables"),
        ("z*", "the pattern 'z*' matches none of the 6 tables"),
        ("[", "the pattern '['"),
        ("Customers ", "similar names: customers"),
    ],
)
def test_unknown_name_is_reported_with_similar_names(name: str, says: str) -> None:
    """A name or pattern without a match is reported with similar names."""
    with pytest.raises(InvalidError) as caught:
        select("orders", name)
    assert says in caught.value.message
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
def test_existing_name_wins_over_a_pattern(name: str) -> None:
    """An existing name wins over the same text as a pattern, and arrives unchanged."""
    assert select(name, available=ODD) == {name}
    options = {"database": name, "schema": name, "tables": [name], "exclude": [], "state": "selected"}
    desired = tables.desired({**options, "exclusive": False, "concurrency": 1})
    listing = [{"name": table, "selected": False} for table in ODD]
    (request,) = tables.plan(desired, tables.read(lambda *_segments: listing, desired)).requests
    assert request.path.count("/") == 4
    assert not {".", ".."} & set(request.path.split("/"))
    assert [unquote(part) for part in request.path.split("/")[2:]] == [name] * 3


def test_composed_and_decomposed_names_differ() -> None:
    """Two names that only look the same are two tables."""
    composed, decomposed = unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")
    assert select(composed, available=[composed, decomposed]) == {composed}
    assert select("*", exclude=(decomposed,), available=[composed, decomposed]) == {composed}


@given(st.sets(NAMES, min_size=1, max_size=10), st.data())
def test_existing_names_select_only_themselves(available: set[str], data: st.DataObject) -> None:
    """Existing names select only themselves, with any characters."""
    asked = data.draw(st.sets(st.sampled_from(sorted(available))))
    excluded = data.draw(st.sets(st.sampled_from(sorted(available))))
    assert select(*asked, exclude=tuple(excluded), available=available) == asked - excluded


@given(st.sets(st.text("ab*?[]!-", min_size=1, max_size=5), min_size=1), st.text("ab*?[]!-", min_size=1, max_size=5))
def test_pattern_matches_like_fnmatch(available: set[str], pattern: str) -> None:
    """Any other text matches like Python's fnmatch, and case matters."""
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
        ({"tables": ["a\udfff"]}, "not valid Unicode"),
    ],
)
def test_bad_value_is_refused_by_name(options: dict[str, Any], says: str) -> None:
    """A bad value is refused with its option's name and the allowed values."""
    valid = {
        "database": "d",
        "schema": "s",
        "tables": ["t"],
        "exclude": [],
        "state": "selected",
        "exclusive": False,
        "concurrency": 8,
    }
    with pytest.raises(InvalidError) as caught:
        tables.desired({**valid, **options})
    assert says in caught.value.message


def test_50000_tables_are_planned_in_one_pass() -> None:
    """A schema of 50,000 tables is read and planned in one pass."""
    listing = [{"name": f"table_{number}", "selected": number % 2 == 0} for number in range(50_000)]
    options = {
        "database": "d",
        "schema": "s",
        "tables": ["*"],
        "exclude": ["*9"],
        "state": "selected",
        "exclusive": True,
    }
    desired = tables.desired({**options, "concurrency": 8})
    plan = tables.plan(desired, tables.read(lambda *_segments: listing, desired))
    assert len(plan.after["selected"]) == 45_000
    assert len(plan.requests) == 20_000


OPTIONS = {
    "database": "d",
    "schema": "s",
    "tables": ["t*", "u", "v"],
    "exclude": ["v", "w*"],
    "state": "selected",
    "exclusive": False,
    "concurrency": 4,
}


@pytest.mark.parametrize("concurrency", [1, 32])
def test_every_option_arrives(concurrency: int) -> None:
    """Each has its own name, up to the ends of what is allowed."""
    options = {**OPTIONS, "concurrency": concurrency, "missing": "warn"}
    found = tables.desired(options)._asdict()
    expected = {"names": ("t*", "u", "v"), "exclude": ("v", "w*"), "selected": True, "provisional": ""}
    assert found == {**{n: v for n, v in options.items() if n not in ("tables", "state")}, **expected}


def getting(listed: Any, source: str | None = "h") -> Any:
    """Return a service with or without a source, and with a list of tables, an exception or nothing."""

    def get(*segments: str) -> Any:
        if segments == ("conn-src",):
            return [{"name": "host", "value": source}] if source else []
        assert segments == ("list-db", "d", "s")
        if isinstance(listed, Exception):
            raise listed
        return listed

    return get


@pytest.mark.parametrize(
    ("listed", "source", "selected"),
    [
        (
            [{"name": "b", "selected": True}, {"name": "a", "selected": True}, {"name": "c", "selected": False}],
            "h",
            "ab",
        ),
        ([{"name": "a", "selected": True}] * 2, None, "a"),
        (None, "h", ""),
        ({}, "h", ""),
        ([], "h", ""),
        (None, None, None),
        ({}, None, None),
        ([], None, None),
        (HttpError("It was answered with 500."), None, None),
        (HttpError("It was answered with 500."), "h", HttpError),
    ],
)
def test_read_without_a_source_finds_no_list(listed: Any, source: str | None, selected: Any) -> None:
    """Without a source there is no list, in every form in which the service says so."""
    desired = tables.desired(OPTIONS)
    if selected is HttpError:
        with pytest.raises(HttpError):
            tables.read(getting(listed, source), desired)
        assert tables.read(getting(listed, source), desired._replace(provisional="why")) is None
        return
    state = tables.read(getting(listed, source), desired)
    if selected is None:
        assert state is None
    else:
        assert state is not None
        assert (state["database"], state["schema"], state["selected"]) == ("d", "s", list(selected))
        assert set(state["available"]) == {item["name"] for item in listed or ()}
    assert tables.read(getting(listed, source), desired._replace(provisional="why")) == (state if source else None)


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ({"a": True}, "an object; expected a list of tables."),
        ("a", "a string; expected a list of tables."),
        (["a"], "a string; expected an object with name and selected."),
        ([{"name": "a"}], "an object; expected an object with name and selected."),
        ([{"name": 1, "selected": True}], "a number; expected a name and true or false."),
        ([{"name": "a", "selected": "Y"}], "a string; expected a name and true or false."),
        ([{"name": "a", "selected": None}], "null; expected a name and true or false."),
        (
            [{"name": "a", "selected": True}, {"name": "a", "selected": False}],
            "an object; expected one entry for the table 'a'.",
        ),
    ],
)
def test_unreadable_list_is_an_error(listed: Any, says: str) -> None:
    """An unreadable list is an error that says what was found, and where."""
    with pytest.raises(ResponseError) as caught:
        tables.read(getting(listed), tables.desired(OPTIONS))
    assert caught.value.message.startswith("GET /list-db/d/s returned ")
    assert says in caught.value.message
    assert (caught.value.method, caught.value.path) == ("GET", "/list-db/d/s")


@pytest.mark.parametrize(
    ("options", "wanted", "patterns"),
    [
        ({}, ["u"], "t*"),
        ({"tables": ["u", "v", "w1", "t"], "exclude": ["v", "w*"]}, ["t", "u"], None),
        ({"tables": ["u", "v"], "exclude": []}, ["u", "v"], None),
        ({"tables": ["?", "*", "u"], "exclude": []}, ["u"], "?, *"),
        ({"exclude": ["*"]}, [], "t*"),
        ({"state": "deselected"}, [], "t*"),
        ({"exclusive": True}, ["u"], "t*"),
    ],
)
@pytest.mark.parametrize(
    ("provisional", "reason"),
    [("the source is about to change", "the source is about to change"), ("", "no source connection is saved yet")],
)
def test_plan_without_a_list_predicts_names(
    options: dict[str, Any], wanted: list[str], patterns: str | None, provisional: str, reason: str
) -> None:
    """Names without the excluded ones are predicted, and patterns give a warning, until there is a source."""
    desired = tables.desired({**OPTIONS, **options})._replace(provisional=provisional)
    plan = tables.plan(desired, None)
    assert plan.before == {"database": "d", "schema": "s", "selected": [], "available": {}.keys()}
    assert plan.after["selected"] == wanted
    assert [(request.path, request.body) for request in plan.requests] == [
        (f"/config-tab/d/s/{name}", {"select": "Y"}) for name in wanted
    ]
    assert plan.pending is not None
    assert f": {reason}. " in plan.pending
    assert "schema 's' of database 'd'" in plan.pending
    assert [warning.split(f" because {reason}: ")[1:] for warning in plan.warnings] == (
        [[patterns]] if patterns else []
    )


def state(*selected: str) -> dict[str, Any]:
    """Return a selection in the form in which it is read."""
    return {"database": "d", "schema": "s", "selected": [*selected], "available": dict.fromkeys("abtuvw").keys()}


@pytest.mark.parametrize(
    ("options", "current", "sent", "after"),
    [
        ({"tables": ["a", "t"]}, state("b"), {"a": "Y", "t": "Y"}, ["a", "b", "t"]),
        ({"tables": ["a"]}, state("a", "b"), {}, ["a", "b"]),
        ({"tables": ["a"], "exclusive": True}, state("a", "b"), {"b": "N"}, ["a"]),
        ({"tables": [], "exclusive": True}, state("a", "b"), {"a": "N", "b": "N"}, []),
        ({"tables": ["a", "t"], "state": "deselected"}, state("a", "b"), {"a": "N"}, ["b"]),
        ({"tables": ["*"], "exclude": ["a", "t*", "[u-w]"]}, state(), {"b": "Y"}, ["b"]),
    ],
)
def test_plan_has_one_request_per_table(
    options: dict[str, Any], current: dict[str, Any], sent: dict[str, str], after: list[str]
) -> None:
    """Each table that differs takes one request, and there are no others."""
    desired = tables.desired({**OPTIONS, "exclude": [], **options})
    plan = tables.plan(desired, current)
    assert {request.subject: request.body["select"] for request in plan.requests} == sent
    assert all(request.path == f"/config-tab/d/s/{request.subject}" for request in plan.requests)
    assert all((request.method, request.operation) == ("PATCH", False) for request in plan.requests)
    assert plan.before is current
    assert plan.after == {**current, "selected": after}
    assert (plan.pending, plan.warnings, plan.unknown) == (None, (), {"available"})
    assert tables.unmet(desired, plan, plan.after) == {}
    words = {"Y": "not", "N": "still"}
    assert tables.unmet(desired, plan, current) == {
        name: f"'{name}' is {words[select]} selected" for name, select in sent.items()
    }
    added = [name for name, select in sent.items() if select == "Y"]
    assert tables.unmet(desired, plan, None) == {name: f"'{name}' is not selected" for name in added}
    assert tables.result(desired, plan, plan.after, []) == {
        "tables": {
            "database": "d",
            "schema": "s",
            "selected": after,
            "added": added,
            "removed": [name for name, select in sent.items() if select == "N"],
        }
    }
    assert tables.result(desired, plan, None, [])["tables"]["selected"] == []
    assert tables.remarks(desired, plan.after) == ()


REASON = "the source is about to change"


@pytest.mark.parametrize(
    ("options", "current", "sent", "patterns"),
    [
        ({"tables": ["a", "new", "o*"]}, state("b"), {"a": "Y", "new": "Y"}, "o*"),
        (
            {"tables": ["a", "new", "?"]},
            state("a"),
            {"new": "Y", "b": "Y", "t": "Y", "u": "Y", "v": "Y", "w": "Y"},
            None,
        ),
        ({"tables": ["a", "new"], "exclude": ["n*"]}, state(), {"a": "Y"}, None),
        ({"tables": ["new"], "exclusive": True}, state("a"), {"a": "N", "new": "Y"}, None),
        ({"tables": ["a", "gone", "o*"], "state": "deselected"}, state("a"), {"a": "N"}, "o*"),
        ({"tables": ["n*", "new"]}, state(), {"new": "Y"}, "n*"),
        ({"tables": ["a"]}, state("a"), {}, None),
    ],
)
@pytest.mark.parametrize("missing", ["fail", "warn", "ignore"])
def test_provisional_list_is_planned_as_far_as_it_goes(
    options: dict[str, Any], current: dict[str, Any], sent: dict[str, str], patterns: str | None, missing: str
) -> None:
    """Names that a provisional list lacks are assumed to exist; patterns that match nothing are announced."""
    desired = tables.desired({**OPTIONS, "exclude": [], "missing": missing, **options})._replace(provisional=REASON)
    plan = tables.plan(desired, current)
    assert {request.subject: request.body["select"] for request in plan.requests} == sent
    assert plan.pending == f"The tables of schema 's' of database 'd' can only be predicted: {REASON}."
    assert [warning.split(f" because {REASON}: ")[1] for warning in plan.warnings] == ([patterns] if patterns else [])
    assert plan.before is current


@pytest.mark.parametrize(
    ("options", "sent", "warns", "fails"),
    [
        ({"missing": "fail"}, {}, [], True),
        (
            {"missing": "warn"},
            {"a": "Y"},
            ["in schema 's' of database 'd': 'ab' (similar names: a", "the pattern 'x*' matches none of the 6 tables"],
            False,
        ),
        ({"missing": "ignore"}, {"a": "Y"}, [], False),
        *(({"missing": missing, "tables": ["a"]}, {"a": "Y"}, [], False) for missing in ("fail", "warn", "ignore")),
        ({"missing": "warn", "exclusive": True}, {"a": "Y", "b": "N"}, ["'ab'"], False),
        *(({"missing": missing, "state": "deselected"}, {}, [], False) for missing in ("fail", "warn", "ignore")),
        ({"missing": "fail", "state": "deselected", "tables": ["b", "gone"]}, {"b": "N"}, [], False),
    ],
)
def test_missing_decides_about_what_matches_nothing(
    options: dict[str, Any], sent: dict[str, str], warns: list[str], fails: bool
) -> None:
    """It fails, warns or is ignored; what is to be deselected and is not there is done already."""
    desired = tables.desired({**OPTIONS, "tables": ["a", "ab", "x*"], "exclude": [], **options})
    if fails:
        with pytest.raises(InvalidError, match="tables contains names that do not exist"):
            tables.plan(desired, state("b"))
        return
    plan = tables.plan(desired, state("b"))
    assert {request.subject: request.body["select"] for request in plan.requests} == sent
    assert len(plan.warnings) == bool(warns)
    assert all(part in plan.warnings[0] for part in warns)
    assert plan.pending is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"missing": "fail"}, None),
        ({"missing": "warn"}, "There are no tables to select"),
        ({"missing": "ignore"}, ""),
        ({"state": "deselected"}, "There are no tables to deselect"),
        ({"state": "deselected", "tables": []}, ""),
        ({"tables": []}, ""),
    ],
)
def test_schema_without_tables(options: dict[str, Any], says: str | None) -> None:
    """It fails or warns as missing names do; that there is nothing to deselect is worth a warning."""
    desired = tables.desired({**OPTIONS, "exclude": [], **options})
    current = {**state(), "available": {}.keys()}
    if says is None:
        with pytest.raises(
            InvalidError, match="There are no tables to select: schema 's' of database 'd' does not exist"
        ):
            tables.plan(desired, current)
        return
    plan = tables.plan(desired, current)
    assert plan.requests == ()
    assert [warning.split(":")[0] for warning in plan.warnings] == ([says] if says else [])


@pytest.mark.parametrize(("status", "helps"), [(409, True), (500, False)])
def test_conflict_names_what_helps(status: int, helps: bool) -> None:
    """A source that does not work, after its password was changed for example, answers with 409."""
    error = HttpError("It was refused.", method="GET", path="/list-db/d/s", status=status)
    with pytest.raises(HttpError) as caught:
        tables.read(getting(error), tables.desired(OPTIONS))
    assert ("update_password" in caught.value.message) == helps
    assert caught.value.failure() == error.failure()
    assert "update_password" in tables.plan(tables.desired(OPTIONS), state("b")).requests[0].conflict


@pytest.mark.parametrize(("exclude", "named"), [(["x", "a", "y"], "x, y"), (["x*"], None), (["a"], None)])
def test_unknown_excluded_name_gives_a_warning(exclude: list[str], named: str | None) -> None:
    """A name that excludes nothing is probably misspelled; a pattern may match nothing."""
    plan = tables.plan(tables.desired({**OPTIONS, "tables": ["*"], "exclude": exclude}), state())
    assert [warning.split(": ")[1] for warning in plan.warnings] == ([named] if named else [])


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, ""), (6, "; and 1 more"), (7, "; and 2 more")])
def test_message_lists_five_unknown_names(count: int, more: str) -> None:
    """The rest are counted."""
    desired = tables.desired({**OPTIONS, "tables": [f"zzzz{number}" for number in range(count)]})
    with pytest.raises(InvalidError) as caught:
        tables.plan(desired, state())
    which = "; ".join(f"'zzzz{number}' (not one of the 6 tables)" for number in range(min(count, 5)))
    assert caught.value.message.endswith(f"do not exist in schema 's' of database 'd': {which}{more}.")


def test_result_without_a_list_adds_all_selected() -> None:
    """If nothing could be read before, all selected tables count as added."""
    desired = tables.desired({**OPTIONS, "tables": ["a"], "exclude": []})
    plan = tables.plan(desired, None)
    assert tables.result(desired, plan, plan.after, [])["tables"]["added"] == ["a"]


@pytest.mark.parametrize(
    ("names_", "near"), [("abcd", "abcd2, abcd3, abcd4"), ("abxy", None), ("ABCD1", "abcd1, abcd3, abcd4")]
)
def test_similar_names_are_three_at_most(names_: str, near: str | None) -> None:
    """At most three similar names are given, and none that only starts the same."""
    available = ["abcd1", "abcd2", "abcd3", "abcd4", "other"]
    with pytest.raises(InvalidError) as caught:
        select(names_, available=available)
    assert (f"(similar names: {near})" in caught.value.message) == bool(near)
    assert ("not one of the 5 tables" in caught.value.message) == (near is None)
