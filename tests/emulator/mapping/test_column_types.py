# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Column types: what each becomes at a server and in SQLite, and how its values are converted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flow_emulator.mapping import carriers, values
from flow_emulator.mapping.column_types import carried, plain
from sqlalchemy import column, types
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite

SERVER, LOCAL = mysql.dialect(), sqlite.dialect()
LONG_SET = tuple(f"m{number}" for number in range(3))


def written(kind: Any, dialect: Any) -> str | None:
    """Return a type as SQL."""
    return None if kind is None else kind.compile(dialect=dialect)


CARRIED: list[tuple[Any, str, str | None, Any]] = [
    (types.Integer(), "INTEGER", "BIGINT", None),
    (types.BigInteger(), "BIGINT", "BIGINT", None),
    (types.SmallInteger(), "SMALLINT", "BIGINT", None),
    (mysql.TINYINT(), "TINYINT", "BIGINT", None),
    (mysql.TINYINT(display_width=1), "TINYINT(1)", "BIGINT", None),
    (mysql.TINYINT(display_width=4, unsigned=True), "TINYINT UNSIGNED", "BIGINT", None),
    (mysql.SMALLINT(display_width=1), "SMALLINT", "BIGINT", None),
    (mysql.MEDIUMINT(unsigned=True), "MEDIUMINT UNSIGNED", "BIGINT", None),
    (mysql.INTEGER(unsigned=True), "INTEGER UNSIGNED", "BIGINT", None),
    (mysql.BIGINT(), "BIGINT", "BIGINT", None),
    (mysql.BIGINT(unsigned=True), "BIGINT UNSIGNED", "DECIMAL_TEXT(20,0)", values.as_text),
    (postgresql.OID(), "BIGINT", "BIGINT", None),
    (mssql.TINYINT(), "TINYINT UNSIGNED", "BIGINT", None),
    (types.Boolean(), "BOOL", None, values.truth),
    (types.Double(), "DOUBLE", None, values.finite),
    (types.Float(), "DOUBLE", None, values.finite),
    (mysql.FLOAT(), "FLOAT", "DOUBLE", values.finite),
    (types.REAL(), "FLOAT", "DOUBLE", values.finite),
    (types.VARCHAR(), "LONGTEXT", "TEXT", None),
    (types.VARCHAR(0), "VARCHAR(1)", None, None),
    (types.VARCHAR(1), "VARCHAR(1)", None, None),
    (types.VARCHAR(16383), "VARCHAR(16383)", None, None),
    (types.VARCHAR(16384), "LONGTEXT", "TEXT", None),
    (types.Text(), "LONGTEXT", "TEXT", None),
    (types.Text(5), "LONGTEXT", "TEXT", None),
    (mysql.CHAR(3), "CHAR(3)", None, None),
    (mysql.CHAR(), "CHAR(1)", None, None),
    (mysql.ENUM("a", "XXL"), "ENUM('a','XXL')", "VARCHAR(3)", None),
    (mysql.ENUM("a", "b c "), "VARCHAR(4)", None, None),
    (mysql.ENUM("", "b"), "VARCHAR(1)", None, None),
    (mysql.ENUM("50%"), "VARCHAR(3)", None, None),
    (mysql.ENUM("a\\b"), "VARCHAR(3)", None, None),
    (mysql.ENUM("a,b"), "VARCHAR(3)", None, None),
    (mysql.ENUM("🙂"), "VARCHAR(1)", None, None),
    (mysql.ENUM("\uffff"), "ENUM('\uffff')", "VARCHAR(1)", None),
    (types.Enum(), "ENUM()", "VARCHAR(1)", None),
    (mysql.SET(*LONG_SET), "SET('m0','m1','m2')", "VARCHAR(8)", None),
    (mysql.SET("a\\", "b"), "VARCHAR(4)", None, None),
    (types.Date(), "DATE", None, values.date_text),
    (types.DateTime(), "DATETIME(6)", "DATETIME", values.timestamp),
    (mysql.DATETIME(), "DATETIME", "DATETIME", values.timestamp),
    (mysql.DATETIME(fsp=3), "DATETIME(3)", "DATETIME", values.timestamp),
    (mysql.TIMESTAMP(), "DATETIME", "DATETIME", values.timestamp),
    (postgresql.TIMESTAMP(), "DATETIME(6)", "DATETIME", values.timestamp),
    (postgresql.TIMESTAMP(precision=0), "DATETIME", "DATETIME", values.timestamp),
    (postgresql.TIMESTAMP(precision=2), "DATETIME(2)", "DATETIME", values.timestamp),
    (types.Time(), "TIME(6)", "TIME", values.time_text),
    (mysql.TIME(), "TIME", "TIME", values.time_text),
    (mysql.TIME(fsp=4), "TIME(4)", "TIME", values.time_text),
    (postgresql.TIME(), "TIME(6)", "TIME", values.time_text),
    (postgresql.TIME(precision=3), "TIME(3)", "TIME", values.time_text),
    (postgresql.TIME(timezone=True), "VARCHAR(21)", None, values.as_text),
    (mysql.YEAR(), "YEAR", "INTEGER", None),
    (mysql.BIT(), "BIT", "BIGINT", values.bits),
    (mysql.BIT(63), "BIT(63)", "BIGINT", values.bits),
    (mysql.BIT(64), "BIGINT UNSIGNED", "DECIMAL_TEXT(20,0)", values.bits_text),
    (postgresql.BIT(8), "VARCHAR(8)", None, None),
    (types.Uuid(), "CHAR(36)", None, values.as_text),
    (postgresql.INET(), "VARCHAR(43)", None, values.as_text),
    (postgresql.CIDR(), "VARCHAR(43)", None, values.as_text),
    (postgresql.MACADDR(), "VARCHAR(43)", None, values.as_text),
    (postgresql.MACADDR8(), "VARCHAR(43)", None, values.as_text),
    (types.JSON(), "JSON", "JSON_TEXT", values.json_text),
    (postgresql.JSONB(), "JSON", "JSON_TEXT", values.json_text),
    (carriers.JsonText(), "JSON", "JSON_TEXT", values.json_text),
    (postgresql.ARRAY(types.Integer()), "JSON", "JSON_TEXT", values.json_text),
    (postgresql.DOMAIN("d", types.SmallInteger()), "SMALLINT", "BIGINT", None),
    (mysql.BINARY(16), "BINARY(16)", "BLOB", values.binary),
    (mysql.BINARY(), "BINARY(1)", "BLOB", values.binary),
    (mysql.VARBINARY(20), "VARBINARY(20)", "BLOB", values.binary),
    (mysql.LONGBLOB(), "LONGBLOB", "BLOB", values.binary),
    (postgresql.BYTEA(), "LONGBLOB", "BLOB", values.binary),
    (postgresql.TSVECTOR(), "LONGTEXT", "TEXT", values.as_text),
    (types.NullType(), "LONGTEXT", "TEXT", values.as_text),
    (oracle.BFILE(), "LONGBLOB", "BLOB", values.binary),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "server", "local", "convert"), CARRIED)
