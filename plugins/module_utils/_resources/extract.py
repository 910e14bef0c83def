# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations: ops/extract in the API reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .._change.errors import InvalidError
from .._change.plan import Answers, Get, Plan, Request, State
from . import connection, license

OPERATIONS = ("full", "syncnew", "syncstruct", "delta")

CHECKS = frozenset({"source", "destination", "license"})
"""What a preflight checks."""

OPTIONS: dict[str, Any] = {
    "operation": {"type": "str", "required": True, "choices": list(OPERATIONS)},
    "preflight": {"type": "bool", "default": True},
}


class Extract(NamedTuple):
    """The operation to start, and what a preflight checks before; ``today`` is an ISO date, for the license."""

    operation: str
    checks: frozenset[str]
    today: str | None = None


def desired(options: Mapping[str, Any], /) -> Extract:
    """Take the options as they are."""
    checks = CHECKS if options["preflight"] else frozenset()
    return Extract(operation=options["operation"], checks=checks, today=options.get("today"))


def read(get: Get, desired: Extract, /) -> State:
    """Read what the preflight checks, if there is one."""
    state: dict[str, Any] = {}
    for endpoint in ("source", "destination"):
        if endpoint in desired.checks:
            state[endpoint] = connection.saved(get, endpoint)
    if "license" in desired.checks:
        state["license"] = license.saved(get, desired.today)
    return state or None


def plan(desired: Extract, current: State, /) -> Plan:
    """Plan the one POST; starting an operation is always a change."""
    obstacles = [*_obstacles(desired, current)] if current else []
    if obstacles:
        found, advice = zip(*obstacles)
        raise InvalidError(
            f"The operation {desired.operation} was not started: {'; '.join(found)}. {' '.join(advice)} "
            "Fix this first, or set preflight to false to start it anyway."
        )
    return Plan(
        before={"requested": None},
        after={"requested": desired.operation},
        requests=(Request("POST", ("ops", "extract", desired.operation), operation=True),),
    )


def _obstacles(desired: Extract, current: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield everything that is not ready, and what to do about it."""
    for endpoint, saved in ((name, current[name]) for name in ("source", "destination") if name in current):
        if saved is None:
            yield f"no {endpoint} connection is saved", f"Save the {endpoint} connection."
        elif saved["status"] == "N":
            yield (
                f"the saved {endpoint} connection to {saved['host']} does not work (status N)",
                f"Save the {endpoint} connection with the right password (update_password auto or always).",
            )
    license_ = current.get("license")
    if license_ is not None and not license_["valid"]:
        status = license.described(license_, desired.today) if license_["status"] else "the service returns no status"
        yield (
            f"the license is not valid ({status})",
            f"Set a valid license key for the product ID {license_.get('product_id') or 'of the instance'}.",
        )


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
