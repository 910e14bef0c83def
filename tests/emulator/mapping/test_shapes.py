# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shapes: what is read of a source's table, and the statement that makes the destination's."""

from __future__ import annotations

from typing import Any

import pytest
from flow_emulator.databases.names import Place
from flow_emulator.mapping.shapes import Field, Shape, destination_table, field_of, rows_of
from sqlalchemy import types
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import CreateTable

PLACE = Place("Sche ma", "Ta ble")
INSPECTED: list[dict[str, Any]] = [
    {"name": "id", "type": types.Integer(), "nullable": True, "default": None},
    {"name": "Na me", "type": types.VARCHAR(9), "nullable": False, "default": "'a'::character varying"},
    {"name": "at", "type": mysql.DATETIME(fsp=3), "nullable": False, "default": "CURRENT_TIMESTAMP(3)"},
    {"name": "free", "type": types.REAL(), "nullable": True},
]


def shape(*, keyed: bool) -> Shape:
    key, uniques = (("Na me", "id"), (("at", "id"), ("free",))) if keyed else ((), ())
    return Shape(tuple(field_of(found, "mysql") for found in INSPECTED), key, uniques)


@pytest.mark.parametrize(
    ("found", "expected"), list(zip(INSPECTED, [None, "'a'", "CURRENT_TIMESTAMP(3)", None], strict=True))
)
def test_inspected_column_has_a_type(found: dict[str, Any], expected: str | None) -> None:
    field = field_of(found, "mysql")
    assert (field.name, field.nullable, field.default) == (found["name"], found["nullable"], expected)
    assert field == Field(found["name"], field.carried, found["nullable"], expected)


@pytest.mark.parametrize(("dialect", "expected"), [("sqlite", "BIGINT"), ("postgresql", "INTEGER")])
def test_type_has_its_dialects_meaning(dialect: str, expected: str) -> None:
    assert field_of(INSPECTED[0], dialect).carried.type.compile(dialect=mysql.dialect()) == expected


def test_column_is_found_by_name() -> None:
    assert [shape(keyed=True).field(found["name"]).name for found in INSPECTED] == [f["name"] for f in INSPECTED]


@pytest.mark.parametrize(
    ("place", "table"), [(PLACE, '"Sche ma"."Ta ble"'), (Place(None, "t"), "t")], ids=["schema", "no schema"]
)
def test_columns_are_read_by_number(place: Place, table: str) -> None:
    """Each column is selected under its number, in the form that its type needs."""
    written = str(rows_of(shape(keyed=True), place).compile(dialect=postgresql.dialect()))
    name = table.replace('"', "") if " " not in table else table
    assert " ".join(written.split()) == (
        f'SELECT {name}.id AS c0, {name}."Na me" AS c1, {name}.at AS c2, '
        f"CAST({name}.free AS DOUBLE PRECISION) AS c3 FROM {name}"
    )


SERVER = """CREATE TABLE `Sche ma`.`Ta ble` ( `id` INTEGER{id}, `Na me` VARCHAR(9) NOT NULL DEFAULT 'a',
 `at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), `free` FLOAT{keys} )ENGINE=x"""
LOCAL = """CREATE TABLE "Sche ma"."Ta ble" ( "id" BIGINT{id}, "Na me" VARCHAR(9) DEFAULT 'a' NOT NULL,
 "at" DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, "free" DOUBLE{keys} )"""


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("keyed", [True, False])
def test_statement_creates_the_table(local: bool, keyed: bool) -> None:
    """The destination's columns keep names and order; a key's columns hold no NULL."""
    options = {} if local else {"mysql_engine": "x"}
    table = destination_table(shape(keyed=keyed), PLACE, local=local, **options)
    quote = '"' if local else "`"
    key = ", PRIMARY KEY (`Na me`, `id`)"
    uniques = ", UNIQUE (`at`, `id`), UNIQUE (`free`)"
    keys = key + uniques if keyed else ""
    expected = (LOCAL if local else SERVER).format(id=" NOT NULL" if keyed else "", keys=keys.replace("`", quote))
    made = str(CreateTable(table).compile(dialect=sqlite.dialect() if local else mysql.dialect()))
    assert " ".join(made.split()) == " ".join(expected.split())
    assert table.columns.keys() == ["c0", "c1", "c2", "c3"]


def test_names_are_always_quoted() -> None:
    """A destination may fold or reserve what the source does not; it counts nothing up by itself."""
    plain = Shape((field_of({**INSPECTED[0], "name": "a"}, "mysql"),), ("a",), ())
    table = destination_table(plain, Place("s", "t"), local=False)
    assert " ".join(str(CreateTable(table).compile(dialect=mysql.dialect())).split()) == (
        "CREATE TABLE `s`.`t` ( `a` INTEGER NOT NULL, PRIMARY KEY (`a`) )"
    )
