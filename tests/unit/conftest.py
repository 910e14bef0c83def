# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps the surroundings out of the unit tests."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep proxies and options of the surroundings out of the tests."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SINGLESTORE_FLOW_"):
            monkeypatch.delenv(name)
