# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deltas: after any change in the source, the destination ends up equal and the counts are correct."""

from __future__ import annotations

import random
from typing import Any

import pytest
from flow_emulator.replication import extract
from flow_emulator.replication.results import ExtractFailed, TableResult
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from tests.emulator.support import sides
from tests.emulator.support.servers import Server
from tests.emulator.support.sides import prepare, same


def counts(result: TableResult) -> tuple[int, int, int, int]:
    return result.rows, result.inserted, result.updated, result.deleted


def test_delta_applies_inserts_updates_and_deletes(postgres: Server, destination: Engine) -> None:
    source, table, t = prepare(
        postgres,
        "CREATE TABLE {t} (a int, b text, v text, n numeric(9,2), PRIMARY KEY (a, b))",
        "INSERT INTO {t} SELECT g, 'k' || g, 'v' || g, g / 4.0 FROM generate_series(1, 5000) g",
    )
    assert counts(extract.delta(source, destination, table)) == (5000, 5000, 0, 0)
    assert counts(extract.delta(source, destination, table)) == (5000, 0, 0, 0)
    postgres.run(
        f"DELETE FROM {t} WHERE a % 10 = 0",
        f"UPDATE {t} SET v = NULL WHERE a % 10 = 1",
        f"UPDATE {t} SET b = 'K' || a WHERE a % 10 = 2",
        f"INSERT INTO {t} SELECT g, '', ' ', 1 FROM generate_series(6001, 6100) g",
    )
    assert counts(extract.delta(source, destination, table)) == (4600, 600, 500, 1000)
    assert same(source, destination, table) == 4600
    assert counts(extract.delta(source, destination, table)) == (4600, 0, 0, 0)
    postgres.run(f"TRUNCATE {t}")
    assert counts(extract.delta(source, destination, table)) == (0, 0, 0, 4600)
    assert sides.helpers(destination, table.schema) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("'a'", "'A'"), ("'a'", "'a '"), ("'ä'", "U&'a\\0308'"), ("''", "NULL"), ("NULL", "''"), ("'x'", "'y'")],
)
def test_small_differences_are_updates(postgres: Server, destination: Engine, before: str, after: str) -> None:
    create = f"CREATE TABLE {{t}} AS SELECT 1 AS id, {before}::text AS v"
    source, table, t = prepare(postgres, create, "ALTER TABLE {t} ADD PRIMARY KEY (id)")
    extract.full(source, destination, table)
    postgres.run(f"UPDATE {t} SET v = {after}")
    assert counts(extract.delta(source, destination, table)) == (1, 0, 1, 0)
    assert same(source, destination, table) == 1


def test_rows_can_swap_unique_values(postgres: Server, destination: Engine) -> None:
    source, table, t = prepare(
        postgres,
        "CREATE TABLE {t} (id int PRIMARY KEY, u int, UNIQUE (u) DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO {t} VALUES (1, 1), (2, 2), (3, NULL), (4, NULL)",
    )
    extract.full(source, destination, table)
    postgres.run(f"UPDATE {t} SET u = 3 - u")
    assert counts(extract.delta(source, destination, table)) == (4, 0, 2, 0)
    assert same(source, destination, table) == 4


