# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator in a separate process, and an instance of it as a client sees it."""

from __future__ import annotations

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

PROGRAM = Path(__file__).parents[3] / "roles/flow_emulator/files"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROGRAM)}
STARTING = 60.0
LICENSE = "AAAA-BBBB-CCCC-DDDD"


def connection(type: str, host: str, **others: str) -> dict[str, str]:
    """Return the names and values of a working connection, with `others` in place of some."""
    values = {"host": host, "port": "3306", "uid": "flow", "pwd": "flow-demo", "type": type, **others}
    return {**values, "pwd2": others.get("pwd2", values["pwd"])}


SOURCE = connection("rds.mysqlc", "source.demo")
DESTINATION = connection("rds.sstorem", "destination.demo")


def pairs(values: dict[str, str]) -> list[dict[str, str]]:
    """Return names and values in the form of the API."""
    return [{"name": name, "value": value} for name, value in values.items()]


def execute(file: Path, *statements: str) -> None:
    """Run statements in an SQLite file; create it if necessary."""
    with closing(sqlite3.connect(file)) as database:
        with database:
            for statement in statements:
                database.execute(statement)


@dataclass
class Instance:
    """One instance, behind its prefix."""

    url: str
    name: str
    session: requests.Session = field(default_factory=requests.Session)

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        options.setdefault("timeout", 60)
        url = f"{self.url}{'/' if self.name else ''}{self.name}/ingest/api/ingest/{path}"
        return self.session.request(method, url, json=body, **options)

    def send_as_is(self, method: str, path: str, body: Any) -> tuple[int, str]:
        """Send a path that a library would normalize; return the answer's status and text."""
        host = self.url.removeprefix("http://")
        with closing(http.client.HTTPConnection(host, timeout=60)) as link:
            headers = {"Content-Type": "application/json"}
            link.request(method, f"/{self.name}/ingest/api/ingest/{path}", json.dumps(body), headers)
            answer = link.getresponse()
            return answer.status, answer.read().decode()

    def get(self, path: str) -> Any:
        answer = self.send("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def save(self, path: str, body: Any) -> None:
        answer = self.send("PATCH", path, body)
        assert (answer.status_code, answer.content) == (204, b""), answer.text

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Return the status and message of a failed request."""
        answer = self.send(method, path, body)
        assert answer.status_code >= 400, answer.text
        assert answer.json()["success"] is False
        return answer.status_code, answer.json()["message"]

    def named(self, path: str) -> dict[str, str]:
        """Return a list of names and values as a dict."""
        return {item["name"]: item["value"] for item in self.get(path)}

    def select(self, *tables: str, flag: str = "Y") -> None:
        for table in tables:
            self.save(f"config-tab/mydb/classicmodels/{table}", {"select": flag})

    def selected(self) -> set[str]:
        return {table["name"] for table in self.get("list-db/mydb/classicmodels") if table["selected"]}

    def set_up(self, *tables: str) -> Instance:
        """Save the demo's connections and a license, and select `tables`."""
        self.save("conn-src", pairs(SOURCE))
        self.save("conn-dst", pairs(DESTINATION))
        self.save("config-var/licence", [{"name": "_lic_key", "value": LICENSE}])
        self.select(*tables)
        return self

    def request(self, operation: str) -> bool:
        answer = self.send("POST", f"ops/extract/{operation}")
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["success"])

    def run(self, operation: str) -> dict[str, Any]:
        """Request an operation and return its outcome."""
        assert self.request(operation)
        return self.operations()[-1]

    def operations(self, wait: float = 60) -> list[dict[str, Any]]:
        return list(control(self.url, "GET", "operations", params={"instance": self.name, "wait": wait}))

    def journal(self) -> list[dict[str, Any]]:
        return list(control(self.url, "GET", "journal", params={"instance": self.name}))


def control(url: str, method: str, path: str, body: Any = None, **options: Any) -> Any:
    """Call the control path; return the JSON of its answer."""
    answer = requests.request(method, f"{url}/_emulator/{path}", json=body, timeout=120, **options)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def answers(url: str) -> bool:
    """Whether an emulator answers."""
    try:
        return requests.get(f"{url}/_emulator/health", timeout=60).ok
    except requests.ConnectionError:
        return False


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line until it ends."""
    command = [sys.executable, "-m", "flow_emulator", *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def serving(folder: Path, *options: str, verify: str | None = None) -> Iterator[str]:
    """Serve `folder` in a child process and yield the URL; kill the process at the end."""
    process, url = start(folder, *options, verify=verify)
    try:
        yield url
    finally:
        process.kill()
        process.wait(60)


def start(folder: Path, *options: str, verify: str | None = None) -> tuple[subprocess.Popen[bytes], str]:
    """Start a child process that serves `folder`; return the process and its URL."""
    url_file = folder / "url"
    url_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "flow_emulator", "serve", "--port", "0", "--data", str(folder)]
    with (folder.parent / f"{folder.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--url-file", str(url_file), *options], env=ENVIRONMENT, stdout=log, stderr=log
        )
    until = time.monotonic() + STARTING
    while not url_file.exists():
        assert process.poll() is None, Path(log.name).read_text()
        assert time.monotonic() < until, "the emulator does not come up"
        time.sleep(0.02)
    url = url_file.read_text()
    answer = requests.get(f"{url}/_emulator/health", timeout=STARTING, verify=verify)
    assert answer.status_code == 200
    return process, url
