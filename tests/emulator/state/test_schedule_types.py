# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a schedule is due, for any schedule and any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flow_emulator.state.schedule_types import InvalidSchedule, Schedule, next_due, parse, span
from hypothesis import given
from hypothesis import strategies as st

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(
    saved=MOMENTS,
    after=MOMENTS,
    seconds=st.integers(1, 10_000 * 86_400 - 1),
    offset=st.integers(0, 10 * 1_440 - 1),
)
def test_periodic_is_due_at_offset_plus_whole_intervals(
    saved: datetime, after: datetime, seconds: int, offset: int
) -> None:
    days, rest = divmod(seconds, 86_400)
    schedule = parse(
        Schedule(),
        type="periodic",
        duration=f"{days}d{rest // 3600}h{rest // 60 % 60}m{rest % 60}s",
        offset=f"{offset // 1440}d{offset // 60 % 24}h{offset % 60}m",
        week_flags=None,
    )
    assert span(schedule.duration or "") == timedelta(seconds=seconds)
    due = next_due(schedule, saved, after)
    assert due is not None
    base = saved.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=offset)
    assert due > after
    assert due >= base
    assert (due - base) % timedelta(seconds=seconds) == timedelta(0)
    assert due == base or due - timedelta(seconds=seconds) <= after


@given(after=MOMENTS, minutes=st.integers(0, 1439), flags=st.text("YN", min_size=7, max_size=7))
def test_weekly_is_due_at_the_next_flagged_day(after: datetime, minutes: int, flags: str) -> None:
    duration = f"{minutes // 60:02d}h{minutes % 60:02d}m"
    try:
        schedule = parse(Schedule(), type="weekly", duration=duration, offset=None, week_flags=flags)
    except InvalidSchedule:
        assert "Y" not in flags
        return
    due = next_due(schedule, after, after)
    assert due is not None
    assert after < due <= after + timedelta(days=7)
    assert flags[int(due.strftime("%w"))] == "Y"
    assert (due.hour * 60 + due.minute, due.second, due.microsecond) == (minutes, 0, 0)
    passed = (due - timedelta(days=days) for days in range(1, 8))
    assert not any(flags[int(day.strftime("%w"))] == "Y" and day > after for day in passed)
