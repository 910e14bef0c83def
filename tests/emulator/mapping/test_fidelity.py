# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every value of every type arrives exactly, from each source in each destination."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from flow_emulator.databases.catalog import list_tables
from flow_emulator.databases.connecting import Settings, open_source
from flow_emulator.databases.names import TableRef
from flow_emulator.replication import extract
from flow_emulator.replication.results import ExtractFailed
from sqlalchemy.engine import Engine

from tests.emulator.support import every_type, sides
from tests.emulator.support.checker import assert_same
from tests.emulator.support.servers import Server

TEXTS = ["", " ", "a ", "a", "A", "ä", "a\u0308", "東京", "مرحبا", "🙂🏽", 'it\'s "q" \\ % %s', "a\tb\nc", "\u00a0"]


def check(source: Engine, destination: Engine, table: TableRef, query: str, columns: dict[str, str]) -> int:
    """Load a table, twice by `delta` too, and compare it with what `query` gives."""
    done = extract.full(source, destination, table)
    again = extract.delta(source, destination, table)
    assert (again.inserted, again.updated, again.deleted) == (0, 0, 0)
    assert not extract.sync_structure(source, destination, table).columns_changed
    if destination.dialect.name == "sqlite":
        columns = {name: "decimal" if kind == "wide" else kind for name, kind in columns.items()}
    exact = {"r": "r + 0e0", "f": "f + 0e0", "b5": "b5 + 0"}
    chosen = ", ".join(exact.get(name, name) for name in columns) if len(columns) > 2 else "*"
    there = sides.rows(destination, sides.loaded(destination, table.schema, table.table, chosen))
    rows = assert_same(sides.rows(source, query), there, list(columns), columns)
    assert rows == done.rows
    return rows


def test_every_postgresql_type(postgres: Server, destination: Engine) -> None:
    schema = sides.fresh_name()
    postgres.run(f"CREATE SCHEMA {schema}", *every_type.postgresql(schema))
    rows = check(
        sides.source(postgres),
        destination,
        TableRef("postgres", schema, "everything"),
        f"SELECT {every_type.POSTGRESQL_SPELT} FROM {schema}.everything",
        every_type.POSTGRESQL,
    )
    assert rows == 202


def test_every_mysql_type(maria: Server, destination: Engine) -> None:
    schema = sides.fresh_name()
    maria.run(f"CREATE DATABASE {schema}", *every_type.mysql(schema))
    source = sides.source(maria)
    maria.run("CREATE DATABASE IF NOT EXISTS elsewhere")
    local = destination.dialect.name == "sqlite"
    other = destination if local else sides.destination(maria, database="elsewhere")
    query = f"SELECT {every_type.MYSQL_SPELT} FROM {schema}.everything"
    table = TableRef("def", schema, "everything")
    assert check(source, other, table, query, every_type.MYSQL) == 202


