# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: the built and installed collection, Ansible's programs, and an emulator of the service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ecosystem.world import AWX, ROOT, Ansible, Emulator, build, emulator_process, install


@pytest.fixture(scope="session")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built collection."""
    return build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="session")
def collections(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the collection installed from its tarball."""
    return install(tarball, tmp_path_factory.mktemp("collections"))


@pytest.fixture(scope="session")
def collection(collections: Path) -> Path:
    """The installed collection."""
    return collections / "ansible_collections" / "singlestore" / "flow"


@pytest.fixture(scope="session")
def ansible(collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    """Ansible's programs, with the installed collection and awx.awx."""
    return Ansible([collections, AWX], home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator of the service, with the host names of the examples."""
    with emulator_process(tmp_path_factory.mktemp("emulator"), ROOT) as running:
        yield running
