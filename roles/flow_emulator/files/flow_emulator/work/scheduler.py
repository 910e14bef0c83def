# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The saved schedules, and the thread that runs a delta when one is due by the emulator's clock."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import sqlalchemy as sa

from ..state import file as store
from ..state.clock import Clock
from ..state.schedule_types import AUTO_PAUSE, Schedule, next_due, parse
from .queue import Runner

LONGEST_SLEEP = 60.0


class Scheduler:
    """Due times that pass while the clock jumps or the process is down give one run together."""

    def __init__(self, kept: store.Store, clock: Clock, runner: Runner) -> None:
        self._store = kept
        self._clock = clock
        self._runner = runner
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)
        runner.on_end = self._operation_ended

    def start(self) -> None:
        """Begin with what became due while the process was down."""
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def shown(self, instance: str) -> Schedule:
        """The instance's schedule (Get Schedule Settings)."""
        with self._store.read() as connected:
            return _find(connected, instance)

    def save(
        self,
        instance: str,
        *,
        type: str,
        duration: str | None,
        offset: str | None,
        week_flags: str | None,
    ) -> None:
        """Save a schedule; its first run is at the next time it names. Raises InvalidSchedule."""
        now = self._clock.now()
        with self._store.write() as connected:
            wanted = parse(
                _find(connected, instance),
                type=type,
                duration=duration,
                offset=offset,
                week_flags=week_flags,
            )
            values = {
                "type": wanted.type,
                "duration": wanted.duration,
                "offset": wanted.offset,
                "week_flags": wanted.week_flags,
                "saved_at": _naive(now),
                "next_due": _naive(next_due(wanted, now, now)),
            }
            store.upsert(connected, store.schedule, {"instance": instance}, values)
        self._wake.set()

    def clock_moved(self) -> None:
        """Queue what has become due, and let what the clock went back from be due when it comes again."""
        now = self._clock.now()
        with self._store.write() as connected:
            for row in connected.execute(sa.select(store.schedule)).all():
                due = next_due(_schedule(row), _aware(row.saved_at), now)
                if due is not None and row.next_due is not None and due < _aware(row.next_due):
                    _set_due(connected, row.instance, due)
        self._run_due()
        self._wake.set()

    def _operation_ended(self, connected: sa.Connection, instance: str) -> None:
        """Let an `auto` schedule run again a pause from now."""
        if _find(connected, instance).type == "auto":
            _set_due(connected, instance, self._clock.now() + AUTO_PAUSE)
            self._wake.set()

    def _loop(self) -> None:
        while not self._stopping:
            self._wake.clear()
            self._run_due()
            self._wake.wait(self._sleep())

    def _run_due(self) -> None:
        """Queue a delta for each schedule that is due and move it on, in one write."""
        now = self._clock.now()
        query = sa.select(store.schedule).where(store.schedule.c.next_due <= _naive(now))
        with self._store.write() as connected:
            rows = connected.execute(query).all()
            for row in rows:
                due = next_due(_schedule(row), _aware(row.saved_at), now)
                if _has_work(connected, row.instance):
                    self._runner.enqueue(connected, row.instance, "delta", "schedule")
                    due = None if row.type == "auto" else due
                _set_due(connected, row.instance, due)
        if rows:
            self._runner.dispatch()

    def _sleep(self) -> float:
        with self._store.read() as connected:
            due = connected.execute(sa.select(sa.func.min(store.schedule.c.next_due))).scalar()
        if due is None:
            return LONGEST_SLEEP
        return max(0.0, min(LONGEST_SLEEP, (_aware(due) - self._clock.now()).total_seconds()))


def _find(connected: sa.Connection, instance: str) -> Schedule:
    row = connected.execute(sa.select(store.schedule).where(store.schedule.c.instance == instance)).first()
    return Schedule() if row is None else _schedule(row)


def _has_work(connected: sa.Connection, instance: str) -> bool:
    """Whether something is loaded, so that a delta makes sense, and no scheduled run waits yet."""
    ours = store.operation.c.instance == instance
    waiting = sa.select(store.operation.c.number).where(
        ours, store.operation.c.state == "queued", store.operation.c.trigger == "schedule"
    )
    loaded = sa.select(store.selection.c.table).where(store.selection.c.instance == instance, store.selection.c.loaded)
    return (
        connected.execute(loaded.limit(1)).first() is not None and connected.execute(waiting.limit(1)).first() is None
    )


def _schedule(row: sa.Row[tuple[object, ...]]) -> Schedule:
    return Schedule(type=row.type, duration=row.duration, offset=row.offset, week_flags=row.week_flags)


def _set_due(connected: sa.Connection, instance: str, due: datetime | None) -> None:
    changed = sa.update(store.schedule).where(store.schedule.c.instance == instance)
    connected.execute(changed.values(next_due=_naive(due)))


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
