# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names: where a table of a path is in a source and in a destination, for each kind of database."""

from __future__ import annotations

import pytest
from flow_emulator.databases.names import (
    DESTINATION,
    SOURCE,
    Place,
    destination_place,
    is_destination,
    plain_schemas,
    prefixed,
    source_place,
)
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine, make_url


def engine(dialect: str, **options: object) -> Engine:
    """Return an engine that connects to nothing."""
    if dialect == "sqlite":
        return create_engine("sqlite://").execution_options(**options)
    return create_engine("mysql+pymysql://h/d").execution_options(**options)


@pytest.mark.parametrize(
    ("url", "embedded", "schemas"),
    [
        ("sqlite:////a/shop.db", False, {"main", "shop"}),
        ("sqlite:////a/shop.db", True, {"classicmodels"}),
        ("sqlite://", False, {"main", ""}),
    ],
)
def test_schemas_of_plain_names(url: str, embedded: bool, schemas: set[str]) -> None:
    assert plain_schemas(make_url(url), embedded=embedded) == schemas


@pytest.mark.parametrize(
    ("dialect", "options", "place"),
    [
        ("mysql", {DESTINATION: ""}, Place("s.%", "t.x")),
        ("mysql", {DESTINATION: "d"}, Place("d", "t.x")),
        ("sqlite", {DESTINATION: ""}, Place(None, "s%2E%25.t.x")),
        ("sqlite", {DESTINATION: "d"}, Place(None, "s%2E%25.t.x")),
    ],
)
def test_place_in_the_destination(dialect: str, options: dict[str, str], place: Place) -> None:
    found = engine(dialect, **options)
    assert destination_place(found, "s.%", "t.x") == place
    assert is_destination(found)
    assert not is_destination(engine(dialect))


@pytest.mark.parametrize(
    ("dialect", "options", "place"),
    [
        ("mysql", {}, Place("s.%", "t")),
        ("mysql", {SOURCE: {"s.%"}}, Place("s.%", "t")),
        ("sqlite", {}, Place(None, "s%2E%25.t")),
        ("sqlite", {SOURCE: {"main"}}, Place(None, "s%2E%25.t")),
        ("sqlite", {SOURCE: {"s.%"}}, Place(None, "t")),
    ],
)
def test_place_in_the_source(dialect: str, options: dict[str, object], place: Place) -> None:
    assert source_place(engine(dialect, **options), "s.%", "t") == place


def test_names_of_a_schema() -> None:
    """A name belongs to one schema, even if schemas contain dots."""
    names = ["a.t", "a.a.t", "b.t", "a", "A.t", "a%2Eb.t", "a%252Eb.t"]
    assert prefixed(names, "a") == ["t", "a.t"]
    assert prefixed(names, "a.b") == ["t"]
    assert prefixed(names, "a%2Eb") == ["t"]
    assert prefixed(names, "c") == []
