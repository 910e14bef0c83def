# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pytest plugin for mutants: the tests of its own file first, tables before properties; the first that fails is enough."""

from __future__ import annotations

import os

import pytest

from .verdict import place_of


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what Hypothesis runs behind all else, and in front what mirrors the mutant's file."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    own = place_of(mutant).file.replace("/", "/test_") if "__mutmut_" in mutant else ""
    items.sort(
        key=lambda item: (item.get_closest_marker("hypothesis") is not None, own not in item.nodeid, item.nodeid)
    )
