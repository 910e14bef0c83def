# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations, offsets, times of day, flags and days, in every spelling."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError, ResponseError
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Plan
from ansible_collections.singlestore.flow.plugins.module_utils._resources import duration, schedule
from hypothesis import given
from hypothesis import strategies as st


def sent_for(type_: str, **options: Any) -> dict[str, str]:
    """Return the request body for a schedule."""
    left_out = dict.fromkeys(("duration", "offset", "week_flags", "days"))
    return dict(schedule.desired({**left_out, "type": type_, **options}).settings)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("5m", "0d00h05m00s"),
        ("90s", "0d00h01m30s"),
        ("1h30m", "0d01h30m00s"),
        ("1h 30m", "0d01h30m00s"),
        (" 1H30M ", "0d01h30m00s"),
        ("0d00h05m00s", "0d00h05m00s"),
        ("1d02h05m10s", "1d02h05m10s"),
        ("26h5m10s", "1d02h05m10s"),
        ("300s", "0d00h05m00s"),
        ("100d", "100d00h00m00s"),
        ("1s", "0d00h00m01s"),
    ],
)
def test_interval_is_sent_in_the_documented_form(text: str, sent: str) -> None:
    """An interval is compared by its meaning and sent in the reference's form."""
    assert sent_for("periodic", duration=text)["duration"] == sent


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("14:46", "14h46m"),
        ("4:05", "04h05m"),
        ("14h46m", "14h46m"),
        ("14H46M", "14h46m"),
        ("4h", "04h00m"),
        ("30m", "00h30m"),
        ("00:00", "00h00m"),
        ("23:59", "23h59m"),
        ("0d04h00m", "04h00m"),
    ],
)
@pytest.mark.parametrize("type_", ["daily", "weekly"])
def test_time_of_day_is_sent_in_the_documented_form(type_: str, text: str, sent: str) -> None:
    """A time such as 14:46 equals the reference's form."""
    days = {"days": ["sunday"]} if type_ == "weekly" else {}
    assert sent_for(type_, duration=text, **days)["duration"] == sent


BAD = [
    ("periodic", {"duration": "0m"}, "duration is '0m': an interval must be longer than zero"),
    ("periodic", {"duration": "0d00h00m00s"}, "longer than zero"),
    ("periodic", {"duration": "886"}, "YAML reads an unquoted 14:46"),
    ("periodic", {"duration": "14:46"}, "must be an interval such as 5m, 1h30m or 1d02h05m10s"),
    ("periodic", {"duration": "five minutes"}, "must be an interval such as 5m, 1h30m or 1d02h05m10s"),
    (
        "periodic",
        {"duration": ""},
        "duration is required for the type periodic: the interval between runs, such as 5m.",
    ),
    ("periodic", {"duration": "-5m"}, "must be an interval such as 5m, 1h30m or 1d02h05m10s"),
    ("periodic", {"duration": "5m1h"}, "must be an interval such as 5m, 1h30m or 1d02h05m10s"),
    ("periodic", {"duration": "1.5h"}, "must be an interval such as 5m, 1h30m or 1d02h05m10s"),
    ("periodic", {"duration": "9" * 5000 + "m"}, "must be an interval such as 5m, 1h30m or 1d02h05m10s"),
    ("periodic", {}, "duration is required for the type periodic: the interval between runs, such as 5m."),
    ("periodic", {"duration": "5m", "offset": "30s"}, "whole minutes"),
    ("periodic", {"duration": "5m", "offset": "1"}, "YAML"),
    ("periodic", {"duration": "5m", "offset": "1x"}, "offset is '1x'; it must be an offset such as 1m or 0d00h01m."),
    (
        "periodic",
        {"duration": "5m", "days": ["mon"]},
        "not allowed with the type periodic, which takes duration, offset.",
    ),
    ("periodic", {"duration": "5m", "week_flags": "NYNNNNN"}, "week_flags is not allowed with"),
    ("daily", {"duration": "886"}, "quote it ('14:46')"),
    ("daily", {"duration": "53160"}, "YAML"),
    ("daily", {"duration": "25:00"}, "from 00:00 to 23:59"),
    ("daily", {"duration": "25h"}, "from 00:00 to 23:59"),
    ("daily", {"duration": "24:00"}, "from 00:00 to 23:59"),
    ("daily", {"duration": "14:60"}, "from 00:00 to 23:59"),
    ("daily", {"duration": "1d"}, "from 00:00 to 23:59"),
    ("daily", {"duration": "90s"}, "from 00:00 to 23:59"),
    ("daily", {}, "duration is required for the type daily: the time of day, such as '14:46'."),
    ("daily", {"duration": "14:46", "offset": "1m"}, "offset is not allowed with the type daily"),
    ("weekly", {"duration": "14:46"}, "either week_flags"),
    ("weekly", {"duration": "14:46", "week_flags": "NYYYYYN", "days": ["mon"]}, "either week_flags"),
    ("weekly", {"duration": "14:46", "week_flags": "NYYYYXN"}, "seven letters Y or N"),
    ("weekly", {"duration": "14:46", "week_flags": "NYYYYY"}, "seven letters Y or N"),
    ("weekly", {"duration": "14:46", "week_flags": ""}, "either week_flags"),
    ("weekly", {"duration": "14:46", "week_flags": "NNNNNNN"}, "A weekly schedule requires at least one day"),
    ("weekly", {"duration": "14:46", "days": []}, "either week_flags"),
    ("weekly", {"duration": "14:46", "days": ["montag"]}, "'montag'; allowed are sunday, monday, tuesday"),
    ("weekly", {"duration": "14:46", "days": ["m"]}, "'m'"),
    ("weekly", {"days": ["mon"]}, "duration is required"),
    ("manual", {"duration": "5m"}, "duration is not allowed with the type manual, which takes no other options"),
    ("auto", {"offset": "5m"}, "offset is not allowed with the type auto"),
]


