# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How saved schedules read back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.support.emulators import Instance

NEVER = {"duration": None, "offset": "0d00h00m", "isScheduled": False, "type": "manual", "weekFlags": None}


def test_unsaved_schedule_is_manual(instance: Instance) -> None:
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
def test_saved_schedule_reads_back_in_the_documented_form(
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
def test_bad_schedule_is_refused_and_changes_nothing(instance: Instance, body: Any) -> None:
    instance.save("config-sched", {"type": "daily", "duration": "04h00m"})
    before = instance.get("config-sched")
    assert instance.refused("PATCH", "config-sched", body)[0] == 400
    assert instance.get("config-sched") == before


def test_omitted_offset_stays_while_the_type_is_periodic(instance: Instance) -> None:
    instance.save("config-sched", {"type": "periodic", "duration": "0d01h00m00s", "offset": "0d00h07m"})
    instance.save("config-sched", {"type": "periodic", "duration": "0d02h00m00s"})
    assert instance.get("config-sched")["offset"] == "0d00h07m"
    instance.save("config-sched", {"type": "daily", "duration": "04h00m"})
    instance.save("config-sched", {"type": "periodic", "duration": "0d02h00m00s"})
    assert instance.get("config-sched")["offset"] == "0d00h00m"
