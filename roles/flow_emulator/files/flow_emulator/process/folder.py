# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data folder, which one emulator holds: its lock, and a note of where that emulator listens.

The lock says whether a process serves the folder, because a stale file cannot.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOCK = "emulator.lock"
NOTE = "emulator.json"
LOCK_SECONDS = 1.0
POLL = 0.05


class CannotRun(Exception):
    """The emulator cannot be started or stopped; the text says why and what to do."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process alone; create it if necessary. Raises CannotRun."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as problem:
        raise CannotRun(f"it cannot use the folder {folder}: {problem.strerror}.") from None
    try:
        if not _take(handle):
            raise CannotRun(f"another emulator (process {holder(folder)}) is using the folder {folder}.")
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def announce(folder: Path, *, url: str, port: int, fingerprint: str) -> None:
    """Write down where this process listens, and the fingerprint of its options."""
    found = {"pid": os.getpid(), "url": url, "port": port, "fingerprint": fingerprint}
    write_whole(folder / NOTE, json.dumps(found))


def write_whole(path: Path, text: str) -> None:
    """Write a file that is never seen half-written."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def note(folder: Path) -> dict[str, Any]:
    """Return what the last process wrote down; empty if there was none."""
    try:
        found = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def remembered_port(folder: Path) -> int:
    """Return the port of the last run; 0 if there was none."""
    port = note(folder).get("port", 0)
    return port if isinstance(port, int) else 0


def status(folder: Path) -> dict[str, Any]:
    """Whether an emulator serves the folder, and where."""
    found = note(folder)
    if not is_held(folder) or found.get("pid") != holder(folder):
        return {"running": is_held(folder), "url": None, "pid": None}
    return {"running": True, "url": found["url"], "pid": found["pid"]}


def is_held(folder: Path) -> bool:
    """Whether a process holds the folder."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(handle)


def holder(folder: Path) -> int:
    """Return the ID of the process that holds the folder or held it last; 0 if there was none."""
    try:
        return int((folder / LOCK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


def _take(handle: int) -> bool:
    """Lock the file. Try for a moment, because checking whether it is locked locks it too."""
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(POLL)
