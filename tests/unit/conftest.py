# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One profile for all properties, so that every run tries the same examples."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# A fixture that stays the same over all examples of a property is what is meant here.
settings.register_profile(
    "flow",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("flow")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep proxies and options of the surroundings out of the tests."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SINGLESTORE_FLOW_"):
            monkeypatch.delenv(name)
