# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting and stopping in the background."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from .folder import POLL, CannotRun, holder, is_held, note, status
from .options import PACKAGE, arguments, fingerprint

LOG = "emulator.log"
START_SECONDS = 60.0
STOP_SECONDS = 20.0


def start(options: argparse.Namespace, *, python: Path, keys: list[str], check: bool) -> dict[str, Any]:
    """Make sure that an emulator with these options serves the folder. Raises CannotRun."""
    wanted = fingerprint(options, keys=keys)
    found = _settled(options.data)
    if found["running"] and note(options.data).get("fingerprint") == wanted:
        return {"changed": False, **found}
    if check:
        return {"changed": True, **found}
    stop(options.data, check=False)
    return {"changed": True, **_came_up(options, _launched(options, python))}


def stop(folder: Path, *, check: bool) -> dict[str, Any]:
    """Make sure that no emulator serves the folder. Raises CannotRun."""
    if not is_held(folder):
        return {"changed": False}
    if check:
        return {"changed": True}
    for number in (signal.SIGTERM, signal.SIGKILL):
        _signal(holder(folder), number)
        until = time.monotonic() + STOP_SECONDS
        while time.monotonic() < until:
            if not is_held(folder):
                return {"changed": True}
            time.sleep(POLL)
    raise CannotRun(f"the process {holder(folder)} does not release the folder {folder}.")


def _launched(options: argparse.Namespace, python: Path) -> subprocess.Popen[bytes]:
    try:
        options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = os.open(options.data / LOG, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    except OSError as problem:
        raise CannotRun(f"it cannot use the folder {options.data}: {problem.strerror}.") from None
    path = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))))
    child = subprocess.Popen(
        [str(python), "-B", "-m", "flow_emulator", "serve", *arguments(options)],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        close_fds=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": path},
    )
    os.close(log)
    return child


def _came_up(options: argparse.Namespace, child: subprocess.Popen[bytes]) -> dict[str, Any]:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        found = status(options.data)
        if found["pid"] == child.pid:
            return found
        if child.poll() is not None:
            return _lost(options)
        time.sleep(POLL)
    child.kill()
    raise CannotRun(f"it did not start within {START_SECONDS:g} seconds; its log is {options.data / LOG}.")


def _lost(options: argparse.Namespace) -> dict[str, Any]:
    """Find out why the process has ended: another one started first, or it failed."""
    found = _settled(options.data)
    if found["running"]:
        return found
    lines = (options.data / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise CannotRun(lines[-1].removeprefix("flow_emulator: ") if lines else "it ended without a message.")


def _settled(folder: Path) -> dict[str, Any]:
    """Return the status, after any process has finished starting or stopping."""
    until = time.monotonic() + START_SECONDS
    found = status(folder)
    while found["running"] and found["url"] is None and time.monotonic() < until:
        time.sleep(POLL)
        found = status(folder)
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    if pid > 0:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