@pytest.mark.parametrize(("type_", "options", "says"), BAD)
def test_bad_value_is_refused_by_name(type_: str, options: dict[str, Any], says: str) -> None:
    """A bad value is refused with its option's name and the allowed values."""
    with pytest.raises(InvalidError) as caught:
        sent_for(type_, **options)
    assert says in caught.value.message
    assert any(name in caught.value.message for name in ("duration", "offset", "week_flags", "days"))


PARTS = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 999), st.integers(0, 9999))


@given(
    PARTS, st.sampled_from(["{}d{}h{}m{}s", "{}d {}h {}m {}s", " {} D {} H {} M {} S ", "{:02d}d{:02d}h{:02d}m{:02d}s"])
)
def test_interval_is_the_same_in_every_spelling(parts: tuple[int, int, int, int], form: str) -> None:
    """Every spelling has the same number of seconds, also after reading back."""
    seconds = parts[0] * 86400 + parts[1] * 3600 + parts[2] * 60 + parts[3]
    assert duration.parse(form.format(*parts)) == seconds
    assert duration.parse(duration.interval_text(seconds)) == seconds


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_interval_in_one_unit_equals_its_parts(minutes: int, seconds: int) -> None:
    """A number of one unit equals the same time in several units."""
    assert duration.parse(f"{minutes}m") == minutes * 60 == duration.parse(duration.offset_text(minutes * 60))
    assert duration.parse(f"{seconds}s") == seconds


@given(st.integers(0, 23), st.integers(0, 59))
def test_time_of_day_is_the_same_in_every_spelling(hour: int, minute: int) -> None:
    """This holds for every minute of the day and every spelling."""
    spellings = (f"{hour}:{minute:02d}", f"{hour:02d}:{minute:02d}", f"{hour}h{minute}m", f"{hour * 60 + minute}m")
    assert {duration.time_of_day("duration", text) for text in spellings} == {f"{hour:02d}h{minute:02d}m"}


@given(st.text("dhms:0123456789 -.YNyn", max_size=12))
def test_any_text_is_accepted_or_refused(text: str) -> None:
    """Any text gives a value that reads back the same, or an error of the collection."""
    for spell in (duration.interval, duration.offset, duration.time_of_day):
        try:
            sent = spell("duration", text)
        except InvalidError:
            continue
        assert spell("duration", sent) == sent


@given(st.sets(st.sampled_from(schedule.DAYS), min_size=1), st.randoms())
def test_days_are_the_same_in_every_spelling(days: set[str], random: Any) -> None:
    """Days are the same as names, as three letters, in any case and order, repeated, and as flags."""
    wanted = [day for day in schedule.DAYS if day in days]
    written = [random.choice([day, day[:3], day.upper(), f" {day.title()} "]) for day in [*days, *days]]
    random.shuffle(written)
    flags = sent_for("weekly", duration="14:46", days=written)["week_flags"]
    assert schedule.days_of(flags) == wanted
    assert sent_for("weekly", duration="14:46", week_flags=f" {flags.lower()} ")["week_flags"] == flags


