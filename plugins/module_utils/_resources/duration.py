# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations and times of day: every form that people write, and the one that the service uses."""

from __future__ import annotations

import re

from .._change.errors import InvalidError

MINUTE, HOUR, DAY = 60, 3600, 86400

_PARTS = re.compile(r"(?i)\s*(?:(\d{1,9})\s*d)?\s*(?:(\d{1,9})\s*h)?\s*(?:(\d{1,9})\s*m)?\s*(?:(\d{1,9})\s*s)?\s*")
_CLOCK = re.compile(r"\s*(\d{1,2}):(\d{2})\s*")


def parse(text: str) -> int | None:
    """Return the seconds in ``1d02h05m10s``, ``5m``, ``1h30m``, ``90s``...; None for anything else."""
    match = _PARTS.fullmatch(text)
    if not match or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return days * DAY + hours * HOUR + minutes * MINUTE + seconds


def interval_text(seconds: int) -> str:
    """Return the reference's ``DdHHhMMmSSs``, as in ``0d00h05m00s``."""
    return f"{offset_text(seconds)}{seconds % MINUTE:02d}s"


def offset_text(seconds: int) -> str:
    """Return the reference's ``DdHHhMMm``, as in ``0d00h01m``."""
    return f"{seconds // DAY}d{seconds % DAY // HOUR:02d}h{seconds % HOUR // MINUTE:02d}m"


def time_of_day_text(seconds: int) -> str:
    """Return the reference's ``HHhMMm``, as in ``14h46m``."""
    return f"{seconds // HOUR:02d}h{seconds % HOUR // MINUTE:02d}m"


def interval(option: str, text: str) -> str:
    """Return an interval in the format of the API reference; it must not be zero."""
    seconds = _given(option, text, "an interval such as 5m, 1h30m or 1d02h05m10s")
    if seconds == 0:
        raise InvalidError(f"{option} is {text!r}: an interval must be longer than zero, such as 5m.")
    return interval_text(seconds)


def offset(option: str, text: str) -> str:
    """Return an offset in the format of the API reference, which has no seconds."""
    if re.fullmatch(r"\s*0+\s*", text):
        return offset_text(0)  # zero is the same in every unit
    seconds = _given(option, text, "an offset such as 1m or 0d00h01m")
    if seconds % MINUTE:
        raise InvalidError(f"{option} is {text!r}: an offset must be in whole minutes, such as 1m.")
    return offset_text(seconds)


def time_of_day(option: str, text: str) -> str:
    """Return a time of day, given as ``14:46`` or ``14h46m``, in the format of the API reference."""
    allowed = "a time of day from 00:00 to 23:59, such as '14:46' or 14h46m"
    clock = _CLOCK.fullmatch(text)
    if clock and int(clock[2]) > 59:
        raise InvalidError(f"{option} is {text!r}; it must be {allowed}.")
    seconds = int(clock[1]) * HOUR + int(clock[2]) * MINUTE if clock else _given(option, text, allowed)
    if seconds >= DAY or seconds % MINUTE:
        raise InvalidError(f"{option} is {text!r}; it must be {allowed}.")
    return time_of_day_text(seconds)


def _given(option: str, text: str, allowed: str) -> int:
    if re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", text):
        raise InvalidError(
            f"{option} is the number {text.strip()}; it must be {allowed}. YAML reads an unquoted 14:46 as the "
            f"number 886: quote it ('14:46') or write 14h46m, and give other durations a unit (5m, 90s)."
        )
    seconds = parse(text)
    if seconds is None:
        raise InvalidError(f"{option} is {text!r}; it must be {allowed}.")
    return seconds
