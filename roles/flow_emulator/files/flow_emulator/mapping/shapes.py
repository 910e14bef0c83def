# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a source's table looks like, and the table that the destination gets for it."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    column,
    func,
    inspect,
    select,
    table,
    text,
    types,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SAWarning
from sqlalchemy.sql.selectable import Select

from ..databases.names import Place
from .column_types import Carried, carried, plain

_CAST = r"(?:::[\w\s\".(),\[\]]+)?"
_NUMBER = re.compile(rf"\(*'?(-?\d+(?:\.\d+)?)'?\)*{_CAST}")
_QUOTED = re.compile(rf"'((?:[^'\\]|'')*)'{_CAST}")
_NOW = re.compile(r"(?:now\(\)|current_timestamp(?:\(\d*\))?)", re.I)
_TRUTH = {"true": "1", "false": "0"}


@dataclass(frozen=True)
class Field:
    """A column: how it is carried, and what the destination's column is to be."""

    name: str
    carried: Carried
    nullable: bool
    default: str | None


@dataclass(frozen=True)
class Shape:
    """A table's columns in order, its primary key and the sets of columns that are unique."""

    fields: tuple[Field, ...]
    key: tuple[str, ...]
    uniques: tuple[tuple[str, ...], ...]

    def field(self, name: str) -> Field:
        """Give the column of that name."""
        return next(field for field in self.fields if field.name == name)


def read(connection: Connection, place: Place) -> Shape:
    """Read a source table's shape. Raises sqlalchemy.exc.NoSuchTableError."""
    inspector = inspect(connection)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        columns = inspector.get_columns(place.table, schema=place.schema)
        key = inspector.get_pk_constraint(place.table, schema=place.schema)
        uniques = inspector.get_unique_constraints(place.table, schema=place.schema)
    dialect = connection.dialect.name
    sets = sorted({tuple(str(name) for name in unique["column_names"]) for unique in uniques})
    return Shape(
        tuple(_field(found, dialect) for found in columns),
        tuple(key["constrained_columns"]),
        tuple(unique for unique in sets if unique),
    )


def _field(found: Any, dialect: str) -> Field:
    how = carried(plain(found["type"], dialect))
    default = portable_default(found.get("default"), how.type)
    return Field(found["name"], how, found["nullable"], default)


def portable_default(written: str | None, kind: types.TypeEngine[Any]) -> str | None:
    """Give a default as a destination takes it: SQL of a literal, or None where none can be had.

    Only what means the same everywhere is taken over: numbers, quoted text, days and moments,
    truth values, and the current moment.
    """
    written = (written or "").strip()
    if isinstance(kind, types.Boolean) and written in ("0", "1", *_TRUTH):
        return _TRUTH.get(written, written)
    if isinstance(kind, (types.Integer, types.Numeric, types.Float)):
        number = _NUMBER.fullmatch(written)
        return number[1] if number else None
    if isinstance(kind, types.DateTime) and _NOW.fullmatch(written):
        digits = getattr(kind, "fsp", None)
        return f"CURRENT_TIMESTAMP({digits})" if digits else "CURRENT_TIMESTAMP"
    quoted = _QUOTED.fullmatch(written)
    if quoted is None or not isinstance(kind, (types.VARCHAR, types.CHAR, types.Enum, types.Date)):
        return None
    if isinstance(kind, types.Date) and not re.fullmatch(r"\d{4}-\d\d-\d\d", quoted[1]):
        return None
    return f"'{quoted[1]}'"


def rows_of(shape: Shape, place: Place) -> Select[Any]:
    """Give the statement that reads a source table, values as the driver has them."""
    source = table(place.table, *(column(field.name) for field in shape.fields), schema=place.schema)
    chosen = [field.carried.read(source.c[field.name]).label(f"c{number}") for number, field in enumerate(shape.fields)]
    return select(*chosen).select_from(source)


def destination_table(shape: Shape, place: Place, *, local: bool, **options: Any) -> Table:
    """Give the destination's table; `local` for SQLite, `options` for the server's dialect."""
    columns = [
        Column(
            field.name,
            (local and field.carried.local) or field.carried.type,
            key=f"c{number}",
            nullable=field.nullable and field.name not in shape.key,
            server_default=text(_default(field.default, local=local)) if field.default else None,
            autoincrement=False,
            quote=True,
        )
        for number, field in enumerate(shape.fields)
    ]
    keys = {field.name: f"c{number}" for number, field in enumerate(shape.fields)}
    constraints: list[Any] = [UniqueConstraint(*(keys[name] for name in names)) for names in shape.uniques]
    if shape.key:
        constraints.append(PrimaryKeyConstraint(*(keys[name] for name in shape.key)))
    return Table(
        place.table,
        MetaData(),
        *columns,
        *constraints,
        schema=place.schema,
        quote=True,
        quote_schema=True,
        **options,
    )


def _default(default: str, *, local: bool) -> str:
    return re.sub(r"\(\d\)$", "", default) if local else default


def longest(connection: Connection, place: Place, name: str, *, binary: bool) -> int:
    """Measure the longest value of a source's column, in characters or bytes."""
    measure = func.octet_length if binary else func.char_length
    if connection.dialect.name == "sqlite":
        measure = func.length
    if connection.dialect.name == "mssql":
        measure = func.datalength
    source = table(place.table, column(name), schema=place.schema)
    found = connection.execute(select(func.max(measure(source.c[name])))).scalar_one()
    return int(found or 0)


def has_nulls(connection: Connection, place: Place, name: str) -> bool:
    """Tell whether a source's column holds NULL."""
    source = table(place.table, column(name), schema=place.schema)
    found = select(source.c[name].is_(None)).where(source.c[name].is_(None)).limit(1)
    return connection.execute(found).first() is not None
