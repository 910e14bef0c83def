# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""State files of other versions: older state is upgraded, newer state is refused with a message."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flow_emulator.state import versions
from flow_emulator.state.file import StateFile
from flow_emulator.state.versions import VERSION, Unusable

from tests.emulator.support.emulators import LICENSE, Instance, control, execute, run, serving

DUMP = Path(__file__).parent / "state-1.0.0.sql"


def written_by_1_0_0(folder: Path) -> Path:
    """Write a state file as 1.0.0 did, without a version."""
    path = folder / "state.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(DUMP.read_text().replace("$FOLDER", str(folder)))
    assert version(path) == 0
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("PRAGMA user_version").fetchone()[0])


def structure(path: Path) -> list[tuple[Any, ...]]:
    """Return the tables, columns and indexes of a file."""
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY 1, 2")
        kinds = names.fetchall()
        return [*kinds, *(database.execute(f"PRAGMA table_info({name})").fetchall() for kind, name in kinds)]


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def test_new_file_has_the_current_version(tmp_path: Path) -> None:
    StateFile(tmp_path / "state.db").close()
    assert version(tmp_path / "state.db") == VERSION > 0


def test_upgraded_file_has_the_structure_of_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    old = written_by_1_0_0(tmp_path)
    StateFile(old).close()
    StateFile(tmp_path / "new/state.db").close()
    assert structure(old) == structure(tmp_path / "new/state.db")
    assert version(old) == VERSION
    before = content(old)
    StateFile(old).close()
    assert content(old) == before


def test_upgrade_keeps_everything_of_1_0_0(tmp_path: Path) -> None:
    written_by_1_0_0(tmp_path)
    with serving(tmp_path) as url:
        shop = Instance(url, "shop")
        assert {shop.named(path)["status"] for path in ("conn-src", "conn-dst")} == {"Y"}
        assert shop.named("conn-src")["host"] == "source.demo"
        assert shop.named("config-var/licence") == {
            "_lic_status": "Expires on 31 Dec 2050 (3 units)",
            "_lic_key": LICENSE,
            "_lic_prod": "IDB-TCEC3-8ZDDF-0PMPN-MZS815-F9D62-KJCA4R",
        }
        assert shop.get("config-sched") == {
            "duration": "14h46m",
            "offset": "0d00h00m",
            "isScheduled": True,
            "type": "weekly",
            "weekFlags": "NYNNNNN",
        }
        assert shop.selected() == {"orders", "payments", "offices"}
        assert [table["rows"] for table in shop.operations()[0]["tables"]] == [400, 300]
        assert control(url, "GET", "clock")["now"] >= "2040-05-06T07:08:09"
        assert control(url, "GET", "hosts")["elsewhere"]["user"] == "u"
        assert control(url, "GET", "licences") == {LICENSE: {"expires_on": "2050-12-31", "units": 3}}
        assert control(url, "GET", "keys") == {"known": 1}
        assert control(url, "GET", "profile") == {"saves": "merge", "parameters": "known"}
        assert [table["table"] for table in shop.run("syncnew")["tables"]] == ["offices"]


def test_upgraded_state_can_be_reset(tmp_path: Path) -> None:
    path = written_by_1_0_0(tmp_path)
    with serving(tmp_path) as url:
        control(url, "POST", "reset")
        assert control(url, "GET", "health")["instances"] == 0
        assert control(url, "GET", "licences") == {}
        assert Instance(url, "shop").get("conn-src") == []
        # Numbers go on: the file had one operation, and the schedule may have added one that was due.
        assert Instance(url, "shop").set_up("offices").run("full")["number"] > 1
    assert version(path) == VERSION


def test_interrupted_upgrade_leaves_the_file_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connected: object) -> None:
        raise RuntimeError("the power went")

    path = written_by_1_0_0(tmp_path)
    before = content(path)
    monkeypatch.setattr(versions, "STEPS", (*versions.STEPS, fail))
    with pytest.raises(RuntimeError, match="power"):
        StateFile(path)
    assert (content(path), version(path)) == (before, 0)


def test_file_of_a_newer_emulator_is_refused_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    execute(path, "CREATE TABLE of_the_future (x)", f"PRAGMA user_version = {VERSION + 1}")
    before = content(path)
    with pytest.raises(Unusable) as caught:
        StateFile(path)
    assert str(caught.value) == (
        f"the state file {path} has version {VERSION + 1}, and this emulator knows versions up to {VERSION}: "
        "run the emulator that wrote it, or remove the file to start again."
    )
    assert content(path) == before


@pytest.mark.parametrize("text", ["CREATE TABLE somebody_elses (x)", "no database at all, whatever its name says"])
def test_foreign_file_is_refused_and_unchanged(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.db"
    if text.startswith("CREATE"):
        execute(path, text)
    else:
        path.write_text(text * 100)
    before = path.read_bytes()
    with pytest.raises(Unusable, match=r"state\.db is not an emulator's state file: .*remove"):
        StateFile(path)
    assert path.read_bytes() == before


def test_command_line_reports_a_newer_file(tmp_path: Path) -> None:
    execute(tmp_path / "state.db", f"PRAGMA user_version = {VERSION + 1}")
    for command in ("serve", "start"):
        done = run(command, "--data", str(tmp_path), "--port", "0")
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"flow_emulator: the state file {tmp_path}/state.db has version {VERSION + 1}")
