# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of structure are carried to the destination, and the rows of unchanged columns are kept."""

from __future__ import annotations

import pytest
from flow_emulator.replication import extract
from sqlalchemy.engine import Engine

from tests.emulator.support import sides
from tests.emulator.support.servers import Server
from tests.emulator.support.sides import prepare, same

CREATE = "CREATE TABLE {t} (id int PRIMARY KEY, a smallint NOT NULL, b varchar(10), c numeric(6,2), d text)"
FILL = "INSERT INTO {t} SELECT g, g, 'b' || g, g + 0.25, 'd' || g FROM generate_series(1, 300) g"


def marked(destination: Engine, schema: str) -> int:
    """Return the number of rows with the mark."""
    place = sides.loaded(destination, schema, "t", "COUNT(*)")
    return int(sides.rows(destination, f"{place} WHERE b = 'kept'")[0][0])


def mark(destination: Engine, schema: str) -> None:
    """Mark one row in the destination, to see later whether its rows were kept."""
    name = sides.loaded(destination, schema, "t").removeprefix("SELECT * FROM ")
    with destination.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {name} SET b = 'kept' WHERE id = 7")


@pytest.mark.parametrize(
    ("change", "added", "dropped", "changed", "kept"),
    [
        ("ADD e int", ("e",), (), (), True),
        ("ADD e int NOT NULL DEFAULT 5", ("e",), (), (), True),
        ("DROP d", (), ("d",), (), True),
        ("ALTER a TYPE bigint", (), (), ("a",), True),
        ("ALTER b TYPE varchar(50)", (), (), ("b",), True),
        ("ALTER b TYPE text", (), (), ("b",), True),
        ("ALTER c TYPE numeric(12,4)", (), (), ("c",), True),
        ("ALTER a DROP NOT NULL", (), (), ("a",), True),
        ("ADD e int, DROP d, ALTER a TYPE int, ALTER b TYPE varchar(11)", ("e",), ("d",), ("a", "b"), True),
        ("ALTER c TYPE numeric(6,1)", (), (), ("c",), False),
        ("ALTER b SET NOT NULL", (), (), ("b",), False),
        ("ALTER a TYPE text", (), (), ("a",), False),
        ("ADD e int GENERATED ALWAYS AS IDENTITY", ("e",), (), (), False),
        ("DROP CONSTRAINT t_pkey", (), (), (), False),
        ("RENAME d TO e", ("e",), ("d",), (), True),
    ],
)
def test_changed_columns_are_carried_over(
    postgres: Server,
    destination: Engine,
    change: str,
    added: tuple[str, ...],
    dropped: tuple[str, ...],
    changed: tuple[str, ...],
    kept: bool,
) -> None:
    source, table, t = prepare(postgres, CREATE, FILL)
    extract.full(source, destination, table)
    mark(destination, table.schema)
    postgres.run(f"ALTER TABLE {t} {change}")
    result = extract.sync_structure(source, destination, table)
    assert result.rows == 300
    if destination.dialect.name != "sqlite":
        found = (result.columns_added, result.columns_dropped, result.columns_changed)
        assert found == (added, dropped, changed)
        assert (marked(destination, table.schema) == 1) == kept
    extract.delta(source, destination, table)
    assert same(source, destination, table) == 300
    again = extract.sync_structure(source, destination, table)
    assert (again.columns_added, again.columns_dropped, again.columns_changed) == ((), (), ())
    assert sides.helpers(destination, table.schema) == []


def test_no_change_does_nothing(postgres: Server, destination: Engine) -> None:
    source, table, _t = prepare(postgres, CREATE, FILL)
    extract.full(source, destination, table)
    mark(destination, table.schema)
    result = extract.sync_structure(source, destination, table)
    assert (result.rows, result.columns_added, marked(destination, table.schema)) == (300, (), 1)


def test_table_not_loaded_yet_is_not_created(postgres: Server, destination: Engine) -> None:
    source, table, _t = prepare(postgres, CREATE, FILL)
    assert extract.sync_structure(source, destination, table).rows == 0
    assert sides.helpers(destination, table.schema) == []


def test_longer_enum_keeps_the_rows(maria: Server) -> None:
    source, table, t = prepare(maria, "CREATE TABLE {t} (id int PRIMARY KEY, b enum('kept', 'x'))")
    maria.run(f"INSERT INTO {t} VALUES (7, 'x')", "CREATE DATABASE IF NOT EXISTS enums")
    destination = sides.destination(maria, database="enums")
    extract.full(source, destination, table)
    mark(destination, table.schema)
    maria.run(f"ALTER TABLE {t} MODIFY b enum('kept', 'x', 'y')")
    assert extract.sync_structure(source, destination, table).columns_changed == ("b",)
    assert marked(destination, table.schema) == 1
