# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The basis of the tests: the built collection, Ansible's programs, and an emulator of the service."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
AWX = Path(os.environ.get("FLOW_AWX", ROOT / ".venv" / "awx"))
"""A folder of collections with awx.awx."""

SECRETS = {
    "vault_source_password": "s0urce-Secret",
    "vault_destination_password": "d3stination-Secret",
    "vault_flow_license_key": "YYXY2-4X3USJ-SXXEXB-K6EZS-PXJMR-SECRT",
    "vault_flow_api_key": "5ec4e7c0ffee5ec4e7c0ffee",
}
"""The secret variables in the documentation's examples."""

SOURCES = ("mysql.example.com", "postgres.example.com", "db2.example.com")
DESTINATIONS = ("svc-example-dml.aws-virginia-8.svc.singlestore.com",)
START_SECONDS = 60
RUN_SECONDS = 540


def run(*command: str | Path, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run a program and return its output; if it fails, the exception's message has the output."""
    done = subprocess.run(
        command,
        check=False,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=RUN_SECONDS,
    )
    assert done.returncode == 0, f"{[*map(str, command)]} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def own_environment() -> dict[str, str]:
    """Return the caller's environment without its configuration of Ansible and Flow."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SINGLESTORE_"))}


def program(name: str) -> Path:
    """Return a program of this environment."""
    return Path(sys.executable).parent / name


def build(folder: Path) -> Path:
    """Build the collection from the files of this work tree that git does not ignore."""
    run(sys.executable, ROOT / "tests" / "tools" / "copy_tree.py", folder / "tree")
    run(program("ansible-galaxy"), "collection", "build", "--output-path", folder, folder / "tree")
    (tarball,) = folder.glob("*.tar.gz")
    return tarball


def install(tarball: Path, folder: Path) -> Path:
    """Install a tarball below a folder."""
    options = ["--offline", "--collections-path", folder]
    run(program("ansible-galaxy"), "collection", "install", *options, tarball, env=own_environment())
    return folder


@dataclass(frozen=True)
class Ansible:
    """Ansible's programs with the given collections, without the caller's configuration."""

    paths: list[Path]
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the programs' environment."""
        kept = own_environment()
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": f"{program('python').parent}{os.pathsep}{kept['PATH']}",
            "ANSIBLE_HOME": str(self.home / ".ansible"),
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(map(str, self.paths)),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            **self.variables,
        }

    def __call__(self, name: str, *arguments: str | Path, cwd: Path = ROOT) -> str:
        """Run one of Ansible's programs."""
        return run(program(name), *arguments, env=self.environment, cwd=cwd)


@dataclass(frozen=True)
class Emulator:
    """A running emulator; each test uses new instances."""

    url: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def instance(self) -> str:
        """Return the URL of an unused instance."""
        return f"{self.url}/instance-{next(self._numbers)}"

    def ask(self, path: str, *, method: str = "GET", **more: Any) -> Any:
        """Call the control path."""
        answer = requests.request(method, f"{self.url}/_emulator/{path}", timeout=60, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def know_example_hosts(self) -> None:
        """Give the embedded databases the host names of the examples."""
        databases = self.ask("hosts")
        source, destination = databases["source.demo"]["url"], databases["destination.demo"]["url"]
        reading = {"url": source, "user": "flow", "password": SECRETS["vault_source_password"]}
        writing = {"url": destination, "user": "admin", "password": SECRETS["vault_destination_password"]}
        self.ask("hosts", method="PUT", json=dict.fromkeys(SOURCES, reading) | dict.fromkeys(DESTINATIONS, writing))


@contextmanager
def emulator_process(folder: Path, collection: Path) -> Iterator[Emulator]:
    """Run the emulator of a collection on a free port until the block ends."""
    files = collection / "roles" / "flow_emulator" / "files"
    found = folder / "url"
    command = [sys.executable, "-m", "flow_emulator", "serve", "--port", "0", "--data", folder, "--url-file", found]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(files)}, stderr=log)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not found.exists():
                running = process.poll() is None and time.monotonic() < deadline
                assert running, (folder / "log").read_text()
                time.sleep(0.05)
            emulator = Emulator(found.read_text().strip())
            emulator.know_example_hosts()
            yield emulator
        finally:
            process.terminate()
            process.wait(START_SECONDS)
