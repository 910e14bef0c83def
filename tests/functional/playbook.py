# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-playbook like a user, and records the result of each task."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .emulator import Emulator

REPOSITORY = Path(__file__).parents[2]
PLUGINS = Path(__file__).parent / "plugins"
PLAYBOOK = os.environ.get("FLOW_ANSIBLE_PLAYBOOK") or str(Path(sys.executable).parent / "ansible-playbook")
"""The tested ansible-playbook: the environment's, unless the variable names another one."""
TARGET_PYTHON = os.environ.get("FLOW_TARGET_PYTHON") or "{{ ansible_playbook_python }}"
"""The interpreter of ordinary modules."""
SECONDS = 600
URL = {"flow_pipeline_api_url": "{{ lookup('ansible.builtin.env', 'FLOW_EMULATOR') }}/{{ inventory_hostname }}"}
"""The role's variable for the emulator's instance with the host's name."""


@dataclass(frozen=True)
class Record:
    """The result of one task on one host, and the requests that the emulator received from it."""

    host: str
    task: str
    tags: list[str]
    outcome: str
    result: dict[str, Any]
    requests: list[dict[str, Any]]

    @property
    def sent(self) -> list[tuple[str, str]]:
        """The requests as (method, path)."""
        return [(request["method"], request["path"]) for request in self.requests]

    @property
    def wrote(self) -> list[tuple[str, str]]:
        """The requests other than reads and connection tests."""
        return [(method, path) for method, path in self.sent if method != "GET" and not path.endswith("/test")]


@dataclass(frozen=True)
class Run:
    """A run of ansible-playbook: exit code, output, a record of each task and the totals of each host."""

    code: int
    output: str
    records: list[Record]
    totals: dict[str, dict[str, int]]

    def of(self, host: str, task: str | None = None) -> list[Record]:
        """Return a host's records, those of one task if it is named."""
        return [record for record in self.records if record.host == host and task in (None, record.task)]

    def one(self, host: str, task: str) -> Record:
        """Return the one record of a task."""
        found = self.of(host, task)
        assert len(found) == 1, f"{task!r} ran {len(found)} times on {host}:\n{self.output[-4000:]}"
        return found[0]

    def requests(self, host: str) -> list[tuple[str, str, Any]]:
        """Return all requests of a host as (method, path, body)."""
        return [(sent["method"], sent["path"], sent["body"]) for record in self.of(host) for sent in record.requests]

    def warnings(self, host: str) -> list[str]:
        """Return the warnings of all tasks of a host, those of loops too."""
        results = [record.result for record in self.of(host)]
        results += [item for result in results for item in result.get("results", [])]
        return [text for result in results for text in result.get("warnings", [])]

    def to_json(self) -> dict[str, Any]:
        """Return the run as JSON types."""
        return {
            "code": self.code,
            "output": self.output,
            "records": [vars(record) for record in self.records],
            "totals": self.totals,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Run:
        """Return the run that ``to_json`` was called on."""
        return cls(**{**value, "records": [Record(**record) for record in value["records"]]})


@dataclass
class Ansible:
    """Runs playbooks in a separate folder with a home, temporary folders and the collection."""

    folder: Path
    emulator: Emulator
    in_worker: bool
    verbosity: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """Return the environment of ansible-playbook, without the caller's own configuration."""
        inherited = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        return {
            **inherited,
            "HOME": str(self._made("home")),
            "TMPDIR": str(self._made("tmp")),
            "ANSIBLE_LOCAL_TEMP": str(self._made("local_tmp")),
            "ANSIBLE_REMOTE_TEMP": str(self._made("remote_tmp")),
            "ANSIBLE_ASYNC_DIR": str(self._made("async")),
            "ANSIBLE_COLLECTIONS_PATH": str(_collections(self.folder)),
            "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS / "callback"),
            "ANSIBLE_ACTION_PLUGINS": str(PLUGINS / "action"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_INJECT_INVOCATION": "true",
            "ANSIBLE_DEPRECATION_WARNINGS": "true",
            "ANSIBLE_RETRY_FILES_ENABLED": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "SINGLESTORE_FLOW_IN_WORKER": str(self.in_worker).lower(),
            "FLOW_EMULATOR": self.emulator.url,
            "FLOW_DATA": str(self.emulator.folder / "data"),
            "FLOW_RECORD": str(self.folder / "record.json"),
            **self.environment,
        }

    def _made(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def run(self, playbook: str | list[dict[str, Any]], *options: str, hosts: dict[str, Any] | None = None) -> Run:
        """Run a playbook, given by name or as plays, on local hosts with variables; deprecations fail the test."""
        record = self.folder / "record.json"
        record.unlink(missing_ok=True)
        if not isinstance(playbook, str):
            playbook = self.written("playbook.yml", playbook)
        inventory = self.written("inventory.yml", {"all": {"hosts": hosts or {"localhost": {}}, "vars": self._own()}})
        command = [PLAYBOOK, "-i", inventory, *([self.verbosity] if self.verbosity else []), *options, playbook]
        done = subprocess.run(
            command,
            env=self.variables(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
        output = done.stdout.decode(errors="replace")
        assert "[DEPRECATION WARNING]" not in output, output[-4000:]
        kept = json.loads(record.read_text()) if record.exists() else {"records": [], "totals": {}}
        return Run.from_json({"code": done.returncode, "output": output, **kept})

    def _own(self) -> dict[str, str]:
        return {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}" if self.in_worker else TARGET_PYTHON,
        }

    def written(self, name: str, content: Any) -> str:
        """Write a file for Ansible as JSON, which is also YAML."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return str(path)


def _collections(folder: Path) -> Path:
    tree = folder / "collections"
    link = tree / "ansible_collections/singlestore/flow"
    if not link.exists():
        link.parent.mkdir(parents=True)
        link.symlink_to(REPOSITORY)
    return tree
