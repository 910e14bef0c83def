# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations: ops/extract in the API reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._change.errors import InvalidError
from .._change.plan import Answers, Get, Plan, Request, State
from . import connection, license

OPERATIONS = ("full", "syncnew", "syncstruct", "delta")

OPTIONS: dict[str, Any] = {
    "operation": {"type": "str", "required": True, "choices": list(OPERATIONS)},
    "preflight": {"type": "bool", "default": True},
}


@dataclass(frozen=True)
class Extract:
    """The operation to start; ``waivable`` means that the user can switch the preflight off."""

    operation: str
    preflight: bool
    waivable: bool = False


def desired(options: Mapping[str, Any], /) -> Extract:
    """Take the options as they are."""
    return Extract(operation=options["operation"], preflight=options["preflight"], waivable=True)


def read(get: Get, desired: Extract, /) -> State:
    """Read what the preflight checks, if there is one."""
    if not desired.preflight:
        return None
    return {
        "source": connection.saved(get, "source"),
        "destination": connection.saved(get, "destination"),
        "license": license.saved(get),
    }


def plan(desired: Extract, current: State, /) -> Plan:
    """Plan the one POST; starting an operation is always a change."""
    obstacles = _obstacles(current) if current else []
    if obstacles:
        raise InvalidError(
            f"The operation {desired.operation} was not started: {'; '.join(obstacles)}. "
            f"Fix this first{', or set preflight to false to start it anyway' if desired.waivable else ''}."
        )
    return Plan(
        before={"requested": None},
        after={"requested": desired.operation},
        requests=(Request("POST", ("ops", "extract", desired.operation), operation=True),),
    )


def _obstacles(current: dict[str, Any]) -> list[str]:
    found = []
    for endpoint in ("source", "destination"):
        saved = current[endpoint]
        if saved is None:
            found.append(f"no {endpoint} connection is saved")
        elif saved["status"] == "N":
            found.append(f"the saved {endpoint} connection to {saved['host']} does not work (status N)")
    license_ = current["license"]
    if license_ is not None and not license_["valid"]:
        found.append(f"the license is not valid ({license_['status'] or 'the service returns no status'})")
    return found


def unmet(desired: Extract, plan: Plan, current: State, /) -> dict[str, str]:
    """Return nothing: the service does not show whether an operation has run."""
    return {}


def remarks(desired: Extract, current: State, /) -> tuple[str, ...]:
    """Return nothing: there is nothing to warn about."""
    return ()


def result(desired: Extract, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{operation, accepted, message}``; in check mode the latter two are null."""
    answer = answers[0] if answers and isinstance(answers[0], dict) else {}
    message = answer.get("message")
    return {
        "operation": desired.operation,
        "accepted": answer.get("success"),
        "message": message if isinstance(message, str) else None,
    }
