# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interfaces of a resource file and a pipeline file, for the room that runs them. Types only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeVar

from .plan import Answers, Get, Plan, State

DesiredT = TypeVar("DesiredT")


class Resource(Protocol[DesiredT]):
    """The interface of a resource file; the Python module itself is the object."""

    OPTIONS: dict[str, Any]
    """The argument spec of the resource's own options."""

    def desired(self, options: Mapping[str, Any], /) -> DesiredT:
        """Turn the options into a desired state; raise InvalidError for a bad value."""

    def read(self, get: Get, desired: DesiredT, /) -> State:
        """Read the current state with as few GETs as possible."""

    def plan(self, desired: DesiredT, current: State, /) -> Plan:
        """Compare both and return a plan."""

    def unmet(self, desired: DesiredT, plan: Plan, current: State, /) -> dict[str, str]:
        """Return ``{name: explanation}`` for everything that reads back different."""

    def remarks(self, desired: DesiredT, current: State, /) -> tuple[str, ...]:
        """Return warnings about the state that was read."""

    def result(self, desired: DesiredT, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
        """Return the task's result; ``current`` is the state afterwards, as read or as planned."""


class Pipeline(Protocol):
    """The interface of the pipeline's file: resources in order, each with the results of those before it."""

    OPTIONS: dict[str, Any]
    Done: Any
    """Makes an entry of ``done`` from a step, its plan and its result."""

    def steps(self, options: Mapping[str, Any], /) -> list[Any]:
        """Check all options before anything is sent; raise InvalidError for a bad value."""

    def concurrency(self, options: Mapping[str, Any], /) -> int:
        """Return how many requests may run at the same time."""

    def walk(
        self, options: Mapping[str, Any], steps: list[Any], done: list[Any], /, *, predicted: bool
    ) -> Iterator[Any]:
        """Yield the steps one by one; the caller appends each to ``done``."""

    def result(self, done: list[Any], failed: str | None, /) -> dict[str, Any]:
        """Return the task's result."""

    def diff(self, done: list[Any], /) -> dict[str, Any]:
        """Return one diff for all steps."""
