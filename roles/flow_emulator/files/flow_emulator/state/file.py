# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state file: SQLite in WAL mode, so that acknowledged writes survive a kill."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from . import schema, versions


class StateFile:
    """Any thread may read, and one may write at a time; a write is kept once its block has ended."""

    def __init__(self, path: Path) -> None:
        """Open or create the file. Only its owner may read it, because it holds passwords. Raises versions.Unusable."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        versions.check(path)
        self._engine = sa.create_engine(f"sqlite:///{path}", pool_size=16, max_overflow=-1, hide_parameters=True)
        sa.event.listen(self._engine, "connect", _prepare)
        self._writing = threading.Lock()
        try:
            with self._engine.begin() as connected:
                versions.bring_up(connected)
        except BaseException:
            self._engine.dispose()
            raise

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
        """Return the JSON value kept under `name`."""
        with self.read() as connected:
            found = connected.execute(sa.select(schema.setting.c.value).where(schema.setting.c.name == name)).first()
        return default if found is None else found.value

    def put_setting(self, name: str, value: Any) -> None:
        with self.write() as connected:
            upsert(connected, schema.setting, {"name": name}, {"value": value})

    def instances(self) -> int:
        """Return how many instances have state."""
        names = sa.union(
            *(sa.select(table.c.instance) for table in schema.PER_INSTANCE), sa.select(schema.instance.c.name)
        )
        with self.read() as connected:
            return int(connected.execute(sa.select(sa.func.count()).select_from(names.subquery())).scalar_one())

    def forget(self, instance: str | None) -> None:
        """Forget one instance; None means every instance, and the settings."""

        def of(column: sa.Column[str]) -> sa.ColumnElement[bool]:
            return sa.true() if instance is None else column == instance

        known = sa.select(schema.operation.c.number)
        with self.write() as connected:
            for table in (*schema.PER_INSTANCE, schema.operation):
                connected.execute(sa.delete(table).where(of(table.c.instance)))
            connected.execute(sa.delete(schema.instance).where(of(schema.instance.c.name)))
            connected.execute(sa.delete(schema.result).where(schema.result.c.number.not_in(known)))
            if instance is None:
                connected.execute(sa.delete(schema.setting))


def upsert(connected: sa.Connection, table: sa.Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Insert the row `key` + `values`, or update `values` where `key` exists."""
    statement = sqlite.insert(table).values(**key, **values)
    connected.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def insert_once(connected: sa.Connection, table: sa.Table, values: dict[str, Any]) -> None:
    """Insert a row unless its key exists."""
    connected.execute(sqlite.insert(table).values(**values).on_conflict_do_nothing())


def same(table: sa.Table, key: dict[str, Any]) -> sa.ColumnElement[bool]:
    """Return the condition that every column named in `key` has its value."""
    return sa.and_(*(table.c[name] == value for name, value in key.items()))


def _prepare(dbapi: Any, _record: Any) -> None:
    cursor = dbapi.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
