# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures that isolate the unit tests from the environment."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove proxies and options from the environment."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SINGLESTORE_FLOW_"):
            monkeypatch.delenv(name)
