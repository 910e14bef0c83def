# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The laws of whole pipelines with the emulator, whether a save merges or replaces."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.singlestore.flow.tests.unit.support import pipelines
from ansible_collections.singlestore.flow.tests.unit.support.pipelines import WAYS, Go, require_recovery
from hypothesis import given
from hypothesis import strategies as st

from .emulator import KEY, OTHER_KEY, PASSWORD, USER, Emulator

LOGIN = {"user": USER, "password": PASSWORD}
EVERYTHING = {
    "source": {"type": "rds.mysqlc", "host": "source.demo", **LOGIN},
    "destination": {"host": "destination.demo", **LOGIN},
    "license_key": OTHER_KEY,
    "schedule": {"type": "auto"},
    "tables": [{"database": "mydb", "schema": "classicmodels", "tables": ["employees", "offices"]}],
}
SCHEMA = "mydb/classicmodels"
STATES = pipelines.states(["employees", "offices", "productlines"])
WANTED = pipelines.wants(EVERYTHING)
FAULTS: dict[str, dict[str, Any]] = {
    "not done": {"status": 500},
    "refused": {"body": '{"success": false, "message": "not now"}'},
    "lost": {"drop": "before"},
    "done and lost": {"drop": "after"},
}
READS = ("conn-src", "conn-dst", "config-var/licence", "config-sched")


class Instance:
    """An instance of the emulator that has been put into a state; without a source it has no selection."""

    numbers = itertools.count(1)

    def __init__(self, emulator: Emulator, state: Mapping[str, Any]) -> None:
        self.emulator = emulator
        self.name = f"law-{next(self.numbers)}"
        self.fault: str | None = None
        emulator.control("PUT", "profile", {"parameters": "any"})
        for side, path, type_ in (("source", "conn-src", "rds.mysqlc"), ("destination", "conn-dst", "rds.sstorem")):
            if state[side]:
                self._save(path, _connection(f"{side}.demo", type_))
        if state["license"]:
            self._save("config-var/licence", _pairs({"_lic_key": KEY}))
        self._save("config-sched", {"type": "periodic", "duration": "0d00h05m00s", "offset": pipelines.OFFSET})
        for table in sorted(state["selected"]) if state["source"] else ():
            self._save(f"config-tab/{SCHEMA}/{table}", {"select": "Y"})
        emulator.control("DELETE", f"journal?instance={self.name}")
        saves = "replace" if state["replaces"] else "merge"
        emulator.control("PUT", "profile", {"saves": saves, "parameters": "any"})

    @contextmanager
    def serving(self, fault: str | None = None, number: int = 0) -> Iterator[str]:
        """Serve it at a URL; a fault happens to the request of a number."""
        happens = {"instance": self.name, "skip": number, "times": 1, **FAULTS[fault]} if fault else None
        self.emulator.control("PUT", "faults", [happens] if happens else [])
        self.fault = fault or self.fault
        yield self.emulator.api(self.name)
        self.emulator.control("DELETE", "faults")

    def __enter__(self) -> Instance:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Forget it, because its schedule would go on."""
        self.emulator.control("DELETE", "faults")
        self.emulator.control("POST", f"reset?instance={self.name}")

    def final(self) -> Any:
        """Return the state that runs lead to."""
        shown = [self.emulator.ingest(self.name, "GET", f"/{path}") for path in READS]
        saved = [item for item in shown[2] if item["name"] != "_lic_prod"]
        tables = self.emulator.ingest(self.name, "GET", f"/list-db/{SCHEMA}") if shown[0] else None
        return shown[:2], saved, shown[3], tables

    def operations(self) -> list[str]:
        """Return the accepted operations."""
        found = self.emulator.control("GET", f"operations?instance={self.name}")
        return [one["operation"] for one in found if one["trigger"] == "request"]

    def selected_after_last_extract(self) -> list[str]:
        """Return the paths of the tables that runs have selected, and that no later extract covers."""
        left: list[str] = []
        for entry in self.emulator.journal(self.name):
            if entry["fault"] and self.fault != "done and lost":
                continue
            if entry["operation"] == "extract":
                left = []
            elif entry["body"] == {"select": "Y"}:
                left.append(entry["path"])
        return left

    def _save(self, path: str, body: Any) -> None:
        self.emulator.ingest(self.name, "PATCH", f"/{path}", body)


def _connection(host: str, type_: str) -> list[dict[str, str]]:
    login = {"uid": USER, "pwd": PASSWORD, "pwd2": PASSWORD}
    return _pairs({"type": type_, "host": host, "port": "3306", **login, **pipelines.KEPT})


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


@pytest.fixture(scope="module")
def service(emulator: Emulator) -> Emulator:
    """An emulator with another host for the source."""
    url = emulator.control("GET", "hosts")["source.demo"]["url"]
    emulator.control("PUT", "hosts", {"another": {"url": url, **LOGIN}})
    return emulator


def test_faults_are_those_of_the_law() -> None:
    """None is left out."""
    assert set(FAULTS) == set(pipelines.FAULTS)


@pipelines.disturbances(state=STATES, wanted=WANTED)
def test_next_run_ends_where_an_undisturbed_one_would(
    service: Emulator, state: Any, wanted: dict[str, Any], fault: str, number: int, go: Go
) -> None:
    """And each table that was selected is covered by a later extract, or a run has said what is due."""
    with Instance(service, state) as undisturbed, Instance(service, state) as disturbed:
        said = require_recovery(undisturbed, disturbed, wanted, go, fault=fault, number=number)
        assert said or not disturbed.selected_after_last_extract()


@given(state=STATES, wanted=WANTED, go=st.sampled_from(WAYS))
def test_nothing_that_is_not_managed_is_lost(service: Emulator, state: Any, wanted: dict[str, Any], go: Go) -> None:
    """Whether a save merges or replaces."""
    ends = []
    for replaces in (False, True):
        with Instance(service, {**state, "replaces": replaces}) as instance:
            with instance.serving() as url:
                go(url, wanted)
            ends.append(instance.final())
    assert ends[0] == ends[1]
    connections, _license, schedule, _tables = ends[0]
    for side, shown in zip(("source", "destination"), connections, strict=True):
        assert not state[side] or pipelines.KEPT.items() <= {item["name"]: item["value"] for item in shown}.items()
    assert schedule["type"] != "periodic" or schedule["offset"] == pipelines.OFFSET