def test_type_is_carried(kind: Any, server: str, local: str | None, convert: Any) -> None:
    how = carried(kind)
    assert written(how.type, SERVER) == server
    assert written(how.local, LOCAL) == local
    assert how.convert is convert


@pytest.mark.parametrize(
    ("kind", "server", "local", "digits"),
    [
        (types.Numeric(10, 2), "NUMERIC(10, 2)", "DECIMAL_TEXT(10,2)", (8, 2)),
        (types.Numeric(5), "NUMERIC(5, 0)", "DECIMAL_TEXT(5,0)", (5, 0)),
        (types.Numeric(), "NUMERIC(65, 30)", "DECIMAL_TEXT(65,30)", (35, 30)),
        (types.Numeric(65, 30), "NUMERIC(65, 30)", "DECIMAL_TEXT(65,30)", (35, 30)),
        (types.Numeric(3, 5), "NUMERIC(5, 5)", "DECIMAL_TEXT(5,5)", (0, 5)),
        (types.Numeric(3, -2), "NUMERIC(5, 0)", "DECIMAL_TEXT(5,0)", (5, 0)),
        (carriers.ExactDecimal(12, 4), "NUMERIC(12, 4)", "DECIMAL_TEXT(12,4)", (8, 4)),
        (postgresql.MONEY(), "NUMERIC(19, 2)", "DECIMAL_TEXT(19,2)", (17, 2)),
        (mssql.MONEY(), "NUMERIC(19, 4)", "DECIMAL_TEXT(19,4)", (15, 4)),
        (mssql.SMALLMONEY(), "NUMERIC(19, 4)", "DECIMAL_TEXT(19,4)", (15, 4)),
    ],
)
def test_decimal_keeps_its_digits(kind: Any, server: str, local: str, digits: tuple[int, int]) -> None:
    """Each holds as many digits as its type has, and refuses one more."""
    how = carried(kind)
    assert (written(how.type, SERVER), written(how.local, LOCAL)) == (server, local)
    before, behind = digits
    assert how.convert is not None
    fits = f"{'9' * before or '0'}.{'9' * behind}".rstrip(".")
    assert how.convert(Decimal(fits)) == fits
    for one_more in ("1" + "0" * before, "0." + "0" * behind + "1"):
        with pytest.raises(ValueError, match="does not fit"):
            how.convert(Decimal(one_more))


