# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loads that really die halfway: the last good table stays, and the next run completes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from flow_emulator.databases import sample
from flow_emulator.databases.names import TableRef
from flow_emulator.replication import extract
from flow_emulator.replication.results import ExtractFailed
from sqlalchemy.engine import Engine

from tests.emulator.support import servers, sides
from tests.emulator.support.checker import assert_same
from tests.emulator.support.servers import Server
from tests.emulator.support.waiting import SECONDS, until

ROOT = Path(__file__).parents[3]
TABLE = TableRef("postgres", "shop", "t")
ROWS = 60000
CREATE = "CREATE TABLE shop.t (id int PRIMARY KEY, v varchar(300))"
POSTGRES_FILL = f"INSERT INTO shop.t SELECT g, repeat(md5(g::text), 9) FROM generate_series(1, {ROWS}) g"
MARIA_FILL = f"INSERT INTO shop.t SELECT seq, repeat(md5(seq), 9) FROM seq_1_to_{ROWS}"
LOAD = """
import json, sys
from flow_emulator.replication import extract
from flow_emulator.databases.connecting import EmbeddedHost, Settings, open_destination, open_source
from flow_emulator.databases.names import TableRef
source, destination, hosts = json.load(sys.stdin)
hosts = {name: EmbeddedHost(**host) for name, host in hosts.items()}
table = TableRef("postgres", "shop", "t")
sides = open_source(Settings(**source), hosts), open_destination(Settings(**destination), hosts)
while True:
    extract.full(*sides, table)
"""


def fill(server: Server) -> Engine:
    """Create the source's table with only a few of its rows."""
    if server.kind == "postgresql":
        server.run("CREATE SCHEMA shop", CREATE, f"{POSTGRES_FILL} WHERE g <= 10")
    else:
        server.run("CREATE DATABASE shop", "USE shop", CREATE, f"{MARIA_FILL} WHERE seq <= 10")
    return sides.source(server)


def grow(server: Server) -> None:
    """Add the rest of the rows to the source's table."""
    postgresql = server.kind == "postgresql"
    server.run(*([] if postgresql else ["USE shop"]), "DELETE FROM shop.t", POSTGRES_FILL if postgresql else MARIA_FILL)


def after_batches(monkeypatch: pytest.MonkeyPatch, event: Callable[[], None], count: int = 3) -> None:
    """Call `event` after some batches have been loaded."""
    real = extract.batches

    def batches(*args: Any) -> Generator[list[tuple[Any, ...]], None, None]:
        with contextlib.closing(real(*args)) as stream:
            for number, batch in enumerate(stream):
                if number == count:
                    event()
                yield batch

    monkeypatch.setattr(extract, "batches", batches)


def there(destination: Engine) -> int:
    """Return the number of rows of the destination's table."""
    return int(sides.rows(destination, sides.loaded(destination, "shop", "t", "COUNT(*)"))[0][0])


def completes(source: Engine, destination: Engine) -> None:
    """Check that another run loads all rows and leaves no helpers behind."""
    assert extract.delta(source, destination, TABLE).rows == ROWS
    got = sides.rows(destination, sides.loaded(destination, "shop", "t"))
    assert assert_same(sides.rows(source, "SELECT * FROM shop.t"), got, ["id", "v"]) == ROWS
    assert sides.helpers(destination, "shop") == []


