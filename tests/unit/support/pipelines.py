# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pipelines that are set up in each way, any state of an instance, and what must hold whichever request fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from ansible_collections.singlestore.flow.plugins.module_utils._pipeline import whole
from ansible_collections.singlestore.flow.plugins.module_utils._run.pipeline import carry_out_pipeline
from hypothesis import given
from hypothesis import strategies as st

from .modules import carried_out

STEPS = ("source", "destination", "license", "schedule", "tables", "extract")
Go = Callable[..., "dict[str, Any]"]

KEPT = {"db": "kept", "special": "kept too"}
"""What a saved connection has that no pipeline here manages."""
OFFSET = "0d00h07m"
"""The offset of the saved schedule, which no pipeline here manages either."""


def task(url: str, options: Mapping[str, Any], *, check: bool) -> dict[str, Any]:
    """Carry out one task of flow_pipeline."""
    return carried_out(carry_out_pipeline, whole, {"api_url": url, "api_retries": 0, **options}, check=check)


def in_one_task(url: str, options: Mapping[str, Any], *, check: bool = False, tags: Any = STEPS) -> dict[str, Any]:
    """Set up a pipeline in one task."""
    return task(url, {**options, "steps": list(tags)}, check=check)


def task_by_task(url: str, options: Mapping[str, Any], *, check: bool = False, tags: Any = STEPS) -> dict[str, Any]:
    """Set up a pipeline as the role does, with a task a step; return the result of the last one, or of the one that failed.

    With the warnings of all.
    """
    checked = task(url, {**options, "steps": []}, check=check)
    if checked["failed"]:
        return checked
    earlier: list[dict[str, Any]] = []
    warnings: list[str] = checked["warnings"]
    for step in STEPS:
        chosen = step in tags or (step == "extract" and "tables" in tags)
        result = task(url, {**options, "steps": [step], "earlier": earlier}, check=check) if chosen else {}
        if result.get("failed"):
            return result
        earlier.append(result)
        warnings += result.get("warnings", [])
    last = task(url, {**options, "steps": [], "earlier": earlier}, check=check)
    return {**last, "warnings": warnings + last["warnings"]}


WAYS = (in_one_task, task_by_task)


# What Hypothesis draws


FAULTS = ("not done", "refused", "lost", "done and lost")
"""What may happen to a request: status 500; a refusal; the connection breaks before it is carried out, or after that."""
NUMBERS = st.integers(0, 25)
"""The number of the request that a fault happens to, from 0."""


def wants(everything: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw pipelines: parts of one that has everything, and changes of them. ``another`` must be a host too."""
    source, destination, tables = everything["source"], everything["destination"], everything["tables"]
    return st.fixed_dictionaries(
        {"tables": st.sampled_from([tables, [{**tables[0], "tables": ["*"], "exclusive": True}], []])},
        optional={
            "source": st.sampled_from([source, {**source, "host": "another"}]),
            "destination": st.sampled_from([destination, {**destination, "port": 3307}]),
            "license_key": st.just(everything["license_key"]),
            "schedule": st.sampled_from([{"type": "auto"}, {"type": "periodic", "duration": "6m"}]),
        },
    )


def states(tables: Iterable[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw what an instance has: connections, a license, selected tables; and whether a save replaces."""
    return st.fixed_dictionaries(
        {
            "source": st.booleans(),
            "destination": st.booleans(),
            "license": st.booleans(),
            "selected": st.sets(st.sampled_from(sorted(tables))),
            "replaces": st.booleans(),
        }
    )


def disturbances(*, state: Any, wanted: Any) -> Any:
    """Call a property with a state, a pipeline, a fault, the number of its request, and a way of running."""
    return given(state=state, wanted=wanted, fault=st.sampled_from(FAULTS), number=NUMBERS, go=st.sampled_from(WAYS))


# What must hold


class Instance(Protocol):
    """An instance of a service in any state."""

    def serving(self, fault: str | None = None, number: int = 0) -> AbstractContextManager[str]:
        """Serve it at a URL; a fault happens to the request of a number."""

    def final(self) -> Any:
        """Return the state that runs lead to, in a form that can be compared."""

    def operations(self) -> list[str]:
        """Return the accepted operations."""


def said(*results: Mapping[str, Any]) -> set[str]:
    """Return the extracts that results say are due."""
    return {result["extract_due"] for result in results if result.get("extract_due")}


def require_recovery(
    undisturbed: Instance, disturbed: Instance, wanted: Mapping[str, Any], go: Go, *, fault: str, number: int
) -> set[str]:
    """A run after one that met a fault must end where an undisturbed one does; return the extracts said to be due.

    The same extracts must be accepted or said to be due; ``full`` covers all.
    """
    with undisturbed.serving() as url:
        alone = go(url, wanted)
    with disturbed.serving(fault, number) as url:
        first = go(url, wanted)
    with disturbed.serving() as url:
        second = go(url, wanted)
    assert second["failed"] <= alone["failed"], (first.get("msg"), second.get("msg"), alone.get("msg"))
    assert disturbed.final() == undisturbed.final()
    due = {*undisturbed.operations(), *said(alone)}
    covered = {*disturbed.operations(), *said(first, second)}
    assert "full" in covered or due <= covered, (first.get("msg"), due, covered)
    return said(first, second)
