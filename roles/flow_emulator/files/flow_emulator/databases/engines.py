# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Engines for each family of databases, with sessions set so that values pass unchanged."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.pool import NullPool

from .families import FAMILIES

CONNECT_TIMEOUT = 5
"""Seconds to wait for a server to answer a new connection."""
ANSWER_TIMEOUT = 10
"""Seconds to wait for each answer while a connection is tried."""
LOCK_TIMEOUT = 60
"""Seconds to wait for another writer of an SQLite file."""
READERS_TIMEOUT = 300
"""Seconds to wait for a server's readers to release a table before it is replaced."""
WRITES = "flow_writes"
"""Execution option of a connection that takes an SQLite file's write lock at the start."""

_AS_TEXT = (
    "date time timetz timestamp timestamptz interval json jsonb uuid inet cidr "
    "int4range int8range numrange daterange tsrange tstzrange "
    "int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange"
).split()


def source_engine(url: URL, *, trial: bool = False) -> Engine:
    """Return an engine that reads; it has no pool, so nothing stays open after its last use.

    A `trial` does not wait long for answers, because the listener may not be a database.
    Raises sqlalchemy.exc.NoSuchModuleError or ImportError if the driver is missing.
    """
    family = url.get_backend_name()
    if family == "sqlite":
        return _sqlite(url, ("PRAGMA query_only=ON",))
    engine = create_engine(_utf8(url), poolclass=NullPool, connect_args=_limits(family, trial))
    if family == "mysql":
        _session(engine, ("SET SESSION time_zone = '+00:00', net_write_timeout = 600",))
        event.listen(engine, "handle_error", _end_stream)
    if family == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
        event.listen(engine, "connect", _postgresql_session)
    return engine


def destination_engine(url: URL, *, trial: bool = False) -> Engine:
    """Return an engine that writes strictly: a value that does not fit is refused, not altered."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL"))
    engine = create_engine(
        _utf8(url),
        poolclass=NullPool,
        connect_args=_limits("mysql", trial),
        isolation_level="READ COMMITTED",
        paramstyle="format",
    )
    strict = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES'"
    _session(engine, (strict, f"SET SESSION lock_wait_timeout = {READERS_TIMEOUT}"))
    return engine


def _limits(family: str, trial: bool) -> dict[str, Any]:
    limits = {FAMILIES[family].timeout: CONNECT_TIMEOUT} if family in FAMILIES else {}
    return {**limits, "read_timeout": ANSWER_TIMEOUT} if trial and family == "mysql" else limits


def _utf8(url: URL) -> URL:
    if url.get_backend_name() == "mysql":
        return url.set(query={"charset": "utf8mb4"})
    return url


def _session(engine: Engine, statements: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()


def _postgresql_session(connection: Any, _record: Any) -> None:
    from psycopg.types.string import TextLoader

    for name in _AS_TEXT:
        if connection.adapters.types.get(name) is not None:
            connection.adapters.register_loader(name, TextLoader)
    for statement in (
        "SET TIME ZONE 'UTC'",
        "SET DateStyle = ISO",
        "SET IntervalStyle = postgres",
        "SET extra_float_digits = 1",
    ):
        connection.execute(statement)
    connection.commit()


def _end_stream(context: Any) -> None:
    """Mark the stream of a lost connection as ended, because PyMySQL would continue to read it."""
    cursor = getattr(context.execution_context, "cursor", None)
    result = getattr(cursor, "_result", None)
    if context.is_disconnect and result is not None:
        result.unbuffered_active = False


def _sqlite(url: URL, pragmas: tuple[str, ...]) -> Engine:
    address = f"file:{quote(str(Path(url.database or '').absolute()))}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, timeout=LOCK_TIMEOUT, isolation_level=None)
        try:
            connection.execute("SELECT 1 FROM sqlite_master")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine(url.set(query={}), creator=connect, poolclass=NullPool)
    _session(engine, pragmas)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
