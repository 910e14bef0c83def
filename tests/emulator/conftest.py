# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: an emulator for each file, an instance for each test, one real server of each kind, the sample on SQLite."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from flow_emulator.databases import sample
from sqlalchemy.engine import Engine

from tests.emulator.support import servers, sides
from tests.emulator.support.emulators import Instance, control, serving
from tests.emulator.support.servers import Server

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an emulator that this file's tests share."""
    with serving(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture
def instance(url: str) -> Iterator[Instance]:
    """An unused instance."""
    fresh = Instance(url, f"test-{next(_numbers)}")
    with fresh.session:
        yield fresh
    control(url, "DELETE", "faults")


@pytest.fixture(scope="session")
def maria() -> Iterator[Server]:
    """A MariaDB server."""
    yield from servers.offered(servers.mariadb)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server."""
    yield from servers.offered(servers.postgresql)


@pytest.fixture
def own_maria() -> Iterator[Server]:
    """A MariaDB server that the test may kill."""
    yield from servers.offered(servers.mariadb)


@pytest.fixture
def own_postgres() -> Iterator[Server]:
    """A PostgreSQL server that the test may kill."""
    yield from servers.offered(servers.postgresql)


@pytest.fixture
def demo(tmp_path: Path) -> tuple[Engine, Engine]:
    """The embedded sample's source and its empty destination."""
    sample.create(tmp_path)
    return sides.embedded_source(tmp_path), sides.embedded_destination(tmp_path)


@pytest.fixture(params=["mariadb", "sqlite"])
def destination(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Each kind of destination in turn."""
    if request.param == "sqlite":
        sample.create(tmp_path)
        return sides.embedded_destination(tmp_path)
    return sides.destination(request.getfixturevalue("maria"))
