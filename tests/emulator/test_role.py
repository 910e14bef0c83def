# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role flow_emulator: what it changes and reports, also in check mode, on this host and on another one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.emulator.support.emulators import PROGRAM, answers
from tests.emulator.test_tree import files

ROOT = Path(__file__).parents[2]
COLLECTIONS = ROOT / ".venv/collections"
PLAYBOOK = """
- hosts: all
  connection: local
  gather_facts: false
  serial: $AT_ONCE
  tasks:
    - ansible.builtin.include_role:
        name: singlestore.flow.flow_emulator
    - ansible.builtin.debug:
        msg: "URL of {{ inventory_hostname }} <{{ flow_emulator_url | default('none') }}>"
"""
MARKER = "marker-api-key"
ENVIRONMENT = {
    **os.environ,
    "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
    "ANSIBLE_HOME": str(ROOT / ".venv/ansible"),
}


class Played:
    """One run of the role: how many tasks changed something, whether it failed, the URL, and the output of the play."""

    def __init__(self, name: str, output: str) -> None:
        recap = re.search(rf"^{name} .*changed=(\d+) .*failed=(\d+)", output.partition("PLAY RECAP")[2], re.MULTILINE)
        assert recap, output
        self.output = output
        self.changed = int(recap[1])
        self.failed = int(recap[2]) > 0
        self.url = output.partition(f"URL of {name} <")[2].partition(">")[0]


class Role:
    """Runs the role in a folder, as often in one playbook as variables are given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def play(self, *runs: Mapping[str, Any], options: Sequence[str] = (), together: bool = False, **forced: Any) -> Any:
        """Run the role on one host after the other, or on all together; return what became of each."""
        own = {"flow_emulator_port": 0, "flow_emulator_python": sys.executable}
        hosts = {
            f"run{number}": {
                "flow_emulator_dir": str(self.folder / (f"data{number}" if together else "data")),
                **{f"flow_emulator_{name}": value for name, value in given.items()},
            }
            for number, given in enumerate(runs)
        }
        (self.folder / "play.yml").write_text(PLAYBOOK.replace("$AT_ONCE", str(len(runs) if together else 1)))
        # In files, because Ansible shows its own command line.
        (self.folder / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": own}}))
        (self.folder / "vars.json").write_text(json.dumps(forced))
        command = [sys.executable, "-m", "ansible", "playbook", "-i", "hosts.json", "play.yml", "-e", "@vars.json"]
        done = subprocess.run(
            [*command, *options],
            env=ENVIRONMENT,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return [Played(name, done.stdout + done.stderr) for name in hosts]

    def changes(self, *runs: Mapping[str, Any], check: bool = False, **forced: Any) -> list[bool]:
        """Run the role; return whether each run has changed something."""
        played = self.play(*runs, options=["--check"] if check else [], **forced)
        assert not any(one.failed for one in played), played[0].output
        return [one.changed > 0 for one in played]


@pytest.fixture
def role(tmp_path: Path) -> Iterator[Role]:
    """The role in an empty folder; the emulator is stopped at the end."""
    role = Role(tmp_path)
    yield role
    role.changes({"state": "absent"})
    assert not (tmp_path / "data").exists()


def test_role_starts_stops_and_starts_again(role: Role) -> None:
    first, again = role.play({}, {})
    assert (first.changed > 0, again.changed > 0) == (True, False), first.output
    assert answers(first.url)
    assert again.url == first.url
    assert role.changes({"state": "stopped"}, {"state": "stopped"}) == [True, False]
    assert not answers(first.url)
    (third,) = role.play({})
    assert (third.changed > 0, third.url) == (True, first.url), third.output


@pytest.mark.exhaustive
def test_check_mode_predicts_and_changes_nothing(role: Role) -> None:
    assert role.changes({}, check=True) == [True]
    (first,) = role.play({})
    assert first.changed > 0
    assert role.changes({}, {"state": "stopped"}, check=True) == [False, True]
    assert answers(first.url)


@pytest.mark.exhaustive
def test_hosted_keys_are_never_shown(role: Role, tmp_path: Path) -> None:
    hosted = {"hosted": True, "api_keys": [MARKER]}
    (first,) = role.play(hosted, options=["-vvvv", "--diff"])
    assert first.changed > 0
    assert MARKER not in first.output
    assert (tmp_path / "data/api-keys").stat().st_mode & 0o777 == 0o600
    for key, status in ((MARKER, 200), ("another", 401)):
        headers = {"Authorization": f"Bearer {key}"}
        answer = requests.get(f"{first.url}/x/ingest/api/ingest/conn-src", headers=headers, timeout=60)
        assert answer.status_code == status
    assert role.changes(hosted, {**hosted, "api_keys": [MARKER, "second"]}) == [False, True]


@pytest.mark.exhaustive
def test_program_is_copied_to_another_host(role: Role, tmp_path: Path) -> None:
    elsewhere = {"__flow_emulator_in_place": False}
    assert role.changes({}, check=True, **elsewhere) == [True]
    assert not (tmp_path / "data/program").exists()
    first, again = role.play({}, {}, **elsewhere)
    assert (first.changed > 0, again.changed > 0) == (True, False), first.output
    assert files(tmp_path / "data/program") == files(PROGRAM)
    assert answers(first.url)
    (tmp_path / "data/program/flow_emulator/http/page.html").write_text("<title>Of another version</title>")
    spoiled = files(tmp_path / "data/program")
    assert role.changes({}, check=True, **elsewhere) == [True]
    assert files(tmp_path / "data/program") == spoiled
    assert role.changes({}, **elsewhere) == [True]
    assert files(tmp_path / "data/program") == files(PROGRAM)
    assert role.changes({"state": "stopped"}, **elsewhere) == [True]


@pytest.mark.parametrize("missing", [pytest.param(0, marks=pytest.mark.exhaustive), 1])
def test_incomplete_program_is_copied(role: Role, tmp_path: Path, missing: int) -> None:
    there = COLLECTIONS / "ansible_collections/singlestore/flow/roles/flow_emulator/files"
    found = [{"path": str(there / name), "checksum": sha1(text).hexdigest()} for name, text in files(PROGRAM).items()]
    found = found[missing:]
    result = {"files": found, "matched": len(found)}
    assert role.changes({}, {}, __flow_emulator_there=result) == [True, False]
    assert (tmp_path / "data/program").exists() == bool(missing)


def test_failed_start_is_reported_in_a_sentence(role: Role) -> None:
    wrong = [{"host": "256.1.1.1"}, {"python": "/nowhere/python3"}, {"state": "running"}]
    played = role.play(*wrong, together=True)
    assert all(one.failed for one in played)
    output = played[0].output
    assert (
        f"could not be started with {sys.executable}: flow_emulator: it cannot listen on port 0 of 256.1.1.1" in output
    )
    assert "could not be started with /nowhere/python3" in output
    assert "started, stopped, absent" in output
