# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings for all tests, however pytest is called: environment, profiles, and the count of tests left out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

MADE = Path(__file__).parents[1] / ".venv"
MARKERS = (
    "exhaustive: takes long, and says little more than its neighbors; `make exhaustive` runs it, `make test` does not",
    "matrix: run with every supported ansible-core",
    "sample: looks at a sample of the tasks that were run as ordinary modules",
    "sampled: looks at tasks that are in the sample",
)
LEFT_OUT = pytest.StashKey[int]()

if (MADE / "collections").exists():  # ansible-test, which works on a copy, brings its own
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(MADE / "collections")
    os.environ["ANSIBLE_HOME"] = str(MADE / "ansible")

# Every run tries the same examples. It is intended that all of them share a function-scoped fixture.
settings.register_profile(
    "quick",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=1000)
settings.register_profile("mutants", settings.get_profile("quick"), max_examples=20, phases=[Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers here, because ansible-test does not read pyproject.toml."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count the tests that this run leaves out."""
    for item in items:
        if item.get_closest_marker("exhaustive"):
            item.config.stash[LEFT_OUT] = item.config.stash.get(LEFT_OUT, 0) + 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Pass the count to xdist's main process."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the count from one worker of xdist, since all have left out the same tests."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many tests were left out."""
    if config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{config.stash[LEFT_OUT]} tests are left to `make check` (`make exhaustive`).")
