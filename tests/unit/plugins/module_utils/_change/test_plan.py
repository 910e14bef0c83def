# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change as data: paths, differences and diffs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import (
    Plan,
    Request,
    difference,
    encode_path,
)


@pytest.mark.parametrize(
    ("segments", "path"),
    [
        (("config-tab", "db", "shop", "orders"), "/config-tab/db/shop/orders"),
        (("a/b", "a b", "a%2Fb"), "/a%2Fb/a%20b/a%252Fb"),
        ((".", "..", "...", "a.b"), "/%2E/%2E%2E/.../a.b"),
        (("é", "~", "?", "#"), "/%C3%A9/~/%3F/%23"),
        ((), ""),
    ],
)
def test_path_encodes_each_segment(segments: tuple[str, ...], path: str) -> None:
    """Each segment is encoded separately, and so are lone dots, which libraries would resolve."""
    assert encode_path(segments) == path
    assert Request("GET", segments).path == path


@pytest.mark.parametrize(
    ("current", "wanted", "differs"),
    [
        ({}, {}, {}),
        ({"a": 1, "b": 2}, {"a": 1}, {}),
        ({"a": 1, "b": 2}, {"a": 2, "b": 3}, {"a": (2, 1), "b": (3, 2)}),
        ({}, {"a": 1}, {"a": (1, None)}),
        ({"a": 1}, {"a": None}, {"a": (None, 1)}),
        ({}, {"a": None}, {}),
        ({"a": "1"}, {"a": 1}, {"a": (1, "1")}),
    ],
)
def test_difference_covers_wanted_keys(
    current: dict[str, Any], wanted: dict[str, Any], differs: dict[str, tuple[Any, Any]]
) -> None:
    """The difference has wanted and current values, only for wanted keys."""
    assert difference(current, wanted) == differs
    plan = Plan(current, wanted, wanted=wanted)
    assert plan.visible == bool(differs)


def test_new_resource_is_visible() -> None:
    """A change to a resource that is not saved yet is visible, unless the plan wants nothing."""
    assert Plan(None, {"a": 1}, wanted={"a": 1}).visible
    assert not Plan(None, {"a": 1}).visible


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        (None, {"a": 1, "status": "Y"}, {"before": {}, "after": {"a": 1}}),
        ({"a": 0, "status": "N"}, {"a": 1, "status": None}, {"before": {"a": 0}, "after": {"a": 1}}),
        ({"a": 0}, None, {"before": {"a": 0}, "after": {}}),
    ],
)
def test_diff_omits_unpredictable_keys(before: Any, after: Any, diff: Any) -> None:
    """Both sides leave out the values that only the service knows."""
    plan = Plan(before, after, unknown=frozenset({"status"}))
    assert plan.diff() == diff
    assert not plan.changed
    assert Plan(before, after, requests=(Request("PATCH", ("a",)),)).changed


def test_diff_shows_what_was_found_instead() -> None:
    """Of what the plan would have changed."""
    plan = Plan({"a": 0, "b": 0}, {"a": 1, "b": 1})
    assert plan.diff({"a": 5, "c": 5}) == {"before": {"a": 0, "b": 0}, "after": {"a": 5, "b": 1}}


FEW, MANY = [f"t{number}" for number in range(20)], [f"t{number}" for number in range(21)]


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        (["a", "b"], ["b", "c"], ["a"], ["c"]),
        (["a"], ["a", "b"], [], ["b"]),
        ([], FEW, [], FEW),
        ([], MANY, "0", "+21 -0"),
        (MANY, [], "21", "+0 -21"),
        (MANY[:11], MANY[11:], "11", "+10 -11"),
        (["a"], "a", ["a"], "a"),
        ("a", ["a"], "a", ["a"]),
    ],
)
def test_diff_of_lists_has_what_differs(old: Any, new: Any, removed: Any, added: Any) -> None:
    """And only counts many names."""
    assert Plan({"a": old}, {"a": new}).diff() == {"before": {"a": removed}, "after": {"a": added}}