@pytest.mark.parametrize(
    ("flags", "days"), [("YNNNNNN", ["sunday"]), ("NYYYYYN", list(schedule.DAYS[1:6])), ("NNNNNNY", ["saturday"])]
)
def test_documented_flags_start_on_sunday(flags: str, days: list[str]) -> None:
    """In the reference's examples, Sunday comes first."""
    assert sent_for("weekly", duration="1h", days=days)["week_flags"] == flags


@given(st.sampled_from(["0d10h01m00s", "10h1m", "601m", "36060s"]), st.sampled_from(["0d00h00m", "0m", None, ""]))
def test_other_spelling_of_the_service_is_unchanged(spelling: str, offset: str | None) -> None:
    """Another spelling, or a value that the type ignores, is not a difference."""
    said = {"type": "PERIODIC", "duration": spelling, "offset": offset, "weekFlags": "NNNNNNN", "isScheduled": True}
    desired = schedule.desired(
        {"type": "periodic", "duration": "10h1m", "offset": "0m", "week_flags": None, "days": None}
    )
    current = schedule.read(lambda *_segments: said, desired)
    assert schedule.plan(desired, current) == Plan(current, current)


@pytest.mark.parametrize("answer", [None, {}, [], {"type": None}, {"type": ""}, {"duration": "5m"}])
def test_missing_schedule_is_recognized(answer: Any) -> None:
    """A service without a schedule answers in one of these ways."""
    assert schedule.read(lambda *_segments: answer) is None


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (["manual"], "a list; expected an object with a type."),
        ("manual", "a string; expected an object with a type."),
        (True, "a boolean; expected an object with a type."),
        ({"type": 7}, "a number; expected text as type."),
        ({"type": "daily", "duration": {}}, "an object; expected text as duration."),
        ({"type": "daily", "offset": []}, "a list; expected text as offset."),
        ({"type": "daily", "weekFlags": False}, "a boolean; expected text as weekFlags."),
    ],
)
def test_unreadable_schedule_is_an_error(answer: Any, says: str) -> None:
    """An unreadable schedule is an error that says what was found."""
    with pytest.raises(ResponseError) as caught:
        schedule.read(lambda *_segments: answer)
    assert f"GET /config-sched returned {says}" in caught.value.message
    assert (caught.value.method, caught.value.path) == ("GET", "/config-sched")


NOT_GIVEN = {"duration": None, "offset": None, "week_flags": None, "days": None}
SHOWN = {**NOT_GIVEN, "offset": "0d00h00m"}
"""What the service shows for a missing setting."""


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ({"type": "manual"}, {"type": "manual"}),
        ({"type": " Auto ", "duration": "5m", "offset": "1m"}, {"type": "auto"}),
        (
            {"type": "periodic", "duration": "5m", "weekFlags": "YNNNNNN"},
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h00m"},
        ),
        (
            {"type": "periodic", "duration": "odd", "offset": "90m"},
            {"type": "periodic", "duration": "odd", "offset": "0d01h30m"},
        ),
        (
            {"type": "periodic", "duration": "", "offset": "odd"},
            {"type": "periodic", "offset": "odd"},
        ),
        ({"type": "daily", "duration": "4h5m", "offset": "1m"}, {"type": "daily", "duration": "04h05m"}),
        (
            {"type": "weekly", "duration": "14h46m", "weekFlags": " nyyyyyn "},
            {"type": "weekly", "duration": "14h46m", "week_flags": "NYYYYYN", "days": list(schedule.DAYS[1:6])},
        ),
        (
            {"type": "weekly", "duration": "14h46m", "weekFlags": ""},
            {"type": "weekly", "duration": "14h46m"},
        ),
        (
            {"type": "Monthly", "duration": "5m", "offset": "1m", "weekFlags": "odd"},
            {"type": "Monthly", "duration": "5m", "offset": "0d00h01m", "week_flags": "odd", "days": []},
        ),
        ({"type": "Monthly"}, {"type": "Monthly", "offset": "0d00h00m"}),
    ],
)
@pytest.mark.parametrize(("said", "scheduled"), [(True, True), (False, False), (None, None), ("yes", None), (1, None)])
def test_read_normalizes_values(
    answer: dict[str, Any], shown: dict[str, Any], said: Any, scheduled: bool | None
) -> None:
    """The service's spellings become the reference's; settings that the type ignores are left out."""
    state = schedule.read(lambda *_segments: {**answer, "isScheduled": said})
    assert state == {**SHOWN, **shown, "is_scheduled": scheduled}
    desired = schedule.desired({**NOT_GIVEN, "type": "manual"})
    assert schedule.result(desired, schedule.plan(desired, state), state, []) == {"schedule": state}
    assert schedule.remarks(desired, state) == ()


