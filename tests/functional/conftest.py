# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every functional test shares: emulators, and the one run of all scenarios in each of the two ways."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from . import scenarios
from .batch import play, prepare
from .cases import LICENCES
from .emulator import Emulator, running
from .playbook import Run


def once(folder: Path, name: str, make: Callable[[], Any]) -> Any:
    """Return what ``make`` returns; pytest's other processes wait for it and read it from a file."""
    result = folder / f"{name}.result"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            result.write_text(json.dumps(make()))
        return json.loads(result.read_text())


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that pytest's processes have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _played(shared: Path, way: str) -> Run:
    def make() -> dict[str, Any]:
        with running(shared / f"emulator-{way}") as emulator:
            scenarios.prepare(emulator)
            emulator.control("PUT", "licences", LICENCES)
            prepare(emulator, scenarios.ALL)
            run = play(scenarios.ALL, emulator, shared / way, in_worker=way == "worker")
            return {"run": run.to_json(), "url": emulator.url}

    played = once(shared, way, make)
    # The ways have servers of their own; to compare what they say, both are called by one name.
    text = json.dumps(played["run"]).replace(played["url"], "http://emulator")
    return Run.from_json(json.loads(text))


@pytest.fixture(scope="session")
def ordinary(shared: Path) -> Run:
    """All scenarios, played with ordinary modules."""
    return _played(shared, "ordinary")


@pytest.fixture(scope="session")
def worker(shared: Path) -> Run:
    """All scenarios, played in Ansible's own worker."""
    return _played(shared, "worker")


@pytest.fixture(scope="session", params=["ordinary", "worker"])
def played(request: pytest.FixtureRequest) -> Run:
    """All scenarios, in each way."""
    run: Run = request.getfixturevalue(request.param)
    return run


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A fresh emulator for the tests of one file."""
    with running(tmp_path_factory.mktemp("emulator")) as started:
        started.control("PUT", "licences", LICENCES)
        yield started
