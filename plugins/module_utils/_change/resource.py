# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interfaces of a resource file and a pipeline file, for the room that runs them. Types only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from .outcome import Unmet
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

    def unmet(self, desired: DesiredT, plan: Plan, current: State, /) -> Unmet:
        """Return ``{name: explanation}`` for everything that reads back different; an error explains itself."""

    def remarks(self, desired: DesiredT, current: State, /) -> tuple[str, ...]:
        """Return warnings about the state that was read."""

    def result(self, desired: DesiredT, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
        """Return the task's result; ``current`` is the state afterwards, as read or as planned."""


class Pipeline(Protocol):
    """The interface of a pipeline's file: what is wanted, its steps, and what to say of them."""

    OPTIONS: dict[str, Any]
    Done: Any
    """Makes an entry of ``done`` from a step and what became of it."""
    Due: Any
    """What is due; without arguments nothing."""
    Evidence: Any
    """What was found and done; without arguments nothing."""

    def wanted(self, options: Mapping[str, Any], /) -> Any:
        """Check all options before anything is sent; raise InvalidError for a bad value."""

    def hints(self, options: Mapping[str, Any], /) -> list[str]:
        """Return warnings about what was given."""

    def prepared(self, wanted: Any, step: Any, planned: list[Any], /) -> Any:
        """Return a step as it must be planned after those before it were planned."""

    def settled(self, step: Any, /) -> Any:
        """Return a prepared step as it must be planned after those before it were applied."""

    def extract_step(self, wanted: Any, done: list[Any], /, *, predicted: bool) -> Any:
        """Return the extract to start; None if there is none."""

    def looked_up(self, wanted: Any, done: list[Any], get: Get, /) -> Any:
        """Read what must be known to say what is due."""

    def still_due(self, wanted: Any, done: list[Any], read: Any, /, *, predicted: bool) -> Any:
        """Return what is due and was not started."""

    def result(
        self, wanted: Any, done: list[Any], failed: str | None, still: Any, read: Any, /, *, predicted: bool
    ) -> dict[str, Any]:
        """Return the task's result."""

    def diff(self, done: list[Any], /) -> dict[str, Any]:
        """Return one diff for all steps that have changed something."""
