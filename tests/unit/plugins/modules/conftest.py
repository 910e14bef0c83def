# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of modules."""

from __future__ import annotations

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._http import client


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the list of seconds that the client would have slept."""
    slept: list[float] = []
    monkeypatch.setitem(client.Client.__init__.__kwdefaults__, "sleep", slept.append)
    return slept
