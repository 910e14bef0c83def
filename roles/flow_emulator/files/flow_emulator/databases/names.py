# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a table in the API's paths, database/schema/table, is in a source and in a destination.

| | database | schema |
|---|---|---|
| MySQL, MariaDB | any name | the MySQL database |
| PostgreSQL | the database | the schema |
| SQL Server | the database | the schema |
| Oracle | any name | the owner |
| SQLite source | any name | `classicmodels` for the embedded sample, else `main` or the file's stem; \
tables `x.y` are also table `y` of schema `x` |
| destination, MySQL's protocol | not used | a database of that name, created if absent; all go \
into one database if the connection names it |
| destination, SQLite | not used | the table is called `schema.table` |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, Engine

SOURCE = "flow_plain_schemas"
"""Execution option of a source's engine: the schemas of the plain names in an SQLite file."""
DESTINATION = "flow_database"
"""Execution option of a destination's engine: the database it names, or an empty string."""
SAMPLE_SCHEMA = "classicmodels"
HELPER = re.compile(r"(_flow_[0-9a-f]{16})_(?:new|old)")
"""Names of the tables that exist beside a table while it is loaded."""


@dataclass(frozen=True)
class TableRef:
    """A table as the API's paths name it."""

    database: str
    schema: str
    table: str


@dataclass(frozen=True)
class Place:
    """A table where SQLAlchemy finds it."""

    schema: str | None
    table: str


def plain_schemas(url: URL, *, embedded: bool) -> frozenset[str]:
    """Return the schemas of the plain names in an SQLite file."""
    return frozenset({SAMPLE_SCHEMA} if embedded else {"main", Path(url.database or "").stem})


def is_destination(engine: Engine) -> bool:
    """Return whether the engine was opened as a destination."""
    return DESTINATION in engine.get_execution_options()


def destination_place(engine: Engine, schema: str, table: str) -> Place:
    """Return the place where the destination keeps a table."""
    if engine.dialect.name == "sqlite":
        return Place(None, f"{_escaped(schema)}.{table}")
    return Place(engine.get_execution_options()[DESTINATION] or schema, table)


def source_place(engine: Engine, schema: str, table: str) -> Place:
    """Return the place where the source has a table."""
    if engine.dialect.name == "sqlite":
        plain = schema in engine.get_execution_options().get(SOURCE, ())
        return Place(None, table if plain else f"{_escaped(schema)}.{table}")
    return Place(schema, table)


def prefixed(names: list[str], schema: str) -> list[str]:
    """Return the names in `schema` among an SQLite file's names `schema.table`."""
    start = f"{_escaped(schema)}."
    return [name.removeprefix(start) for name in names if name.startswith(start)]


def _escaped(schema: str) -> str:
    return schema.replace("%", "%25").replace(".", "%2E")
