# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts of the requests and connections of a pipeline, and of a pool under a rate limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.plugins.module_utils._http.client import Client
from ansible_collections.singlestore.flow.plugins.module_utils._http.settings import Settings

from tests.benchmark.runs import READS, Run, measure
from tests.benchmark.standin import StandIn, running

from .playbook import REPOSITORY


@pytest.fixture(scope="module")
def service() -> Iterator[StandIn]:
    """Run the stand-in of the service, which counts requests."""
    with running() as standin:
        yield standin


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new folder from which playbooks find this collection."""
    link = tmp_path / "collections/ansible_collections/singlestore/flow"
    link.parent.mkdir(parents=True)
    link.symlink_to(REPOSITORY)
    monkeypatch.setenv("ANSIBLE_COLLECTIONS_PATH", str(tmp_path / "collections"))
    return tmp_path


@pytest.mark.parametrize(
    ("peer", "tables", "hosts"),
    [("pipeline", 10, 1), pytest.param("pipeline", 1000, 1, marks=pytest.mark.exhaustive), ("role", 10, 2)],
)
def test_run_without_changes_only_reads(service: StandIn, folder: Path, peer: str, tables: int, hosts: int) -> None:
    """Each resource takes exactly one GET."""
    measure(Run(peer, tables, hosts=hosts), service, folder)
    assert service.counts().requests == dict.fromkeys(READS, hosts)


@pytest.mark.parametrize("tables", [1, 300])
def test_first_run_writes_once(service: StandIn, folder: Path, tables: int) -> None:
    """Each write is sent once, each resource is read before and after, and several tables are sent in parallel."""
    measure(Run("pipeline", tables, 0.02, first=True), service, folder)
    counts = service.counts()
    assert counts.requests == {
        **dict.fromkeys(READS, 2),
        "test conn-src": 1,
        "test conn-dst": 1,
        "save conn-src": 1,
        "save conn-dst": 1,
        "save schedule": 1,
        "save license": 1,
        "select": tables,
        "extract": 1,
    }
    assert (counts.most_at_once > 1) == (tables > 1)


def select_all(service: StandIn, *, tables: int, concurrency: int) -> list[object]:
    """Send the requests that select each table; return the answers or errors."""
    settings = Settings(base_url=f"{service.url}/one/ingest/api/ingest")
    requests = [
        Request("PATCH", ("config-tab", "d", "s", f"table_{number:05}"), {"select": "Y"}) for number in range(tables)
    ]
    with Client(settings, concurrency=concurrency) as client:
        return client.send_all(requests)


@pytest.mark.parametrize(
    ("at_once", "concurrency"),
    [
        (1, 8),
        (5, 32),
        *(pytest.param(*pair, marks=pytest.mark.exhaustive) for pair in ((1, 32), (2, 8), (2, 32), (5, 8))),
    ],
)
def test_rate_limit_slows_the_pool(service: StandIn, at_once: int, concurrency: int) -> None:
    """If the service limits simultaneous requests, the pool halves until it fits, and all requests succeed."""
    service.set_up(tables=200, delay=0.01, at_once=at_once)
    assert select_all(service, tables=200, concurrency=concurrency) == [None] * 200
    counts = service.counts()
    assert counts.requests == {"select": 200}
    assert 0 < counts.refused < 2 * concurrency
    assert at_once < counts.most_at_once <= concurrency
