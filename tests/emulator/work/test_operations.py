# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations: which are accepted, which run, in which order, and their effect on the tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.support.emulators import DESTINATION, SOURCE, Instance, connection, control, execute, pairs

MESSAGES = {
    "full": "Full Extract requested",
    "syncnew": "Sync New Tables requested",
    "syncstruct": "Synchronize Structure requested",
    "delta": "Delta requested",
}


class Source:
    """A source database that a test can change, and the connections of both sides."""

    def __init__(self, url: str, folder: Path) -> None:
        self.path = folder / "source.db"
        self.run("CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR(20))", "INSERT INTO a VALUES (1, 'x'), (2, 'y')")
        self.run("CREATE TABLE b (id INTEGER PRIMARY KEY)", "INSERT INTO b VALUES (1)")
        hosts = {
            name: {"url": f"sqlite:///{folder}/{name}.db", "user": "u", "password": "p"}
            for name in ("source", "destination")
        }
        execute(folder / "destination.db", "PRAGMA user_version = 1")
        control(url, "PUT", "hosts", hosts)

    def run(self, *statements: str) -> None:
        execute(self.path, *statements)

    def connect(self, instance: Instance) -> Instance:
        instance.set_up()
        instance.save("conn-src", pairs(connection("rds.pgres", "source", uid="u", pwd="p")))
        instance.save("conn-dst", pairs(connection("rds.sstorem", "destination", uid="u", pwd="p")))
        return instance


@pytest.fixture
def source(url: str, tmp_path: Path) -> Source:
    return Source(url, tmp_path)


@pytest.fixture
def ready(source: Source, instance: Instance) -> Instance:
    return source.connect(instance)


def counts(instance: Instance) -> dict[str, tuple[int | None, int | None]]:
    found = control(instance.url, "GET", "tables", params={"instance": instance.name})
    return {table["table"]: (table["source_rows"], table["destination_rows"]) for table in found}


