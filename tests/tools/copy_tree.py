# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copy every file of this work tree that git does not ignore to a folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

KEPT = (".git", "tests/output")


def listed(root: Path) -> set[str]:
    """Return the files of the work tree, relative to it, without those that git ignores."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return {name for name in names.split("\0") if name and os.path.lexists(root / name)}


def copied(folder: Path) -> set[str]:
    """Return the files of the copy, relative to it, without its own repository and test output."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return {name for name in names if not name.startswith(tuple(f"{kept}/" for kept in KEPT))}


def copy_tree(root: Path, folder: Path) -> None:
    """Bring ``folder`` up to date with the work tree at ``root``."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = listed(root)
    for name in copied(folder) - wanted:
        (folder / name).unlink()
        with contextlib.suppress(OSError):
            (folder / name).parent.rmdir()
    for name in wanted:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, target, follow_symlinks=False)


if __name__ == "__main__":
    copy_tree(Path.cwd(), Path(sys.argv[1]))
