# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules: what may be saved, how it reads back, and when it runs by the emulator's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flow_emulator.state.schedule_types import InvalidSchedule, Schedule, next_due, parse, span
from hypothesis import given
from hypothesis import strategies as st

from .server import Instance, control

MONDAY = "2027-03-01T12:00:00Z"
NEVER = {"duration": None, "offset": "0d00h00m", "isScheduled": False, "type": "manual", "weekFlags": None}
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@pytest.fixture
def loaded(instance: Instance, url: str) -> Iterator[Instance]:
    """An instance with a loaded table, at noon of a Monday."""
    control(url, "PUT", "clock", {"now": MONDAY})
    instance.set_up("offices")
    assert instance.run("full")["state"] == "done"
    yield instance
    instance.save("config-sched", {"type": "manual"})
    control(url, "PUT", "clock", {"now": None})


def runs(instance: Instance) -> int:
    """How many scheduled runs there were, each of them a delta that has ended well."""
    scheduled = [operation for operation in instance.operations() if operation["trigger"] == "schedule"]
    assert {(operation["operation"], operation["state"]) for operation in scheduled} <= {("delta", "done")}
    return len(scheduled)


def to(instance: Instance, moment: str) -> None:
    control(instance.url, "PUT", "clock", {"now": moment})


def test_never_saved_is_manual(instance: Instance) -> None:
    assert instance.get("config-sched") == NEVER


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"type": "manual"}, NEVER),
        ({"type": "auto"}, {**NEVER, "type": "auto", "isScheduled": True}),
        (
            {"type": "periodic", "duration": "0d10h1m0s"},
            {**NEVER, "type": "periodic", "duration": "0d10h01m00s", "isScheduled": True},
        ),
        (
            {"type": "periodic", "duration": "10d00h00m00s", "offset": "1d0h1m"},
            {
                "duration": "10d00h00m00s",
                "offset": "1d00h01m",
                "isScheduled": True,
                "type": "periodic",
                "weekFlags": None,
            },
        ),
        ({"type": "daily", "duration": "4h0m"}, {**NEVER, "type": "daily", "duration": "04h00m", "isScheduled": True}),
        (
            {"type": "daily", "duration": "04h00m", "offset": "0d00h00m", "weekFlags": None},
            {**NEVER, "type": "daily", "duration": "04h00m", "isScheduled": True},
        ),
        (
            {"type": "weekly", "duration": "23h59m", "weekFlags": "YNNNNNY"},
            {**NEVER, "type": "weekly", "duration": "23h59m", "weekFlags": "YNNNNNY", "isScheduled": True},
        ),
    ],
)
def test_a_saved_schedule_reads_back_in_the_references_form(
    instance: Instance, body: dict[str, Any], shown: dict[str, Any]
) -> None:
    instance.save("config-sched", {"type": "periodic", "duration": "1d00h00m00s"})
    instance.save("config-sched", body)
    assert instance.get("config-sched") == shown


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"type": "monthly"},
        {"type": "Periodic", "duration": "0d00h05m00s"},
        {"type": "periodic"},
        {"type": "periodic", "duration": None},
        {"type": "periodic", "duration": "5m"},
        {"type": "periodic", "duration": "0d00h00m00s"},
        {"type": "periodic", "duration": "0d24h00m00s"},
        {"type": "periodic", "duration": "0d00h60m00s"},
        {"type": "periodic", "duration": "04h00m"},
        {"type": "periodic", "duration": 300},
        {"type": "periodic", "duration": "0d00h0\u0665m00s"},
        {"type": "periodic", "duration": "0d00h05m00s", "offset": "1m"},
        {"type": "periodic", "duration": "0d00h05m00s", "weekFlags": "YYYYYYY"},
        {"type": "daily"},
        {"type": "daily", "duration": "25h00m"},
        {"type": "daily", "duration": "24h00m"},
        {"type": "daily", "duration": "14:46"},
        {"type": "daily", "duration": "14h46m", "offset": "0d00h01m"},
        {"type": "daily", "duration": "14h46m", "weekFlags": "YYYYYYY"},
        {"type": "weekly", "duration": "14h46m"},
        {"type": "weekly", "duration": "14h46m", "weekFlags": "NNNNNNN"},
        {"type": "weekly", "duration": "14h46m", "weekFlags": "YYYYYYX"},
        {"type": "weekly", "duration": "14h46m", "weekFlags": "YYYYYYYY"},
        {"type": "manual", "duration": "14h46m"},
        {"type": "auto", "duration": "0d00h05m00s"},
        {"type": "manual", "isScheduled": True},
    ],
)
def test_what_is_no_schedule_is_refused_and_nothing_changes(instance: Instance, body: Any) -> None:
    instance.save("config-sched", {"type": "daily", "duration": "04h00m"})
    before = instance.get("config-sched")
    assert instance.refused("PATCH", "config-sched", body)[0] == 400
    assert instance.get("config-sched") == before


