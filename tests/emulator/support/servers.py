# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real MariaDB and PostgreSQL servers for tests and demos: temporary, on loopback, on free ports.

`with mariadb() as server:` and `with postgresql() as server:` start one and stop it. The packages
must be installed, which `tests/tools/databases` does.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pymysql

START_SECONDS = 120
STOP_SECONDS = 60
ANSWER_SECONDS = 300
_BOUND = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()
"""Ends a server together with the process that started it, even if that process is killed."""


class Unavailable(Exception):
    """A server is not available on this machine; the text says why."""


@dataclass
class Server:
    """A running server and a user with all privileges."""

    kind: str
    folder: Path
    command: Sequence[str]
    account: str | None
    port: int
    user: str = "flow"
    password: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "") -> str:
        """Return the SQLAlchemy URL of one of the server's databases."""
        driver = "mysql+pymysql" if self.kind == "mariadb" else "postgresql+psycopg"
        return f"{driver}://{self.user}:{self.password}@{self.host}:{self.port}/{database}"

    def connect(self, database: str | None = None) -> Any:
        """Connect with the plain driver; every statement is a transaction of its own."""
        if self.kind == "mariadb":
            return pymysql.connect(
                host=self.host,
                port=self.port,
                user=self.user,
                password=self.password,
                database=database,
                charset="utf8mb4",
                autocommit=True,
                connect_timeout=5,
                read_timeout=ANSWER_SECONDS,
                write_timeout=ANSWER_SECONDS,
            )
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database or "postgres",
            autocommit=True,
            connect_timeout=5,
            options=f"-c statement_timeout={ANSWER_SECONDS}s",
        )

    def run(self, *statements: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run statements and return the rows of the last one."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def start(self) -> None:
        """Start or restart the server, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_BOUND, *self.command], stdout=log, stderr=log, start_new_session=True, **_as(self.account)
            )
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                self.connect().close()
            except (pymysql.Error, psycopg.Error):
                time.sleep(0.1)
            else:
                return
        self.kill()
        words = (self.folder / "log").read_text(errors="replace")[-2000:]
        raise Unavailable(f"{self.kind} did not start:\n{words}")

    def stop(self) -> None:
        """Stop the server cleanly."""
        self._end(signal.SIGINT if self.kind == "postgresql" else signal.SIGTERM)

    def kill(self) -> None:
        """Kill the server and all of its processes, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            if how is signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)
        self.process = None


@contextmanager
def mariadb(*options: str) -> Iterator[Server]:
    """Start a MariaDB server with extra `options`. Raises Unavailable."""
    program = _program("mariadbd", ["/usr/sbin"])
    install = _program("mariadb-install-db", [])
    account = _account("mysql")
    with _folder(account) as folder:
        password = secrets.token_hex(12)
        start = folder / "start.sql"
        start.write_text(
            f"CREATE USER IF NOT EXISTS flow@'127.0.0.1' IDENTIFIED BY '{password}';\n"
            "GRANT ALL ON *.* TO flow@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        data = f"--datadir={folder / 'data'}"
        # Two at once must not delete each other's temporary files.
        own = ["env", f"TMPDIR={folder}"]
        _call(
            [*own, install, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"],
            account,
        )
        port = _free_port()
        command = [
            program,
            "--no-defaults",
            data,
            "--bind-address=127.0.0.1",
            f"--port={port}",
            f"--socket={folder / 's'}",
            f"--pid-file={folder / 'pid'}",
            f"--init-file={start}",
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-buffer-pool-size=64M",
            "--character-set-server=utf8mb4",
            *options,
        ]
        with _running(Server("mariadb", folder, command, account, port, password=password)) as server:
            yield server


@contextmanager
def postgresql(*options: str) -> Iterator[Server]:
    """Start a PostgreSQL server with extra `options`. Raises Unavailable."""
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), key=_version)
    program = _program("postgres", folders[::-1])
    account = _account("postgres")
    with _folder(account) as folder:
        password = secrets.token_hex(12)
        secret = folder / "secret"
        secret.write_text(password)
        _call(
            [
                str(Path(program).with_name("initdb")),
                "--username=flow",
                f"--pwfile={secret}",
                f"--pgdata={folder / 'data'}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            account,
        )
        port = _free_port()
        command = [program, "-D", str(folder / "data"), "-h", "127.0.0.1", "-p", str(port)]
        command += ["-k", str(folder), "-c", "fsync=off", *options]
        server = Server("postgresql", folder, command, account, port, password=password)
        with _running(server):
            yield server


def offered(make: Callable[[], AbstractContextManager[Server]]) -> Iterator[Server]:
    """Yield a fixture's server. Raises Unavailable."""
    with make() as server:
        yield server


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def _folder(account: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="flow-"))
    try:
        if account is not None:
            shutil.chown(folder, account, account)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str, folders: Sequence[str]) -> str:
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ["PATH"]]))
    if found is None:
        raise Unavailable(f"{name} is missing: run tests/tools/databases, which installs it.")
    return found


def _account(name: str) -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(name).pw_name
    except KeyError:
        raise Unavailable(f"The server's package did not create the account {name!r}.") from None


def _as(account: str | None) -> dict[str, Any]:
    return {} if account is None else {"user": account, "group": account, "extra_groups": []}


def _call(command: Sequence[str], account: str | None) -> None:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd="/", timeout=START_SECONDS, **_as(account)
    )
    if done.returncode:
        raise Unavailable(f"{command[0]} failed: {(done.stderr or done.stdout)[-1000:]}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _version(folder: str) -> tuple[int, ...]:
    return tuple(int(part) for part in Path(folder).parent.name.split(".") if part.isdigit())
