# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests of a pool run at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


class Pace:
    """Limits how many requests run at once: after a 429 all pause, then fewer continue."""

    def __init__(self, limit: int) -> None:
        self._changed = threading.Condition()
        self._limit = limit
        self._under_way = 0
        self._pauses = 0
        self._refused_waiting = 0

    @contextmanager
    def turn(self, *, refused: bool = False, pause: ExitStack | None = None) -> Iterator[int]:
        """Wait for a turn, refused requests first; yield how many requests may run at once.

        ``pause`` holds the pause of a refused request. It ends once the request waits here, or others would overtake it.
        """
        with self._changed:
            self._refused_waiting += refused
            if pause:
                pause.close()
            self._changed.wait_for(lambda: self._is_free(refused=refused))
            self._refused_waiting -= refused
            self._under_way += 1
            self._changed.notify_all()
            limit = self._limit
        try:
            yield limit
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _is_free(self, *, refused: bool) -> bool:
        return self._under_way < self._limit and not self._pauses and (refused or not self._refused_waiting)

    @contextmanager
    def pause(self, limit: int) -> Iterator[None]:
        """Start no requests meanwhile; afterwards allow half of the refused request's ``limit``."""
        with self._changed:
            self._limit = min(self._limit, max(1, limit // 2))
            self._pauses += 1
        try:
            yield
        finally:
            with self._changed:
                self._pauses -= 1
                self._changed.notify_all()
