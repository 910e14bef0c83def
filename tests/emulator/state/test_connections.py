# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Saving, testing and reading connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.emulator.support.emulators import DESTINATION, SOURCE, Instance, connection, control, pairs

SIDES = [("src", SOURCE), ("dst", DESTINATION)]
UNPARSABLE = {"topic": "db", "message": "Connection string is invalid. Unable to parse.", "status": "E"}
NO_DRIVER = {"topic": None, "message": "Error: Driver not found for rds.", "status": "E"}


def failed(instance: Instance, side: str, values: dict[str, str]) -> dict[str, Any]:
    answer = instance.send("POST", f"conn-{side}/test", pairs(values))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["success"], body["status"]) == (False, "N")
    (message,) = body["messageList"]
    return dict(message)


@pytest.mark.parametrize("side", ["src", "dst"])
def test_unsaved_connection_reads_as_an_empty_list(instance: Instance, side: str) -> None:
    assert instance.get(f"conn-{side}") == []


@pytest.mark.parametrize(("side", "values"), SIDES)
def test_saved_connection_reads_back_with_masks_id_and_status(
    instance: Instance, side: str, values: dict[str, str]
) -> None:
    instance.save(f"conn-{side}", pairs({**values, "db": "sales"}))
    shown = instance.get(f"conn-{side}")
    assert [item["name"] for item in shown] == sorted(item["name"] for item in shown)
    assert instance.named(f"conn-{side}") == {
        **values,
        "db": "sales",
        "id": f"CDC{side.upper()}",
        "pwd": "***",
        "pwd2": "***",
        "status": "Y",
    }


@pytest.mark.parametrize(("side", "values"), SIDES)
def test_wrong_password_is_saved_with_status_n(instance: Instance, side: str, values: dict[str, str]) -> None:
    instance.save(f"conn-{side}", pairs({**values, "pwd": "wrong", "pwd2": "wrong"}))
    assert instance.named(f"conn-{side}")["status"] == "N"


def test_unknown_type_is_saved_with_status_n(instance: Instance) -> None:
    instance.save("conn-src", pairs({**SOURCE, "type": "rds.unheardof"}))
    assert instance.named("conn-src")["status"] == "N"


def test_status_changes_on_use_but_not_on_reading(instance: Instance, url: str) -> None:
    sample = control(url, "GET", "hosts")["source.demo"]["url"]
    host = {"url": sample, "user": "u", "password": "one"}
    control(url, "PUT", "hosts", {"rotating": host})
    instance.save("conn-src", pairs(connection("rds.mysqlc", "rotating", uid="u", pwd="one")))
    control(url, "PUT", "hosts", {"rotating": {**host, "password": "two"}})
    assert instance.named("conn-src")["status"] == "Y"
    assert instance.refused("GET", "list-db/d/classicmodels")[0] == 409
    assert instance.named("conn-src")["status"] == "N"
    control(url, "PUT", "hosts", {"rotating": host})
    assert instance.get("list-db/d/classicmodels") != []
    assert instance.named("conn-src")["status"] == "Y"


def test_save_keeps_optional_names_that_are_not_given(instance: Instance) -> None:
    jdbc = connection("rds.jdbcfe", "source.demo", drv="org.sqlite.JDBC", url="jdbc:sqlite:nowhere", db="one")
    instance.save("conn-src", pairs(jdbc))
    instance.save("conn-src", pairs(SOURCE))
    shown = instance.named("conn-src")
    assert (shown["drv"], shown["url"], shown["db"]) == ("org.sqlite.JDBC", "jdbc:sqlite:nowhere", "one")
    instance.save("conn-src", pairs({**SOURCE, "db": ""}))
    assert instance.named("conn-src")["db"] == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        *(({name: ""}, name) for name in ("host", "port", "uid", "pwd", "type")),
        ({"pwd2": "another"}, "pwd2 does not match pwd"),
        ({"pwd": "***", "pwd2": "***"}, "mask"),
        *(({"port": port}, "1 to 65535") for port in ("0", "65536", "abc", "-1", "٣٣", "1e3")),
        ({"user": "x"}, "'user' is not a parameter"),
        ({"type": "rds.jdbcfe"}, "drv is required"),
        ({"type": "rds.jdbcfe", "drv": "d"}, "url is required"),
    ],
)
def test_bad_value_is_refused_and_not_saved(instance: Instance, change: dict[str, str], words: str) -> None:
    status, message = instance.refused("PATCH", "conn-src", pairs({**SOURCE, **change}))
    assert status == 400
    assert words in message
    assert instance.get("conn-src") == []


