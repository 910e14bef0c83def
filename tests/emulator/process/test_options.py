# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fingerprint decides whether the running emulator must be replaced."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
from flow_emulator.process import options


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of two rooms."""
    for name in ("__main__.py", "room/file.py", "room/page.html", "other/file.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(options, "PACKAGE", tmp_path)
    return tmp_path


def fingerprint(*arguments: str, keys: tuple[str, ...] = ()) -> str:
    parser = argparse.ArgumentParser()
    options.add_to(parser)
    return options.fingerprint(parser.parse_args(arguments), keys=list(keys))


@pytest.mark.parametrize(
    "change",
    [
        lambda package: (package / "room/file.py").write_text("changed"),
        lambda package: (package / "room/page.html").write_text("changed"),
        lambda package: (package / "room/page.html").unlink(),
        lambda package: (package / "room/style.css").write_text(""),
        lambda package: (package / "room/file.py").rename(package / "other/page.py"),
    ],
    ids=["a file", "another kind", "removed", "added", "moved"],
)
def test_fingerprint_changes_with_the_program(package: Path, change: Callable[[Path], object]) -> None:
    before = fingerprint()
    change(package)
    assert fingerprint() != before


def test_fingerprint_ignores_compiled_python(package: Path) -> None:
    before = fingerprint()
    (package / "room/__pycache__").mkdir()
    (package / "room/__pycache__/file.cpython-313.pyc").write_bytes(b"")
    assert fingerprint() == before


def test_fingerprint_changes_with_every_option(package: Path) -> None:
    given = [
        ("--host", "127.0.0.2"),
        ("--port", "1"),
        ("--tls-cert", str(package / "__main__.py")),
        ("--tls-key", str(package / "__main__.py")),
        ("--hosted",),
        ("--idle-timeout", "7"),
        ("--verbose",),
    ]
    found = [fingerprint(), *(fingerprint(*words) for words in given), fingerprint(keys=("a",))]
    assert len(set(found)) == len(given) + 2
    assert fingerprint(keys=("a", "b")) == fingerprint(keys=("b", "a"))
