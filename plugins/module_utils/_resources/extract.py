# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations: ops/extract of the API reference."""

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
    """The operation to start."""

    operation: str
    preflight: bool


def desired(options: Mapping[str, Any], /) -> Extract:
    """Take the options as they are."""
    return Extract(operation=options["operation"], preflight=options["preflight"])


def read(get: Get, desired: Extract, /) -> State:
    """Read what an operation depends on, if it is to be checked."""
    if not desired.preflight:
        return None
    return {
        "source": connection.saved(get, "source"),
        "destination": connection.saved(get, "destination"),
        "license": license.saved(get),
    }


def plan(desired: Extract, current: State, /) -> Plan:
    """Plan the one POST; an operation is never without effect."""
    obstacles = _obstacles(current) if current else []
    if obstacles:
        raise InvalidError(
            f"The operation {desired.operation} was not started: {'; '.join(obstacles)}. "
            "Mend that first, or set preflight to false to start it all the same."
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
        found.append(f"the licence is not valid ({license_['status'] or 'the service tells no status'})")
    return found


def unmet(desired: Extract, plan: Plan, current: State, /) -> dict[str, str]:
    """Nothing tells whether an operation has run: there is nothing to compare."""
    return {}


def remarks(desired: Extract, current: State, /) -> tuple[str, ...]:
    """Nothing to warn of."""
    return ()


def result(desired: Extract, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{operation, accepted, message}``; check mode cannot know the latter two."""
    answer = answers[0] if answers and isinstance(answers[0], dict) else {}
    message = answer.get("message")
    return {
        "operation": desired.operation,
        "accepted": answer.get("success"),
        "message": message if isinstance(message, str) else None,
    }
