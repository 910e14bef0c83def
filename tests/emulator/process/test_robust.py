# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many instances, many clients, and a process that is killed at any time."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.emulator.support.emulators import (
    LICENSE,
    SOURCE,
    Instance,
    connection,
    control,
    execute,
    pairs,
    serving,
    start,
)
from tests.emulator.support.waiting import until

INSTANCES = 200
TABLES = 1000
CLIENTS = 64
KILLS = 6


def big_source(url: str, folder: Path) -> dict[str, str]:
    """Add a host with a source of a thousand tables; return a connection to it."""
    tables = (f"CREATE TABLE t{number:04d} (id INTEGER PRIMARY KEY)" for number in range(TABLES))
    execute(folder / "big.db", *tables)
    control(url, "PUT", "hosts", {"big": {"url": f"sqlite:///{folder}/big.db", "user": "u", "password": "p"}})
    return connection("rds.mysqlc", "big", uid="u", pwd="p")


@pytest.mark.exhaustive
def test_200_instances_of_1000_tables_serve_64_clients(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with serving(tmp_path / "data") as url:
        source = big_source(url, tmp_path)
        local = threading.local()

        def client(name: str) -> Instance:
            if not hasattr(local, "session"):
                local.session = requests.Session()
            return Instance(url, name, local.session)

        def set_up(number: int) -> None:
            client(f"i{number}").save("conn-src", pairs(source))
            client(f"i{number}").save("config-sched", {"type": "daily", "duration": f"{number % 24:02d}h00m"})

        def select(job: tuple[int, int]) -> None:
            client(f"i{job[0]}").save(f"config-tab/d/classicmodels/t{job[1]:04d}", {"select": "Y"})

        def check(number: int) -> tuple[int, int]:
            listed = client(f"i{number}").get("list-db/d/classicmodels")
            assert client(f"i{number}").get("config-sched")["duration"] == f"{number % 24:02d}h00m"
            return len(listed), sum(table["selected"] for table in listed)

        # Every instance selects a few tables, and one selects all: selecting all 200,000 over HTTP takes minutes.
        jobs = [(0, table) for table in range(TABLES)]
        jobs += [(number, table) for number in range(1, INSTANCES) for table in range(number % 5 + 1)]
        random.Random(1).shuffle(jobs)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(set_up, range(INSTANCES)))
            fill(tmp_path / "data/state.db")
            list(pool.map(select, jobs))
            found = list(pool.map(check, range(INSTANCES)))
        assert set(found) == {(TABLES, TABLES)}
        assert control(url, "GET", "health")["instances"] == INSTANCES


def fill(state: Path) -> None:
    """Select the remaining tables directly in the state file."""
    rows = (
        (f"i{number}", "d", "classicmodels", f"t{table:04d}", False)
        for number in range(1, INSTANCES)
        for table in range(number % 5 + 1, TABLES)
    )
    with closing(sqlite3.connect(state, timeout=60)) as database:
        with database:
            database.executemany("INSERT INTO selection VALUES (?, ?, ?, ?, ?)", rows)


@contextmanager
def killed_at_random(folder: Path, seconds: float) -> Iterator[str]:
    """Run an emulator that is killed after this long, or at the end."""
    process, url = start(folder)
    timer = threading.Timer(seconds, process.send_signal, [signal.SIGKILL])
    timer.start()
    try:
        yield url
    finally:
        timer.join(60)
        process.wait(60)


