# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys and rows that fit a server: what stays, what gets another type, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest
from flow_emulator.mapping.column_types import carried
from flow_emulator.mapping.fitting import fit
from flow_emulator.mapping.shapes import Field, Shape
from sqlalchemy import types
from sqlalchemy.dialects import mysql

SERVER = mysql.dialect()
INT, TEXT, BLOB, JSON = types.Integer(), types.Text(), mysql.LONGBLOB(), types.JSON()
CHAR, ENUM = mysql.CHAR(255), mysql.ENUM("a")


def varchar(length: int) -> Any:
    return types.VARCHAR(length)


def varbinary(length: int) -> Any:
    return mysql.VARBINARY(length)


def binary(length: int) -> Any:
    return mysql.BINARY(length)


class Measured:
    """A source whose column `nulls` holds NULL, and whose longest values are as given."""

    def __init__(self, *, characters: int = 0, size: int = 0) -> None:
        self._longest = {False: characters, True: size}

    def has_nulls(self, name: str) -> bool:
        return name == "nulls"

    def longest(self, name: str, *, binary: bool) -> int:
        assert name
        return self._longest[binary]


def shape(columns: dict[str, Any], *keys: tuple[str, ...], nullable: bool = False) -> Shape:
    """Return a shape; the first of the keys is the primary one."""
    fields = tuple(Field(name, carried(kind), nullable, "'x'") for name, kind in columns.items())
    return Shape(fields, *(keys[:1] or ((),)), keys[1:])


def kinds(found: Shape) -> dict[str, str]:
    """Return each column's type at a server."""
    return {field.name: field.carried.type.compile(dialect=SERVER) for field in found.fields}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([INT], ["INTEGER"]),
        ([varchar(768)], ["VARCHAR(768)"]),
        ([varchar(900)], ["VARCHAR(768)"]),
        ([varchar(760), INT], ["VARCHAR(760)", "INTEGER"]),
        ([varchar(761), INT], ["VARCHAR(760)", "INTEGER"]),
        ([INT, TEXT], ["INTEGER", "VARCHAR(760)"]),
        ([ENUM, TEXT], ["ENUM('a')", "VARCHAR(760)"]),
        ([TEXT, TEXT], ["VARCHAR(384)", "VARCHAR(384)"]),
        ([TEXT, BLOB, INT], ["VARCHAR(380)", "VARBINARY(1520)", "INTEGER"]),
        ([CHAR] * 3, ["CHAR(255)"] * 3),
        ([CHAR] * 4, ["VARCHAR(192)"] * 4),
        ([BLOB], ["VARBINARY(3072)"]),
        ([binary(255), BLOB, BLOB], ["BINARY(255)", "VARBINARY(1408)", "VARBINARY(1408)"]),
        ([varbinary(3072)], ["VARBINARY(3072)"]),
        ([varbinary(3073)], ["VARBINARY(3072)"]),
        ([binary(255)] * 12, ["BINARY(255)"] * 12),
        ([*[binary(255)] * 12, TEXT], [*["BINARY(255)"] * 12, "VARCHAR(3)"]),
        ([binary(255), TEXT], ["BINARY(255)", "VARCHAR(704)"]),
        ([*[binary(255)] * 12, TEXT, TEXT, TEXT], [*["BINARY(255)"] * 12, *["VARCHAR(1)"] * 3]),
        ([*[binary(255)] * 12, TEXT, TEXT, TEXT, TEXT], None),
        ([*[binary(255)] * 12, INT], None),
        ([*[binary(255)] * 13, TEXT], None),
        ([INT] * 96, ["INTEGER"] * 96),
        ([INT] * 97, None),
        ([JSON], None),
        ([JSON, TEXT], None),
    ],
)
def test_keys_fit(columns: list[Any], expected: list[str] | None) -> None:
    """A key has 3,072 bytes; columns without a length share what the others leave, or the table is keyless."""
    named = {f"c{number}": kind for number, kind in enumerate(columns)}
    given = shape(named, tuple(named))
    found = fit(given, Measured())
    assert found == (given if expected is None else found).__class__(found.fields, tuple(named) if expected else (), ())
    assert list(kinds(found).values()) == (expected or list(kinds(given).values()))


@pytest.mark.parametrize(
    ("kind", "measured", "fits"),
    [
        (TEXT, Measured(characters=768), True),
        (TEXT, Measured(characters=769), False),
        (TEXT, Measured(size=9999), True),
        (BLOB, Measured(size=3072), True),
        (BLOB, Measured(size=3073), False),
        (BLOB, Measured(characters=9999), True),
        (varchar(768), Measured(characters=9999), True),
    ],
)
def test_key_is_left_out_if_values_do_not_fit(kind: Any, measured: Measured, fits: bool) -> None:
    given = shape({"id": kind}, ("id",))
    found = fit(given, measured)
    assert found.key == (("id",) if fits else ())
    assert fits or found.fields == given.fields