@pytest.mark.parametrize(("precision", "scale", "length"), [(66, 2, 69), (40, 31, 43), (65, 31, 68), (66, None, 69)])
def test_too_many_digits_become_text(precision: int, scale: int | None, length: int) -> None:
    how = carried(types.Numeric(precision, scale))
    assert (written(how.type, SERVER), how.local) == (f"VARCHAR({length})", None)
    assert how.convert is values.decimal_text


def test_widest_decimal_in_sqlite() -> None:
    assert written(carriers.ExactDecimal(), LOCAL) == "DECIMAL_TEXT(65,30)"
    assert written(carriers.FLOAT.local, LOCAL) == "DOUBLE"


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        (types.Integer(), "x"),
        (types.Double(), "x"),
        (mysql.FLOAT(), "x + 0e0"),
        (types.REAL(), "CAST(x AS DOUBLE PRECISION)"),
        (postgresql.MONEY(), "CAST(x AS NUMERIC(19, 2))"),
        (postgresql.ARRAY(types.Integer()), "CAST(to_json(x) AS TEXT)"),
    ],
)
def test_column_is_selected(kind: Any, read: str) -> None:
    """What a driver would bend is turned into something that it does not."""
    assert str(carried(kind).read(column("x")).compile(dialect=postgresql.dialect())) == read


@pytest.mark.parametrize(
    ("kind", "dialect", "expected"),
    [
        (types.REAL(), "sqlite", types.Double),
        (types.Integer(), "sqlite", types.BigInteger),
        (types.Integer(), "postgresql", types.Integer),
        (types.REAL(), "postgresql", types.REAL),
        (types.NullType(), "mysql", types.LargeBinary),
        (types.NullType(), "mariadb", types.LargeBinary),
        (types.NullType(), "sqlite", types.NullType),
        (types.NullType(), "postgresql", types.NullType),
        (types.Text(), "sqlite", types.Text),
        (types.Text(), "mysql", types.Text),
    ],
)
def test_type_is_made_plain(kind: Any, dialect: str, expected: Any) -> None:
    """A reflected type is renamed where the dialect means something else by it."""
    assert plain(kind, dialect).__class__ is expected
