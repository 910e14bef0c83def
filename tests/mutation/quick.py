# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pytest plugin for mutants: tables before properties, since the first test that fails is enough."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what Hypothesis runs behind all else."""
    items.sort(key=lambda item: (item.get_closest_marker("hypothesis") is not None, item.nodeid))