def test_text_keys_stay_distinct(postgres: Server, destination: Engine) -> None:
    schema = sides.fresh_name()
    postgres.run(f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.t (k text PRIMARY KEY, v text)")
    with postgres.connect() as connection:
        connection.cursor().executemany(
            f"INSERT INTO {schema}.t VALUES (%s, %s)", [(text, text[::-1]) for text in TEXTS]
        )
    table = TableRef("postgres", schema, "t")
    query = f"SELECT * FROM {schema}.t"
    assert check(sides.source(postgres), destination, table, query, {"k": "", "v": ""}) == len(TEXTS)


@pytest.mark.parametrize("size", [700, 800])
def test_long_text_keys(postgres: Server, maria: Server, size: int) -> None:
    schema = sides.fresh_name()
    statements = [
        f"CREATE TABLE {schema}.t (k text PRIMARY KEY)",
        f"INSERT INTO {schema}.t VALUES (repeat('x', {size}))",
    ]
    postgres.run(f"CREATE SCHEMA {schema}", *statements)
    target = sides.destination(maria)
    extract.full(sides.source(postgres), target, TableRef("postgres", schema, "t"))
    keys = maria.run(f"SHOW KEYS FROM {schema}.t")
    assert bool(keys) == (size == 700)
    assert len(maria.run(f"SELECT k FROM {schema}.t")[0][0]) == size


def test_key_columns_keep_their_order(postgres: Server, maria: Server) -> None:
    schema = sides.fresh_name()
    postgres.run(
        f"CREATE SCHEMA {schema}",
        f"CREATE TABLE {schema}.t (a int, b int, c int NOT NULL, u text, PRIMARY KEY (c, a), UNIQUE (b, a), UNIQUE (u))",
        f"INSERT INTO {schema}.t VALUES (1, 2, 3, 'x'), (2, 2, 3, NULL), (3, 2, 3, NULL)",
    )
    extract.full(sides.source(postgres), sides.destination(maria), TableRef("postgres", schema, "t"))
    found = maria.run(f"SHOW KEYS FROM {schema}.t")
    keys: dict[str, list[str]] = {}
    for row in found:
        assert row[1] == 0
        keys.setdefault(row[2], []).append(row[4])
    assert sorted(keys.values()) == [["b", "a"], ["c", "a"]]
    assert keys["PRIMARY"] == ["c", "a"]


def quote(text: str) -> str:
    """Quote a name for PostgreSQL."""
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize(
    "name", ["select", "a b", "a.b", "a-b/c", "q\"u`o'te", "100%", "%s %(x)s", "values (%s)", "ünï", "x" * 63]
)
def test_odd_names_are_kept(postgres: Server, destination: Engine, name: str) -> None:
    schema = f"{sides.fresh_name()} %d"
    other = "the other"
    with postgres.connect() as connection:
        cursor = connection.cursor()
        cursor.execute(f"CREATE SCHEMA {quote(schema)}".encode())
        place = f"{quote(schema)}.{quote(name)}"
        cursor.execute(f"CREATE TABLE {place} ({quote(name)} int PRIMARY KEY, {quote(other)} text)".encode())
        cursor.execute(f"INSERT INTO {place} VALUES (1, 'one'), (2, NULL)".encode())
    source = sides.source(postgres)
    table = TableRef("postgres", schema, name)
    assert check(source, destination, table, f"SELECT * FROM {place}", {"a": "", "b": ""}) == 2
    assert sides.helpers(destination, schema) == []


def test_empty_and_keyless_tables(postgres: Server, destination: Engine) -> None:
    schema = sides.fresh_name()
    postgres.run(
        f"CREATE SCHEMA {schema}",
        f"CREATE TABLE {schema}.empty (i int PRIMARY KEY, t text)",
        f"CREATE TABLE {schema}.keyless (i int, t text)",
        f"INSERT INTO {schema}.keyless VALUES (1, 'a'), (1, 'a'), (NULL, NULL)",
    )
    source = sides.source(postgres)
    columns = {"i": "", "t": ""}
    table = TableRef("postgres", schema, "empty")
    assert check(source, destination, table, f"SELECT * FROM {schema}.empty", columns) == 0
    table = TableRef("postgres", schema, "keyless")
    done = extract.full(source, destination, table)
    again = extract.delta(source, destination, table)
    assert (done.rows, again.rows, again.inserted, again.deleted) == (3, 3, 3, 3)
    there = sides.rows(destination, sides.loaded(destination, schema, "keyless"))
    assert assert_same(sides.rows(source, f"SELECT * FROM {schema}.keyless"), there, "it") == 3


def test_defaults_are_kept(postgres: Server, maria: Server) -> None:
    schema = sides.fresh_name()
    postgres.run(
        f"CREATE SCHEMA {schema}",
        f"""CREATE TABLE {schema}.t (id serial PRIMARY KEY, i int DEFAULT -7, n numeric(5,2) DEFAULT 1.50,
        b boolean DEFAULT true, v varchar(20) DEFAULT 'it''s 100%', d date DEFAULT '2020-02-29',
        ts timestamptz DEFAULT now(), x text DEFAULT 'lost', e date DEFAULT current_date)""",
    )
    extract.full(sides.source(postgres), sides.destination(maria), TableRef("postgres", schema, "t"))
    maria.run(f"INSERT INTO {schema}.t (id) VALUES (1)")
    row = maria.run(f"SELECT i, n, b, v, CAST(d AS char), ts IS NULL, x, e FROM {schema}.t")[0]
    assert row == (-7, Decimal("1.50"), 1, "it's 100%", "2020-02-29", 0, None, None)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("double precision", "'NaN'", "nan"),
        ("numeric", "'Infinity'", "Infinity"),
        ("numeric", "1e-31", "does not fit DECIMAL(65,30)"),
        ("timestamp", "'infinity'", "infinity"),
        ("date", "'0044-03-15 BC'", "BC"),
        ("timestamptz", "'10000-01-01 00:00+00'", "10000-01-01"),
    ],
)
def test_value_out_of_range_is_refused(
    postgres: Server, destination: Engine, kind: str, value: str, words: str
) -> None:
    schema = sides.fresh_name()
    table = TableRef("postgres", schema, "t")
    postgres.run(f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.t (id int PRIMARY KEY, v {kind})")
    source = sides.source(postgres)
    postgres.run(f"INSERT INTO {schema}.t VALUES (1, NULL)")
    extract.full(source, destination, table)
    postgres.run(f"INSERT INTO {schema}.t VALUES (2, {value})")
    for operation in (extract.full, extract.delta):
        with pytest.raises(ExtractFailed) as caught:
            operation(source, destination, table)
        assert f"{schema}.t" in caught.value.message
        assert "'v'" in caught.value.message
        assert words in caught.value.message
    assert len(sides.rows(destination, sides.loaded(destination, schema, "t"))) == 1
    assert sides.helpers(destination, schema) == []


def test_wide_rows_fit(postgres: Server, maria: Server) -> None:
    schema = sides.fresh_name()
    columns = ", ".join(f"c{number} varchar(4000)" for number in range(60))
    short = ", ".join(f"s{number} varchar(50)" for number in range(100))
    postgres.run(
        f"CREATE SCHEMA {schema}",
        f"CREATE TABLE {schema}.t (id int PRIMARY KEY, {columns}, {short})",
        f"INSERT INTO {schema}.t (id, c0, c59, s99) VALUES (1, repeat('🙂', 4000), 'end', 's')",
    )
    extract.full(sides.source(postgres), sides.destination(maria), TableRef("postgres", schema, "t"))
    assert maria.run(f"SELECT c0, c59, s99 FROM {schema}.t") == [("🙂" * 4000, "end", "s")]


def test_sqlite_decimals_and_times(tmp_path: Path, destination: Engine) -> None:
    path = tmp_path / "shop.db"
    draw = random.Random(1)
    amounts = [draw.randrange(-(10**9), 10**9) / 100 for _row in range(500)] + [0.0, 53.9, 0.1 + 0.2]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a DECIMAL(12,2), d DATETIME, x, r REAL)")
        moments = ["2020-01-01T10:00:00Z", "2020-01-01 12:00:00.5+02:00", "2020-01-01 10:00:00"]
        connection.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?, ?)",
            [(2**40 + n, amount, moments[n % 3], "any", amount / 7) for n, amount in enumerate(amounts)],
        )
        connection.commit()
    source = open_source(Settings("rds.jdbcfe", "h", 1, "", "", url=f"jdbc:sqlite:{path}"), {})
    extract.full(source, destination, TableRef("any", "shop", "t"))
    rows = sides.rows(destination, sides.loaded(destination, "shop", "t", "id, a, r, d"))
    got = {row[0]: (Decimal(row[1]), row[2]) for row in rows}
    want = {2**40 + n: (round(Decimal(repr(a)), 2), a / 7) for n, a in enumerate(amounts)}
    assert got == want
    assert {str(row[3]).removesuffix(".500000") for row in rows} == {"2020-01-01 10:00:00"}


