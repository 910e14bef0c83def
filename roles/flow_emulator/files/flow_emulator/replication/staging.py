# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The destination side of a load: a staging table, filled in batches and put in place in one step.

While a table T is loaded, the staging table `_flow_<hash of T>_new` may exist beside it, and for a
moment `_flow_<hash of T>_old`, the table that it replaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, TableClause, column, func, insert, inspect, select, table
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateTable

from ..databases.names import Place
from ..mapping.shapes import Shape, destination_table

_COLLATIONS = ("utf8mb4_nopad_bin", "utf8mb4_0900_bin", "utf8mb4_bin")


class Target:
    """A locked destination table; `stage` and `old` are the places of its helpers."""

    def __init__(self, connection: Connection, live: Place, base: str, origin: str = "") -> None:
        self.connection = connection
        self.local = connection.dialect.name == "sqlite"
        self.live = live
        self.origin = origin
        self.stage = Place(live.schema, f"{base}_new")
        self.old = Place(live.schema, f"{base}_old")

    def create(self, shape: Shape) -> Table:
        """Create the empty staging table."""
        options = {} if self.local else self._options()
        if self.origin:
            options["comment"] = self.origin
        made = destination_table(shape, self.stage, local=self.local, **options)
        with self.connection.begin():
            self.connection.execute(CreateTable(made))
        return made

    def load(self, staged: Table, batches: Iterable[Sequence[tuple[Any, ...]]]) -> int:
        """Insert rows into the staging table, one transaction per batch; return their number."""
        statement = str(insert(staged).compile(dialect=self.connection.dialect))
        rows = 0
        for batch in batches:
            with self.connection.begin():
                self.connection.exec_driver_sql(statement, list(batch))
            rows += len(batch)
        return rows

    def exists(self) -> bool:
        """Return whether the destination has the table."""
        with self.connection.begin():
            return inspect(self.connection).has_table(self.live.table, schema=self.live.schema)

    def count(self, place: Place) -> int:
        """Count a table's rows."""
        counted = select(func.count()).select_from(table(place.table, schema=place.schema))
        with self.connection.begin():
            return int(self.connection.execute(counted).scalar_one())

    def swap(self) -> None:
        """Put the staging table in the live table's place; readers see either the old or the new one."""
        present = self.exists()
        if self.local:
            self._swap_in_transaction(present)
            return
        moves = [(self.live, self.old)] if present else []
        renamed = ", ".join(
            f"{self.quoted(old)} TO {self.quoted(new)}" for old, new in [*moves, (self.stage, self.live)]
        )
        self._run(f"RENAME TABLE {renamed}")
        self._run(f"DROP TABLE IF EXISTS {self.quoted(self.old)}")

    def _swap_in_transaction(self, present: bool) -> None:
        statements = [f"DROP TABLE {self.quoted(self.live)}"] if present else []
        self._run(*statements, f"ALTER TABLE {self.quoted(self.stage)} RENAME TO {self.quoted(self.live)}")

    def discard(self) -> None:
        """Drop the helpers."""
        self._run(*(f"DROP TABLE IF EXISTS {self.quoted(p)}" for p in (self.stage, self.old)))

    def quoted(self, place: Place) -> str:
        """Return a table's name, quoted for a statement."""
        name = table(place.table, schema=place.schema)
        return self.connection.dialect.identifier_preparer.format_table(name)

    def _run(self, *statements: str) -> None:
        with self.connection.begin():
            for statement in statements:
                self.connection.exec_driver_sql(statement)

    def _options(self) -> dict[str, str]:
        """Choose a collation that distinguishes all texts, so that keys stay unique."""
        with self.connection.begin():
            found = self.connection.exec_driver_sql("SHOW COLLATION WHERE Charset = 'utf8mb4'")
            known = {row[0] for row in found}
        collation = next((name for name in _COLLATIONS if name in known), "utf8mb4_bin")
        return {"mysql_charset": "utf8mb4", "mysql_collate": collation}


def clause(place: Place, names: Iterable[str]) -> TableClause:
    """Return a table with these columns for a statement."""
    return table(place.table, *(column(name) for name in names), schema=place.schema)
