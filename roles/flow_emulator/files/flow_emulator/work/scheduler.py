# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The thread that runs a delta when a schedule is due by the emulator's clock."""

from __future__ import annotations

import threading
from typing import Any

import sqlalchemy as sa

from ..state import schedules, schema
from ..state.file import StateFile
from ..state.schedule_types import AUTO_PAUSE
from ..state.shared.clock import Clock
from .queue import Queue

LONGEST_SLEEP = 60.0


class Scheduler:
    """Due times that pass during a jump of the clock or while the process is down give a single run."""

    def __init__(self, file: StateFile, clock: Clock, saved: schedules.Schedules, queue: Queue) -> None:
        self._file = file
        self._clock = clock
        self._saved = saved
        self._queue = queue
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)
        queue.on_end = self._operation_ended

    def start(self) -> None:
        """Start with whatever became due while the process was down."""
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def save(self, instance: str, **values: Any) -> None:
        """Save a schedule and check when it is due. Raises InvalidSchedule."""
        self._saved.save(instance, **values)
        self._wake.set()

    def clock_moved(self) -> None:
        """Queue whatever has become due; a due time that the clock went back from is due again when it comes."""
        with self._file.write() as connected:
            schedules.bring_forward(connected, self._clock.now())
        self._run_due()
        self._wake.set()

    def _operation_ended(self, connected: sa.Connection, instance: str) -> None:
        """Let an `auto` schedule run again after a pause."""
        if schedules.find(connected, instance).type == "auto":
            schedules.set_due(connected, instance, self._clock.now() + AUTO_PAUSE)
            self._wake.set()

    def _loop(self) -> None:
        while not self._stopping:
            self._wake.clear()
            self._run_due()
            self._wake.wait(self._sleep())

    def _run_due(self) -> None:
        """Queue a delta for each schedule that is due and set its next due time, in one write."""
        with self._file.write() as connected:
            found = schedules.due_by(connected, self._clock.now())
            for instance, type, due in found:
                queued = _has_work(connected, instance)
                if queued:
                    self._queue.enqueue(connected, instance, "delta", "schedule")
                # An `auto` schedule is due again once this run has ended.
                schedules.set_due(connected, instance, None if queued and type == "auto" else due)
        if found:
            self._queue.dispatch()

    def _sleep(self) -> float:
        due = self._saved.first_due()
        if due is None:
            return LONGEST_SLEEP
        return max(0.0, min(LONGEST_SLEEP, (due - self._clock.now()).total_seconds()))


def _has_work(connected: sa.Connection, instance: str) -> bool:
    """Whether a table is loaded, so that a delta makes sense, and no scheduled run is waiting."""
    ours = schema.operation.c.instance == instance
    waiting = sa.select(schema.operation.c.number).where(
        ours, schema.operation.c.state == "queued", schema.operation.c.trigger == "schedule"
    )
    loaded = sa.select(schema.selection.c.table).where(
        schema.selection.c.instance == instance, schema.selection.c.loaded
    )
    return (
        connected.execute(loaded.limit(1)).first() is not None and connected.execute(waiting.limit(1)).first() is None
    )