class Client:
    """Saves to its own instance again and again, and remembers what was acknowledged and what may have been saved."""

    def __init__(self, number: int) -> None:
        self.name = f"c{number}"
        self.acknowledged: dict[str, Any] = {}
        self.possible: dict[str, Any] = {}
        self.count = 0

    def work(self, url: str) -> None:
        instance = Instance(url, self.name)
        with instance.session:
            while True:
                self.count += 1
                path, body, shown = self._next()
                self.possible[path] = shown
                try:
                    answer = instance.send("PATCH", path, body)
                except requests.RequestException:
                    return
                assert answer.status_code == 204, answer.text
                self.acknowledged[path] = shown
                del self.possible[path]

    def _next(self) -> tuple[str, Any, Any]:
        number = self.count
        if number == 1:
            return "conn-src", pairs(SOURCE), None
        match number % 4:
            case 0:
                duration = f"0d00h00m{number % 60 or 1:02d}s"
                return "config-sched", {"type": "periodic", "duration": duration}, duration
            case 1:
                return "conn-src", pairs({**SOURCE, "db": f"db{number}"}), f"db{number}"
            case 2:
                key = f"{LICENSE}-{number}"
                return "config-var/licence", [{"name": "_lic_key", "value": key}], key
        flag = "NY"[number // 4 % 2]
        return "config-tab/mydb/classicmodels/offices", {"select": flag}, flag

    def check(self, url: str) -> int:
        instance = Instance(url, self.name)
        shown: dict[str, Any] = {}
        with instance.session:
            shown["conn-src"] = instance.named("conn-src").get("db")
            shown["config-sched"] = instance.get("config-sched")["duration"]
            shown["config-var/licence"] = instance.named("config-var/licence")["_lic_key"]
            if self.acknowledged:
                flag = "Y" if "offices" in instance.selected() else "N"
                shown["config-tab/mydb/classicmodels/offices"] = flag
        for path, value in self.acknowledged.items():
            allowed = [value, *([self.possible[path]] if path in self.possible else [])]
            assert shown[path] in allowed, (path, shown[path], allowed)
        self.acknowledged.update({path: shown[path] for path in self.acknowledged})
        self.possible.clear()
        return len(self.acknowledged)


@pytest.mark.exhaustive
def test_kill_loses_no_acknowledged_save(tmp_path: Path) -> None:
    clients = [Client(number) for number in range(16)]
    chance = random.Random(7)
    checked = 0
    for _time in range(KILLS):
        with killed_at_random(tmp_path, chance.uniform(0.3, 1.5)) as url, ThreadPoolExecutor(len(clients)) as pool:
            list(pool.map(lambda client, url=url: client.work(url), clients))
        with closing(sqlite3.connect(tmp_path / "state.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with serving(tmp_path) as url:
            checked += sum(client.check(url) for client in clients)
    assert checked > KILLS * len(clients)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose source has a table that takes a while to load."""
    (tmp_path / "data").mkdir()
    rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) SELECT i, hex(randomblob(40)) FROM n"
    execute(
        tmp_path / "source.db",
        *(f"CREATE TABLE big{number} (id INTEGER PRIMARY KEY, note VARCHAR(80))" for number in range(4)),
        *(f"INSERT INTO big{number} {rows}" for number in range(4)),
    )
    execute(tmp_path / "destination.db", "PRAGMA user_version = 1")
    return tmp_path


def test_operations_and_schedules_survive_a_kill(folder: Path) -> None:
    process, url = start(folder / "data")
    hosts = {
        side: {"url": f"sqlite:///{folder}/{side}.db", "user": "u", "password": "p"}
        for side in ("source", "destination")
    }
    control(url, "PUT", "hosts", hosts)
    control(url, "PUT", "clock", {"now": "2027-03-01T12:00:00Z"})
    instance = Instance(url, "a").set_up()
    instance.save("conn-src", pairs(connection("rds.mysqlc", "source", uid="u", pwd="p")))
    instance.save("conn-dst", pairs(connection("rds.sstorem", "destination", uid="u", pwd="p")))
    instance.select(*(f"big{number}" for number in range(4)))
    instance.save("config-sched", {"type": "daily", "duration": "11h00m"})
    assert instance.request("full")
    assert instance.request("syncstruct")
    until(lambda: any(one["tables"] for one in instance.operations(wait=0)), "a table is loaded", pause=0.005)
    process.kill()
    process.wait(60)
    with serving(folder / "data") as url:
        instance = Instance(url, "a")
        full, syncstruct = instance.operations(wait=300)
        assert [(one["operation"], one["state"]) for one in (full, syncstruct)] == [
            ("full", "done"),
            ("syncstruct", "done"),
        ]
        assert [table["rows"] for table in full["tables"]] == [60000] * 4
        tables = control(url, "GET", "tables", params={"instance": "a"})
        assert all(table["source_rows"] == table["destination_rows"] == 60000 for table in tables)
        assert control(url, "GET", "clock")["now"] >= "2027-03-01T12:00:00"
        control(url, "PUT", "clock", {"now": "2027-03-02T11:00:00Z"})
        last = instance.operations(wait=300)[-1]
        assert (last["operation"], last["trigger"], last["state"]) == ("delta", "schedule", "done")


def test_schedule_that_was_due_during_downtime_runs_at_start(tmp_path: Path) -> None:
    with serving(tmp_path) as url:
        instance = Instance(url, "").set_up("offices")
        assert instance.run("full")["state"] == "done"
        instance.save("config-sched", {"type": "periodic", "duration": "0d00h00m01s"})
    time.sleep(1.1)
    with serving(tmp_path) as url:
        until(lambda: any(one["trigger"] == "schedule" for one in Instance(url, "").operations()), "a scheduled run")


def test_restart_keeps_the_state(tmp_path: Path) -> None:
    def shown(url: str) -> str:
        instance = Instance(url, "x")
        paths = ("conn-src", "conn-dst", "config-var/licence", "config-sched", "list-db/mydb/classicmodels")
        output = [instance.get(path) for path in paths]
        return json.dumps(
            [*output, instance.operations(), control(url, "GET", "hosts"), control(url, "GET", "licences")]
        )

    with serving(tmp_path) as url:
        instance = Instance(url, "x").set_up("offices", "payments")
        instance.save("config-sched", {"type": "weekly", "duration": "01h00m", "weekFlags": "YNNNNNN"})
        control(url, "PUT", "hosts", {"h": {"url": "sqlite:///x", "user": "u", "password": "p"}})
        control(url, "PUT", "licences", {"K": {"expires_on": "2030-01-01", "units": 2}})
        assert instance.run("full")["state"] == "done"
        before = shown(url)
    with serving(tmp_path) as url:
        assert shown(url) == before
