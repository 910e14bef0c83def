# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting and stopping in the background.

A lock that the serving process holds says whether it runs; a stale file cannot lie.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

LOCK = "emulator.lock"
NOTE = "emulator.json"
LOG = "emulator.log"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
LOCK_SECONDS = 1.0
POLL = 0.05
PACKAGE = Path(__file__).absolute().parents[1]


class CannotRun(Exception):
    """The emulator cannot be started or stopped; the text says why and what to do."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder, made if need be, for this process alone. Raises CannotRun."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as problem:
        raise CannotRun(f"it cannot use the folder {folder}: {problem.strerror}.") from None
    try:
        if not _take(handle):
            raise CannotRun(f"another emulator (process {_holder(folder)}) is using the folder {folder}.")
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def announce(options: argparse.Namespace, *, url: str, port: int, keys: list[str]) -> None:
    """Write down, in the folder, where this process listens and with which options."""
    note = {
        "pid": os.getpid(),
        "url": url,
        "port": port,
        "fingerprint": fingerprint(options, keys=keys),
    }
    part = options.data / f"{NOTE}.part"
    part.write_text(json.dumps(note), encoding="utf-8")
    part.replace(options.data / NOTE)


def remembered_port(folder: Path) -> int:
    """The port of the last run; 0 if there was none."""
    port = _note(folder).get("port", 0)
    return port if isinstance(port, int) else 0


def fingerprint(options: argparse.Namespace, *, keys: list[str]) -> str:
    """A digest of options and program: a running process with another one is not what is wanted."""
    digest = hashlib.sha256()
    for name in ("host", "port", "tls_cert", "tls_key", "hosted", "idle_timeout", "verbose"):
        digest.update(f"{name}={getattr(options, name)}\0".encode())
    digest.update(json.dumps(sorted(keys)).encode())
    for file in sorted(PACKAGE.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def status(folder: Path) -> dict[str, Any]:
    """Whether an emulator serves the folder, and where."""
    note = _note(folder)
    if not _running(folder) or note.get("pid") != _holder(folder):
        return {"running": _running(folder), "url": None, "pid": None}
    return {"running": True, "url": note["url"], "pid": note["pid"]}


def start(options: argparse.Namespace, *, python: Path, keys: list[str], check: bool) -> dict[str, Any]:
    """Make an emulator with these options serve the folder. Raises CannotRun."""
    wanted = fingerprint(options, keys=keys)
    found = _settled(options.data)
    if found["running"] and _note(options.data).get("fingerprint") == wanted:
        return {"changed": False, **found}
    if check:
        return {"changed": True, **found}
    stop(options.data, check=False)
    return {"changed": True, **_launch(options, python)}


def stop(folder: Path, *, check: bool) -> dict[str, Any]:
    """Make no emulator serve the folder. Raises CannotRun."""
    if not _running(folder):
        return {"changed": False}
    if check:
        return {"changed": True}
    for number in (signal.SIGTERM, signal.SIGKILL):
        _signal(_holder(folder), number)
        until = time.monotonic() + STOP_SECONDS
        while time.monotonic() < until:
            if not _running(folder):
                return {"changed": True}
            time.sleep(POLL)
    raise CannotRun(f"the process {_holder(folder)} does not let go of the folder {folder}.")


def _launch(options: argparse.Namespace, python: Path) -> dict[str, Any]:
    try:
        options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = os.open(options.data / LOG, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    except OSError as problem:
        raise CannotRun(f"it cannot use the folder {options.data}: {problem.strerror}.") from None
    path = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))))
    child = subprocess.Popen(
        [str(python), "-B", "-m", "flow_emulator", "serve", *_arguments(options)],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        close_fds=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": path},
    )
    os.close(log)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        found = status(options.data)
        if found["pid"] == child.pid:
            return found
        if child.poll() is not None:
            return _lost(options)
        time.sleep(POLL)
    child.kill()
    raise CannotRun(f"it did not come up within {START_SECONDS:g} seconds; its log is {options.data / LOG}.")


def _lost(options: argparse.Namespace) -> dict[str, Any]:
    """What it means that the process has ended: another start was quicker, or it failed."""
    found = _settled(options.data)
    if found["running"]:
        return found
    told = (options.data / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise CannotRun(told[-1].removeprefix("flow_emulator: ") if told else "it ended without a word.")


def _settled(folder: Path) -> dict[str, Any]:
    """The status, once a process that is just starting or stopping is through with it."""
    until = time.monotonic() + START_SECONDS
    found = status(folder)
    while found["running"] and found["url"] is None and time.monotonic() < until:
        time.sleep(POLL)
        found = status(folder)
    return found


def _arguments(options: argparse.Namespace) -> list[str]:
    arguments = [
        "--data",
        str(options.data.resolve()),
        "--host",
        options.host,
        "--port",
        str(options.port),
    ]
    arguments += ["--idle-timeout", str(options.idle_timeout)]
    for key in options.api_key:
        arguments += ["--api-key", key]
    for name in ("tls_cert", "tls_key", "api_key_file"):
        if getattr(options, name) is not None:
            arguments += [f"--{name.replace('_', '-')}", str(getattr(options, name))]
    return arguments + [f"--{name}" for name in ("hosted", "verbose") if getattr(options, name)]


def _take(handle: int) -> bool:
    """Lock the file; tried for a moment, because looking whether it is locked locks it too."""
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(POLL)


def _running(folder: Path) -> bool:
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


def _holder(folder: Path) -> int:
    try:
        return int((folder / LOCK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


def _note(folder: Path) -> dict[str, Any]:
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _signal(pid: int, number: signal.Signals) -> None:
    if pid > 0:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
