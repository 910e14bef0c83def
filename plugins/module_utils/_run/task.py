# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task: read, plan, test, send (unless in check mode), and read again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._change.errors import FlowError, InvalidError
from .._change.outcome import accepted, judged, remaining, unread
from .._change.plan import Answers, Get, Plan, State
from .._http.client import Client
from .._http.settings import Settings
from .failure import failed

if TYPE_CHECKING:
    from .._change.resource import Pipeline, Resource
    from .place import Place, Result


class Reads:
    """The GETs of one task; answers are cached until they are read again after a write."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._answers: dict[tuple[str, ...], Any] = {}

    def get(self, *segments: str) -> Any:
        """Return an answer, from the cache if possible."""
        if segments not in self._answers:
            self.get_again(*segments)
        return self._answers[segments]

    def get_again(self, *segments: str) -> Any:
        """Return a fresh answer and cache it."""
        self._answers[segments] = self._get(*segments)
        return self._answers[segments]


@dataclass(frozen=True)
class Outcome:
    """The result for one resource; ``error`` is set if it failed after something was written."""

    plan: Plan
    result: dict[str, Any]
    error: FlowError | None = None


@dataclass(frozen=True)
class Service:
    """The service that a task talks to, and the place where the task runs."""

    client: Client
    reads: Reads
    place: Place

    @classmethod
    @contextmanager
    def reached_from(cls, place: Place, *, concurrency: int) -> Iterator[Service]:
        """Connect with the ``api_*`` options; raise InvalidError for a bad value."""
        settings = Settings.from_options(place.options)
        for warning in settings.warnings():
            place.warn(warning)
        with Client(settings, concurrency=concurrency) as client:
            yield cls(client, Reads(client.get), place)

    def apply(self, resource: Resource[Any], desired: Any) -> Outcome:
        """Bring one resource into the desired state, and show warnings."""
        current = resource.read(self.reads.get, desired)
        plan = resource.plan(desired, current)
        self._warn(plan.warnings)
        if plan.pending and not self.place.check_mode:
            raise InvalidError(plan.pending)
        answers = [accepted(request, self.client.send(request)) for request in plan.tests]
        if self.place.check_mode and plan.requests:
            return Outcome(plan, resource.result(desired, plan, plan.after, answers))
        error = None
        if plan.requests:
            outcomes = [judged(*sent) for sent in zip(plan.requests, self.client.send_all(plan.requests))]
            answers += outcomes
            current, error = self._settle(resource, desired, plan, current, outcomes)
        if error is None:
            self._warn(resource.remarks(desired, current))
        return Outcome(plan, resource.result(desired, plan, current, answers), error)

    def _settle(
        self, resource: Resource[Any], desired: Any, plan: Plan, previous: State, outcomes: Answers
    ) -> tuple[State, FlowError | None]:
        """Read back what was written; return the state, and the error that remains, if any."""
        lost = [(request, error) for request, error in zip(plan.requests, outcomes) if isinstance(error, FlowError)]
        if plan.requests[0].operation:
            return plan.after, lost[0][1] if lost else None
        if lost and not plan.requests[0].subject and not lost[0][1].uncertain:
            return plan.before, lost[0][1]
        try:
            current = resource.read(self.reads.get_again, desired)
            unmet = resource.unmet(desired, plan, current)
        except FlowError as error:
            return plan.before, unread(error, lost)
        return current, remaining(plan, lost, unmet, moved=current != previous)

    def _warn(self, warnings: tuple[str, ...]) -> None:
        for warning in warnings:
            self.place.warn(warning)


def carry_out(resource: Resource[Any], place: Place) -> Result:
    """Carry out the task of a module that manages one resource."""
    try:
        desired = resource.desired(place.options)
        with Service.reached_from(place, concurrency=place.options.get("concurrency") or 1) as service:
            outcome = service.apply(resource, desired)
    except FlowError as error:
        return failed(error)
    shown = {"changed": outcome.plan.changed, **outcome.result}
    if place.diff and outcome.plan.after is not None:
        shown["diff"] = outcome.plan.diff()
    return failed(outcome.error, shown) if outcome.error else shown


def carry_out_pipeline(pipeline: Pipeline, place: Place) -> Result:
    """Carry out the task of the module that manages a whole pipeline: step by step, until one fails."""
    done: list[Any] = []
    failure: tuple[str, FlowError] | None = None
    try:
        steps = pipeline.steps(place.options)
        with Service.reached_from(place, concurrency=pipeline.concurrency(place.options)) as service:
            failure = _walk(pipeline, steps, done, service)
    except FlowError as error:
        return failed(error)
    shown = pipeline.result(done, failure[0] if failure else None)
    if place.diff:
        shown["diff"] = pipeline.diff(done)
    if failure is None:
        return shown
    name, cause = failure
    return failed(cause.restated(type(cause), f"{name}: {cause.message}"), shown)


def _walk(pipeline: Pipeline, steps: list[Any], done: list[Any], service: Service) -> tuple[str, FlowError] | None:
    """Apply the steps and append each to ``done``; return the one that failed, with its error."""
    for step in pipeline.walk(service.place.options, steps, done, predicted=service.place.check_mode):
        try:
            outcome = service.apply(step.resource, step.desired)
        except FlowError as error:
            return step.name, error
        done.append(pipeline.Done(step, outcome.plan, outcome.result))
        if outcome.error:
            return step.name, outcome.error
    return None