@pytest.mark.parametrize(
    ("names", "nullable", "stays"),
    [(["a"], True, True), (["a", "nulls"], True, False), (["nulls"], False, True)],
)
def test_key_is_left_out_if_it_holds_null(names: list[str], nullable: bool, stays: bool) -> None:
    given = shape(dict.fromkeys(names, INT), tuple(names), nullable=nullable)
    assert fit(given, Measured()).key == (tuple(names) if stays else ())


def test_unique_key_is_left_out_if_it_is_too_wide() -> None:
    columns = {"id": TEXT, "a": varchar(768), "b": varchar(769), "c": TEXT, "d": INT}
    given = shape(columns, ("id",), ("a",), ("b",), ("c",), ("a", "d"), ("d",), ("id",))
    found = fit(given, Measured())
    assert found.uniques == (("a",), ("d",), ("id",))
    assert kinds(found) == {**kinds(given), "id": "VARCHAR(768)"}


WIDE = {f"i{number}": INT for number in range(1875)}
"""Columns that fill a row to its last byte, and stay as they are."""
SHORT = {f"s{number}": varchar(63) for number in range(31)}
"""Texts that leave 157 bytes of a page."""


@pytest.mark.parametrize(
    ("columns", "keys", "changed"),
    [
        ({"a": varchar(15000)}, [], {}),
        ({"a": varchar(15001)}, [], {"a": "LONGTEXT"}),
        ({"a": varchar(14992), "b": INT}, [], {}),
        ({"a": varchar(14993), "b": INT}, [], {"a": "LONGTEXT"}),
        ({"a": varchar(14997), "b": TEXT}, [], {}),
        ({"a": varchar(14998), "b": TEXT}, [], {"a": "LONGTEXT"}),
        ({"a": varchar(7000), "b": varchar(8001), "c": varchar(9)}, [], {"b": "LONGTEXT"}),
        ({name: varchar(15000) for name in "abc"}, [], {"a": "LONGTEXT", "b": "LONGTEXT", "c": "LONGTEXT"}),
        ({"a": varchar(14997), "b": varchar(15000)}, [], {"b": "LONGTEXT"}),
        ({"a": varbinary(60001), "b": ENUM}, [], {"a": "LONGBLOB"}),
        ({"a": varbinary(60000)}, [], {}),
        ({"a": varchar(500), "b": varchar(14800), "c": INT}, [("a",)], {"b": "LONGTEXT"}),
        ({"a": varchar(700), "b": varchar(14500)}, [(), ("a",)], {"b": "LONGTEXT"}),
        ({**WIDE, "a": INT}, [], {}),
        ({**WIDE, "a": varchar(8)}, [], {}),
        ({**WIDE, "a": varchar(9)}, [], {"a": "LONGTEXT"}),
        ({f"k{n}": varchar(760) for n in range(20)}, [(), *[(f"k{n}",) for n in range(20)]], {}),
        ({**SHORT, "a": varchar(39)}, [], {}),
        ({**SHORT, "a": varchar(40)}, [], {"s0": "VARCHAR(64)"}),
        ({"a": varchar(40), **SHORT}, [], {"s0": "VARCHAR(64)"}),
        ({**SHORT, "a": varchar(63)}, [], {"s0": "VARCHAR(64)"}),
        ({**SHORT, "a": varchar(64), "b": TEXT, "c": varchar(19)}, [], {"s0": "VARCHAR(64)"}),
        ({**SHORT, "a": varchar(64), "b": TEXT, "c": JSON}, [], {}),
        ({**SHORT, **{f"i{n}": INT for n in range(17)}}, [], {}),
        ({**SHORT, **{f"i{n}": INT for n in range(18)}}, [], {"s0": "VARCHAR(64)"}),
        ({**{f"t{n}": varchar(10) for n in range(196)}}, [], {}),
        ({**{f"t{n}": varchar(11) for n in range(178)}}, [], {f"t{n}": "VARCHAR(64)" for n in range(3)}),
    ],
)  # fmt: skip
def test_rows_fit(columns: dict[str, Any], keys: list[tuple[str, ...]], changed: dict[str, str]) -> None:
    """A row has 60,000 bytes, 8,000 of them on a page: the widest columns outside of keys go elsewhere, no more than must."""
    given = shape(columns, *keys)
    found = fit(given, Measured())
    assert kinds(found) == {**kinds(given), **changed}
    assert (found.key, found.uniques) == (given.key, given.uniques)
    unlimited = {name for name, kind in changed.items() if kind.startswith("LONG")}
    assert {field.name for field in found.fields if field.default is None} == unlimited
