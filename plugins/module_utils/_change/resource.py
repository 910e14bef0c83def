# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a resource's file and a pipeline's file offer to the room that runs them. Types alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeVar

from .plan import Answers, Get, Plan, State

DesiredT = TypeVar("DesiredT")


class Resource(Protocol[DesiredT]):
    """What a resource file offers; the file itself, as a Python module, is the object."""

    OPTIONS: dict[str, Any]
    """The argument spec of the resource's own options."""

    def desired(self, options: Mapping[str, Any], /) -> DesiredT:
        """Return the options as a desired state; raise InvalidError for a bad value."""

    def read(self, get: Get, desired: DesiredT, /) -> State:
        """Read the current state with as few GETs as there are."""

    def plan(self, desired: DesiredT, current: State, /) -> Plan:
        """Turn both into a plan."""

    def unmet(self, desired: DesiredT, plan: Plan, current: State, /) -> dict[str, str]:
        """Return ``{what: a sentence}`` for all that was written and reads back different."""

    def remarks(self, desired: DesiredT, current: State, /) -> tuple[str, ...]:
        """Return what a state that was read gives cause to warn of."""

    def result(self, desired: DesiredT, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
        """Return what the task returns; ``current`` is the state afterwards, as read or as planned."""


class Pipeline(Protocol):
    """What the pipeline's file offers: resources in order, each knowing what was done before it."""

    OPTIONS: dict[str, Any]
    Done: Any
    """Makes an entry of ``done`` of a step, its plan and its result."""

    def steps(self, options: Mapping[str, Any], /) -> list[Any]:
        """Check every option before anything is sent; raise InvalidError for a bad value."""

    def concurrency(self, options: Mapping[str, Any], /) -> int:
        """Return how many requests may be under way at the same time."""

    def walk(
        self, options: Mapping[str, Any], steps: list[Any], done: list[Any], /, *, predicted: bool
    ) -> Iterator[Any]:
        """Yield the steps one after the other; ``done`` grows meanwhile."""

    def result(self, done: list[Any], failed: str | None, /) -> dict[str, Any]:
        """Return what the task returns."""

    def diff(self, done: list[Any], /) -> dict[str, Any]:
        """Return one diff of all steps."""
