# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of a source and which of them an instance has selected."""

from __future__ import annotations

import threading
import time
from typing import Any

import sqlalchemy as sa

from ..databases.catalog import list_tables
from ..databases.names import TableRef
from .connections import Connections
from .file import StateFile, insert_once, same
from .schema import selection

REMEMBERED = 2.0
"""Seconds for which a listing is reused, so that a selection does not list the source again."""


class NoSuchTable(Exception):
    """The source has no table of that name."""


class Selection:
    """The tables that a source has now, and the selection kept in the state file."""

    def __init__(self, file: StateFile, connections: Connections) -> None:
        self._file = file
        self._connections = connections
        self._known: dict[tuple[object, ...], tuple[float, frozenset[str]]] = {}
        self._listing = threading.Lock()

    def listed(self, instance: str, database: str, schema: str) -> list[tuple[str, bool]]:
        """Return each table's name and whether it is selected.

        Raises NotSaved, ConnectionFailed, SchemaNotFound.
        """
        place = (*self._connections.place(instance, "source"), database, schema)
        with self._connections.using(instance, "source") as engine:
            names = list_tables(engine, database, schema)
        self._remember(place, names)
        where = same(selection, {"instance": instance, "database": database, "schema": schema})
        with self._file.read() as connected:
            selected = set(connected.execute(sa.select(selection.c.table).where(where)).scalars())
        return [(name, name in selected) for name in names]

    def select(self, instance: str, table: TableRef) -> None:
        """Select a table; it counts as new. Raises NoSuchTable and whatever `listed` raises."""
        self._require(instance, table)
        with self._file.write() as connected:
            insert_once(connected, selection, {**_key(instance, table), "loaded": False})

    def deselect(self, instance: str, table: TableRef) -> None:
        """Deselect a table, even if it no longer exists in the source.

        Raises NoSuchTable and whatever `listed` raises.
        """
        with self._file.write() as connected:
            gone = connected.execute(sa.delete(selection).where(same(selection, _key(instance, table)))).rowcount
        if not gone:
            self._require(instance, table)

    def selected(self, instance: str, *, loaded: bool | None = None) -> list[TableRef]:
        """Return the selected tables in order; with `loaded`, only the loaded ones or only the others."""
        columns = (selection.c.database, selection.c.schema, selection.c.table)
        query = sa.select(*columns).where(selection.c.instance == instance).order_by(*columns)
        if loaded is not None:
            query = query.where(selection.c.loaded == loaded)
        with self._file.read() as connected:
            return [TableRef(*row) for row in connected.execute(query)]

    def mark_loaded(self, connected: sa.Connection, instance: str, table: TableRef) -> None:
        """Record that the destination has the table now."""
        connected.execute(sa.update(selection).where(same(selection, _key(instance, table))).values(loaded=True))

    def _require(self, instance: str, table: TableRef) -> None:
        place = (*self._connections.place(instance, "source"), table.database, table.schema)
        if table.table in self._remembered(place):
            return
        with self._listing:
            if table.table in self._remembered(place):
                return
            with self._connections.using(instance, "source") as engine:
                names = list_tables(engine, table.database, table.schema)
            self._remember(place, names)
        if table.table not in names:
            raise NoSuchTable

    def _remembered(self, place: tuple[object, ...]) -> frozenset[str]:
        until, names = self._known.get(place, (0.0, frozenset[str]()))
        return names if time.monotonic() < until else frozenset()

    def _remember(self, place: tuple[object, ...], names: list[str]) -> None:
        now = time.monotonic()
        self._known = {key: value for key, value in self._known.items() if value[0] > now}
        self._known[place] = (now + REMEMBERED, frozenset(names))


def _key(instance: str, table: TableRef) -> dict[str, Any]:
    return {
        "instance": instance,
        "database": table.database,
        "schema": table.schema,
        "table": table.table,
    }
