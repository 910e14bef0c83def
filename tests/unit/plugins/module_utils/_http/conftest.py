# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of the client: certificates."""

from __future__ import annotations

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.certificates import Authority, Identity


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return the authority that tests may trust."""
    return Authority(tmp_path_factory.mktemp("trusted"), "flow tests")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return an authority that is never trusted."""
    return Authority(tmp_path_factory.mktemp("stranger"), "a stranger")


@pytest.fixture(scope="session")
def here(authority: Authority) -> Identity:
    """Return a certificate for this host."""
    return authority.vouch()