def done(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    assert operation["state"] == "done", operation
    return {table["table"]: table for table in operation["tables"]}


@pytest.mark.parametrize("operation", MESSAGES)
def test_operation_is_accepted_with_the_documented_message(instance: Instance, operation: str) -> None:
    instance.set_up("offices")
    answer = instance.send("POST", f"ops/extract/{operation}")
    assert (answer.status_code, answer.json()) == (200, {"success": True, "message": MESSAGES[operation]})


@pytest.mark.parametrize("operation", MESSAGES)
def test_operation_that_cannot_start_is_refused(instance: Instance, operation: str) -> None:
    instance.set_up("offices")
    wrong = {"pwd": "wrong", "pwd2": "wrong"}
    broken = [
        ("conn-src", pairs({**SOURCE, **wrong}), pairs(SOURCE)),
        ("conn-dst", pairs({**DESTINATION, **wrong}), pairs(DESTINATION)),
        ("config-var/licence", [{"name": "_lic_key", "value": "bad"}], [{"name": "_lic_key", "value": "A-B-C-D"}]),
        ("config-tab/mydb/classicmodels/offices", {"select": "N"}, {"select": "Y"}),
    ]
    for path, breaks, repairs in broken:
        instance.save(path, breaks)
        answer = instance.send("POST", f"ops/extract/{operation}")
        assert (answer.status_code, answer.json()) == (200, {"success": False, "message": MESSAGES[operation]}), path
        instance.save(path, repairs)
    assert instance.operations() == []


def test_database_that_comes_back_allows_operations_again(instance: Instance, url: str) -> None:
    sample = control(url, "GET", "hosts")["source.demo"]["url"]
    instance.set_up("offices")
    instance.save("conn-src", pairs(connection("rds.mysqlc", "late", uid="u", pwd="p")))
    assert not instance.request("full")
    control(url, "PUT", "hosts", {"late": {"url": sample, "user": "u", "password": "p"}})
    assert instance.request("full")
    assert instance.named("conn-src")["status"] == "Y"


@pytest.mark.parametrize("operation", ["Full", "", "full/x", "drop", "%66ull%20"])
def test_unknown_operation_is_refused(instance: Instance, operation: str) -> None:
    status, _message = instance.refused("POST", f"ops/extract/{operation}")
    assert status == (404 if operation in ("", "full/x") else 400)


def test_full_loads_all_selected_tables(instance: Instance) -> None:
    instance.set_up("customers", "orders", "orderdetails")
    tables = done(instance.run("full"))
    shown = counts(instance)
    assert set(shown) == set(tables) == {"customers", "orders", "orderdetails"}
    for name, (here, there) in shown.items():
        assert here == there == tables[name]["rows"] > 0


def test_syncnew_loads_only_new_tables(ready: Instance, source: Source) -> None:
    ready.select("a")
    done(ready.run("full"))
    source.run("INSERT INTO a VALUES (3, 'z')")
    ready.select("b")
    assert set(done(ready.run("syncnew"))) == {"b"}
    assert counts(ready) == {"a": (3, 2), "b": (1, 1)}
    assert done(ready.run("syncnew")) == {}


def test_reselected_table_counts_as_new(ready: Instance) -> None:
    ready.select("a", "b")
    done(ready.run("full"))
    ready.select("a", flag="N")
    ready.select("a")
    assert set(done(ready.run("syncnew"))) == {"a"}


def test_connection_to_another_database_makes_all_tables_new(ready: Instance) -> None:
    ready.select("a")
    done(ready.run("full"))
    ready.save("conn-dst", pairs(connection("rds.sstorem", "destination", uid="u", pwd="p")))
    assert done(ready.run("syncnew")) == {}
    ready.save("conn-dst", pairs(DESTINATION))
    assert set(done(ready.run("syncnew"))) == {"a"}


def test_delta_applies_inserts_updates_and_deletes(ready: Instance, source: Source) -> None:
    ready.select("a")
    done(ready.run("full"))
    source.run(
        "INSERT INTO a VALUES (3, 'z'), (4, 'w')", "UPDATE a SET name = 'Y' WHERE id = 2", "DELETE FROM a WHERE id = 1"
    )
    ready.select("b")
    table = done(ready.run("delta"))["a"]
    assert (table["inserted"], table["updated"], table["deleted"]) == (2, 1, 1)
    assert counts(ready) == {"a": (3, 3), "b": (1, None)}


def test_syncstruct_applies_column_changes(ready: Instance, source: Source) -> None:
    ready.select("a")
    done(ready.run("full"))
    source.run("ALTER TABLE a ADD COLUMN note VARCHAR(9)", "ALTER TABLE a DROP COLUMN name")
    table = done(ready.run("syncstruct"))["a"]
    assert (table["columns_added"], table["columns_dropped"]) == (["note"], ["name"])


@pytest.mark.parametrize("operation", ["delta", "syncstruct"])
def test_delta_and_syncstruct_fail_before_any_load(ready: Instance, operation: str) -> None:
    ready.select("a")
    ended = ready.run(operation)
    assert ended["state"] == "failed"
    assert "run a full extract first" in ended["message"]
    assert counts(ready) == {"a": (2, None)}


def test_failed_table_does_not_stop_the_others(ready: Instance, source: Source) -> None:
    ready.select("a", "b")
    source.run("DROP TABLE a")
    ended = ready.run("full")
    assert ended["state"] == "failed"
    assert "1 of 2 tables failed: a" in ended["message"]
    tables = {table["table"]: table["error"] for table in ended["tables"]}
    assert tables["a"]
    assert tables["b"] is None
    source.run("CREATE TABLE a (id INTEGER PRIMARY KEY)")
    assert set(done(ready.run("syncnew"))) == {"a"}


def test_operations_of_one_instance_run_in_order(ready: Instance, source: Source) -> None:
    ready.select("a")
    for operation in ("full", "delta", "syncstruct", "syncnew", "full"):
        assert ready.request(operation)
    ended = ready.operations()
    assert [operation["operation"] for operation in ended] == ["full", "delta", "syncstruct", "syncnew", "full"]
    assert {operation["state"] for operation in ended} == {"done"}
    assert {operation["trigger"] for operation in ended} == {"request"}


def test_many_instances_run_at_the_same_time(url: str) -> None:
    instances = [Instance(url, f"many-{number}") for number in range(12)]

    def work(instance: Instance) -> None:
        instance.set_up("offices", "employees")
        assert instance.request("full")

    with ThreadPoolExecutor(len(instances)) as pool:
        list(pool.map(work, instances))
    for instance in instances:
        (operation,) = instance.operations()
        assert set(done(operation)) == {"offices", "employees"}


def test_wait_ends_after_the_given_seconds(ready: Instance) -> None:
    assert ready.operations(wait=0) == []
    answer = ready.session.get(f"{ready.url}/_emulator/operations", params={"wait": -1}, timeout=60)
    assert answer.status_code == 400