def test_two_schemas_do_not_collide(postgres: Server, destination: Engine) -> None:
    schemas = [sides.fresh_name(), sides.fresh_name()]
    source = sides.source(postgres)
    for schema in schemas:
        postgres.run(f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.t AS SELECT '{schema}' AS v")
        extract.full(source, destination, TableRef("postgres", schema, "t"))
    for schema in schemas:
        assert sides.rows(destination, sides.loaded(destination, schema, "t")) == [(schema,)]


def test_names_that_differ_in_capitals(postgres: Server, destination: Engine) -> None:
    schema = sides.fresh_name()
    postgres.run(
        f"CREATE SCHEMA {schema}",
        f"CREATE TABLE {schema}.t AS SELECT 1 AS i",
        f'CREATE TABLE {schema}."T" AS SELECT 2 AS i',
    )
    source = sides.source(postgres)
    extract.full(source, destination, TableRef("postgres", schema, "t"))
    other = TableRef("postgres", schema, "T")
    if destination.dialect.name == "sqlite":
        with pytest.raises(ExtractFailed, match="cannot tell it from"):
            extract.full(source, destination, other)
    else:
        assert extract.full(source, destination, other).rows == 1
    assert sides.rows(destination, sides.loaded(destination, schema, "t")) == [(1,)]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_table_is_never_loaded_into_itself(maria: Server, host: str) -> None:
    schema = sides.fresh_name()
    maria.run(f"CREATE DATABASE {schema}", f"CREATE TABLE {schema}.t (i int PRIMARY KEY AUTO_INCREMENT)")
    table = TableRef("def", schema, "t")
    for operation in (extract.full, extract.delta, extract.sync_structure):
        with pytest.raises(ExtractFailed, match="same table"):
            operation(sides.source(replace(maria, host=host)), sides.destination(maria), table)
    assert "AUTO_INCREMENT" in maria.run(f"SHOW CREATE TABLE {schema}.t")[0][1]


def test_helpers_are_not_listed(maria: Server) -> None:
    schema = sides.fresh_name()
    maria.run(f"CREATE DATABASE {schema}", f"CREATE TABLE {schema}._flow_{'0' * 16}_new (i int)")
    assert list_tables(sides.source(maria), "def", schema) == []
