# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task: read, plan, test, send (unless in check mode), and read again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .._change.errors import FlowError, InvalidError, UnknownOutcomeError
from .._change.outcome import accepted, judged, remaining, unread
from .._change.plan import Answers, Get, Plan, Request, State
from .._http.client import Client
from .._http.settings import Settings
from .clock import today
from .failure import failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._change.resource import Resource
    from .place import Place, Result


NOTHING: dict[str, dict[str, Any]] = {"before": {}, "after": {}}
"""The diff of what has not changed anything."""


class Reads:
    """The GETs of one task; answers and errors are cached until they are read again after a write."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._answers: dict[tuple[str, ...], Any] = {}

    def get(self, *segments: str) -> Any:
        """Return an answer, from the cache if possible."""
        if segments not in self._answers:
            return self.get_again(*segments)
        if isinstance(self._answers[segments], FlowError):
            raise self._answers[segments]
        return self._answers[segments]

    def get_again(self, *segments: str) -> Any:
        """Return a fresh answer and cache it."""
        try:
            self._answers[segments] = accepted(Request("GET", segments), self._get(*segments))
        except FlowError as error:
            self._answers[segments] = error
            raise
        return self._answers[segments]


class Draft(NamedTuple):
    """A resource as it was read and as it is planned; nothing was written yet."""

    resource: Resource[Any]
    desired: Any
    current: State
    plan: Plan


class Outcome(NamedTuple):
    """What became of a resource; ``error`` is set if it failed after something was sent."""

    result: dict[str, Any]
    before: State
    after: State
    changed: bool
    diff: dict[str, dict[str, Any]]
    error: FlowError | None = None


@dataclass
class Service:
    """The service that a task talks to, and the place where the task runs."""

    client: Client
    reads: Reads
    place: Place
    base_url: str
    _said: set[str] = field(default_factory=set)

    @classmethod
    @contextmanager
    def reached_from(cls, place: Place, *, concurrency: int) -> Iterator[Service]:
        """Connect with the ``api_*`` options; raise InvalidError for a bad value."""
        settings = Settings.from_options(place.options)
        with Client(settings, concurrency=concurrency) as client:
            service = cls(client, Reads(client.get), place, settings.base_url)
            service.warn(settings.warnings())
            yield service

    def draft(self, resource: Resource[Any], desired: Any, *, again: bool = False) -> Draft:
        """Read a resource and plan its change, and show warnings; ``again`` after something else was written."""
        current = resource.read(self.reads.get_again if again else self.reads.get, desired)
        plan = resource.plan(desired, current)
        if self.place.check_mode or not plan.pending:
            self.warn(plan.warnings)
        return Draft(resource, desired, current, plan)

    def test(self, draft: Draft) -> Answers:
        """Send the requests that only test, in check mode too; raise the error of one that fails."""
        return [accepted(request, self.client.send(request)) for request in draft.plan.tests]

    def predict(self, draft: Draft, answers: Answers) -> Outcome:
        """Return what applying a draft would do."""
        plan, resource = draft.plan, draft.resource
        after = plan.after if plan.changed else draft.current
        if not plan.changed:
            self.warn(resource.remarks(draft.desired, draft.current))
        shown = resource.result(draft.desired, plan, after, answers)
        return Outcome(shown, plan.before, plan.after, plan.changed, plan.diff())

    def apply(self, draft: Draft, answers: Answers) -> Outcome:
        """Bring one resource into the desired state, and show warnings."""
        plan, resource, desired, current = draft.plan, draft.resource, draft.desired, draft.current
        if plan.pending:
            raise InvalidError(plan.pending)
        if not plan.changed:
            return self.predict(draft, answers)
        outcomes = [judged(*sent) for sent in zip(plan.requests, self.client.send_all(plan.requests))]
        current, changed, error = self._settle(draft, outcomes)
        shown = resource.result(desired, plan, current, answers + outcomes)
        if error is None:
            self.warn(resource.remarks(desired, current))
            return Outcome(shown, plan.before, plan.after, changed=True, diff=plan.diff())
        if not changed:
            return Outcome(shown, plan.before, plan.before, changed=False, diff=NOTHING, error=error)
        # The first part of a result is the resource, without secrets.
        found = plan.after if plan.requests[0].operation else next(iter(shown.values()))
        return Outcome(shown, plan.before, found, changed=True, diff=plan.diff(found), error=error)

    def _settle(self, draft: Draft, outcomes: Answers) -> tuple[State, bool, FlowError | None]:
        """Read back what was written; return the state, whether anything has changed, and the error that remains."""
        plan, resource, desired = draft.plan, draft.resource, draft.desired
        lost = [(request, error) for request, error in zip(plan.requests, outcomes) if isinstance(error, FlowError)]
        if plan.requests[0].operation:
            error = lost[0][1] if lost else None
            return plan.after, error is None or isinstance(error, UnknownOutcomeError), error
        if lost and not plan.requests[0].subject and not lost[0][1].uncertain:
            return draft.current, False, lost[0][1]
        try:
            current = resource.read(self.reads.get_again, desired)
            unmet = resource.unmet(desired, plan, current)
        except FlowError as problem:
            error = unread(problem, lost)
            changed = len(lost) < len(outcomes) or isinstance(error, UnknownOutcomeError)
            # What was accepted has happened, even if the service no longer shows it.
            return plan.after if changed else draft.current, changed, error
        moved = current != draft.current
        error = remaining(plan, lost, unmet, moved=moved)
        # What a read does not show, such as a password, has changed if the service says so or may have done it.
        unseen = not plan.visible and not lost
        return current, moved or unseen or isinstance(error, UnknownOutcomeError), error

    def warn(self, warnings: Sequence[str]) -> None:
        """Show warnings, each once."""
        for warning in warnings:
            if warning not in self._said:
                self._said.add(warning)
                self.place.warn(warning)


def carry_out(resource: Resource[Any], place: Place) -> Result:
    """Carry out the task of a module that manages one resource."""
    try:
        desired = resource.desired({**place.options, "today": today()})
        with Service.reached_from(place, concurrency=place.options.get("concurrency") or 1) as service:
            draft = service.draft(resource, desired)
            answers = service.test(draft)
            outcome = service.predict(draft, answers) if place.check_mode else service.apply(draft, answers)
    except FlowError as error:
        return failed(error)
    shown = {"changed": outcome.changed, "predicted": place.check_mode and outcome.changed, **outcome.result}
    if place.diff and outcome.after is not None:
        shown["diff"] = headed(outcome.diff, service.base_url)
    return failed(outcome.error, shown) if outcome.error else shown


def headed(diff: dict[str, Any], base_url: str) -> dict[str, Any]:
    """Return a diff whose header names the instance."""
    return {"before_header": base_url, "after_header": base_url, **diff}
