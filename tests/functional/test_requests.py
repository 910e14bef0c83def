# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How few requests and connections a pipeline needs, and how the pool takes a service that says no: by counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.plugins.module_utils._http.client import Client
from ansible_collections.singlestore.flow.plugins.module_utils._http.settings import Settings

from tests.benchmark.runs import READS, Run, measure
from tests.benchmark.standin import StandIn, running

from .playbook import REPOSITORY


@pytest.fixture(scope="module")
def service() -> Iterator[StandIn]:
    """Run the stand-in of the service that counts."""
    with running() as standin:
        yield standin


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of its own, from which playbooks find this collection."""
    link = tmp_path / "collections/ansible_collections/singlestore/flow"
    link.parent.mkdir(parents=True)
    link.symlink_to(REPOSITORY)
    monkeypatch.setenv("ANSIBLE_COLLECTIONS_PATH", str(tmp_path / "collections"))
    return tmp_path


@pytest.mark.parametrize(
    ("peer", "tables", "hosts", "connections"),
    [
        ("pipeline", 10, 1, 1),
        pytest.param("pipeline", 1000, 1, 1, marks=pytest.mark.exhaustive),
        ("pipeline", 10, 5, 5),
        ("role", 10, 2, 10),
        ("modules", 10, 1, 5),
    ],
)
def test_nothing_to_change(
    service: StandIn, folder: Path, peer: str, tables: int, hosts: int, connections: int
) -> None:
    """Exactly one GET for each resource, and one connection for each task that sends something."""
    measure(Run(peer, tables, hosts=hosts), service, folder)
    counts = service.counts()
    assert counts.requests == dict.fromkeys(READS, hosts)
    assert counts.connections == connections


@pytest.mark.parametrize(("tables", "connections"), [(1, 2), (4, 5), (300, 5)])
def test_first_run(service: StandIn, folder: Path, tables: int, connections: int) -> None:
    """Each write once, each resource read before and after; a pool of four for the tables.

    One connection more is the operation's own.
    """
    measure(Run("pipeline", tables, 0.02, first=True), service, folder)
    counts = service.counts()
    assert counts.requests == {
        **dict.fromkeys(READS, 2),
        "test conn-src": 1,
        "test conn-dst": 1,
        "save conn-src": 1,
        "save conn-dst": 1,
        "save schedule": 1,
        "save licence": 1,
        "select": tables,
        "extract": 1,
    }
    assert counts.connections <= connections
    assert (counts.most_at_once > 1) == (tables > 1)


def select_all(service: StandIn, *, tables: int, concurrency: int, **more: Any) -> list[object]:
    """Send what selects each table, as a task does; return the answers or errors."""
    settings = Settings(base_url=f"{service.url}/one/ingest/api/ingest")
    requests = [
        Request("PATCH", ("config-tab", "d", "s", f"table_{number:05}"), {"select": "Y"}) for number in range(tables)
    ]
    with Client(settings, concurrency=concurrency, **more) as client:
        return client.send_all(requests)


@pytest.mark.parametrize("concurrency", [8, 32])
@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_rate_limit_slows_the_pool(service: StandIn, at_once: int, concurrency: int) -> None:
    """A service that takes few requests at once gets them all: the pool halves until it fits, and fails for none."""
    service.set_up(tables=200, delay=0.01, at_once=at_once)
    assert select_all(service, tables=200, concurrency=concurrency) == [None] * 200
    counts = service.counts()
    assert counts.requests == {"select": 200}
    assert 0 < counts.refused < 2 * concurrency
    assert at_once < counts.most_at_once <= concurrency


def test_pool_is_not_slow_without_need(service: StandIn) -> None:
    """A service that takes what it gets has as many requests at once as allowed."""
    service.set_up(tables=200, delay=0.05)
    assert select_all(service, tables=200, concurrency=16) == [None] * 200
    counts = service.counts()
    assert (counts.most_at_once, counts.connections, counts.refused) == (16, 16, 0)