@pytest.mark.parametrize("fails", [False, True], ids=["applied", "failed"])
def test_delta_is_applied_in_one_step(postgres: Server, destination: Engine, fails: bool) -> None:
    """Between its statements, others see the old rows; if one fails, the old rows stay."""
    source, table, t = prepare(
        postgres,
        "CREATE TABLE {t} (id int PRIMARY KEY, v text)",
        "INSERT INTO {t} SELECT g, 'old' FROM generate_series(1, 9) g",
    )
    extract.full(source, destination, table)
    postgres.run(f"DELETE FROM {t} WHERE id < 4", f"UPDATE {t} SET v = 'new'", f"INSERT INTO {t} VALUES (10, 'new')")
    old = [(number, "old") for number in range(1, 10)]
    seen: list[list[tuple[Any, ...]]] = []

    def now() -> list[tuple[Any, ...]]:
        return sorted(sides.rows(destination, sides.loaded(destination, table.schema, table.table)))

    def look(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("INSERT") and "SELECT" in statement:
            seen.append(now())
            if fails:
                raise OperationalError("INSERT", {}, Exception("full"))

    event.listen(destination, "before_cursor_execute", look)
    if fails:
        with pytest.raises(ExtractFailed, match="full"):
            extract.delta(source, destination, table)
    else:
        assert counts(extract.delta(source, destination, table)) == (7, 1, 6, 3)
    assert seen == [old]
    assert now() == (old if fails else [(number, "new") for number in range(4, 11)])


def test_table_with_only_key_columns(postgres: Server, destination: Engine) -> None:
    source, table, t = prepare(postgres, "CREATE TABLE {t} (a int PRIMARY KEY)", "INSERT INTO {t} VALUES (1), (2)")
    extract.full(source, destination, table)
    postgres.run(f"UPDATE {t} SET a = 3 WHERE a = 1")
    assert counts(extract.delta(source, destination, table)) == (2, 1, 0, 1)
    assert same(source, destination, table) == 2


def test_changed_structure_replaces_the_table(postgres: Server, destination: Engine) -> None:
    source, table, t = prepare(postgres, "CREATE TABLE {t} (a int PRIMARY KEY, b int)", "INSERT INTO {t} VALUES (1, 2)")
    extract.full(source, destination, table)
    postgres.run(f"ALTER TABLE {t} ADD c text DEFAULT 'new'", f"INSERT INTO {t} VALUES (2, 3, 'x')")
    result = extract.delta(source, destination, table)
    assert (result.rows, result.inserted, result.deleted, result.columns_added) == (2, 2, 1, ("c",))
    assert same(source, destination, table) == 2


def test_two_schemas_share_one_database(postgres: Server, maria: Server) -> None:
    maria.run("CREATE DATABASE one_for_all")
    destination = sides.destination(maria, database="one_for_all")
    source, table, _t = prepare(postgres, "CREATE TABLE {t} AS SELECT 1 AS id")
    _source, other, _t = prepare(postgres, "CREATE TABLE {t} AS SELECT 2 AS id")
    extract.full(source, destination, table)
    for operation in (extract.full, extract.delta, extract.sync_structure):
        with pytest.raises(ExtractFailed, match=f"one_for_all.*{table.schema}.t"):
            operation(source, destination, other)
    assert extract.full(source, destination, table).rows == 1
    assert maria.run("SELECT id FROM one_for_all.t") == [(1,)]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in (1, 2))])
def test_random_changes_end_equal(maria: Server, destination: Engine, seed: int) -> None:
    draw = random.Random(seed)
    create = "CREATE TABLE {t} (k varchar(20) COLLATE utf8mb4_bin PRIMARY KEY, v text, n int) CHARSET utf8mb4"
    source, table, t = prepare(maria, create)
    if destination.dialect.name != "sqlite":
        maria.run(f"CREATE DATABASE histories_{seed}")
        destination = sides.destination(maria, database=f"histories_{seed}")
    rows: dict[str, tuple[str | None, int]] = {}
    for _round in range(5):
        before = dict(rows)
        for _step in range(60):
            key = draw.choice("aAbBäz🙂 ") + str(draw.randrange(20))
            if draw.random() < 0.3:
                rows.pop(key, None)
            else:
                rows[key] = (draw.choice([None, "", "x", "X", "ü"]), draw.randrange(3))
        with maria.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {t}")
            cursor.executemany(f"INSERT INTO {t} VALUES (%s, %s, %s)", [(k, *v) for k, v in rows.items()])
        changed = sum(1 for key in rows.keys() & before.keys() if rows[key] != before[key])
        came, went = len(rows.keys() - before.keys()), len(before.keys() - rows.keys())
        assert counts(extract.delta(source, destination, table)) == (len(rows), came, changed, went)
        assert same(source, destination, table) == len(rows)
