# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to carry a column: the destination's type, what to select, and how to convert it.

A type without a match in MySQL's protocol is carried as text, so that nothing is lost. A type whose
values SQLite would alter has another type there, which keeps every digit and every character.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Numeric, types
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.sqlite import base as sqlite_base

from . import values

Type = types.TypeEngine[Any]
Convert = Callable[[Any], Any]
Read = Callable[[ColumnElement[Any]], ColumnElement[Any]]

MAX_DIGITS, MAX_SCALE = 65, 30
"""The digits of DECIMAL in MySQL and SingleStore."""


class ExactDecimal(types.UserDefinedType[Any]):
    """SQLite's DECIMAL_TEXT(p,s): digits kept as text, because DECIMAL would turn them into a float."""

    cache_ok = True

    def __init__(self, precision: int = MAX_DIGITS, scale: int = MAX_SCALE) -> None:
        self.precision, self.scale = precision, scale

    def get_col_spec(self, **_kwargs: Any) -> str:
        return f"DECIMAL_TEXT({self.precision},{self.scale})"


class JsonText(types.UserDefinedType[Any]):
    """SQLite's JSON_TEXT: a document kept exactly as it is."""

    cache_ok = True

    def get_col_spec(self, **_kwargs: Any) -> str:
        return "JSON_TEXT"


sqlite_base.ischema_names["DECIMAL_TEXT"] = ExactDecimal
sqlite_base.ischema_names["JSON_TEXT"] = JsonText


def _unchanged(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column


@dataclass(frozen=True)
class Carried:
    """How a column is carried: its type on a server, its type in SQLite if different, and the conversion."""

    type: Type
    convert: Convert | None = None
    read: Read = _unchanged
    local: Type | None = None


def text(length: int | None = None, *, convert: Convert | None = None) -> Carried:
    """Carry as VARCHAR(length), or as LONGTEXT if that would be too long."""
    if length is None or length > 16383:
        return Carried(mysql.LONGTEXT(), convert, local=types.Text())
    return Carried(types.VARCHAR(max(length, 1)), convert)


def decimal(precision: int | None, scale: int | None) -> Carried:
    """Carry as DECIMAL, or as text if the source allows more digits than DECIMAL has."""
    if precision is None:
        precision, scale = MAX_DIGITS, MAX_SCALE
    scale = scale or 0
    digits, scale = max(precision, scale, precision - scale), max(scale, 0)
    if digits > MAX_DIGITS or scale > MAX_SCALE:
        return text(digits + 3, convert=values.decimal_text)
    local = ExactDecimal(digits, scale)
    return Carried(Numeric(digits, scale), values.decimal(digits, scale), local=local)


def moment(digits: int | None) -> Carried:
    """Carry as DATETIME with this many fractional digits of a second."""
    exact = mysql.DATETIME(fsp=6 if digits is None else digits)
    return Carried(exact, values.timestamp, local=types.DateTime())


def integer(kind: Any, *, unsigned: bool = False, width: int | None = None) -> Carried:
    """Carry as the integer type `kind` of MySQL."""
    exact = kind(unsigned=unsigned, display_width=width)
    wide = unsigned and kind is mysql.BIGINT
    local: Type = ExactDecimal(20, 0) if wide else types.BigInteger()
    return Carried(exact, values.as_text if wide else None, local=local)


FLOAT = Carried(mysql.FLOAT(), values.finite, local=types.Double())
