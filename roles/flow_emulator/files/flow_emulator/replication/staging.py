# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The destination's side of a load: a staging table, filled in batches, put in place in one step.

Beside a table called T there may be, while it is loaded, `_flow_<hash of T>_new`, the staging
table, and for a moment `_flow_<hash of T>_old`, the table that it replaces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Table, func, insert, inspect, select, table
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateSchema, CreateTable

from ..databases.engines import WRITES
from ..databases.names import DESTINATION, HELPER, Place, destination_place
from ..mapping.shapes import Shape, destination_table
from .locks import Locked, held

ORIGIN = "Loaded by singlestore.flow from "
"""Start of the comment on a table in a database that tables of all schemas go to."""
_COLLATIONS = ("utf8mb4_nopad_bin", "utf8mb4_0900_bin", "utf8mb4_bin")


class Taken(Exception):
    """The table's name in the destination belongs to a table of another schema."""


class Target:
    """A destination table under its lock; `stage` and `old` are its helpers' places."""

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
        """Insert rows into the staging table, a transaction for each batch; give their number."""
        statement = str(insert(staged).compile(dialect=self.connection.dialect))
        rows = 0
        for batch in batches:
            with self.connection.begin():
                self.connection.exec_driver_sql(statement, list(batch))
            rows += len(batch)
        return rows

    def exists(self) -> bool:
        """Tell whether the destination has the table."""
        with self.connection.begin():
            return inspect(self.connection).has_table(self.live.table, schema=self.live.schema)

    def count(self, place: Place) -> int:
        """Count a table's rows."""
        counted = select(func.count()).select_from(table(place.table, schema=place.schema))
        with self.connection.begin():
            return int(self.connection.execute(counted).scalar_one())

    def swap(self) -> None:
        """Put the staging table in the live table's place; readers see the one or the other."""
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
        """Give a table's name as it stands in a statement."""
        name = table(place.table, schema=place.schema)
        return self.connection.dialect.identifier_preparer.format_table(name)

    def _run(self, *statements: str) -> None:
        with self.connection.begin():
            for statement in statements:
                self.connection.exec_driver_sql(statement)

    def _options(self) -> dict[str, str]:
        """Choose a collation that tells all texts apart, so that keys stay unique."""
        with self.connection.begin():
            found = self.connection.exec_driver_sql("SHOW COLLATION WHERE Charset = 'utf8mb4'")
            known = {row[0] for row in found}
        collation = next((name for name in _COLLATIONS if name in known), "utf8mb4_bin")
        return {"mysql_charset": "utf8mb4", "mysql_collate": collation}


@contextmanager
def writing(destination: Engine, schema: str, name: str) -> Iterator[Target]:
    """Lock a destination table, clear what killed runs left behind, and clean up afterwards."""
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
    """Give the start of the helpers' names, and the lock's name, of a destination table."""
    digest = hashlib.sha256(f"{live.schema or ''}\0{live.table}".encode()).hexdigest()
    return f"_flow_{digest[:16]}"


def _ensure_schema(connection: Connection, schema: str | None) -> None:
    if schema is None:
        return
    with connection.begin():
        if not inspect(connection).has_schema(schema):
            connection.execute(CreateSchema(schema, if_not_exists=True))


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
            f"database {target.live.schema!r} has a table {target.live.table!r} already, "
            f"loaded from {found.removeprefix(ORIGIN)}. Leave out the destination's database to keep "
            "each schema in one of its own."
        )


def _check_letters(target: Target) -> None:
    """SQLite takes names that differ in capital letters alone for one."""
    name = target.live.table
    with target.connection.begin():
        names = inspect(target.connection).get_table_names()
    for other in names:
        if other != name and other.lower() == name.lower():
            raise Taken(f"an SQLite destination cannot tell it from {other}, which it has already.")


def _sweep(target: Target, own: str) -> None:
    """Drop the helpers of other tables whose writer is gone."""
    with target.connection.begin():
        names = inspect(target.connection).get_table_names(schema=target.live.schema)
    others = {match[1] for name in names if (match := HELPER.fullmatch(name))} - {own}
    for base in others:
        with suppress(Locked), held(target.connection, base, wait=0):
            Target(target.connection, target.live, base).discard()