@pytest.mark.parametrize("name", ["own_postgres", pytest.param("own_maria", marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("operation", [extract.full, pytest.param(extract.delta, marks=pytest.mark.exhaustive)])
def test_killed_source_keeps_the_last_good_table(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    operation: Callable[..., Any],
) -> None:
    server: Server = request.getfixturevalue(name)
    sample.create(tmp_path)
    source, destination = fill(server), sides.embedded_destination(tmp_path)
    extract.full(source, destination, TABLE)
    grow(server)
    with monkeypatch.context() as patch:
        after_batches(patch, server.kill)
        with pytest.raises(ExtractFailed, match=r"^shop\.t: reading from the source failed: "):
            operation(source, destination, TABLE)
    assert (there(destination), sides.helpers(destination, "shop")) == (10, [])
    with pytest.raises(ExtractFailed, match="source failed"):
        operation(source, destination, TABLE)
    server.start()
    completes(source, destination)


@pytest.mark.parametrize("operation", [extract.full, pytest.param(extract.delta, marks=pytest.mark.exhaustive)])
def test_killed_destination_keeps_the_last_good_table(
    postgres: Server, own_maria: Server, monkeypatch: pytest.MonkeyPatch, operation: Callable[..., Any]
) -> None:
    postgres.run("DROP SCHEMA IF EXISTS shop CASCADE")
    source, destination = fill(postgres), sides.destination(own_maria)
    extract.full(source, destination, TABLE)
    grow(postgres)
    with monkeypatch.context() as patch:
        after_batches(patch, own_maria.kill)
        with pytest.raises(ExtractFailed, match=r"^shop\.t: the destination refused the table: ") as caught:
            operation(source, destination, TABLE)
    assert own_maria.password not in caught.value.message
    with pytest.raises(ExtractFailed, match="destination"):
        operation(source, destination, TABLE)
    own_maria.start()
    assert there(destination) == 10
    assert len(sides.helpers(destination, "shop")) == 1
    completes(source, destination)


def test_full_destination_keeps_the_last_good_table(postgres: Server) -> None:
    options = ("--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M:autoextend:max:24M")
    postgres.run("DROP SCHEMA IF EXISTS shop CASCADE")
    source = fill(postgres)
    for maria in servers.offered(lambda: servers.mariadb(*options)):
        destination = sides.destination(maria)
        extract.full(source, destination, TABLE)
        grow(postgres)
        for operation in (extract.full, extract.delta):
            with pytest.raises(ExtractFailed, match="is full"):
                operation(source, destination, TABLE)
            assert (there(destination), sides.helpers(destination, "shop")) == (10, [])
        postgres.run("DELETE FROM shop.t WHERE id > 20")
        assert extract.full(source, destination, TABLE).rows == there(destination) == 20


def test_read_only_destination_keeps_the_last_good_table(postgres: Server, maria: Server) -> None:
    postgres.run("DROP SCHEMA IF EXISTS shop CASCADE")
    source = fill(postgres)
    maria.run(
        "DROP DATABASE IF EXISTS shop",
        "CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'reader-marker'",
        "GRANT SELECT ON *.* TO reader@'127.0.0.1'",
    )
    extract.full(source, sides.destination(maria), TABLE)
    settings = sides.Settings("rds.sstorem", maria.host, maria.port, "reader", "reader-marker")
    refusing = sides.open_destination(settings, {})
    for operation in (extract.full, extract.delta, extract.sync_structure):
        with pytest.raises(ExtractFailed, match="denied") as caught:
            operation(source, refusing, TABLE)
        assert "reader-marker" not in caught.value.message
    assert there(sides.destination(maria)) == 10


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", ["mariadb", "sqlite"])
def test_killed_process_keeps_the_last_good_table(
    postgres: Server, own_maria: Server, tmp_path: Path, kind: str
) -> None:
    postgres.run("DROP SCHEMA IF EXISTS shop CASCADE")
    sample.create(tmp_path)
    source = fill(postgres)
    local = kind == "sqlite"
    destination = sides.embedded_destination(tmp_path) if local else sides.destination(own_maria)
    extract.full(source, destination, TABLE)
    grow(postgres)
    for pause in (0.0, 0.15, 0.4):
        kill_a_load(postgres, own_maria, tmp_path, destination, pause)
        assert there(destination) in (10, ROWS)
    completes(source, destination)


def kill_a_load(postgres: Server, maria: Server, folder: Path, destination: Engine, pause: float) -> None:
    """Run loads in another process and kill it during one of them."""
    given = {"host": "destination.demo", "port": 1, "user": sides.USER, "password": sides.PASSWORD}
    if destination.dialect.name != "sqlite":
        given = {"host": maria.host, "port": maria.port, "user": maria.user, "password": maria.password}
    taken = {"host": postgres.host, "port": postgres.port, "user": postgres.user, "password": postgres.password}
    hosts = {name: vars(host) for name, host in sides.hosts(folder).items()}
    work = [{"type": "rds.pgres", **taken}, {"type": "rds.sstorem", **given}, hosts]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "roles/flow_emulator/files")}
    with subprocess.Popen([sys.executable, "-c", LOAD], stdin=subprocess.PIPE, env=environment) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(work).encode())
        process.stdin.close()
        try:
            until(lambda: process.poll() is not None or sides.helpers(destination, "shop"), "a load", pause=0)
            time.sleep(pause)
        finally:
            process.kill()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("operation", [extract.full, extract.delta])
def test_readers_see_the_old_or_the_new_table(
    postgres: Server, destination: Engine, operation: Callable[..., Any]
) -> None:
    postgres.run("DROP SCHEMA IF EXISTS shop CASCADE")
    source = fill(postgres)
    extract.full(source, destination, TABLE)
    seen: set[int] = set()
    done = threading.Event()
    problems: list[BaseException] = []

    def watch() -> None:
        try:
            while not done.is_set():
                seen.add(there(destination))
        except BaseException as problem:
            problems.append(problem)

    reader = threading.Thread(target=watch, daemon=True)
    reader.start()
    sizes = [10]
    for size in (3000, 5, 7000, 0, 4000):
        postgres.run("DELETE FROM shop.t", f"{POSTGRES_FILL} WHERE g <= {size}")
        operation(source, destination, TABLE)
        sizes.append(size)
    done.set()
    reader.join(SECONDS)
    assert problems == []
    assert len(seen) > 1
    assert seen <= set(sizes)


def test_two_loads_of_one_table_take_turns(postgres: Server, destination: Engine) -> None:
    postgres.run("DROP SCHEMA IF EXISTS shop CASCADE")
    source = fill(postgres)
    grow(postgres)
    results: list[Any] = []
    loads = [
        threading.Thread(target=lambda: results.append(extract.full(source, destination, TABLE)), daemon=True)
        for _time in range(3)
    ]
    for load in loads:
        load.start()
    for load in loads:
        load.join(SECONDS)
    assert [result.rows for result in results] == [ROWS] * 3
    completes(source, destination)
