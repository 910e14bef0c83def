# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for another process or thread."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 120.0


def until(happened: Callable[[], object], what: str, *, pause: float = 0.02) -> None:
    """Check again and again until something has happened; fail if that takes too long."""
    give_up = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < give_up, f"waited {SECONDS:g} seconds in vain: {what}"
        time.sleep(pause)
