# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's clock, which a test can move; it keeps ticking from wherever it was put."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """The real time in UTC plus an offset."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset
        self._lock = threading.Lock()

    @property
    def offset(self) -> timedelta:
        return self._offset

    def now(self) -> datetime:
        """The emulator's time, with time zone UTC. Raises OverflowError beyond the year 9999."""
        return datetime.now(UTC) + self._offset

    def put(self, moment: datetime | None) -> None:
        """Go on from `moment`, which has a time zone; None goes back to the real time."""
        if moment is None:
            self._offset = timedelta(0)
            return
        self._offset = moment - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Move by `seconds`, forwards or backwards."""
        with self._lock:
            self._offset += timedelta(seconds=seconds)
