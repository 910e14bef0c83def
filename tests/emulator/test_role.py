# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role flow_emulator: what it changes and reports, also in check mode, on this host and on another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.emulator.support.emulators import PROGRAM
from tests.emulator.test_tree import files

ROOT = Path(__file__).parents[2]
COLLECTIONS = ROOT / ".venv/collections"
PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: singlestore.flow.flow_emulator
    - ansible.builtin.debug:
        msg: "URL <{{ flow_emulator_url | default('none') }}>"
"""
MARKER = "marker-api-key"
Play = Callable[..., "Played"]


class Played:
    """One run of the playbook: its output, how many tasks changed something, and the URL that it printed."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.output = done.stdout + done.stderr
        self.code = done.returncode
        recap = done.stdout.partition("PLAY RECAP")[2]
        self.changed = int(recap.partition("changed=")[2].split()[0]) if recap else -1
        self.url = done.stdout.partition("URL <")[2].partition(">")[0]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """Run the role with the given variables; the emulator is stopped at the end."""
    (tmp_path / "play.yml").write_text(PLAYBOOK)

    def run(*options: str, **variables: Any) -> Played:
        values = {"dir": str(tmp_path / "data"), "port": 0, "python": sys.executable, **variables}
        given = {f"flow_emulator_{name}" if not name.startswith("_") else name: value for name, value in values.items()}
        # From a file, because Ansible shows its own command line.
        (tmp_path / "vars.json").write_text(json.dumps(given))
        command = [sys.executable, "-m", "ansible", "playbook", str(tmp_path / "play.yml")]
        environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_HOME": str(ROOT / ".venv/ansible"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        }
        done = subprocess.run(
            [*command, *options, "--extra-vars", f"@{tmp_path}/vars.json"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Played(done)

    yield run
    assert run(state="absent").code == 0
    assert not (tmp_path / "data").exists()


def well(played: Played, *, changed: bool) -> Played:
    assert played.code == 0, played.output
    assert (played.changed > 0) is changed, played.output
    return played


def test_role_starts_stops_and_starts_again(play: Play) -> None:
    well(play("--check"), changed=True)
    first = well(play(), changed=True)
    assert requests.get(f"{first.url}/_emulator/health", timeout=60).ok
    assert well(play(), changed=False).url == first.url
    assert well(play("--check"), changed=False).url == first.url
    well(play("--check", state="stopped"), changed=True)
    well(play(state="stopped"), changed=True)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{first.url}/_emulator/health", timeout=60)
    well(play(state="stopped"), changed=False)
    assert well(play(), changed=True).url == first.url


@pytest.mark.exhaustive
def test_hosted_keys_are_never_shown(play: Play, tmp_path: Path) -> None:
    hosted = {"hosted": True, "api_keys": [MARKER]}
    first = well(play("-vvvv", "--diff", **hosted), changed=True)
    assert MARKER not in first.output
    assert (tmp_path / "data/api-keys").stat().st_mode & 0o777 == 0o600
    for key, status in ((MARKER, 200), ("another", 401)):
        headers = {"Authorization": f"Bearer {key}"}
        answer = requests.get(f"{first.url}/x/ingest/api/ingest/conn-src", headers=headers, timeout=60)
        assert answer.status_code == status
    well(play(**hosted), changed=False)
    well(play(hosted=True, api_keys=[MARKER, "second"]), changed=True)


@pytest.mark.exhaustive
def test_program_is_copied_to_another_host(play: Play, tmp_path: Path) -> None:
    elsewhere = {"__flow_emulator_in_place": False}
    well(play("--check", **elsewhere), changed=True)
    assert not (tmp_path / "data/program").exists()
    first = well(play(**elsewhere), changed=True)
    assert files(tmp_path / "data/program") == files(PROGRAM)
    assert requests.get(f"{first.url}/_emulator/health", timeout=60).ok
    well(play(**elsewhere), changed=False)
    (tmp_path / "data/program/flow_emulator/http/page.html").write_text("<title>Of another version</title>")
    spoiled = files(tmp_path / "data/program")
    well(play("--check", **elsewhere), changed=True)
    assert files(tmp_path / "data/program") == spoiled
    well(play(**elsewhere), changed=True)
    assert files(tmp_path / "data/program") == files(PROGRAM)
    well(play(state="stopped", **elsewhere), changed=True)


def test_incomplete_program_is_copied(play: Play, tmp_path: Path) -> None:
    role = COLLECTIONS / "ansible_collections/singlestore/flow/roles/flow_emulator/files"
    found = [{"path": str(role / name), "checksum": sha1(text).hexdigest()} for name, text in files(PROGRAM).items()]
    for there, copied in ((found, False), (found[:-1], True)):
        result = {"files": there, "matched": len(there)}
        well(play(__flow_emulator_there=result), changed=True)
        assert (tmp_path / "data/program").exists() == copied
        well(play(__flow_emulator_there=result), changed=False)


def test_failed_start_is_reported_in_a_sentence(play: Play) -> None:
    taken = play(host="256.1.1.1")
    assert taken.code != 0
    assert (
        f"could not be started with {sys.executable}: flow_emulator: it cannot listen on port 0 of 256.1.1.1"
        in taken.output
    )
    missing = play(python="/nowhere/python3")
    assert missing.code != 0
    assert "/nowhere/python3" in missing.output, missing.output
    unknown = play(state="running")
    assert unknown.code != 0
    assert "started, stopped, absent" in unknown.output
