# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the tests with every supported ansible-core, each with a Python that it supports; ``make matrix`` calls this.

The versions of ansible-core follow from ``requires_ansible`` in ``meta/runtime.yml`` and from the
newest installed one; the Pythons follow from antsibull-nox's table of supported versions.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import antsibull_nox
import nox
from antsibull_nox.ansible import (
    get_ansible_core_info,
    get_ansible_core_package_name,
    get_supported_core_versions,
)
from antsibull_nox.utils import Version

OLDEST_CONTROLLER = Version.parse("3.11")
OLDEST_TARGET = Version.parse("3.9")
NEWEST_CORE = Version.parse(".".join(version("ansible-core").split(".")[:2]))
CORES = get_supported_core_versions(max_version=NEWEST_CORE)

CONSTRAINTS = ("-c", "requirements/constraints.txt")
PYTEST = ("pytest", "--numprocesses", "2", "--dist", "worksteal")

nox.options.envdir = ".venv/nox"
nox.options.reuse_existing_virtualenvs = True
nox.options.default_venv_backend = "venv"

antsibull_nox.load_antsibull_nox_toml()


def pairs() -> Iterator[tuple[str, str]]:
    """Yield (Python, ansible-core): the oldest core with the oldest Python, the rest with the newest."""
    for core in CORES:
        supported = get_ansible_core_info(core).controller_python_versions
        pythons = [python for python in supported if python >= OLDEST_CONTROLLER]
        here = [python for python in pythons if shutil.which(f"python{python}")] or pythons
        yield str(here[0] if core == CORES[0] else here[-1]), str(core)


def target_python(session: nox.Session) -> str:
    """Return the oldest Python that modules run on, with urllib3; the session's own if it is missing."""
    python = shutil.which(f"python{OLDEST_TARGET}")
    if python is None:
        message = f"Python {OLDEST_TARGET} is missing: modules run with the controller's Python."
        session.error(message) if os.environ.get("CI") else session.warn(message)
        return str(Path(session.bin) / "python")
    folder = Path(nox.options.envdir, f"target-{OLDEST_TARGET}").absolute()
    session.run(python, "-m", "venv", str(folder), external=True, silent=True)
    session.run(f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "urllib3", external=True)
    return f"{folder}/bin/python"


@nox.session(default=False)
@nox.parametrize("python,core", list(pairs()))
def matrix(session: nox.Session, core: str) -> None:
    """Sanity, unit and marked functional tests with one ansible-core; modules run on the oldest Python."""
    package = get_ansible_core_package_name(Version.parse(core), source="pypi").name
    emulator = "roles/flow_emulator/files/requirements.txt"
    session.install(package, "urllib3", *("-r", emulator), *("-r", "requirements/test.txt"), *CONSTRAINTS)
    target = {"FLOW_TARGET_PYTHON": target_python(session)}
    work = {"FLOW_WORK": str(Path(".venv/ansible-test", core).absolute())}
    session.run("tests/tools/ansible_test", "sanity", "--skip-test", "pylint", env=work, external=True)
    session.run(*PYTEST, "-m", "not exhaustive", "tests/unit")
    # Between the oldest core and the newest, a sample of the ordinary modules is enough.
    some = "not sample" if core in (str(CORES[0]), str(CORES[-1])) else "not exhaustive"
    # The two ways to run a module give exactly the same output only with one Python.
    ways = "tests/functional/test_ways.py"
    session.run(*PYTEST, "-m", f"matrix and {some}", f"--ignore={ways}", "tests/functional", env=target)
    session.run(*PYTEST, "-m", "matrix", ways)