@pytest.mark.parametrize("name", sorted(SOURCE))
def test_missing_required_name_is_refused(instance: Instance, name: str) -> None:
    values = {key: value for key, value in SOURCE.items() if key != name}
    assert instance.refused("PATCH", "conn-src", pairs(values))[0] == 400
    if name not in ("pwd", "pwd2"):
        assert failed(instance, "src", values) == UNPARSABLE


def test_duplicate_name_is_refused(instance: Instance) -> None:
    body = [*pairs(SOURCE), {"name": "host", "value": "other"}]
    assert instance.refused("PATCH", "conn-src", body) == (400, "host is given twice.")


@pytest.mark.parametrize("name", ["drv", "url"])
def test_destination_refuses_jdbc(instance: Instance, name: str) -> None:
    assert instance.refused("PATCH", "conn-dst", pairs({**DESTINATION, name: "x"}))[0] == 400


@pytest.mark.parametrize(
    "body",
    [None, {}, "text", 1, [], [[]], [{"name": "host"}], [{"name": "host", "value": 1}], [{"name": 1, "value": "x"}]],
)
@pytest.mark.parametrize(("method", "path"), [("PATCH", "conn-src"), ("PATCH", "conn-dst")])
def test_body_of_wrong_shape_is_refused(instance: Instance, method: str, path: str, body: Any) -> None:
    assert instance.refused(method, path, body)[0] == 400


@pytest.mark.parametrize(("side", "values"), SIDES)
def test_connection_test_saves_nothing(instance: Instance, side: str, values: dict[str, str]) -> None:
    answer = instance.send("POST", f"conn-{side}/test", pairs(values))
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert instance.get(f"conn-{side}") == []


@pytest.mark.parametrize("side", ["src", "dst"])
def test_failed_connection_test_has_the_documented_form(instance: Instance, side: str) -> None:
    values = dict(SIDES)[side]
    assert failed(instance, side, {**values, "type": "rds."}) == NO_DRIVER
    assert failed(instance, side, {**values, "host": " "}) == UNPARSABLE
    assert failed(instance, side, {**values, "port": "x"}) == UNPARSABLE
    nowhere = failed(instance, side, {**values, "host": "nowhere.invalid"})["message"]
    assert nowhere == "Socket fail to connect to host:address=(host=nowhere.invalid)(port=3306). nowhere.invalid"
    assert "denied" in failed(instance, side, {**values, "pwd": "wrong", "pwd2": "wrong"})["message"]


@pytest.mark.parametrize("password", ["", "***"])
def test_connection_test_ignores_the_saved_password(instance: Instance, password: str) -> None:
    instance.save("conn-src", pairs(SOURCE))
    message = failed(instance, "src", {**SOURCE, "pwd": password, "pwd2": password})
    assert "password" in message["message"] or message == UNPARSABLE


def test_simultaneous_saves_lose_no_name(instance: Instance) -> None:
    with ThreadPoolExecutor(8) as pool:
        bodies = [pairs({**SOURCE, "db": "kept"}), *[pairs(SOURCE)] * 15]
        list(pool.map(lambda body: Instance(instance.url, instance.name).save("conn-src", body), bodies))
    assert instance.named("conn-src")["db"] == "kept"


def test_instances_are_separate(instance: Instance) -> None:
    instance.save("conn-src", pairs(SOURCE))
    assert Instance(instance.url, f"{instance.name}/inner").get("conn-src") == []
