# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules as values: what a client's values mean, and when a schedule is due next. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

Type = Literal["manual", "auto", "periodic", "daily", "weekly"]
TYPES = get_args(Type)
NO_OFFSET = "0d00h00m"
AUTO_PAUSE = timedelta(seconds=10)
"""How soon an `auto` schedule runs again after the last run has ended."""

_INTERVAL = re.compile(r"(\d{1,4})d(\d{1,2})h(\d{1,2})m(\d{1,2})s", re.ASCII)
_OFFSET = re.compile(r"(\d{1,4})d(\d{1,2})h(\d{1,2})m", re.ASCII)
_TIME_OF_DAY = re.compile(r"(\d{1,2})h(\d{1,2})m", re.ASCII)
_FLAGS = re.compile(r"[YN]{7}")


class InvalidSchedule(ValueError):
    """A client sent something that is not a schedule; the text says why."""


@dataclass(frozen=True)
class Schedule:
    """A schedule as the service shows it (Get Schedule Settings)."""

    type: str = "manual"
    duration: str | None = None
    offset: str = NO_OFFSET
    week_flags: str | None = None

    @property
    def is_scheduled(self) -> bool:
        return self.type != "manual"


def parse(
    current: Schedule,
    *,
    type: str,
    duration: str | None,
    offset: str | None,
    week_flags: str | None,
) -> Schedule:
    """Return the schedule after a save (Save Schedule Settings). Raises InvalidSchedule.

    An offset that is not given stays as it is while the type stays `periodic`.
    """
    if type not in TYPES:
        raise InvalidSchedule(f"type must be one of {', '.join(TYPES)}.")
    return Schedule(
        type=type,
        duration=_duration(type, duration),
        offset=_offset(type, offset, current),
        week_flags=_week_flags(type, week_flags),
    )


def next_due(schedule: Schedule, saved_at: datetime, after: datetime) -> datetime | None:
    """Return the first time after `after` at which the schedule is due; None if there is none.

    Times of day are UTC. A periodic schedule counts from midnight of the day it was saved, plus
    its offset. `auto` is due a pause after `after`.
    """
    if schedule.type == "auto":
        return after + AUTO_PAUSE
    if schedule.duration is None:
        return None
    if schedule.type == "periodic":
        base = saved_at.replace(hour=0, minute=0, second=0, microsecond=0) + span(schedule.offset)
        interval = span(schedule.duration)
        return base + interval * max(0, (after - base) // interval + 1)
    return _next_day(schedule.duration, schedule.week_flags or "YYYYYYY", after)


def span(text: str) -> timedelta:
    """Return the length of a duration such as `1d02h05m10s`, `0d00h01m` or `14h46m`."""
    unit = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
    return timedelta(**{unit[letter]: int(number) for number, letter in re.findall(r"(\d+)([dhms])", text)})


def _next_day(time_of_day: str, flags: str, after: datetime) -> datetime:
    midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
    moments = (midnight + timedelta(days=days) + span(time_of_day) for days in range(9))
    return next(m for m in moments if m > after and flags[(m.weekday() + 1) % 7] == "Y")


def _duration(type: str, text: str | None) -> str | None:
    if type in ("manual", "auto"):
        if text is not None:
            raise InvalidSchedule(f"duration does not apply to the type {type}.")
        return None
    if text is None:
        raise InvalidSchedule(f"duration is required for the type {type}.")
    if type != "periodic":
        return _normal(_TIME_OF_DAY, text, "duration", "a time of day as HHhMMm, such as 14h46m")
    duration = _normal(_INTERVAL, text, "duration", "an interval as DdHHhMMmSSs, such as 1d02h05m10s")
    if not span(duration):
        raise InvalidSchedule("duration must be longer than zero.")
    return duration


def _offset(type: str, text: str | None, current: Schedule) -> str:
    if text is None:
        return current.offset if type == current.type == "periodic" else NO_OFFSET
    offset = _normal(_OFFSET, text, "offset", "DdHHhMMm, such as 0d00h01m")
    if type != "periodic" and offset != NO_OFFSET:
        raise InvalidSchedule(f"offset applies only to the type periodic, not to {type}.")
    return offset


def _week_flags(type: str, text: str | None) -> str | None:
    if type != "weekly":
        if text is not None:
            raise InvalidSchedule(f"weekFlags applies only to the type weekly, not to {type}.")
        return None
    if text is None:
        raise InvalidSchedule("weekFlags is required for the type weekly.")
    if not _FLAGS.fullmatch(text) or "Y" not in text:
        raise InvalidSchedule("weekFlags must be seven letters, Y or N, from Sunday to Saturday, with at least one Y.")
    return text


def _normal(form: re.Pattern[str], text: str, name: str, allowed: str) -> str:
    if not form.fullmatch(text):
        raise InvalidSchedule(f"{name} must be {allowed}.")
    parts = [(int(number), letter) for number, letter in re.findall(r"(\d+)([dhms])", text)]
    below = {"h": 24, "m": 60, "s": 60}
    if any(letter in below and number >= below[letter] for number, letter in parts):
        raise InvalidSchedule(f"{name} must be {allowed}, with hours below 24, and minutes and seconds below 60.")
    return "".join(f"{number}d" if letter == "d" else f"{number:02d}{letter}" for number, letter in parts)
