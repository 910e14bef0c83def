# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The copy of the program on another host becomes identical, and the script reports whether it was not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path

import pytest

from tests.emulator.support.emulators import PROGRAM

SCRIPT = (PROGRAM / "tree.py").read_text()
TREE = {
    "requirements.txt": b"",
    "package/__main__.py": b"print('\xc3\xbc')\n",
    "package/room/file.py": b"1\n",
    "package/room/page.html": b"<title>&uuml;</title>\r\n",
    "package/room/deeper/picture.png": bytes(range(256)),
}


def files(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder, without compiled Python."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def script(*arguments: str, given: str = "") -> str:
    """Run the script as on another host: as text, without a file."""
    command = [sys.executable, "-c", SCRIPT, *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A tree to copy."""
    for name, content in TREE.items():
        (tmp_path / "origin" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "origin" / name).write_bytes(content)
    cache = tmp_path / "origin/package/__pycache__"
    cache.mkdir()
    (cache / "file.pyc").write_bytes(b"")
    return tmp_path / "origin"


def copied(origin: Path, copy: Path, *options: str) -> bool:
    """Copy the tree and return whether that changed something."""
    output = json.loads(script("unpack", str(copy), *options, given=script("pack", str(origin))))
    return bool(output["changed"])


def test_copy_is_identical(origin: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert copied(origin, copy, "--check")
    assert not copy.exists()
    assert copied(origin, copy)
    assert files(copy) == TREE
    assert not copied(origin, copy)
    assert not copied(origin, copy, "--check")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda copy: (copy / "package/room/file.py").write_text("2\n"),
        lambda copy: (copy / "package/room/page.html").write_text("<title></title>"),
        lambda copy: (copy / "package/room/deeper/picture.png").unlink(),
        lambda copy: (copy / "requirements.txt").unlink(),
        lambda copy: (copy / "package/flat.py").write_text(""),
        lambda copy: (copy / "package/room/deeper/style.css").write_text(""),
        lambda copy: (copy / "package/room").rename(copy / "package/old_room"),
        lambda copy: (copy / "package/room/file.py").rename(copy / "package/room/page.py"),
        lambda copy: [(copy / "package/room/file.py").unlink(), (copy / "package/room/file.py/x").mkdir(parents=True)],
        lambda copy: (copy / "package/empty/x.html").parent.mkdir(),
    ],
    ids=[
        "py",
        "html",
        "missing png",
        "missing requirements",
        "extra file",
        "deeper",
        "room moved",
        "renamed",
        "a folder",
        "empty",
    ],
)
def test_any_difference_is_found_and_removed(origin: Path, tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    copy = tmp_path / "copy"
    copied(origin, copy)
    spoil(copy)
    spoiled = files(copy)
    assert copied(origin, copy, "--check") == (spoiled != TREE)
    assert files(copy) == spoiled
    assert copied(origin, copy) == (spoiled != TREE)
    assert files(copy) == TREE
    assert not copied(origin, copy)


def test_empty_folder_is_removed(origin: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    (copy / "package/old_room/__pycache__").mkdir(parents=True)
    (copy / "package/old_room/file.py").write_text("")
    (copy / "package/old_room/__pycache__/file.pyc").write_text("")
    assert copied(origin, copy)
    assert not (copy / "package/old_room").exists()


def test_checksums_cover_the_copied_files(origin: Path) -> None:
    assert json.loads(script("checksums", str(origin))) == {n: sha1(content).hexdigest() for n, content in TREE.items()}
