# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules: which are valid, and when they are due, in tables and for any schedule and any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flow_emulator.state.schedule_types import NO_OFFSET, InvalidSchedule, Schedule, next_due, parse, span
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


PERIODIC = Schedule("periodic", "0d01h00m00s", "0d00h07m")


@pytest.mark.parametrize(
    ("type", "duration", "offset", "flags", "current", "expected"),
    [
        ("manual", None, None, None, PERIODIC, Schedule("manual")),
        ("manual", None, "0d00h00m", None, Schedule(), Schedule("manual")),
        ("auto", None, None, None, PERIODIC, Schedule("auto")),
        ("daily", "1h2m", None, None, PERIODIC, Schedule("daily", "01h02m")),
        ("daily", "23h59m", "0d0h0m", None, Schedule(), Schedule("daily", "23h59m")),
        ("weekly", "00h00m", None, "YNNNNNN", PERIODIC, Schedule("weekly", "00h00m", week_flags="YNNNNNN")),
        ("periodic", "1d2h3m4s", None, None, Schedule(), Schedule("periodic", "1d02h03m04s")),
        ("periodic", "9999d23h59m59s", None, None, PERIODIC, Schedule("periodic", "9999d23h59m59s", "0d00h07m")),
        ("periodic", "0d0h0m1s", "01d1h2m", None, PERIODIC, Schedule("periodic", "0d00h00m01s", "1d01h02m")),
        ("periodic", "0d0h0m1s", None, None, Schedule("daily", offset="9d00h00m"), Schedule("periodic", "0d00h00m01s")),
    ],
)  # fmt: skip
def test_schedule_is_normalized(
    type: str, duration: str | None, offset: str | None, flags: str | None, current: Schedule, expected: Schedule
) -> None:
    """Durations are written in one way; an offset stays while the type stays `periodic`."""
    assert parse(current, type=type, duration=duration, offset=offset, week_flags=flags) == expected
    assert expected.is_scheduled == (type != "manual")


INTERVAL = "duration must be an interval as DdHHhMMmSSs, such as 1d02h05m10s"
TIME = "duration must be a time of day as HHhMMm, such as 14h46m"
OFFSET = "offset must be DdHHhMMm, such as 0d00h01m"
FLAGS = "weekFlags must be seven letters, Y or N, from Sunday to Saturday, with at least one Y."
BELOW = ", with hours below 24, and minutes and seconds below 60."


@pytest.mark.parametrize(
    ("type", "duration", "offset", "flags", "message"),
    [
        ("hourly", None, None, None, "type must be one of manual, auto, periodic, daily, weekly."),
        ("manual", "1h1m", None, None, "duration does not apply to the type manual."),
        ("auto", "", None, None, "duration does not apply to the type auto."),
        ("daily", None, None, None, "duration is required for the type daily."),
        ("periodic", None, None, None, "duration is required for the type periodic."),
        ("daily", "0d00h01m", None, None, f"{TIME}."),
        ("daily", "1h1m ", None, None, f"{TIME}."),
        ("daily", "٣h1m", None, None, f"{TIME}."),
        ("daily", "24h00m", None, None, f"{TIME}{BELOW}"),
        ("daily", "23h60m", None, None, f"{TIME}{BELOW}"),
        ("periodic", "1h1m", None, None, f"{INTERVAL}."),
        ("periodic", "99999d0h0m0s", None, None, f"{INTERVAL}."),
        ("periodic", "0d0h0m60s", None, None, f"{INTERVAL}{BELOW}"),
        ("periodic", "0d0h0m0s", None, None, "duration must be longer than zero."),
        ("periodic", "0d0h0m1s", "0h1m", None, f"{OFFSET}."),
        ("periodic", "0d0h0m1s", "0d24h0m", None, f"{OFFSET}{BELOW}"),
        ("daily", "1h1m", "0d0h1m", None, "offset applies only to the type periodic, not to daily."),
        ("daily", "1h1m", None, "YYYYYYY", "weekFlags applies only to the type weekly, not to daily."),
        ("weekly", "1h1m", None, None, "weekFlags is required for the type weekly."),
        *[("weekly", "1h1m", None, text, FLAGS) for text in ("", "YYYYYY", "YYYYYYYY", "NNNNNNN", "YYYYYYy", "YYYYYYX")],
    ],
)  # fmt: skip
def test_invalid_schedule_is_refused(
    type: str, duration: str | None, offset: str | None, flags: str | None, message: str
) -> None:
    with pytest.raises(InvalidSchedule) as refused:
        parse(Schedule(), type=type, duration=duration, offset=offset, week_flags=flags)
    assert str(refused.value) == message


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment of a month that begins on a Sunday."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        (Schedule(), at(9), None),
        (Schedule("daily"), at(9), None),
        (Schedule("auto"), at(9), at(9, second=10)),
        (Schedule("daily", "14h46m"), at(9), at(9, 14, 46)),
        (Schedule("daily", "14h46m"), at(9, 14, 46), at(10, 14, 46)),
        (Schedule("daily", "00h00m"), at(9, 0, 0, 1), at(10)),
        (Schedule("weekly", "01h00m", week_flags="YNNNNNN"), at(1), at(1, 1)),
        (Schedule("weekly", "01h00m", week_flags="YNNNNNN"), at(1, 1), at(8, 1)),
        (Schedule("weekly", "01h00m", week_flags="NNNNNNY"), at(1), at(7, 1)),
        (Schedule("periodic", "0d01h00m00s"), at(1), at(2)),
        (Schedule("periodic", "0d01h00m00s"), at(2), at(2, 1)),
        (Schedule("periodic", "0d01h00m00s", "0d00h30m"), at(2, 1), at(2, 1, 30)),
        (Schedule("periodic", "0d01h00m00s", "1d00h30m"), at(2, 1), at(3, 0, 30)),
        (Schedule("periodic", "2d00h00m00s"), at(4, 0, 0, 1), at(6)),
    ],
)
def test_next_due_time(schedule: Schedule, after: datetime, due: datetime | None) -> None:
    """Saved in the afternoon of the second, which counts from its midnight."""
    saved = datetime(2026, 11, 2, 15, 16, 17, 18, tzinfo=UTC)
    assert next_due(schedule, saved, after) == due


def test_span_of_an_offset() -> None:
    assert span(NO_OFFSET) == timedelta(0)
    assert span("1d02h05m10s") == timedelta(days=1, hours=2, minutes=5, seconds=10)
