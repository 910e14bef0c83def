# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator for each file, an instance for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from .server import Instance, control, serving

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an emulator that this file's tests share."""
    with serving(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture
def instance(url: str) -> Iterator[Instance]:
    """An instance that nobody has used before."""
    fresh = Instance(url, f"test-{next(_numbers)}")
    with fresh.session:
        yield fresh
    control(url, "DELETE", "faults")
