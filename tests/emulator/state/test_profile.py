# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profile: what a save does to what it leaves out, and which parameters a connection may have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flow_emulator.state.file import StateFile
from flow_emulator.state.shared.profile import Profile

from tests.emulator.support.emulators import DESTINATION, SOURCE, Instance, connection, control, pairs, start

DEFAULT = {"saves": "merge", "parameters": "known"}
SIDES = [("src", SOURCE), ("dst", DESTINATION)]
EXTRA = {"charset": "utf8", "Zone": "", "ä": "ö"}
HOURLY = {"type": "periodic", "duration": "0d01h00m00s"}


@pytest.fixture(autouse=True)
def default(url: str) -> Iterator[None]:
    """Leave the default behind."""
    yield
    control(url, "PUT", "profile", {})


def choose(instance: Instance, **profile: str) -> None:
    control(instance.url, "PUT", "profile", profile)


@pytest.mark.parametrize(
    ("profile", "shown"),
    [
        ({}, DEFAULT),
        (DEFAULT, DEFAULT),
        ({"saves": "replace"}, {"saves": "replace", "parameters": "known"}),
        ({"parameters": "any"}, {"saves": "merge", "parameters": "any"}),
    ],
)
def test_profile_reads_back(url: str, profile: dict[str, str], shown: dict[str, str]) -> None:
    """What is not given has its default."""
    control(url, "PUT", "profile", {"saves": "replace", "parameters": "any"})
    control(url, "PUT", "profile", profile)
    assert control(url, "GET", "profile") == shown


@pytest.mark.parametrize(("side", "values"), SIDES)
@pytest.mark.parametrize(("saves", "kept"), [("merge", {"db": "one"}), ("replace", {})])
def test_save_of_a_connection_keeps_or_drops_what_it_leaves_out(
    instance: Instance, side: str, values: dict[str, str], saves: str, kept: dict[str, str]
) -> None:
    choose(instance, saves=saves)
    instance.save(f"conn-{side}", pairs({**values, "db": "one"}))
    instance.save(f"conn-{side}", pairs(values))
    shown = {"id": f"CDC{side.upper()}", "status": "Y", "pwd": "***", "pwd2": "***"}
    assert instance.named(f"conn-{side}") == {**values, **kept, **shown}


def test_replacing_save_needs_all_that_its_type_needs(instance: Instance) -> None:
    jdbc = connection("rds.jdbcfe", "source.demo", drv="org.sqlite.JDBC", url="jdbc:sqlite:nowhere")
    short = {name: value for name, value in jdbc.items() if name != "drv"}
    instance.save("conn-src", pairs(jdbc))
    instance.save("conn-src", pairs(short))
    choose(instance, saves="replace")
    assert instance.refused("PATCH", "conn-src", pairs(short))[1].startswith("drv is required")
    assert instance.named("conn-src")["drv"] == jdbc["drv"]


@pytest.mark.parametrize(("saves", "loads"), [("merge", []), ("replace", ["offices"])])
def test_save_that_drops_the_database_points_elsewhere(instance: Instance, saves: str, loads: list[str]) -> None:
    """So that every table counts as new."""
    instance.set_up("offices").save("conn-src", pairs({**SOURCE, "db": "one"}))
    instance.run("full")
    choose(instance, saves=saves)
    instance.save("conn-src", pairs(SOURCE))
    assert [table["table"] for table in instance.run("syncnew")["tables"]] == loads


@pytest.mark.parametrize(("saves", "offset"), [("merge", "0d00h07m"), ("replace", "0d00h00m")])
def test_save_of_a_schedule_keeps_or_drops_the_offset(instance: Instance, saves: str, offset: str) -> None:
    choose(instance, saves=saves)
    instance.save("config-sched", {**HOURLY, "offset": "0d00h07m"})
    instance.save("config-sched", {**HOURLY, "duration": "0d02h00m00s"})
    assert instance.get("config-sched")["offset"] == offset


@pytest.mark.parametrize(("side", "values"), SIDES)
@pytest.mark.parametrize(("saves", "kept"), [("merge", EXTRA), ("replace", {"charset": "latin1"})])
def test_any_parameter_is_tested_saved_and_shown(
    instance: Instance, side: str, values: dict[str, str], saves: str, kept: dict[str, str]
) -> None:
    choose(instance, saves=saves, parameters="any")
    assert instance.send("POST", f"conn-{side}/test", pairs({**values, **EXTRA})).json() == {"success": True}
    instance.save(f"conn-{side}", pairs({**values, **EXTRA}))
    assert EXTRA.items() <= instance.named(f"conn-{side}").items()
    instance.save(f"conn-{side}", pairs({**values, "charset": "latin1"}))
    shown = instance.get(f"conn-{side}")
    assert [item["name"] for item in shown] == sorted(item["name"] for item in shown)
    assert {item["name"]: item["value"] for item in shown if item["name"] in EXTRA} == {**kept, "charset": "latin1"}


def test_known_parameters_drop_the_others_with_the_next_save(instance: Instance) -> None:
    """But show them until then."""
    choose(instance, parameters="any")
    instance.save("conn-src", pairs({**SOURCE, **EXTRA}))
    choose(instance)
    assert EXTRA.items() <= instance.named("conn-src").items()
    assert instance.refused("PATCH", "conn-src", pairs({**SOURCE, "charset": "utf8"}))[0] == 400
    instance.save("conn-src", pairs(SOURCE))
    assert not EXTRA.keys() & instance.named("conn-src").keys()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ([("id", "CDCSRC")], "id is set by the service itself; leave it out."),
        ([("status", "Y")], "status is set by the service itself; leave it out."),
        ([("", "x")], "A parameter has an empty name."),
        ([(" ", "x")], "A parameter has an empty name."),
        ([("charset", "a"), ("charset", "a")], "charset is given twice."),
    ],
)
def test_other_rules_stay(instance: Instance, more: list[tuple[str, str]], message: str) -> None:
    choose(instance, parameters="any")
    body = [{"name": name, "value": value} for name, value in [*SOURCE.items(), *more]]
    assert instance.refused("PATCH", "conn-src", body) == (400, message)
    assert instance.get("conn-src") == []


def test_profile_is_kept_in_the_state_file(tmp_path: Path) -> None:
    """Also through a kill; a reset of everything forgets it, one of an instance does not."""
    chosen: dict[str, Any] = {"saves": "replace", "parameters": "any"}
    (tmp_path / "data").mkdir()
    process, url = start(tmp_path / "data")
    control(url, "PUT", "profile", chosen)
    control(url, "POST", "reset", params={"instance": "one"})
    process.kill()
    process.wait(60)
    process, url = start(tmp_path / "data")
    assert control(url, "GET", "profile") == chosen
    control(url, "POST", "reset")
    assert control(url, "GET", "profile") == DEFAULT
    process.kill()
    process.wait(60)
    file = StateFile(tmp_path / "data/state.db")
    assert not Profile(file).replaces
    file.close()
