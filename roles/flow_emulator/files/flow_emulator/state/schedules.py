# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedule that each instance has saved, and when it is due next."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from . import schema
from .file import StateFile, upsert
from .schedule_types import Schedule, next_due, parse
from .shared.clock import Clock
from .shared.profile import Profile


class Schedules:
    """Schedules kept in the state file; the emulator's clock decides what is due."""

    def __init__(self, file: StateFile, clock: Clock, profile: Profile) -> None:
        self._file = file
        self._clock = clock
        self._profile = profile

    def shown(self, instance: str) -> Schedule:
        """Return the instance's schedule (Get Schedule Settings)."""
        with self._file.read() as connected:
            return find(connected, instance)

    def save(
        self,
        instance: str,
        *,
        type: str,
        duration: str | None,
        offset: str | None,
        week_flags: str | None,
    ) -> None:
        """Save a schedule; it runs for the first time at its next due time. Raises InvalidSchedule."""
        now = self._clock.now()
        with self._file.write() as connected:
            wanted = parse(
                Schedule() if self._profile.replaces else find(connected, instance),
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
            upsert(connected, schema.schedule, {"instance": instance}, values)

    def first_due(self) -> datetime | None:
        """Return when a schedule is due next; None if none is."""
        with self._file.read() as connected:
            due = connected.execute(sa.select(sa.func.min(schema.schedule.c.next_due))).scalar()
        return None if due is None else _aware(due)


def find(connected: sa.Connection, instance: str) -> Schedule:
    """Return the instance's schedule; it is manual if none was ever saved."""
    row = connected.execute(sa.select(schema.schedule).where(schema.schedule.c.instance == instance)).first()
    return Schedule() if row is None else _schedule(row)


def due_by(connected: sa.Connection, now: datetime) -> list[tuple[str, str, datetime | None]]:
    """Return instance, type and next due time after `now` of each schedule that is due."""
    query = sa.select(schema.schedule).where(schema.schedule.c.next_due <= _naive(now))
    return [(row.instance, row.type, _next(row, now)) for row in connected.execute(query).all()]


def bring_forward(connected: sa.Connection, now: datetime) -> None:
    """Let due times that the clock went back from be due again when they come."""
    for row in connected.execute(sa.select(schema.schedule)).all():
        due = _next(row, now)
        if due is not None and row.next_due is not None and due < _aware(row.next_due):
            set_due(connected, row.instance, due)


def set_due(connected: sa.Connection, instance: str, due: datetime | None) -> None:
    """Set when the instance's schedule is due; None means never."""
    changed = sa.update(schema.schedule).where(schema.schedule.c.instance == instance)
    connected.execute(changed.values(next_due=_naive(due)))


def _next(row: sa.Row[tuple[object, ...]], now: datetime) -> datetime | None:
    return next_due(_schedule(row), _aware(row.saved_at), now)


def _schedule(row: sa.Row[tuple[object, ...]]) -> Schedule:
    return Schedule(type=row.type, duration=row.duration, offset=row.offset, week_flags=row.week_flags)


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
