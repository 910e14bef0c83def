# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tree of files, as the role copies it to another host.

tree.py checksums FOLDER           print {name: SHA-1} as JSON
tree.py pack FOLDER                print the files as one line of text
tree.py unpack FOLDER [--check]    make the folder hold exactly the files of that line, read from
                                   standard input; print whether that changed anything

One process does all of it, because Ansible's own copy takes a second or more for each file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sys
import zlib
from pathlib import Path


def read(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder, without compiled Python."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def pack(files: dict[str, bytes]) -> str:
    """Return files as one line of text."""
    texts = {name: base64.b64encode(content).decode() for name, content in files.items()}
    return base64.b64encode(zlib.compress(json.dumps(texts).encode())).decode()


def unpack(line: str) -> dict[str, bytes]:
    """Return the files that a line was made of."""
    texts = json.loads(zlib.decompress(base64.b64decode(line)))
    return {name: base64.b64decode(text) for name, text in texts.items()}


def write(folder: Path, files: dict[str, bytes], present: dict[str, bytes]) -> None:
    """Make a folder hold exactly these files."""
    for name in present.keys() - files.keys():
        (folder / name).unlink()
    wanted = {folder / parent for name in files for parent in Path(name).parents}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and path not in wanted:
            shutil.rmtree(path, ignore_errors=True)
    for name, content in files.items():
        if present.get(name) != content:
            (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / name).write_bytes(content)


def main(action: str, place: str, *options: str) -> None:
    """Do one of the three actions."""
    folder = Path(place).expanduser()
    present = read(folder)
    if action == "checksums":
        print(json.dumps({name: hashlib.sha1(content).hexdigest() for name, content in present.items()}))
    elif action == "pack":
        print(pack(present))
    else:
        files = unpack(sys.stdin.read())
        if files != present and "--check" not in options:
            write(folder, files, present)
        print(json.dumps({"changed": files != present}))


main(*sys.argv[1:])
