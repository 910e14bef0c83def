# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The saved schedules and the thread that runs a delta whenever one is due by the emulator's clock."""

from __future__ import annotations

import threading
from datetime import datetime, timezone

import sqlalchemy as sa

from . import store
from .clock import Clock
from .runner import Runner
from .schedule import Schedule, next_due, parse
from .tables import Tables

LONGEST_SLEEP = 60.0


class Scheduler:
    """Due times that pass while the clock jumps, or while the process is down, give one run together."""

    def __init__(self, kept: store.Store, clock: Clock, runner: Runner, tables: Tables) -> None:
        self._store = kept
        self._clock = clock
        self._runner = runner
        self._tables = tables
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)
        runner.ended = self._operation_ended

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
        """Save a schedule (Save Schedule Settings); its first run is at the next time it names. Raises InvalidSchedule."""
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
        """Look again at once; a time that the clock went back from is due when it comes again."""
        self._reckon(None, only_later=True)
        self._wake.set()

    def _operation_ended(self, instance: str) -> None:
        self._reckon(store.schedule.c.instance == instance, only_auto=True)
        self._wake.set()

    def _reckon(
        self,
        where: sa.ColumnElement[bool] | None,
        *,
        only_later: bool = False,
        only_auto: bool = False,
    ) -> None:
        """Work out `next_due` anew: for `auto` a pause from now, else where the clock went back behind an earlier due time."""
        now = self._clock.now()
        query = sa.select(store.schedule)
        if where is not None:
            query = query.where(where)
        if only_auto:
            query = query.where(store.schedule.c.type == "auto")
        with self._store.write() as connected:
            for row in connected.execute(query).all():
                due = next_due(_schedule(row), _aware(row.saved_at), now)
                if only_later and (
                    due is None or row.next_due is None or row.next_due <= _naive(due)
                ):
                    continue
                _set_due(connected, row.instance, due)

    def _loop(self) -> None:
        while not self._stopping:
            self._wake.clear()
            for instance in self._take_due():
                if self._tables.selected(instance, loaded=True):
                    self._runner.submit(instance, "delta", "schedule")
            self._wake.wait(self._sleep())

    def _take_due(self) -> list[str]:
        """The instances whose schedules are due, each moved on to its next time in the same transaction."""
        now = self._clock.now()
        query = sa.select(store.schedule).where(store.schedule.c.next_due <= _naive(now))
        with self._store.write() as connected:
            rows = connected.execute(query).all()
            for row in rows:
                _set_due(
                    connected, row.instance, next_due(_schedule(row), _aware(row.saved_at), now)
                )
        return [row.instance for row in rows]

    def _sleep(self) -> float:
        with self._store.read() as connected:
            due = connected.execute(sa.select(sa.func.min(store.schedule.c.next_due))).scalar()
        if due is None:
            return LONGEST_SLEEP
        return max(0.0, min(LONGEST_SLEEP, (_aware(due) - self._clock.now()).total_seconds()))


def _find(connected: sa.Connection, instance: str) -> Schedule:
    row = connected.execute(
        sa.select(store.schedule).where(store.schedule.c.instance == instance)
    ).first()
    return Schedule() if row is None else _schedule(row)


def _schedule(row: sa.Row[tuple[object, ...]]) -> Schedule:
    return Schedule(
        type=row.type, duration=row.duration, offset=row.offset, week_flags=row.week_flags
    )


def _set_due(connected: sa.Connection, instance: str, due: datetime | None) -> None:
    changed = sa.update(store.schedule).where(store.schedule.c.instance == instance)
    connected.execute(changed.values(next_due=_naive(due)))


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(timezone.utc).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc)
