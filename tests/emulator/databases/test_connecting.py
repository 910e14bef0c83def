# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opening connections: what works, and the message for whatever does not."""

from __future__ import annotations

import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from flow_emulator.databases import engines, sample
from flow_emulator.databases.catalog import SchemaNotFound, list_tables
from flow_emulator.databases.connecting import Settings, open_destination, open_source
from flow_emulator.databases.failures import ConnectionFailed

from tests.emulator.support import sides
from tests.emulator.support.servers import Server

NO_DRIVER = (None, "Error: Driver not found for rds.")
UNPARSABLE = ("db", "Connection string is invalid. Unable to parse.")


def failure(found: Settings, tmp_path: Path) -> tuple[str | None, str]:
    """Return the topic and message of a connection that must fail."""
    opener = open_destination if found.type == "rds.sstorem" else open_source
    with pytest.raises(ConnectionFailed) as caught:
        opener(found, sides.hosts(tmp_path))
    return caught.value.topic, caught.value.message


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize("kind", ["rds.mysql", "rds.pgres", "rds.sstorem"])
def test_unreachable_server_has_the_documented_message(tmp_path: Path, kind: str) -> None:
    port = free_port()
    found = failure(Settings(kind, "127.0.0.1", port, "u", "pw-marker"), tmp_path)
    address = f"(host=127.0.0.1)(port={port})"
    assert found == (None, f"Socket fail to connect to host:address={address}. 127.0.0.1")


@pytest.mark.parametrize("kind", ["rds.mysql", "rds.pgres", "rds.sstorem"])
@pytest.mark.parametrize(
    "host", ["../source", "/tmp", "@abstract", "a,b", "source.db", "", "no such host", "a?b", "🙂.example"]
)
def test_odd_host_is_never_a_file(tmp_path: Path, kind: str, host: str) -> None:
    sample.create(tmp_path)
    before = sorted(tmp_path.iterdir())
    topic, message = failure(Settings(kind, host, 3306, "u", "p"), tmp_path)
    assert (topic, message.startswith(f"Socket fail to connect to host:address=(host={host})")) == (None, True)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("kind", ["rds.oraclefem", "rds.msfull", "rds.mongo", "rds.nosuch", ""])
def test_missing_driver_has_the_documented_message(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("oracledb", "pymssql"):
        monkeypatch.setitem(sys.modules, module, None)
    assert failure(Settings(kind, "127.0.0.1", 1, "u", "p"), tmp_path) == NO_DRIVER


@pytest.mark.parametrize(
    "url",
    ["", "jdbc:", "nonsense", "jdbc:mysql:host", "mysql://h:port/d", "jdbc:mysql://h:99999/d"],
)
def test_invalid_connection_string_has_the_documented_message(tmp_path: Path, url: str) -> None:
    assert failure(Settings("rds.jdbcfe", "h", 1, "u", "p", url=url), tmp_path) == UNPARSABLE


@pytest.mark.parametrize("url", ["firebird://h/d", "jdbc:unknown://h/d"])
def test_missing_dialect_has_the_documented_message(tmp_path: Path, url: str) -> None:
    found = Settings("rds.jdbcfe", "h", 1, "u", "p", url=url)
    assert failure(found, tmp_path) == NO_DRIVER


@pytest.mark.parametrize(("user", "password"), [("flow", "wrong"), ("else", "flow-demo"), ("", "")])
def test_embedded_host_refuses_wrong_credentials(tmp_path: Path, user: str, password: str) -> None:
    sample.create(tmp_path)
    for kind in ("rds.mysql", "rds.jdbcfe"):
        found = Settings(kind, "source.demo", 1, user, password, url="jdbc:sqlite:x")
        assert failure(found, tmp_path) == (None, f"Access denied for user '{user}'")


@pytest.mark.parametrize("name", ["maria", "postgres"])
@pytest.mark.parametrize("user", ["flow", "nobody"])
def test_server_refuses_wrong_credentials(request: pytest.FixtureRequest, tmp_path: Path, name: str, user: str) -> None:
    server: Server = request.getfixturevalue(name)
    kinds = ["rds.mysql", "rds.sstorem"] if name == "maria" else ["rds.pgres"]
    for kind in kinds:
        found = failure(Settings(kind, server.host, server.port, user, "pw-marker"), tmp_path)
        assert found == (None, f"Access denied for user '{user}'")


@pytest.mark.parametrize("name", ["maria", "postgres"])
def test_unknown_database_is_named(request: pytest.FixtureRequest, tmp_path: Path, name: str) -> None:
    server: Server = request.getfixturevalue(name)
    found = sides.settings(server, sides.TYPES[server.kind], database="nowhere")
    topic, message = failure(found, tmp_path)
    assert topic is None
    assert "nowhere" in message
    assert server.password not in message


def test_wrong_protocol_fails_without_the_password(
    tmp_path: Path, maria: Server, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "ANSWER_TIMEOUT", 1)  # PostgreSQL waits for MySQL's client, which waits for it
    for server, kind in ((maria, "rds.pgres"), (postgres, "rds.mysql")):
        _topic, message = failure(sides.settings(server, kind), tmp_path)
        assert message
        assert server.password not in message


@pytest.mark.parametrize("name", ["maria", "postgres"])
@pytest.mark.parametrize("form", ["jdbc:{kind}://{host}:{port}/{database}", "{kind}://{host}:{port}/{database}"])
def test_connection_string_reaches_a_server(request: pytest.FixtureRequest, name: str, form: str) -> None:
    server: Server = request.getfixturevalue(name)
    database = "mysql" if name == "maria" else "postgres"
    url = form.format(kind=server.kind, host=server.host, port=server.port, database=database)
    source = open_source(Settings("rds.jdbcfe", "h", 1, server.user, server.password, url=url), {})
    schema = "mysql" if name == "maria" else "public"
    assert isinstance(list_tables(source, database, schema), list)
    with pytest.raises(SchemaNotFound):
        list_tables(source, database, "no such schema")


def test_connection_string_reaches_an_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "a shop%41#1?.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (i)")
        connection.execute('CREATE TABLE "stock.t" (i)')
    for url in (f"jdbc:sqlite:{tmp_path / 'b.db'}", f"sqlite:///{tmp_path / 'b.db'}"):
        found = Settings("rds.jdbcfe", "h", 1, "u", "p", url=url)
        assert failure(found, tmp_path) == (None, "unable to open database file")
        path.rename(tmp_path / "b.db")
        source = open_source(found, {})
        assert list_tables(source, "any", "b") == list_tables(source, "any", "main") == ["stock.t", "t"]
        assert list_tables(source, "any", "stock") == ["t"]
        (tmp_path / "b.db").rename(path)


def test_foreign_file_is_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database, whatever its name says" * 100)
    found = Settings("rds.jdbcfe", "h", 1, "u", "p", url=f"jdbc:sqlite:{tmp_path / 'x.db'}")
    assert failure(found, tmp_path) == (None, "file is not a database")


def test_source_is_read_only(tmp_path: Path) -> None:
    sample.create(tmp_path)
    with sides.embedded_source(tmp_path).connect() as connection, pytest.raises(Exception, match="readonly"):
        connection.exec_driver_sql("DELETE FROM orders")


def test_repr_contains_no_password() -> None:
    found = Settings("rds.jdbcfe", "h", 1, "u", "pw-marker", url="jdbc:mysql://u:pw-marker@h/d")
    assert "pw-marker" not in repr(found)
    assert "pw-marker" not in repr(sides.EmbeddedHost("mysql://u:pw-marker@h", "u", "pw-marker"))
