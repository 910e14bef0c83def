# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real MariaDB and PostgreSQL servers for tests and demos: throw-away, on loopback, on free ports.

`with mariadb() as server:` and `with postgresql() as server:` start one and stop it. The packages
are installed first where they are missing and that is allowed (Debian's apt-get, as root).
"""

from __future__ import annotations

import fcntl
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
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest

START_SECONDS = 120
STOP_SECONDS = 60
_BOUND = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()
"""Ends a server together with the process that started it, even where that one is killed."""
POLICY = Path("/usr/sbin/policy-rc.d")


class Unavailable(Exception):
    """A server that cannot be had on this machine; the text says why."""


@dataclass
class Server:
    """A running server and the user who may do anything in it."""

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
        """Give the SQLAlchemy URL of one of the server's databases."""
        driver = "mysql+pymysql" if self.kind == "mariadb" else "postgresql+psycopg"
        return f"{driver}://{self.user}:{self.password}@{self.host}:{self.port}/{database}"

    def connect(self, database: str | None = None) -> Any:
        """Connect with the plain driver, every statement a transaction of its own."""
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
            )
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database or "postgres",
            autocommit=True,
            connect_timeout=5,
        )

    def run(self, *statements: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run statements and give the rows of the last one."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def start(self) -> None:
        """Start the server, or start it again, and wait until it answers."""
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
        """Stop the server in good order."""
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
            self.process.wait()
        self.process = None


@contextmanager
def mariadb(*options: str) -> Iterator[Server]:
    """Start a MariaDB server with extra `options`. Raises Unavailable."""
    program = _program("mariadbd", "mariadb-server", ("/usr/sbin",))
    install = _program("mariadb-install-db", "mariadb-server", ("/usr/bin",))
    account = _account("mysql")
    with _folder(account) as folder:
        password = secrets.token_hex(12)
        start = folder / "start.sql"
        start.write_text(
            f"CREATE USER IF NOT EXISTS flow@'127.0.0.1' IDENTIFIED BY '{password}';\n"
            "GRANT ALL ON *.* TO flow@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        data = f"--datadir={folder / 'data'}"
        _call(
            [install, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"],
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
    program = _program("postgres", "postgresql", folders[::-1] or ("/usr/lib/postgresql/15/bin",))
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


def offered(make: Callable[[], Any]) -> Iterator[Server]:
    """Give a fixture's server; without one the test is skipped, or fails where CI is "true"."""
    try:
        context = make()
        server = context.__enter__()
    except Unavailable as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs this server: {reason}")
        pytest.skip(str(reason))
    try:
        yield server
    finally:
        context.__exit__(None, None, None)


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


def _program(name: str, package: str, folders: Sequence[str]) -> str:
    found = _found(name, folders)
    if found is None:
        _install(package)
        newer = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
        found = _found(name, [*folders, *newer])
    if found is None:
        raise Unavailable(f"{name} is missing even though {package} is installed.")
    return found


def _found(name: str, folders: Sequence[str]) -> str | None:
    return shutil.which(name, path=os.pathsep.join(folders))


def _install(package: str) -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Unavailable(f"{package} is not installed; installing it takes root and apt-get.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    with Path(tempfile.gettempdir(), "flow-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _no_services():
            for command in (["apt-get", "update"], install):
                done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
                if done.returncode:
                    words = (done.stderr or done.stdout)[-500:]
                    raise Unavailable(f"{' '.join(command)} failed: {words}")


@contextmanager
def _no_services() -> Iterator[None]:
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _account(name: str) -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(name).pw_name
    except KeyError:
        raise Unavailable(f"The server's package made no account {name!r}.") from None


def _as(account: str | None) -> dict[str, Any]:
    return {} if account is None else {"user": account, "group": account, "extra_groups": []}


def _call(command: Sequence[str], account: str | None) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **_as(account))
    if done.returncode:
        raise Unavailable(f"{command[0]} failed: {(done.stderr or done.stdout)[-1000:]}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _version(folder: str) -> tuple[int, ...]:
    return tuple(int(part) for part in Path(folder).parent.name.split(".") if part.isdigit())
