# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a pipeline's task returns: each resource, each step, what is still due, and one diff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .due import Due, Evidence, together
from .options import STEPS
from .steps import Done, Wanted, evidence

KEYS = {"source": "connection", "destination": "connection", "license": "license", "schedule": "schedule"}
"""The steps with one resource, and the key of the resource in its own result."""

EMPTY: dict[str, Any] = {**dict.fromkeys(KEYS), "tables": [], "extract": None}


def result(
    wanted: Wanted, done: list[Done], failed: str | None, still: Due, read: Evidence, /, *, predicted: bool
) -> dict[str, Any]:
    """Return each resource under its key, null if it is not managed, each step, and what is still due.

    A task without steps returns what the earlier tasks of the run have returned.
    """
    steps = _steps(done, failed)
    own = {**_resources(done), "steps": steps}
    shown = _merged([*(wanted.earlier or ()), own]) if wanted.gathers else own
    changed = any(item.changed for item in done)
    earlier = wanted.gathers and any(one["predicted"] for one in wanted.earlier or ())
    return {
        **shown,
        "changed": changed,
        "predicted": (predicted and changed) or earlier,
        "extract_due": still.operation,
        "evidence": together(read, evidence(done)).to_json(),
    }


def _resources(done: Iterable[Done]) -> dict[str, Any]:
    shown = {**EMPTY, "tables": []}
    for item in done:
        name = item.step.name
        if name == "tables":
            shown["tables"].append(item.result["tables"])
        else:
            shown[name] = item.result[KEYS[name]] if name in KEYS else dict(item.result)
    return shown


def _steps(done: list[Done], failed: str | None) -> list[dict[str, Any]]:
    seen = {item.step.name for item in done} | {failed}
    changed = {item.step.name for item in done if item.changed}
    return [
        {"step": name, "changed": name in changed, "skipped": name not in seen, "failed": name == failed}
        for name in STEPS
    ]


def _merged(results: list[Mapping[str, Any]]) -> dict[str, Any]:
    shown = dict(EMPTY)
    steps: dict[str, Any] = {}
    for one in results:
        shown["tables"] = shown["tables"] + list(one["tables"])
        shown.update({name: one[name] for name in EMPTY if name != "tables" and one.get(name) is not None})
        steps.update({item["step"]: item for item in one["steps"] if item["step"] not in steps or not item["skipped"]})
    return {**shown, "steps": list(steps.values())}


def diff(done: list[Done], /) -> dict[str, Any]:
    """Return one diff for all steps that have changed something."""
    changed = {
        "tables of {}.{}".format(*item.step.schema) if item.step.schema else item.step.name: item.diff
        for item in done
        if item.changed
    }
    return {side: {name: one[side] for name, one in changed.items()} for side in ("before", "after")}
