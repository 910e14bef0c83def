# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change as data: paths, what differs, and what a diff shows of it."""

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
def test_path(segments: tuple[str, ...], path: str) -> None:
    """Each segment on its own; a dot alone would be resolved on the way."""
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
def test_difference(current: dict[str, Any], wanted: dict[str, Any], differs: dict[str, tuple[Any, Any]]) -> None:
    """What is wanted beside what there is, for what is wanted alone."""
    assert difference(current, wanted) == differs
    plan = Plan(current, wanted, wanted=wanted)
    assert plan.visible == bool(differs)


def test_visible_from_nothing() -> None:
    """Where nothing is saved, all that is wanted can be seen; a plan that wants nothing cannot."""
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
def test_diff(before: Any, after: Any, diff: Any) -> None:
    """Both sides without what only the service can tell."""
    plan = Plan(before, after, unknown=frozenset({"status"}))
    assert plan.diff() == diff
    assert not plan.changed
    assert Plan(before, after, requests=(Request("PATCH", ("a",)),)).changed
