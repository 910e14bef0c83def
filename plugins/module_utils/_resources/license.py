# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The license: config-var/licence in the API reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .._change.errors import FlowError, HttpError, InvalidError, RefusedError
from .._change.payload import named_values
from .._change.plan import Answers, Get, Plan, Request, State, difference

OPTIONS: dict[str, Any] = {
    "license_key": {"type": "str", "required": True, "no_log": True},
    "require_valid": {"type": "bool", "default": True},
    "min_days_left": {"type": "int", "default": 0},
}

SEGMENTS = ("config-var", "licence")
PATH = "/config-var/licence"

_EXPIRES = re.compile(r"(?i)expires\s+on\s+(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{4})(?:\s*\((\d+)\s+units?\))?")
_NOT_VALID = re.compile(r"(?i)expired|invalid|not\s+valid|refused|revoked|no\s+licen[cs]e")
_MASKED_GROUP = re.compile(r"[Xx]{2,}|.*\*.*")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


class License(NamedTuple):
    """The desired license.

    ``today`` is an ISO date; without it, no license has expired unless the service says so.
    """

    key: str
    require_valid: bool
    min_days_left: int = 0
    today: str | None = None


def desired(options: Mapping[str, Any], /) -> License:
    """Check the key; white space around it usually comes from copying it."""
    key = options["license_key"].strip()
    if not key.strip("*"):
        raise InvalidError("license_key is empty or a mask. Set the key that SingleStore issued for the product ID.")
    if any(character.isspace() for character in key):
        raise InvalidError(
            "license_key contains white space, such as a line break from copying it. Write the key as one word."
        )
    min_days_left = options.get("min_days_left", 0)
    if min_days_left < 0:
        raise InvalidError(f"min_days_left is {min_days_left}; it must be a number of days, 0 or more.")
    return License(
        key=key,
        require_valid=options.get("require_valid", True),
        min_days_left=min_days_left,
        today=options.get("today"),
    )


def parse_status(text: str, today: str | None = None) -> dict[str, Any]:
    """Turn the service's free text into ``{status, valid, expires_on (ISO date), units}``.

    ``Expires on 01 Sep 2025 (8 units)`` and ``Licence expired`` are the known forms. Any other
    text is kept as it is, and checked for words such as "invalid". A license is valid until the
    end of its last day; ``today`` is an ISO date.
    """
    match = _EXPIRES.search(text)
    month = match[2].lower() if match else ""
    if not match or month not in _MONTHS or not 1 <= int(match[1]) <= 31:
        return {"status": text, "valid": bool(text) and not _NOT_VALID.search(text), "expires_on": None, "units": None}
    expires_on = f"{match[3]}-{_MONTHS.index(month) + 1:02d}-{int(match[1]):02d}"
    return {
        "status": text,
        "valid": today is None or today <= expires_on,
        "expires_on": expires_on,
        "units": int(match[4]) if match[4] else None,
    }


def saved(get: Get, today: str | None = None) -> State:
    """Read the license (section Get License Information); None if the service has no such endpoint.

    The result still contains the key, under ``key``.
    """
    answer = get(*SEGMENTS)
    if answer is None:
        return None
    values = named_values(answer, PATH, ("_lic_status", "_lic_key", "_lic_prod"))
    state = parse_status(values.get("_lic_status", ""), today)
    key = values.get("_lic_key", "")
    return {**state, "valid": state["valid"] and bool(key), "product_id": values.get("_lic_prod"), "key": key}


def described(state: Mapping[str, Any], today: str | None) -> str:
    """Return the status of a license for a message, and whether its date has passed."""
    expires_on = state.get("expires_on")
    passed = bool(today and expires_on and expires_on < today)
    return f"{state['status'] or 'empty'}{', and that day has passed' if passed else ''}"


def public(state: State) -> State:
    """Return the license as modules show it, without the key."""
    if state is None:
        return None
    return {name: state[name] for name in ("status", "valid", "expires_on", "units", "product_id")}