@pytest.mark.parametrize(
    ("options", "current", "body", "after"),
    [
        ({"type": "manual"}, None, {"type": "manual"}, {"type": "manual"}),
        (
            {"type": "periodic", "duration": "5m"},
            {"offset": "0d00h07m"},
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h07m"},
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h07m"},
        ),
        (
            {"type": "periodic", "duration": "5m"},
            {"type": "periodic", "duration": "0d00h06m00s", "offset": "odd"},
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "odd"},
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "odd"},
        ),
        (
            {"type": "periodic", "duration": "5m", "offset": "0"},
            {"offset": "0d00h07m"},
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h00m"},
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h00m"},
        ),
        (
            {"type": "periodic", "duration": "5m"},
            {"offset": "0d00h00m"},
            {"type": "periodic", "duration": "0d00h05m00s"},
            {"type": "periodic", "duration": "0d00h05m00s"},
        ),
        (
            {"type": "periodic", "duration": "5m", "offset": "1m"},
            None,
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h01m"},
            {"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h01m"},
        ),
        (
            {"type": "weekly", "duration": "1:00", "days": ["sun"]},
            {"offset": "0d00h07m"},
            {"type": "weekly", "duration": "01h00m", "weekFlags": "YNNNNNN"},
            {"type": "weekly", "duration": "01h00m", "week_flags": "YNNNNNN", "days": ["sunday"]},
        ),
    ],
)
def test_plan_is_one_request(
    options: dict[str, Any], current: dict[str, Any] | None, body: dict[str, str], after: Any
) -> None:
    """A plan is one request with the given settings; an omitted offset is sent again as it was read, if the type has one."""
    before = None if current is None else {**NOT_GIVEN, "type": "daily", "is_scheduled": True, **current}
    desired = schedule.desired({**NOT_GIVEN, **options})
    plan = schedule.plan(desired, before)
    (request,) = plan.requests
    assert (request.method, request.path, request.body) == ("PATCH", "/config-sched", body)
    assert plan.after == {**SHOWN, **after, "is_scheduled": None}
    assert plan.before == before
    assert plan.unknown == {"is_scheduled"}
    assert schedule.unmet(desired, plan, plan.after) == {}
    kept = schedule.unmet(desired, plan, {**plan.after, "type": "auto"})
    assert kept == {"type": f"type was saved as {after['type']} but reads back as auto"}
    names = {theirs: name for name, theirs in schedule.NAMES.items()}
    assert set(schedule.unmet(desired, plan, None)) == {names[theirs] for theirs in body}


@pytest.mark.parametrize("offset", ["0", "00", " 0 ", "0m", "0d00h00m"])
def test_zero_offset_needs_no_unit(offset: str) -> None:
    """Zero is no offset; any other number needs a unit."""
    assert sent_for("periodic", duration="5m", offset=offset)["offset"] == "0d00h00m"


@pytest.mark.parametrize("empty", [{"duration": "", "offset": " ", "week_flags": "", "days": []}, {"days": ["", " "]}])
def test_empty_answers_of_a_survey_are_not_given(empty: dict[str, Any]) -> None:
    """An empty text or list is the same as an option that is left out, for every type."""
    assert sent_for("manual", **empty) == {"type": "manual"}
    assert sent_for("periodic", **{**empty, "duration": "5m"}) == sent_for("periodic", duration="5m")
    weekly = {"duration": "14:46", "days": ["mon"]}
    assert sent_for("weekly", **{**empty, **weekly}) == sent_for("weekly", **weekly)
    assert (
        sent_for("weekly", **{**empty, "days": [], "duration": "1h", "week_flags": "YNNNNNN"})["week_flags"]
        == "YNNNNNN"
    )
