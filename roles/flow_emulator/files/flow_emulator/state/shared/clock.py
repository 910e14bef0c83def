# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's clock; a test can move it, and it keeps ticking from there."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from ..file import StateFile

EARLIEST = datetime(3, 1, 1, tzinfo=UTC)
LATEST = datetime(9997, 12, 31, tzinfo=UTC)
"""Far enough from the ends of the calendar that no schedule can be due beyond them."""


class Clock:
    """The real time in UTC plus an offset, which is kept in the state file."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self._offset = timedelta(seconds=file.setting("clock", 0))
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the emulator's time, with time zone UTC."""
        return datetime.now(UTC) + self._offset

    def put(self, moment: datetime | None) -> None:
        """Continue from `moment`, which has a time zone; None goes back to the real time.

        Raises OverflowError if it is not between EARLIEST and LATEST; the clock then stays as it is.
        """
        with self._lock:
            self._keep(timedelta(0) if moment is None else moment - datetime.now(UTC))

    def advance(self, seconds: float) -> None:
        """Move by `seconds`, forward or backward. Raises OverflowError as `put` does."""
        with self._lock:
            self._keep(self._offset + timedelta(seconds=seconds))

    def forget(self) -> None:
        """Go back to the real time after the state file has forgotten the offset."""
        self._offset = timedelta(0)

    def _keep(self, offset: timedelta) -> None:
        if not EARLIEST <= datetime.now(UTC) + offset <= LATEST:
            raise OverflowError
        self._offset = offset
        self._file.put_setting("clock", offset.total_seconds())
