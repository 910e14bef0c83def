# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plain curl script that sets up a pipeline from start to end, on both faces of the service."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.emulator.support.emulators import Instance, control, serving

SCRIPT = Path(__file__).parent / "walkthrough.sh"
TABLES = 8


def walk(url: str, prefix: str, *arguments: str, hosted: bool = False) -> str:
    # Four minutes before the schedule saved by the script is due.
    control(url, "PUT", "clock", {"now": "2027-03-01T12:02:00Z"})
    environment = {**os.environ, "HOSTED": "1"} if hosted else dict(os.environ)
    command = [str(SCRIPT), f"{url}/{prefix}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_loaded(instance: Instance) -> None:
    (operation,) = instance.operations()
    assert operation["state"] == "done", operation
    tables = control(instance.url, "GET", "tables", params={"instance": instance.name})
    assert len(tables) == TABLES
    assert all(table["source_rows"] == table["destination_rows"] > 0 for table in tables)


def test_walkthrough_loads_all_rows(url: str) -> None:
    output = walk(url, "walk")
    assert output.count('"status","value":"Y"') == 2
    assert output.count('"selected":true') == TABLES
    check_loaded(Instance(url, "walk"))
    operations = [entry["operation"] for entry in Instance(url, "walk").journal()]
    assert operations == [
        *("test_source", "save_source", "get_source"),
        *("test_destination", "save_destination", "get_destination"),
        *["select_table"] * TABLES,
        *("list_tables", "save_schedule", "get_schedule", "save_license", "get_license", "extract"),
    ]


def test_walkthrough_works_on_the_hosted_face(tmp_path: Path) -> None:
    with serving(tmp_path, "--hosted", "--api-key", "0a1b2c") as url:
        walk(url, "gateway/7", "--header", "Authorization: Bearer 0a1b2c", hosted=True)
        check_loaded(Instance(url, "gateway/7"))