def test_an_offset_that_is_not_given_stays_while_the_type_is_periodic(instance: Instance) -> None:
    instance.save("config-sched", {"type": "periodic", "duration": "0d01h00m00s", "offset": "0d00h07m"})
    instance.save("config-sched", {"type": "periodic", "duration": "0d02h00m00s"})
    assert instance.get("config-sched")["offset"] == "0d00h07m"
    instance.save("config-sched", {"type": "daily", "duration": "04h00m"})
    instance.save("config-sched", {"type": "periodic", "duration": "0d02h00m00s"})
    assert instance.get("config-sched")["offset"] == "0d00h00m"


def test_periodic_runs_at_its_interval_from_its_offset(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "periodic", "duration": "0d06h00m00s", "offset": "0d00h30m"})
    to(loaded, "2027-03-01T12:29:00Z")
    assert runs(loaded) == 0
    to(loaded, "2027-03-01T12:30:00Z")
    assert runs(loaded) == 1
    to(loaded, "2027-03-01T18:29:00Z")
    assert runs(loaded) == 1
    to(loaded, "2027-03-01T18:30:01Z")
    assert runs(loaded) == 2


def test_due_times_that_a_jump_passes_give_one_run(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "periodic", "duration": "0d00h05m00s"})
    to(loaded, "2027-03-02T12:00:01Z")
    assert runs(loaded) == 1


def test_daily_runs_once_a_day_at_its_time(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "daily", "duration": "11h00m"})
    to(loaded, "2027-03-02T10:59:00Z")
    assert runs(loaded) == 0
    to(loaded, "2027-03-02T11:00:00Z")
    assert runs(loaded) == 1
    to(loaded, "2027-03-02T23:00:00Z")
    assert runs(loaded) == 1
    to(loaded, "2027-03-03T11:00:00Z")
    assert runs(loaded) == 2


def test_weekly_runs_on_its_days(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "weekly", "duration": "09h00m", "weekFlags": "YNNNNYN"})
    to(loaded, "2027-03-05T08:59:00Z")
    assert runs(loaded) == 0
    to(loaded, "2027-03-05T09:00:00Z")
    assert runs(loaded) == 1
    to(loaded, "2027-03-06T20:00:00Z")
    assert runs(loaded) == 1
    to(loaded, "2027-03-07T09:00:00Z")
    assert runs(loaded) == 2


def test_auto_runs_again_soon_after_the_last_run(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "auto"})
    for count in (1, 2, 3):
        control(loaded.url, "PUT", "clock", {"advance": 11})
        assert runs(loaded) == count


def test_manual_never_runs(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "daily", "duration": "11h00m"})
    loaded.save("config-sched", {"type": "manual"})
    to(loaded, "2027-04-01T12:00:00Z")
    assert runs(loaded) == 0


def test_a_time_that_the_clock_went_back_from_is_due_when_it_comes_again(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "daily", "duration": "11h00m"})
    to(loaded, "2027-03-09T11:00:00Z")
    assert runs(loaded) == 1
    to(loaded, MONDAY)
    to(loaded, "2027-03-02T11:00:00Z")
    assert runs(loaded) == 2


def test_nothing_is_run_before_anything_is_loaded(instance: Instance, url: str) -> None:
    control(url, "PUT", "clock", {"now": MONDAY})
    instance.set_up("offices")
    instance.save("config-sched", {"type": "daily", "duration": "11h00m"})
    to(instance, "2027-03-02T11:00:00Z")
    assert runs(instance) == 0
    control(url, "PUT", "clock", {"now": None})


def test_an_expired_licence_fails_the_scheduled_run(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "daily", "duration": "11h00m"})
    to(loaded, "2029-03-02T11:00:00Z")
    last = loaded.operations()[-1]
    assert (last["state"], last["message"]) == ("failed", "The licence is not valid.")


@given(
    saved=MOMENTS,
    after=MOMENTS,
    seconds=st.integers(1, 10_000 * 86_400 - 1),
    offset=st.integers(0, 10 * 1_440 - 1),
)
def test_periodic_due_times_are_the_offset_plus_whole_intervals(
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
def test_weekly_due_times_are_the_first_that_the_flags_allow(after: datetime, minutes: int, flags: str) -> None:
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
