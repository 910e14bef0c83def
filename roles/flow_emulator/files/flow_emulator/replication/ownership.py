# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ownership of a destination's table: one writer at a time, one source table, no helpers left behind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import inspect
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateSchema

from ..databases.engines import WRITES
from ..databases.names import DESTINATION, HELPER, Place, TableRef, destination_place, source_place
from .locks import Locked, held
from .staging import Target

ORIGIN = "Loaded by singlestore.flow from "
"""Start of the comment on a table in a database that takes the tables of all schemas."""


class Taken(Exception):
    """The table's name in the destination belongs to a table of another schema."""


@contextmanager
def writing(destination: Engine, schema: str, name: str) -> Iterator[Target]:
    """Lock a destination table, remove what killed runs left behind, and clean up afterward."""
    live = destination_place(destination, schema, name)
    shared = live.schema is not None and destination.get_execution_options()[DESTINATION]
    origin = f"{ORIGIN}{schema}.{name}" if shared else ""
    with destination.connect().execution_options(**{WRITES: True}) as connection:
        _ensure_schema(connection, live.schema)
        base = helper_name(live)
        with held(connection, base):
            target = Target(connection, live, base, origin)
            _check_origin(target)
            _sweep(target, base)
            target.discard()
            try:
                yield target
            except BaseException:
                with suppress(SQLAlchemyError):
                    connection.rollback()
                    target.discard()
                raise


def helper_name(live: Place) -> str:
    """Return the name of a destination table's lock, with which its helpers' names start."""
    digest = hashlib.sha256(f"{live.schema or ''}\0{live.table}".encode()).hexdigest()
    return f"_flow_{digest[:16]}"


def _ensure_schema(connection: Connection, schema: str | None) -> None:
    if schema is None:
        return
    with connection.begin():
        if not inspect(connection).has_schema(schema):
            connection.execute(CreateSchema(schema, if_not_exists=True))


def is_its_own_source(source: Engine, destination: Engine, table: TableRef) -> bool:
    """Return whether a table would be loaded into itself."""

    def address(engine: Engine) -> tuple[object, ...]:
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        host = "127.0.0.1" if engine.url.host == "localhost" else engine.url.host
        return engine.dialect.name, host, engine.url.port, file

    taken = source_place(source, table.schema, table.table)
    given = destination_place(destination, table.schema, table.table)
    return (address(source), taken) == (address(destination), given)


def _check_origin(target: Target) -> None:
    """Refuse to replace a table that was loaded from another one. Raises Taken."""
    if target.local:
        _check_letters(target)
    if not target.origin or not target.exists():
        return
    with target.connection.begin():
        inspector = inspect(target.connection)
        found = inspector.get_table_comment(target.live.table, schema=target.live.schema)["text"]
    if found and found.startswith(ORIGIN) and found != target.origin:
        raise Taken(
            f"database {target.live.schema!r} already has a table {target.live.table!r}, "
            f"loaded from {found.removeprefix(ORIGIN)}. Leave out the destination's database to give "
            "each schema a database of its own."
        )


def _check_letters(target: Target) -> None:
    """Raise Taken for a name that differs only in case from another; SQLite takes both for one name."""
    name = target.live.table
    with target.connection.begin():
        names = inspect(target.connection).get_table_names()
    for other in names:
        if other != name and other.lower() == name.lower():
            raise Taken(f"an SQLite destination cannot tell it from {other}, which already exists there.")


def _sweep(target: Target, own: str) -> None:
    """Drop the helpers of other tables whose writer is gone."""
    with target.connection.begin():
        names = inspect(target.connection).get_table_names(schema=target.live.schema)
    others = {match[1] for name in names if (match := HELPER.fullmatch(name))} - {own}
    for base in others:
        with suppress(Locked), held(target.connection, base, wait=0):
            Target(target.connection, target.live, base).discard()
