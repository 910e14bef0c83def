# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedule: config-sched in the API reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .._change.errors import InvalidError
from .._change.payload import unreadable
from .._change.plan import Answers, Get, Plan, Request, State, difference
from . import duration

TYPES = ("manual", "auto", "periodic", "daily", "weekly")
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")

OPTIONS: dict[str, Any] = {
    "type": {"type": "str", "required": True, "choices": list(TYPES)},
    "duration": {"type": "str"},
    "offset": {"type": "str"},
    "week_flags": {"type": "str", "aliases": ["weekFlags"]},
    "days": {"type": "list", "elements": "str"},
}

TAKES: dict[str, tuple[str, ...]] = {
    "manual": (),
    "auto": (),
    "periodic": ("duration", "offset"),
    "daily": ("duration",),
    "weekly": ("duration", "week_flags", "days"),
}
"""What each type takes, as in the reference's table of body parameters."""

NAMES = {"type": "type", "duration": "duration", "offset": "offset", "week_flags": "weekFlags"}
NO_OFFSET = "0d00h00m"
PATH = "/config-sched"

_FLAGS = re.compile("[YN]{7}")


class Schedule(NamedTuple):
    """The desired schedule in the format of the API reference; a missing setting is not managed."""

    settings: Mapping[str, str]


def desired(options: Mapping[str, Any], /) -> Schedule:
    """Check the options against the type, and convert them to the format of the API reference."""
    type_ = options["type"]
    given = {name: value for name in OPTIONS if name != "type" and (value := _given(options.get(name)))}
    for name in given:
        if name not in TAKES[type_]:
            takes = ", ".join(TAKES[type_]) or "no other options"
            raise InvalidError(f"{name} is not allowed with the type {type_}, which takes {takes}.")
    if "duration" in TAKES[type_] and "duration" not in given:
        meaning = "the interval between runs, such as 5m" if type_ == "periodic" else "the time of day, such as '14:46'"
        raise InvalidError(f"duration is required for the type {type_}: {meaning}.")
    settings = {"type": type_}
    if "duration" in given:
        settings["duration"] = _spell_duration(type_, given["duration"])
    if "offset" in given:
        settings["offset"] = duration.offset("offset", given["offset"])
    if type_ == "weekly":
        settings["week_flags"] = _spell_week(given)
    return Schedule(settings)


def _given(value: Any) -> Any:
    """Return an option's value; None if it is not given, as the empty answers of a survey."""
    if isinstance(value, list):
        return [item for item in value if item.strip()] or None
    return value if value and value.strip() else None


def _spell_duration(type_: str, text: str) -> str:
    spell = duration.interval if type_ == "periodic" else duration.time_of_day
    return spell("duration", text)


def _spell_week(given: Mapping[str, Any]) -> str:
    if ("week_flags" in given) == ("days" in given):
        raise InvalidError(
            "A weekly schedule requires either week_flags (such as NYYYYYN) or days (such as [monday, fri])."
        )
    flags = flags_of(given["days"]) if "days" in given else given["week_flags"].strip().upper()
    if not _FLAGS.fullmatch(flags):
        raise InvalidError(
            f"week_flags is {given['week_flags']!r}; it must be seven letters Y or N, from Sunday to Saturday, "
            "such as NYYYYYN for Monday to Friday."
        )
    if "Y" not in flags:
        raise InvalidError("A weekly schedule requires at least one day in week_flags or days.")
    return flags


def flags_of(days: list[str]) -> str:
    """Return the reference's ``YYYYYYY``, Sunday first, for days given by name or first three letters."""
    names = {name: day for day in DAYS for name in (day, day[:3])}
    chosen = set()
    for day in days:
        if day.strip().lower() not in names:
            raise InvalidError(f"days contains {day!r}; allowed are {', '.join(DAYS)}, or their first three letters.")
        chosen.add(names[day.strip().lower()])
    return "".join("Y" if day in chosen else "N" for day in DAYS)


def days_of(flags: str | None) -> list[str] | None:
    """Return the days that are set in the flags, Sunday first."""
    return None if flags is None else [day for day, flag in zip(DAYS, flags) if flag == "Y"]


def read(get: Get, desired: Schedule | None = None, /) -> State:
    """Read the schedule (section Get Schedule Settings); None if there is none."""
    answer = get("config-sched")
    if answer is None or answer in ({}, []):
        return None
    if not isinstance(answer, dict):
        raise unreadable("GET", PATH, answer, "an object with a type")
    for name in NAMES.values():
        if not isinstance(answer.get(name), (str, type(None))):
            raise unreadable("GET", PATH, answer[name], f"text as {name}")
    if not answer.get("type"):
        return None
    scheduled = answer.get("isScheduled")
    return {
        **_normalized({name: answer.get(theirs) for name, theirs in NAMES.items()}),
        "is_scheduled": scheduled if isinstance(scheduled, bool) else None,
    }


def _normalized(settings: dict[str, Any]) -> dict[str, Any]:
    """Convert the service's values to the format of the API reference; drop what the type does not take.

    An unknown type, such as ``monthly`` in the reference's introduction, is left unchanged.
    """
    known = settings["type"].strip().lower()
    type_ = settings["type"] = known if known in TYPES else settings["type"]
    takes = TAKES.get(type_, ("duration", "offset", "week_flags"))
    seconds = duration.parse(settings["duration"] or "")
    if seconds is not None and type_ in TAKES:
        spell = duration.interval_text if type_ == "periodic" else duration.time_of_day_text
        settings["duration"] = spell(seconds)
    given = settings["offset"] if "offset" in takes else None
    offset = duration.parse(given or NO_OFFSET)
    settings["offset"] = given if offset is None else duration.offset_text(offset)
    flags = settings["week_flags"] or None
    if flags and _FLAGS.fullmatch(flags.strip().upper()):
        flags = flags.strip().upper()
    settings["week_flags"] = flags if "week_flags" in takes else None
    settings["duration"] = settings["duration"] or None if "duration" in takes else None
    return {**settings, "days": days_of(settings["week_flags"])}


def plan(desired: Schedule, current: State, /) -> Plan:
    """Plan the one PATCH that sets the schedule; is_scheduled is run state and not compared."""
    if current is not None and not difference(current, desired.settings):
        return Plan(current, current)
    sent = {**_kept(desired, current or {}), **desired.settings}
    after = {**_normalized({**dict.fromkeys(NAMES), **sent}), "is_scheduled": None}
    return Plan(
        before=current,
        after=after,
        requests=(Request("PATCH", ("config-sched",), {NAMES[name]: text for name, text in sent.items()}),),
        wanted=sent,
        unknown=frozenset({"is_scheduled"}),
    )


def _kept(desired: Schedule, current: Mapping[str, Any]) -> dict[str, str]:
    """Return the offset as it was read, to send it again: the service may replace the whole schedule."""
    offset = current.get("offset")
    takes_one = "offset" in TAKES[desired.settings["type"]]
    return {"offset": offset} if takes_one and offset not in (None, NO_OFFSET) else {}


def unmet(desired: Schedule, plan: Plan, current: State, /) -> dict[str, str]:
    """Compare what was written with what reads back."""
    return {
        name: f"{name} was saved as {wanted} but reads back as {found}"
        for name, (wanted, found) in difference(current or {}, plan.wanted).items()
    }


def remarks(desired: Schedule, current: State, /) -> tuple[str, ...]:
    """Return nothing: there is nothing to warn about."""
    return ()


def result(desired: Schedule, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{schedule}``."""
    return {"schedule": current}
