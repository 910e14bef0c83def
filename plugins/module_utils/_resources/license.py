# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The license: config-var/licence in the API reference."""

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
    """The desired license; ``waivable`` means that the user can accept an invalid one."""

    key: str
    require_valid: bool
    waivable: bool = False


def desired(options: Mapping[str, Any], /) -> License:
    """Check the key; white space around it usually comes from copying it."""
    key = options["license_key"].strip()
    if not key.strip("*"):
        raise InvalidError("license_key is empty or a mask. Set the key that SingleStore issued for the product ID.")
    waivable = "require_valid" in options
    return License(key=key, require_valid=options.get("require_valid", True), waivable=waivable)


def parse_status(text: str) -> dict[str, Any]:
    """Turn the service's free text into ``{status, valid, expires_on (ISO date), units}``.

    ``Expires on 01 Sep 2025 (8 units)`` and ``Licence expired`` are the known forms. Any other
    text is kept as it is, and checked for words such as "invalid".
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
    """Read the license (section Get License Information); None if the service has no such endpoint.

    The result still contains the key, under ``key``.
    """
    answer = get(*SEGMENTS)
    if answer is None:
        return None
    values = named_values(answer, PATH, ("_lic_status", "_lic_key", "_lic_prod"))
    state = parse_status(values.get("_lic_status", ""))
    key = values.get("_lic_key", "")
    return {**state, "valid": state["valid"] and bool(key), "product_id": values.get("_lic_prod"), "key": key}


def public(state: State) -> State:
    """Return the license as modules show it, without the key."""
    if state is None:
        return None
    return {name: state[name] for name in ("status", "valid", "expires_on", "units", "product_id")}


def read(get: Get, desired: License, /) -> State:
    """Read the license; instead of the key, keep only how it compares."""
    state = saved(get)
    if state is None:
        return None
    key = state.pop("key")
    return {**state, "license_key": "as given" if key == desired.key else "another" if key else "none"}


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
    if current["license_key"] == "as given":
        _require_valid(desired, current)
        return Plan(current, current)
    predicted = {"status": None, "expires_on": None, "units": None, "valid": True if desired.require_valid else None}
    return Plan(
        before=current,
        after={**current, **predicted, "license_key": "as given"},
        requests=(Request("PATCH", SEGMENTS, [{"name": "_lic_key", "value": desired.key}]),),
        wanted={"license_key": "as given"},
        unknown=frozenset(name for name, value in predicted.items() if value is None),
    )


def _require_valid(desired: License, current: Mapping[str, Any]) -> None:
    if desired.require_valid and current["valid"] is False:
        advice = f"Request a license key for the product ID {current['product_id'] or 'of the instance'}"
        raise RefusedError(
            f"The saved license is not valid. Its status is: {current['status'] or 'empty'}. "
            f"{advice}{', or set require_valid to false' if desired.waivable else ''}.",
            method="GET",
            path=PATH,
            status=200,
            messages=(current["status"],),
        )


def unmet(desired: License, plan: Plan, current: State, /) -> dict[str, str]:
    """Check that the key was accepted and, if required, that the license is valid."""
    shown = current or {}
    if not shown.get("valid"):
        _require_valid(desired, {"status": "", "product_id": None, **shown, "valid": False})
        # The service does not keep an expired key, so there is no key to compare.
        return {}
    if difference(shown, plan.wanted):
        return {"license_key": "the license key that reads back is not the one that was sent"}
    return {}


def remarks(desired: License, current: State, /) -> tuple[str, ...]:
    """Warn about an invalid license if it does not fail the task."""
    if current is None or current["valid"]:
        return ()
    return (f"The license is not valid. Its status is: {current['status'] or 'empty'}.",)


def result(desired: License, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{license}``."""
    return {"license": public(current)}
