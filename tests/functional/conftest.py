# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for all functional tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .batch import WAYS, Plays
from .emulator import Emulator, running
from .playbook import Run


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Drop the tests of the sample whose tasks are not in it."""
    items[:] = [item for item in items if not item.get_closest_marker("sample") or item.get_closest_marker("sampled")]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that pytest's processes share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Each way to run modules."""
    return str(request.param)


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, shared: Path, process: Emulator, way: str) -> Run:
    """The run of a file's PLAYS in each way."""
    plays: Plays = request.module.PLAYS
    return plays.run(shared, process, way)


@pytest.fixture(scope="module", params=WAYS[1:])
def ordinary(request: pytest.FixtureRequest) -> str:
    """Each way other than the worker, to compare with it."""
    return str(request.param)


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator that all test files use in turn."""
    with running(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture(scope="module")
def emulator(process: Emulator) -> Emulator:
    """A reset emulator for the tests of one file."""
    process.renew()
    return process
