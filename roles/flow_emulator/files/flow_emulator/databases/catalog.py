# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables that a database has, and how many rows a table has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, inspect, select, table
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from .engines import source_engine
from .failures import ConnectionFailed, sentence
from .families import FAMILIES
from .names import (
    HELPER,
    SOURCE,
    Place,
    destination_place,
    is_destination,
    prefixed,
    source_place,
)


class SchemaNotFound(Exception):
    """The database or schema in a path does not exist in the source."""


@contextmanager
def reading(engine: Engine, database: str) -> Iterator[Connection]:
    """Connect to one database of a source; some servers need a separate connection for each.

    Raises SchemaNotFound if such a server does not have the database.
    """
    family = FAMILIES.get(engine.dialect.name)
    if not (family and family.sees_one_database) or database == engine.url.database:
        with engine.connect() as connection:
            yield connection
        return
    other = source_engine(engine.url.set(database=database))
    try:
        connection = other.connect()
    except OperationalError as problem:
        raise SchemaNotFound(f"Database {database!r}: {sentence(problem)}") from None
    with connection:
        yield connection


def list_tables(engine: Engine, database: str, schema: str) -> list[str]:
    """Return the sorted names of a schema's tables, without the helpers of loads.

    Raises SchemaNotFound, or ConnectionFailed if the database no longer answers.
    """
    try:
        with reading(engine, database) as connection:
            local = engine.dialect.name == "sqlite"
            names = (_sqlite_tables if local else _server_tables)(connection, schema)
            return sorted(name for name in names if not HELPER.fullmatch(name))
    except SQLAlchemyError as problem:
        raise ConnectionFailed(None, sentence(problem, hide=(engine.url.password,))) from None


def _server_tables(connection: Connection, schema: str) -> list[str]:
    inspector = inspect(connection)
    if not inspector.has_schema(schema):
        raise SchemaNotFound(f"There is no schema {schema!r}.")
    return inspector.get_table_names(schema=schema)


def _sqlite_tables(connection: Connection, schema: str) -> list[str]:
    names = inspect(connection).get_table_names()
    if schema in connection.get_execution_options().get(SOURCE, ()):
        return names
    found = prefixed(names, schema)
    if not found:
        raise SchemaNotFound(f"There is no schema {schema!r}.")
    return found


def count_rows(engine: Engine, database: str, schema: str, table: str) -> int | None:
    """Return the number of a table's rows in a source or a destination; None if there is no such table.

    Raises ConnectionFailed if the database no longer answers.
    """
    try:
        if is_destination(engine):
            with engine.connect() as connection:
                return _count(connection, destination_place(engine, schema, table))
        with reading(engine, database) as connection:
            return _count(connection, source_place(engine, schema, table))
    except SchemaNotFound:
        return None
    except SQLAlchemyError as problem:
        raise ConnectionFailed(None, sentence(problem, hide=(engine.url.password,))) from None


def _count(connection: Connection, place: Place) -> int | None:
    if not inspect(connection).has_table(place.table, schema=place.schema):
        return None
    counted = select(func.count()).select_from(table(place.table, schema=place.schema))
    return int(connection.execute(counted).scalar_one())
