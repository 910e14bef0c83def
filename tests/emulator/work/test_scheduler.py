# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a schedule runs by the emulator's clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator.support.emulators import Instance, control

MONDAY = "2027-03-01T12:00:00Z"


@pytest.fixture
def loaded(instance: Instance, url: str) -> Iterator[Instance]:
    """An instance with a loaded table, at noon on a Monday."""
    control(url, "PUT", "clock", {"now": MONDAY})
    instance.set_up("offices")
    assert instance.run("full")["state"] == "done"
    yield instance
    instance.save("config-sched", {"type": "manual"})
    control(url, "PUT", "clock", {"now": None})


def runs(instance: Instance) -> int:
    """Return the number of scheduled runs, each of which must be a successful delta."""
    scheduled = [operation for operation in instance.operations() if operation["trigger"] == "schedule"]
    assert {(operation["operation"], operation["state"]) for operation in scheduled} <= {("delta", "done")}
    return len(scheduled)


def to(instance: Instance, moment: str) -> None:
    control(instance.url, "PUT", "clock", {"now": moment})


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


def test_clock_jump_past_several_due_times_gives_one_run(loaded: Instance) -> None:
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


def test_time_is_due_again_after_the_clock_went_back(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "daily", "duration": "11h00m"})
    to(loaded, "2027-03-09T11:00:00Z")
    assert runs(loaded) == 1
    to(loaded, MONDAY)
    to(loaded, "2027-03-02T11:00:00Z")
    assert runs(loaded) == 2


def test_nothing_runs_before_the_first_load(instance: Instance, url: str) -> None:
    control(url, "PUT", "clock", {"now": MONDAY})
    instance.set_up("offices")
    instance.save("config-sched", {"type": "daily", "duration": "11h00m"})
    to(instance, "2027-03-02T11:00:00Z")
    assert runs(instance) == 0
    control(url, "PUT", "clock", {"now": None})


def test_expired_license_fails_the_scheduled_run(loaded: Instance) -> None:
    loaded.save("config-sched", {"type": "daily", "duration": "11h00m"})
    to(loaded, "2029-03-02T11:00:00Z")
    last = loaded.operations()[-1]
    assert (last["state"], last["message"]) == ("failed", "The license is not valid.")
