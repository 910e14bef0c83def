# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A load's memory does not grow with the table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flow_emulator.databases import sample

from tests.emulator.support import sides
from tests.emulator.support.servers import Server

ROOT = Path(__file__).parents[3]
# The peak is VmHWM, because getrusage also counts the parent's memory, which a new process inherits.
FEW, MANY = 100_000, 1_000_000
MEASURE = """
import json, sys
from flow_emulator.replication import extract
from flow_emulator.databases.connecting import EmbeddedHost, Settings, open_destination, open_source
from flow_emulator.databases.names import TableRef
operation, schema, source, destination, hosts = json.load(sys.stdin)
hosts = {name: EmbeddedHost(**host) for name, host in hosts.items()}
table = TableRef("postgres", schema, "t")
sides = open_source(Settings(**source), hosts), open_destination(Settings(**destination), hosts)
rows = getattr(extract, operation)(*sides, table).rows
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([rows, int(peak.split()[1])]))
"""


def peak(operation: str, schema: str, source: Server, destination: Server | Path) -> tuple[int, int]:
    """Run an operation in a separate process; return its rows and its peak memory in KiB."""
    taken = {"type": sides.TYPES[source.kind], **_address(source)}
    given = {"host": "destination.demo", "port": 1, "user": sides.USER, "password": sides.PASSWORD}
    folder = Path()
    if isinstance(destination, Server):
        given = _address(destination)
    else:
        folder = destination
    hosts = {name: vars(host) for name, host in sides.hosts(folder).items()}
    work = [operation, schema, taken, {"type": "rds.sstorem", **given}, hosts]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "roles/flow_emulator/files")}
    command = [sys.executable, "-c", MEASURE]
    words = json.dumps(work)
    done = subprocess.run(
        command, input=words, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    rows, size = json.loads(done.stdout)
    return rows, size


def _address(server: Server) -> dict[str, object]:
    return {"host": server.host, "port": server.port, "user": server.user, "password": server.password}


@pytest.mark.exhaustive
def test_million_rows_need_little_memory(postgres: Server, maria: Server) -> None:
    schema = sides.fresh_name()
    create = f"CREATE TABLE {schema}.t AS SELECT g AS id, g * 1.25 AS n, md5(g::text) AS v FROM generate_series"
    postgres.run(f"CREATE SCHEMA {schema}", f"{create}(1, {FEW}) g", f"ALTER TABLE {schema}.t ADD PRIMARY KEY (id)")
    few, small = peak("full", schema, postgres, maria)
    more = f"INSERT INTO {schema}.t SELECT g, g * 1.25, md5(g::text) FROM generate_series({FEW + 1}, {MANY}) g"
    postgres.run(more)
    many, large = peak("full", schema, postgres, maria)
    assert (few, many) == (FEW, MANY)
    assert large / small < 1.2
    sums = "SELECT COUNT(*), SUM(id), SUM(n), MIN(v), MAX(v) FROM"
    assert maria.run(f"{sums} {schema}.t") == postgres.run(f"{sums} {schema}.t")


@pytest.mark.exhaustive
def test_mariadb_to_sqlite_needs_little_memory(maria: Server, tmp_path: Path) -> None:
    schema, other = sides.fresh_name(), sides.fresh_name()
    sample.create(tmp_path)
    create = "CREATE TABLE {}.t (id int PRIMARY KEY) AS SELECT seq AS id, md5(seq) AS v FROM seq_1_to_{}"
    maria.run(f"CREATE DATABASE {schema}", f"USE {schema}", create.format(schema, FEW // 5))
    maria.run(f"CREATE DATABASE {other}", f"USE {other}", create.format(other, FEW * 2))
    few, small = peak("full", schema, maria, tmp_path)
    many, large = peak("full", other, maria, tmp_path)
    _rows, again = peak("delta", other, maria, tmp_path)
    assert (few, many) == (FEW // 5, FEW * 2)
    assert max(large, again) / small < 1.2


def test_large_values_need_little_memory(postgres: Server, maria: Server) -> None:
    schema = sides.fresh_name()
    postgres.run(f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.t (id int PRIMARY KEY, v bytea)")
    insert = f"INSERT INTO {schema}.t SELECT g, decode(repeat(md5(g::text), 8192), 'hex') FROM generate_series"
    postgres.run(f"{insert}(1, 60) g")
    _rows, small = peak("full", schema, postgres, maria)
    postgres.run(f"{insert}(61, 600) g")
    rows, large = peak("full", schema, postgres, maria)
    assert rows == 600
    assert large / small < 1.3
