# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The embedded sample: repeatable, complete, and loaded into each kind of destination."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flow_emulator.databases import sample
from flow_emulator.databases.catalog import SchemaNotFound, count_rows, list_tables
from flow_emulator.databases.families import SOURCE_TYPES
from flow_emulator.databases.names import TableRef
from flow_emulator.replication import extract
from sqlalchemy.engine import Engine

from tests.emulator.support import sides
from tests.emulator.support.checker import assert_same

NAMES = sorted(sample.TABLES)
DECIMALS = dict.fromkeys(("creditLimit", "buyPrice", "MSRP", "priceEach", "amount"), "decimal")


def test_sample_is_the_same_each_time(tmp_path: Path) -> None:
    texts = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        sample.create(folder)
        with closing(sqlite3.connect(folder / "source.db")) as connection:
            texts.append("\n".join(connection.iterdump()))
    assert texts[0] == texts[1]


def test_sample_has_keys_nulls_and_emoji(tmp_path: Path) -> None:
    sample.create(tmp_path)
    with closing(sqlite3.connect(tmp_path / "source.db")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        keys = sum(len(connection.execute(f"PRAGMA foreign_key_list({n})").fetchall()) for n in NAMES)
        rows = sum(connection.execute(f"SELECT COUNT(*) FROM {n}").fetchone()[0] for n in NAMES)
        nulls = connection.execute("SELECT COUNT(*) FROM orders WHERE shippedDate IS NULL").fetchone()[0]
        letters = connection.execute("SELECT group_concat(comments) FROM orders").fetchone()[0]
    assert keys == 8
    assert 2000 < rows < 10000
    assert nulls > 0
    assert "🙂" in letters


def test_create_restores_the_sample(demo: tuple[Engine, Engine], tmp_path: Path) -> None:
    source, destination = demo
    extract.full(source, destination, TableRef("d", "classicmodels", "orders"))
    with closing(sqlite3.connect(tmp_path / "source.db")) as connection:
        connection.execute("DELETE FROM orders")
        connection.commit()
    sample.create(tmp_path)
    assert count_rows(source, "d", "classicmodels", "orders") == 400
    assert count_rows(destination, "d", "classicmodels", "orders") is None


@pytest.mark.parametrize("kind", sorted(SOURCE_TYPES))
def test_every_source_type_reaches_the_sample(tmp_path: Path, kind: str) -> None:
    sample.create(tmp_path)
    url = "jdbc:mysql://source.demo:3306/classicmodels" if kind == "rds.jdbcfe" else None
    found = sides.Settings(kind, "source.demo", 1, sides.USER, sides.PASSWORD, url=url)
    source = sides.open_source(found, sides.hosts(tmp_path))
    assert list_tables(source, "any", "classicmodels") == NAMES
    with pytest.raises(SchemaNotFound):
        list_tables(source, "any", "another")


@pytest.mark.parametrize("name", NAMES)
def test_sample_table_is_loaded(tmp_path: Path, destination: Engine, name: str) -> None:
    sample.create(tmp_path)
    source = sides.embedded_source(tmp_path)
    result = extract.full(source, destination, TableRef("d", "classicmodels", name))
    with closing(sqlite3.connect(tmp_path / "source.db")) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
    there = sides.rows(destination, sides.loaded(destination, "classicmodels", name))
    count = assert_same(sides.rows(source, f"SELECT * FROM {name}"), there, columns, DECIMALS)
    assert result.rows == count == count_rows(destination, "d", "classicmodels", name)
