# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a pipeline, and how they follow from a role's variables and from tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from .._change.errors import InvalidError
from .._resources import connection, extract, license, schedule, tables

STEPS = ("source", "destination", "license", "schedule", "tables", "extract")
"""The steps in their order: a selected table says that all before it went well."""

STATES = ("present", "paused", "absent")


def _without(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: spec for name, spec in options.items() if name not in names}


OPTIONS: dict[str, Any] = {
    "source": {"type": "dict", "options": _without(connection.OPTIONS, "endpoint")},
    "destination": {"type": "dict", "options": _without(connection.OPTIONS, "endpoint")},
    **license.OPTIONS,
    "license_key": _without(license.OPTIONS["license_key"], "required"),
    "schedule": {"type": "dict", "options": schedule.OPTIONS},
    "tables": {"type": "list", "elements": "dict", "options": tables.OPTIONS},
    "extract": {"type": "str", "default": "auto", "choices": ["auto", "never", *extract.OPERATIONS]},
    "preflight": extract.OPTIONS["preflight"],
    "state": {"type": "str", "default": "present", "choices": list(STATES)},
    "steps": {"type": "list", "elements": "str", "default": list(STEPS), "choices": list(STEPS)},
    "earlier": {"type": "list", "elements": "dict"},
    "hints": {"type": "list", "elements": "str", "default": []},
}

PREFIX = "flow_pipeline_"
"""What the role's variables start with; the rest is the name of an option."""

RESULT = f"{PREFIX}result"
"""What the role sets; the only other name that starts so."""

NOT_VARIABLES = ("steps", "earlier", "hints")
"""Options that the role sets itself."""


def from_variables(variables: Mapping[str, Any], known: Collection[str], /) -> dict[str, Any]:
    """Return the options that the role's variables give, with a hint for each name that is not known.

    ``known`` are the names of all options of the module. Null and an empty value, such as the answer to a
    survey's question that was left out, are the same as not given.
    """
    names = [name for name in known if name not in NOT_VARIABLES]
    options: dict[str, Any] = {}
    hints = []
    for variable, value in sorted(variables.items()):
        name = variable[len(PREFIX) :]
        if name not in names:
            hints.append(_hint(variable, names))
        elif value not in (None, "", {}, []):
            options[name] = value
    return {**options, "hints": hints} if hints else options


def _hint(variable: str, names: list[str]) -> str:
    near = get_close_matches(variable[len(PREFIX) :], names, n=1)
    meant = f" Did you mean {PREFIX}{near[0]}?" if near else ""
    return f"{variable} is not a variable of the role flow_pipeline, and has no effect.{meant}"


def from_tags(run: Collection[str], skip: Collection[str], /) -> list[str]:
    """Return the steps that ``--tags`` and ``--skip-tags`` choose, as they would choose the role's tasks.

    The extract that is due belongs to the tables too. Raises InvalidError for tags that choose no step.
    """
    every = {"all", "tagged"}
    chosen = {
        step: bool(every.union({step}, {"tables"} if step == "extract" else ()).intersection(run)) for step in STEPS
    }
    skipped = {step for step in STEPS if every.union({step}).intersection(skip)}
    if not any(chosen.values()):
        raise InvalidError(
            f"The tags {', '.join(sorted(run))} choose no step of the pipeline. Use one of {', '.join(STEPS)}."
        )
    return [step for step in STEPS if chosen[step] and step not in skipped]