def read(get: Get, desired: License, /) -> State:
    """Read the license; instead of the key, keep only how it compares."""
    state = saved(get, desired.today)
    if state is None:
        return None
    key = state.pop("key")
    return {**state, "license_key": _compared(key, desired.key)}


def _compared(key: str, wanted: str) -> str:
    """Return how the saved key compares with the wanted one; of a masked key, only the rest can be compared."""
    if key == wanted or not key:
        return "as given" if key else "none"
    groups, others = key.split("-"), wanted.split("-")
    hidden = [bool(_MASKED_GROUP.fullmatch(group)) for group in groups]
    if not any(hidden):
        return "another"
    if [len(group) for group in groups] != [len(group) for group in others]:
        return "masked"
    seen = [group == other for group, other, unseen in zip(groups, others, hidden) if not unseen]
    return "masked" if all(seen) else "another"


def plan(desired: License, current: State, /) -> Plan:
    """Plan the PATCH of another key; only the service knows how it will rate the key."""
    if current is None:
        raise HttpError(
            "GET /config-var/licence returned 404: there is no license to manage here, as on the hosted "
            "service. Leave out license_key, or check api_url if this is a self-managed service.",
            method="GET",
            path=PATH,
            status=404,
        )
    if current["license_key"] == "as given" and (refused := _refused(desired, current)):
        refused.shown = {"license": public(current)}
        raise refused
    if current["license_key"] == "as given" or (current["license_key"] == "masked" and current["valid"]):
        return Plan(current, current)
    predicted = {"status": None, "expires_on": None, "units": None, "valid": True if desired.require_valid else None}
    return Plan(
        before=current,
        after={**current, **predicted, "license_key": "as given"},
        requests=(Request("PATCH", SEGMENTS, [{"name": "_lic_key", "value": desired.key}]),),
        wanted={"license_key": "as given"},
        unknown=frozenset(name for name, value in predicted.items() if value is None),
    )


def _refused(desired: License, current: Mapping[str, Any]) -> RefusedError | None:
    """Return the error for a license that must be valid and is not."""
    if not desired.require_valid or current["valid"] is not False:
        return None
    advice = f"Request a license key for the product ID {current['product_id'] or 'of the instance'}"
    return RefusedError(
        f"The saved license is not valid. Its status is: {described(current, desired.today)}. "
        f"{advice}, or set require_valid to false.",
        method="GET",
        path=PATH,
        status=200,
        messages=(current["status"],),
    )


def unmet(desired: License, plan: Plan, current: State, /) -> dict[str, str | FlowError]:
    """Check that the key was accepted and, if required, that the license is valid."""
    shown = current or {"valid": False, "status": "", "product_id": None}
    if not shown.get("valid"):
        # The service does not keep an expired key, so there is no key to compare.
        refused = _refused(desired, shown)
        return {"license_key": refused} if refused else {}
    if difference(shown, plan.wanted) and shown["license_key"] != "masked":
        return {"license_key": "the license key that reads back is not the one that was sent"}
    return {}


def remarks(desired: License, current: State, /) -> tuple[str, ...]:
    """Warn about a license that is invalid, if that does not fail the task, or that expires soon."""
    if current is None:
        return ()
    if not current["valid"]:
        return (f"The license is not valid. Its status is: {described(current, desired.today)}.",)
    if not desired.today or not current["expires_on"]:
        return ()
    left = _day_number(current["expires_on"]) - _day_number(desired.today)
    if left >= desired.min_days_left:
        return ()
    return (
        f"The license expires on {current['expires_on']}, in {left} days; min_days_left is {desired.min_days_left}. "
        f"Request a new license key for the product ID {current['product_id'] or 'of the instance'}.",
    )


def _day_number(date: str) -> int:
    """Return a number for an ISO date, which grows by one a day."""
    year, month, day = map(int, date.split("-"))
    year, month = (year - 1, month + 9) if month < 3 else (year, month - 3)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day


def result(desired: License, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{license}``."""
    return {"license": public(current)}
