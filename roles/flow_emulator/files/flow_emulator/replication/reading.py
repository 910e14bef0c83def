# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source side of a load: converted rows in batches of limited size."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import NoSuchTableError, SAWarning

from ..databases.names import Place
from ..mapping import fitting
from ..mapping.carriers import Convert
from ..mapping.shapes import Field, Shape, field_of, rows_of

ROWS = 2000
"""The most rows in a batch."""
BYTES = 4_000_000
"""The approximate number of characters and bytes of text and binary in a batch."""
FETCH_LARGE = 50
"""How many rows to fetch at a time from a table with columns of unlimited length."""

_WITH_ERROR_HANDLERS = {"skip_user_error_events": False}
"""Undoes what SQLAlchemy's reflection sets on a connection; see `engines`."""

Row = tuple[Any, ...]


class SourceFailed(Exception):
    """A source's table that cannot be read or copied; the text is a sentence."""


def shape_of(connection: Connection, place: Place) -> Shape:
    """Read the shape that the destination should have. Raises SourceFailed if there is no such table."""
    try:
        shape = fitting.fit(_read(connection, place), _Measured(connection, place))
    except NoSuchTableError:
        raise SourceFailed("the source has no such table.") from None
    if not shape.fields:
        raise SourceFailed("the source's table has no columns.")
    return shape


def _read(connection: Connection, place: Place) -> Shape:
    inspector = inspect(connection)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        columns = inspector.get_columns(place.table, schema=place.schema)
        key = inspector.get_pk_constraint(place.table, schema=place.schema)
        uniques = inspector.get_unique_constraints(place.table, schema=place.schema)
    dialect = connection.dialect.name
    sets = sorted({tuple(str(name) for name in unique["column_names"]) for unique in uniques})
    return Shape(
        tuple(field_of(found, dialect) for found in columns),
        tuple(key["constrained_columns"]),
        tuple(unique for unique in sets if unique),
    )


@dataclass(frozen=True)
class _Measured:
    """A source table's values, measured in the source."""

    connection: Connection
    place: Place

    def has_nulls(self, name: str) -> bool:
        source = table(self.place.table, column(name), schema=self.place.schema)
        found = select(source.c[name].is_(None)).where(source.c[name].is_(None)).limit(1)
        return self.connection.execute(found).first() is not None

    def longest(self, name: str, *, binary: bool) -> int:
        measure = func.octet_length if binary else func.char_length
        if self.connection.dialect.name == "sqlite":
            measure = func.length
        if self.connection.dialect.name == "mssql":
            measure = func.datalength
        source = table(self.place.table, column(name), schema=self.place.schema)
        found = self.connection.execute(select(func.max(measure(source.c[name])))).scalar_one()
        return int(found or 0)


def batches(connection: Connection, shape: Shape, place: Place) -> Generator[list[Row], None, None]:
    """Stream a source table's rows. Raises SourceFailed for a value that cannot be copied."""
    unlimited = any(fitting.width(field) is None for field in shape.fields)
    fetch = FETCH_LARGE if unlimited else ROWS
    options = {"stream_results": True, "yield_per": fetch, **_WITH_ERROR_HANDLERS}
    streaming = connection.execution_options(**options)
    converts = [(i, f, f.carried.convert) for i, f in enumerate(shape.fields) if f.carried.convert]
    batch: list[Row] = []
    size = 0
    with streaming.execute(rows_of(shape, place)) as result:
        for row in result:
            batch.append(_converted(row, converts) if converts else tuple(row))
            if unlimited:
                size += _size(row)
            if len(batch) >= ROWS or size >= BYTES:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


def _converted(row: Any, converts: list[tuple[int, Field, Convert]]) -> Row:
    values = list(row)
    for number, field, convert in converts:
        try:
            values[number] = convert(values[number])
        except (ValueError, ArithmeticError) as problem:
            raise SourceFailed(f"column {field.name!r}: {problem}.") from None
    return tuple(values)


def _size(row: Any) -> int:
    return sum(len(value) for value in row if isinstance(value, (str, bytes)))
