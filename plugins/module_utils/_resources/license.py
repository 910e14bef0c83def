# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The licence: config-var/licence of the API reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._change.errors import HttpError, InvalidError, RefusedError
from .._change.payload import named_values
from .._change.plan import Answers, Get, Plan, Request, State, difference

OPTIONS: dict[str, Any] = {
    "license_key": {"type": "str", "required": True, "no_log": True},
    "require_valid": {"type": "bool", "default": True},
}

SEGMENTS = ("config-var", "licence")
PATH = "/config-var/licence"

_EXPIRES = re.compile(r"(?i)expires\s+on\s+(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{4})(?:\s*\((\d+)\s+units?\))?")
_NOT_VALID = re.compile(r"(?i)expired|invalid|not\s+valid|refused|revoked|no\s+licen[cs]e")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True)
class License:
    """The desired licence."""

    key: str
    require_valid: bool


def desired(options: Mapping[str, Any], /) -> License:
    """Check the key; white space around it is a remnant of copying it."""
    key = options["license_key"].strip()
    if not key.strip("*"):
        raise InvalidError("license_key is empty or a mask. Give the key that SingleStore sent for the product ID.")
    return License(key=key, require_valid=options["require_valid"])


def parse_status(text: str) -> dict[str, Any]:
    """Turn the service's free text into ``{status, valid, expires_on (ISO date), units}``.

    ``Expires on 01 Sep 2025 (8 units)`` and ``Licence expired`` are the known forms; of another
    text only the words are kept, and whether it says no.
    """
    match = _EXPIRES.search(text)
    month = match[2].lower() if match else ""
    if not match or month not in _MONTHS or not 1 <= int(match[1]) <= 31:
        return {"status": text, "valid": bool(text) and not _NOT_VALID.search(text), "expires_on": None, "units": None}
    return {
        "status": text,
        "valid": True,
        "expires_on": f"{match[3]}-{_MONTHS.index(month) + 1:02d}-{int(match[1]):02d}",
        "units": int(match[4]) if match[4] else None,
    }


def saved(get: Get) -> State:
    """Read the licence (section Get License Information); None where the service has no such endpoint.

    The key is still in it, under ``key``.
    """
    answer = get(*SEGMENTS)
    if answer is None:
        return None
    values = named_values(answer, PATH, ("_lic_status", "_lic_key", "_lic_prod"))
    state = parse_status(values.get("_lic_status", ""))
    key = values.get("_lic_key", "")
    return {**state, "valid": state["valid"] and bool(key), "product_id": values.get("_lic_prod"), "key": key}


def public(state: State) -> State:
    """Return the licence as modules show it, without the key."""
    if state is None:
        return None
    return {name: state[name] for name in ("status", "valid", "expires_on", "units", "product_id")}


def read(get: Get, desired: License, /) -> State:
    """Read the licence; of the key only how it compares is kept."""
    state = saved(get)
    if state is None:
        return None
    key = state.pop("key")
    return {**state, "license_key": "as given" if key == desired.key else "another" if key else "none"}


def plan(desired: License, current: State, /) -> Plan:
    """Plan the PATCH of another key. What the service makes of it only the service can tell."""
    if current is None:
        raise HttpError(
            "GET /config-var/licence was answered with 404: there is no licence to manage here, as on the hosted "
            "service. Leave the licence out, or check api_url if this is a self-managed service.",
            method="GET",
            path=PATH,
            status=404,
        )
    if current["license_key"] == "as given":
        _require_valid(desired, current)
        return Plan(current, current)
    told = {"status": None, "expires_on": None, "units": None, "valid": True if desired.require_valid else None}
    return Plan(
        before=current,
        after={**current, **told, "license_key": "as given"},
        requests=(Request("PATCH", SEGMENTS, [{"name": "_lic_key", "value": desired.key}]),),
        wanted={"license_key": "as given"},
        unknown=frozenset(name for name, value in told.items() if value is None),
    )


def _require_valid(desired: License, current: Mapping[str, Any]) -> None:
    if desired.require_valid and current["valid"] is False:
        raise RefusedError(
            f"The licence that is saved is not valid; the service says: {current['status'] or 'nothing'}. "
            f"Ask for a key for the product ID {current['product_id']}, or set require_valid to false.",
            method="GET",
            path=PATH,
            status=200,
            messages=(current["status"],),
        )


def unmet(desired: License, plan: Plan, current: State, /) -> dict[str, str]:
    """Check that the key was taken and, where that is required, that the licence is valid."""
    shown = current or {}
    if not shown.get("valid"):
        _require_valid(desired, {"status": "", "product_id": None, **shown, "valid": False})
        # A service that takes no notice of an expired key shows none: all that can be said is its status.
        return {}
    if difference(shown, plan.wanted):
        return {"license_key": "the licence key that was saved is not the one that reads back"}
    return {}


def remarks(desired: License, current: State, /) -> tuple[str, ...]:
    """Warn of a licence that is not valid, where that does not fail the task."""
    if current is None or current["valid"]:
        return ()
    return (f"The licence is not valid; the service says: {current['status'] or 'nothing'}.",)


def result(desired: License, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{license}``."""
    return {"license": public(current)}
