# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape of a source's table, and the destination's table made from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint, column, select, table, text
from sqlalchemy.sql.selectable import Select

from ..databases.names import Place
from . import defaults
from .carriers import Carried
from .column_types import carried, plain


@dataclass(frozen=True)
class Field:
    """A column: how it is carried, and what the destination's column should be."""

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
        """Return the column of that name."""
        return next(field for field in self.fields if field.name == name)


def field_of(found: Any, dialect: str) -> Field:
    """Return the column that SQLAlchemy's inspector has found in a source."""
    how = carried(plain(found["type"], dialect))
    return Field(found["name"], how, found["nullable"], defaults.portable(found.get("default"), how.type))


def rows_of(shape: Shape, place: Place) -> Select[Any]:
    """Return the statement that reads a source table, with values as the driver returns them."""
    source = table(place.table, *(column(field.name) for field in shape.fields), schema=place.schema)
    chosen = [field.carried.read(source.c[field.name]).label(f"c{number}") for number, field in enumerate(shape.fields)]
    return select(*chosen).select_from(source)


def destination_table(shape: Shape, place: Place, *, local: bool, **options: Any) -> Table:
    """Return the destination's table; `local` is for SQLite, `options` for the server's dialect."""
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
