# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo with real servers: the sample's tables from PostgreSQL into MariaDB, which speaks MySQL's protocol.

Run as ``python -m tests.functional.demo_databases``; it starts both servers on loopback and stops them.
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from flow_emulator.databases import sample

from tests.emulator.support import servers
from tests.emulator.support.servers import Server

SCHEMA = "classicmodels"
RUN_SECONDS = 600
TYPES = {"mariadb": "rds.mysqlc", "postgresql": "rds.pgres"}
DATABASES = {"mariadb": SCHEMA, "postgresql": "postgres"}
SPELLED = {
    "mariadb": {"DECIMAL_TEXT": "DECIMAL", "DATETIME": "DATETIME(6)", "BLOB": "LONGBLOB"},
    "postgresql": {
        "DECIMAL_TEXT": "DECIMAL",
        "DATETIME": "TIMESTAMP",
        "BLOB": "BYTEA",
        "DOUBLE": "DOUBLE PRECISION",
        "BOOLEAN NOT NULL DEFAULT 1": "BOOLEAN NOT NULL DEFAULT TRUE",
    },
}
"""Each kind of server's spelling of the sample's SQLite types."""


def fill(server: Server) -> None:
    """Create the sample's schema on a server, with all its rows."""
    server.run(f"CREATE SCHEMA {SCHEMA}")
    with tempfile.TemporaryDirectory() as folder:
        sample.create(folder)
        with closing(sqlite3.connect(Path(folder, "source.db"))) as rows, server.connect() as connection:
            with connection.cursor() as cursor:
                for table, columns in sample.TABLES.items():
                    cursor.execute(f"CREATE TABLE {SCHEMA}.{table} ({_spelled(server.kind, columns)})")
                    _copy(rows, cursor, table, _flags(columns))


def _spelled(kind: str, columns: str) -> str:
    for theirs, ours in SPELLED[kind].items():
        columns = columns.replace(theirs, ours)
    return re.sub(r"REFERENCES (\w+)", rf"REFERENCES {SCHEMA}.\1", columns)


def _flags(columns: str) -> set[int]:
    names = re.findall(r"(?:^|,)\s*(\w+) ([A-Z_]+)", columns)
    return {position for position, (_name, kind) in enumerate(names) if kind == "BOOLEAN"}


def _copy(rows: sqlite3.Connection, cursor: Any, table: str, flags: set[int]) -> None:
    found = rows.execute(f"SELECT * FROM {table}").fetchall()
    marks = ", ".join(["%s"] * len(found[0]))
    values = [[bool(value) if place in flags else value for place, value in enumerate(row)] for row in found]
    cursor.executemany(f"INSERT INTO {SCHEMA}.{table} VALUES ({marks})", values)


def pipeline(source: Server, destination: Server) -> dict[str, Any]:
    """Return the demo's variables for a pair of servers."""
    database = DATABASES[source.kind]
    return {
        "flow_demo_source": {"type": TYPES[source.kind], "database": database, **_login(source)},
        "flow_demo_destination": _login(destination),
        "flow_demo_tables": [{"database": database, "schema": SCHEMA, "tables": ["*"]}],
    }


def _login(server: Server) -> dict[str, Any]:
    return {"host": server.host, "port": server.port, "user": server.user, "password": server.password}


def main() -> int:
    """Run the demo's playbook twice, and stop the emulator that it started."""
    with servers.postgresql() as source, servers.mariadb() as destination, tempfile.TemporaryDirectory() as folder:
        fill(source)
        variables = Path(folder, "variables.json")
        variables.write_text(json.dumps({**pipeline(source, destination), "flow_demo_dir": f"{folder}/emulator"}))
        play = ["ansible-playbook", "singlestore.flow.demo", "--extra-vars", f"@{variables}"]
        codes = [subprocess.call(play, timeout=RUN_SECONDS) for _time in range(2)]
        subprocess.call(
            [*play, "--extra-vars", "flow_demo_state=stopped"], stdout=subprocess.DEVNULL, timeout=RUN_SECONDS
        )
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
