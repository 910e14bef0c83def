# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listing and selecting tables of any name."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.support.emulators import SOURCE, Instance, connection, control, execute, pairs

EIGHT = ["customers", "employees", "offices", "orderdetails", "orders", "payments", "productlines", "products"]
ODD = [
    "a/b %41?",
    "..",
    "...",
    "dot.dot",
    "100%",
    "%2F",
    "%zz",
    "+ &=#;:@!$,~*'()",
    '"quoted"',
    "[a-c]*",
    "back\\slash",
    "Grüße",
    "Gru\u0308\u00dfe",
    "表",
    "🙂",
    " outer ",
    "UPPER",
    "upper2",
]


@pytest.fixture
def connected(instance: Instance) -> Instance:
    instance.save("conn-src", pairs(SOURCE))
    return instance


@pytest.fixture
def odd(instance: Instance, url: str, tmp_path: Path) -> Instance:
    """An instance whose source has tables with odd names."""
    names = (name.replace('"', '""') for name in ODD)
    execute(tmp_path / "odd.db", *(f'CREATE TABLE "{name}" (id INTEGER PRIMARY KEY)' for name in names))
    control(url, "PUT", "hosts", {"odd": {"url": f"sqlite:///{tmp_path}/odd.db", "user": "u", "password": "p"}})
    instance.save("conn-src", pairs(connection("rds.mysqlc", "odd", uid="u", pwd="p")))
    return instance


def test_list_shows_tables_of_the_source_and_their_selection(connected: Instance) -> None:
    connected.select("orders", "customers")
    connected.select("orders")
    listed = connected.get("list-db/mydb/classicmodels")
    assert listed == [{"name": name, "selected": name in ("orders", "customers"), "id": name} for name in EIGHT]
    connected.select("orders", flag="N")
    assert connected.selected() == {"customers"}


@pytest.mark.parametrize("flag", ["Y", "N"])
def test_unknown_table_is_not_found(connected: Instance, flag: str) -> None:
    status, message = connected.refused("PATCH", "config-tab/mydb/classicmodels/nothing", {"select": flag})
    assert status == 404
    assert "'nothing'" in message


def test_unknown_schema_is_not_found(connected: Instance) -> None:
    status, message = connected.refused("GET", "list-db/mydb/nowhere")
    assert status == 404
    assert "'nowhere'" in message


def test_tables_are_not_found_without_a_source(instance: Instance) -> None:
    assert instance.refused("GET", "list-db/mydb/classicmodels")[0] == 404
    path = "config-tab/mydb/classicmodels/orders"
    assert instance.refused("PATCH", path, {"select": "Y"})[0] == 404


def test_broken_source_is_a_conflict(instance: Instance) -> None:
    instance.save("conn-src", pairs({**SOURCE, "pwd": "wrong", "pwd2": "wrong"}))
    status, message = instance.refused("GET", "list-db/mydb/classicmodels")
    assert status == 409
    assert "denied" in message
    assert "wrong" not in message


@pytest.mark.parametrize("body", [None, {}, [], {"select": "y"}, {"select": True}, {"select": "Y", "x": 1}, "Y"])
def test_bad_body_selects_nothing(connected: Instance, body: Any) -> None:
    assert connected.refused("PATCH", "config-tab/mydb/classicmodels/orders", body)[0] == 400
    assert connected.selected() == set()


@pytest.mark.parametrize("name", ODD)
def test_name_selects_only_itself(odd: Instance, name: str) -> None:
    path = f"config-tab/mydb/classicmodels/{quote(name, safe='')}"
    assert odd.send_as_is("PATCH", path, {"select": "Y"}) == (204, "")
    assert odd.selected() == {name}


def test_new_table_can_be_selected_at_once(odd: Instance, tmp_path: Path) -> None:
    odd.get("list-db/mydb/classicmodels")
    execute(tmp_path / "odd.db", "CREATE TABLE fresh (id INTEGER PRIMARY KEY)")
    odd.select("fresh")
    assert odd.selected() == {"fresh"}


def test_dropped_table_can_be_deselected(odd: Instance, tmp_path: Path) -> None:
    odd.select("UPPER")
    execute(tmp_path / "odd.db", "DROP TABLE UPPER")
    assert odd.selected() == set()
    odd.select("UPPER", flag="N")


@pytest.mark.parametrize("path", ["config-tab/d/classicmodels/%FF", "config-tab/d/%C3%28/t", "config-tab/%00/s/t"])
def test_name_that_is_not_text_is_refused(connected: Instance, path: str) -> None:
    assert connected.refused("PATCH", path, {"select": "Y"})[0] == 400


@pytest.mark.parametrize(
    "path", ["config-tab/d/s", "config-tab/d/s/t/x", "config-tab//s/t", "list-db/d", "list-db/d/s/"]
)
def test_wrong_number_of_segments_is_not_found(connected: Instance, path: str) -> None:
    assert connected.refused("GET" if path.startswith("list") else "PATCH", path, {"select": "Y"})[0] == 404
