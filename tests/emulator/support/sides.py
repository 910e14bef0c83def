# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two sides of a load as tests open them."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path
from typing import Any

from flow_emulator.databases.connecting import EmbeddedHost, Settings, open_destination, open_source
from flow_emulator.databases.names import TableRef, destination_place
from sqlalchemy.engine import Engine

from tests.emulator.support.checker import assert_same
from tests.emulator.support.servers import Server

USER, PASSWORD = "flow", "flow-demo"
TYPES = {"mariadb": "rds.mysql", "postgresql": "rds.pgres"}
_numbers = itertools.count(1)


def fresh_name() -> str:
    """Return a schema name that no other test uses."""
    return f"shop_{next(_numbers)}"


def settings(server: Server, kind: str, **more: Any) -> Settings:
    """Return the settings of a connection to a server."""
    return Settings(kind, server.host, server.port, server.user, server.password, **more)


def source(server: Server) -> Engine:
    """Open a server as a source."""
    return open_source(settings(server, TYPES[server.kind]), {})


def destination(server: Server, **more: Any) -> Engine:
    """Open a server as a destination."""
    return open_destination(settings(server, "rds.sstorem", **more), {})


def hosts(folder: Path) -> dict[str, EmbeddedHost]:
    """Return the embedded hosts of the sample in a folder."""
    return {
        f"{side}.demo": EmbeddedHost(f"sqlite:///{folder / side}.db", USER, PASSWORD)
        for side in ("source", "destination")
    }


def embedded_source(folder: Path, kind: str = "rds.mysql") -> Engine:
    """Open the sample as a source."""
    return open_source(Settings(kind, "source.demo", 3306, USER, PASSWORD), hosts(folder))


def embedded_destination(folder: Path) -> Engine:
    """Open the sample's destination."""
    found = Settings("rds.sstorem", "destination.demo", 3306, USER, PASSWORD)
    return open_destination(found, hosts(folder))


def loaded(engine: Engine, schema: str, table: str, columns: str = "*") -> str:
    """Return the SELECT that reads a destination's table."""
    place = destination_place(engine, schema, table)
    quote = engine.dialect.identifier_preparer.quote_identifier
    name = ".".join(quote(part) for part in (place.schema, place.table) if part)
    return f"SELECT {columns} FROM {name}".replace("%%", "%")


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement through the plain driver and return its rows."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()]
        finally:
            cursor.close()


def helpers(engine: Engine, schema: str) -> list[str]:
    """Return the helper tables that loads have left behind in a destination."""
    if engine.dialect.name == "sqlite":
        found = rows(engine, "SELECT name FROM sqlite_master WHERE name LIKE '%flow\\_%' ESCAPE '\\'")
    else:
        found = rows(engine, f"SHOW TABLES FROM `{schema}` LIKE '\\_flow\\_%'")
    return [row[0] for row in found]


def prepare(server: Server, *statements: str) -> tuple[Engine, TableRef, str]:
    """Create a schema and run statements with its table's name in place of `{t}`."""
    schema = fresh_name()
    kind = "SCHEMA" if server.kind == "postgresql" else "DATABASE"
    place = f"{schema}.t"
    server.run(f"CREATE {kind} {schema}", *(statement.format(t=place) for statement in statements))
    return source(server), TableRef("postgres", schema, "t"), place


def same(source: Engine, destination: Engine, table: TableRef, columns: str = "*") -> int:
    """Compare the two sides and return the number of rows."""
    query = f"SELECT {columns} FROM {table.schema}.{table.table}"
    there = rows(destination, loaded(destination, table.schema, table.table, columns))
    here = rows(source, query)
    names = [f"c{number}" for number in range(len(here[0]))] if here else []
    decimals = {name: "decimal" for row in here for name, v in zip(names, row, strict=True) if isinstance(v, Decimal)}
    return assert_same(here, there, names, decimals)
