# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state file: SQLite in WAL mode, so that what was acknowledged survives a kill."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

metadata = sa.MetaData()

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)
instance = sa.Table(
    "instance",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, nullable=False),
)
connection = sa.Table(
    "connection",
    metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("side", sa.Text, primary_key=True),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
)
licence = sa.Table(
    "licence",
    metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("saved_on", sa.Date, nullable=False),
)
schedule = sa.Table(
    "schedule",
    metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("duration", sa.Text),
    sa.Column("offset", sa.Text, nullable=False),
    sa.Column("week_flags", sa.Text),
    sa.Column("saved_at", sa.DateTime, nullable=False),
    sa.Column("next_due", sa.DateTime, index=True),
)
selection = sa.Table(
    "selection",
    metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("database", sa.Text, primary_key=True),
    sa.Column("schema", sa.Text, primary_key=True),
    sa.Column("table", sa.Text, primary_key=True),
    sa.Column("loaded", sa.Boolean, nullable=False, default=False),
)
operation = sa.Table(
    "operation",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("instance", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("trigger", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("message", sa.Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)
result = sa.Table(
    "result",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)
PER_INSTANCE = (connection, licence, schedule, selection)


class Store:
    """Reads anywhere, one writer at a time; a write is kept once its block has ended."""

    def __init__(self, path: Path) -> None:
        """Opens or creates the file, readable by its owner alone: it holds passwords."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        self._engine = sa.create_engine(f"sqlite:///{path}", pool_size=16, max_overflow=-1, hide_parameters=True)
        sa.event.listen(self._engine, "connect", _prepare)
        self._writing = threading.Lock()
        metadata.create_all(self._engine)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connected:
            yield connected

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        with self._writing, self._engine.begin() as connected:
            yield connected

    def close(self) -> None:
        self._engine.dispose()

    def setting(self, name: str, default: Any) -> Any:
        """The JSON value kept under `name`."""
        with self.read() as connected:
            found = connected.execute(sa.select(setting.c.value).where(setting.c.name == name)).first()
        return default if found is None else found.value

    def put_setting(self, name: str, value: Any) -> None:
        with self.write() as connected:
            upsert(connected, setting, {"name": name}, {"value": value})


def upsert(connected: sa.Connection, table: sa.Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Insert the row `key` + `values`, or update `values` where `key` exists."""
    statement = sqlite.insert(table).values(**key, **values)
    connected.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def insert_once(connected: sa.Connection, table: sa.Table, values: dict[str, Any]) -> None:
    """Insert a row unless its key exists."""
    connected.execute(sqlite.insert(table).values(**values).on_conflict_do_nothing())


def same(table: sa.Table, key: dict[str, Any]) -> sa.ColumnElement[bool]:
    """The condition that every column named in `key` has its value."""
    return sa.and_(*(table.c[name] == value for name, value in key.items()))


def _prepare(dbapi: Any, _record: Any) -> None:
    cursor = dbapi.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
