# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to carry each type of a source's columns."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import Any

from sqlalchemy import Numeric, cast, func, literal_column, types
from sqlalchemy.dialects import mssql, mysql, postgresql

from . import values
from .carriers import FLOAT, Carried, ExactDecimal, JsonText, Type, decimal, integer, moment, text


def plain(kind: Type, dialect: str) -> Type:
    """Return a reflected type under a name that says what the dialect means by it."""
    if dialect == "sqlite" and isinstance(kind, types.REAL):
        return types.Double()
    if dialect == "sqlite" and isinstance(kind, types.Integer):
        return types.BigInteger()
    if dialect in ("mysql", "mariadb") and isinstance(kind, types.NullType):
        return types.LargeBinary()
    return kind


@singledispatch
def carried(kind: Any) -> Carried:
    """Return how to carry a source's column type; by default as text, as the driver writes it."""
    return text(convert=values.as_text)


@carried.register
def _carry_integer(kind: types.Integer) -> Carried:
    return integer(mysql.BIGINT if isinstance(kind, types.BigInteger) else mysql.INTEGER)


@carried.register
def _carry_small_integer(kind: types.SmallInteger) -> Carried:
    return integer(mysql.SMALLINT)


@carried.register(mysql.TINYINT)
@carried.register(mysql.SMALLINT)
@carried.register(mysql.MEDIUMINT)
@carried.register(mysql.INTEGER)
@carried.register(mysql.BIGINT)
def _carry_mysql_tinyint(kind: Any) -> Carried:
    truth = isinstance(kind, mysql.TINYINT) and kind.display_width == 1
    return integer(type(kind), unsigned=bool(kind.unsigned), width=1 if truth else None)


@carried.register
def _carry_postgresql_oid(kind: postgresql.OID) -> Carried:
    return integer(mysql.BIGINT)


@carried.register
def _carry_mssql_tinyint(kind: mssql.TINYINT) -> Carried:
    return integer(mysql.TINYINT, unsigned=True)


@carried.register
def _carry_boolean(kind: types.Boolean) -> Carried:
    return Carried(types.Boolean(create_constraint=False), values.truth)


@carried.register(types.Numeric)
def _carry_numeric(kind: Any) -> Carried:
    return decimal(kind.precision, kind.scale)


@carried.register
def _carry_exact_decimal(kind: ExactDecimal) -> Carried:
    return decimal(kind.precision, kind.scale)


@carried.register
def _carry_postgresql_money(kind: postgresql.MONEY) -> Carried:
    return replace(decimal(19, 2), read=lambda column: cast(column, Numeric(19, 2)))


@carried.register(mssql.MONEY)
@carried.register(mssql.SMALLMONEY)
def _carry_mssql_money(kind: Any) -> Carried:
    return decimal(19, 4)


@carried.register(types.Float)
def _carry_float(kind: Any) -> Carried:
    return Carried(types.Double(), values.finite)


@carried.register(mysql.FLOAT)
def _carry_mysql_float(kind: Any) -> Carried:
    return replace(FLOAT, read=lambda column: column + literal_column("0e0"))


@carried.register(types.REAL)
def _carry_real(kind: Any) -> Carried:
    return replace(FLOAT, read=lambda column: cast(column, types.Double()))


@carried.register
def _carry_string(kind: types.String) -> Carried:
    return text(kind.length)


@carried.register
def _carry_text(kind: types.Text) -> Carried:
    return text()


@carried.register
def _carry_mysql_char(kind: mysql.CHAR) -> Carried:
    return Carried(types.CHAR(kind.length or 1))


@carried.register
def _carry_enum(kind: types.Enum) -> Carried:
    members = tuple(kind.enums)
    longest = max((len(member) for member in members), default=1)
    if not _portable(members):
        return text(longest)
    exact = mysql.ENUM(*members)
    return Carried(exact, local=types.VARCHAR(longest))


@carried.register
def _carry_mysql_set(kind: mysql.SET) -> Carried:
    members = tuple(kind.values)
    longest = len(",".join(members)) or 1
    if not _portable(members):
        return text(longest)
    exact = mysql.SET(*members)
    return Carried(exact, local=types.VARCHAR(longest))


def _portable(members: tuple[str, ...]) -> bool:
    return all(
        member and member == member.rstrip() and max(member) <= "\uffff" and not set(member) & set("\\%,")
        for member in members
    )


@carried.register
def _carry_date(kind: types.Date) -> Carried:
    return Carried(types.Date(), values.date_text)


@carried.register
def _carry_date_time(kind: types.DateTime) -> Carried:
    digits = getattr(kind, "fsp", None)
    if isinstance(kind, postgresql.TIMESTAMP):
        digits = kind.precision
    if isinstance(kind, (mysql.DATETIME, mysql.TIMESTAMP)):
        digits = digits or 0
    return moment(digits)


@carried.register
def _carry_time(kind: types.Time) -> Carried:
    if getattr(kind, "timezone", False):
        return text(21, convert=values.as_text)
    digits = getattr(kind, "precision", 6)
    if isinstance(kind, mysql.TIME):
        digits = kind.fsp or 0
    exact = mysql.TIME(fsp=6 if digits is None else digits)
    return Carried(exact, values.time_text, local=types.Time())


@carried.register
def _carry_mysql_year(kind: mysql.YEAR) -> Carried:
    return Carried(mysql.YEAR(), local=types.Integer())


@carried.register(mysql.BIT)
def _carry_mysql_bit(kind: Any) -> Carried:
    if (kind.length or 1) > 63:
        return replace(integer(mysql.BIGINT, unsigned=True), convert=values.bits_text)
    return Carried(mysql.BIT(kind.length), values.bits, local=types.BigInteger())


@carried.register
def _carry_postgresql_bit(kind: postgresql.BIT) -> Carried:
    return text(kind.length)


@carried.register(types.Uuid)
def _carry_uuid(kind: Any) -> Carried:
    return Carried(types.CHAR(36), values.as_text)


@carried.register(postgresql.INET)
@carried.register(postgresql.CIDR)
@carried.register(postgresql.MACADDR)
@carried.register(postgresql.MACADDR8)
def _carry_postgresql_inet(kind: Any) -> Carried:
    return text(43, convert=values.as_text)


@carried.register
def _carry_json(kind: types.JSON) -> Carried:
    return Carried(mysql.JSON(), values.json_text, local=JsonText())


@carried.register
def _carry_json_text(kind: JsonText) -> Carried:
    return carried(types.JSON())


@carried.register(types.ARRAY)
def _carry_array(kind: Any) -> Carried:
    document = carried(types.JSON())
    return replace(document, read=lambda column: cast(func.to_json(column), types.Text()))


@carried.register
def _carry_postgresql_domain(kind: postgresql.DOMAIN) -> Carried:
    return carried(kind.data_type)


@carried.register(types._Binary)
def _carry_binary(kind: Any) -> Carried:
    length = getattr(kind, "length", None)
    if isinstance(kind, mysql.BINARY):
        exact: Type = mysql.BINARY(length or 1)
    elif isinstance(kind, mysql.VARBINARY) and length:
        exact = mysql.VARBINARY(length)
    else:
        exact = mysql.LONGBLOB()
    return Carried(exact, values.binary, local=types.LargeBinary())
