# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An interpreter that can run the emulator: this one, or one in a virtual environment of its own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from .folder import CannotRun

OLDEST = (3, 11)
NEEDED = ("fastapi", "pydantic", "uvicorn", "httptools", "sqlalchemy", "pymysql", "psycopg")
REQUIREMENTS = Path(__file__).absolute().parents[2] / "requirements.txt"


def missing() -> list[str]:
    """Return the libraries that this interpreter does not have."""
    return [name for name in NEEDED if find_spec(name) is None]


def require() -> None:
    """Raise CannotRun if this interpreter cannot run the emulator."""
    _require_version()
    if lacking := missing():
        raise CannotRun(
            f"{sys.executable} has no {', '.join(lacking)}: run {sys.executable} -m pip install -r {REQUIREMENTS}"
        )


def ready(folder: Path) -> Path | None:
    """Return an interpreter that can run the emulator, this one or the one in `folder`; None if there is none.

    Raises CannotRun for a Python that is too old.
    """
    _require_version()
    if not missing():
        return Path(sys.executable)
    return _interpreter(folder) if _stamp(folder).exists() else None


def make(folder: Path) -> Path:
    """Install what is needed into a virtual environment in `folder`. Raises CannotRun."""
    python = _interpreter(folder)
    _run([sys.executable, "-m", "venv", "--clear", str(python.parents[1])], "make a virtual environment")
    _run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(REQUIREMENTS)], "install libraries")
    _stamp(folder).touch()
    return python


def _require_version() -> None:
    if sys.version_info < OLDEST:
        wanted, found = (".".join(map(str, version)) for version in (OLDEST, sys.version_info[:3]))
        raise CannotRun(f"it needs Python {wanted} or newer, and {sys.executable} is Python {found}.")


def _interpreter(folder: Path) -> Path:
    return folder / "venv" / "bin" / "python"


def _stamp(folder: Path) -> Path:
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]
    return folder / "venv" / f"installed-{digest}"


def _run(command: list[str], purpose: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise CannotRun(f"it cannot {purpose} with {command[0]}: {lines[-1] if lines else 'no reason given'}")
