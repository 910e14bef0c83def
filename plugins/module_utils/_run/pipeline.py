# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole pipeline in one task: everything is read, planned and tested before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .._change.errors import FlowError, InvalidError, RefusedError
from .clock import today
from .failure import failed
from .task import Draft, Outcome, Service, headed

if TYPE_CHECKING:
    from .._change.plan import Answers
    from .._change.resource import Pipeline
    from .place import Place, Result


class StepFailed(Exception):
    """A step failed; ``error`` says how."""

    def __init__(self, step: str, error: FlowError) -> None:
        super().__init__(step)
        self.step = step
        self.error = error


def carry_out_pipeline(pipeline: Pipeline, place: Place) -> Result:
    """Carry out the task of the module that manages a whole pipeline; end at the first step that fails."""
    for hint in pipeline.hints(place.options):
        place.warn(hint)
    try:
        wanted = pipeline.wanted({**place.options, "today": today()})
        with Service.reached_from(place, concurrency=wanted.concurrency) as service:
            return _Course(pipeline, wanted, service).run()
    except FlowError as error:
        return failed(error)


@dataclass
class _Course:
    """The course of one run: what was planned, what was done, and whether anything was written."""

    pipeline: Pipeline
    wanted: Any
    service: Service
    done: list[Any] = field(default_factory=list)
    written: bool = False

    def run(self) -> Result:
        """Plan, then apply, and return the result, which says what is still due."""
        failure: StepFailed | None = None
        try:
            self._apply(self._planned())
        except StepFailed as caught:
            failure = caught
        return self._result(failure)

    def _planned(self) -> list[tuple[Any, Draft, Answers]]:
        """Read, plan and test every step; nothing is written."""
        drafts: list[tuple[Any, Draft]] = []
        foreseen: list[Any] = []
        for step in self.wanted.steps:
            with self._named(step.name):
                step = self.pipeline.prepared(self.wanted, step, foreseen)
                draft = self.service.draft(step.resource, step.desired)
                self._require_source(draft, foreseen)
            drafts.append((step, draft))
            foreseen.append(self._done(step, self.service.predict(draft, [])))
        planned = []
        for step, draft in drafts:
            with self._named(step.name):
                planned.append((step, draft, self.service.test(draft)))
        return planned

    def _require_source(self, draft: Draft, foreseen: list[Any]) -> None:
        """Refuse tables that cannot be listed, unless this run saves the source first or only predicts."""
        saves_source = any(item.changed and item.step.name == "source" for item in foreseen)
        if draft.plan.pending and not (saves_source or self.service.place.check_mode):
            raise InvalidError(draft.plan.pending)

    def _apply(self, planned: list[tuple[Any, Draft, Answers]]) -> None:
        predicted = self.service.place.check_mode
        for step, draft, answers in planned:
            with self._named(step.name):
                if predicted:
                    self._keep(step, self.service.predict(draft, answers))
                    continue
                if draft.plan.pending:
                    step = self.pipeline.settled(step)
                    draft = self.service.draft(step.resource, step.desired, again=True)
                self._keep(step, self.service.apply(draft, answers))
        step = self.pipeline.extract_step(self.wanted, self.done, predicted=predicted)
        if step:
            with self._named(step.name):
                draft = self.service.draft(step.resource, step.desired)
                self._keep(step, self.service.predict(draft, []) if predicted else self.service.apply(draft, []))

    def _keep(self, step: Any, outcome: Outcome) -> None:
        self.done.append(self._done(step, outcome))
        self.written = self.written or outcome.changed
        if outcome.error:
            raise StepFailed(step.name, outcome.error)

    def _done(self, step: Any, outcome: Outcome) -> Any:
        return self.pipeline.Done(step, outcome.before, outcome.after, outcome.result, outcome.changed, outcome.diff)

    @contextmanager
    def _named(self, step: str) -> Iterator[None]:
        """Name the step that fails; what fails after something was written is not ``invalid``."""
        try:
            yield
        except FlowError as error:
            late = isinstance(error, InvalidError) and self.written
            raise StepFailed(step, error.restated(RefusedError, error.message) if late else error) from None

    def _result(self, failure: StepFailed | None) -> Result:
        place, wanted, pipeline = self.service.place, self.wanted, self.pipeline
        read, still = pipeline.Evidence(), pipeline.Due()
        if wanted.concludes or failure:
            read = pipeline.looked_up(wanted, self.done, self.service.reads.get)
            still = pipeline.still_due(wanted, self.done, read, predicted=place.check_mode)
        step = failure.step if failure else None
        shown: Result = pipeline.result(wanted, self.done, step, still, read, predicted=place.check_mode)
        if place.diff and self.done:
            shown["diff"] = headed(pipeline.diff(self.done), self.service.base_url)
        if wanted.chosen and not self.done and failure is None:
            shown["skipped"] = True
        if failure is None:
            self.service.warn([still.sentence()] if still.operation and not wanted.has_said_what_is_due else [])
            return shown
        error = failure.error
        message = " ".join(filter(None, [f"{step}: {error.message}", still.sentence()]))
        return failed(error.restated(type(error), message), shown)
