# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which error remains after requests were sent: refused, lost, or saved differently. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Union

from .errors import NOT_KNOWN, FlowError, NotConvergedError, RefusedError, UnknownOutcomeError
from .payload import refusal, unreadable
from .plan import Plan, Request

Unmet = Mapping[str, Union[str, FlowError]]
"""What reads back different: an explanation for each name, or the error that it is."""

SHOWN = 5
"""How many failures a message lists."""


def accepted(request: Request, answer: Any) -> Any:
    """Return the answer unless it says ``success: false``; tests and operations must say true."""
    said = answer.get("success") if isinstance(answer, Mapping) else None
    if said is False:
        raise refusal(request, answer)
    if request.method == "POST" and said is not True:
        error = unreadable(request.method, request.path, answer, "an object with success: true or false")
        if not request.operation:
            raise error
        raise error.restated(UnknownOutcomeError, f"{error.message} {NOT_KNOWN}")
    return answer


def judged(request: Request, outcome: Any) -> Any:
    """Return the outcome of a request, with ``success: false`` turned into an error."""
    if isinstance(outcome, FlowError):
        return outcome
    try:
        return accepted(request, outcome)
    except FlowError as error:
        return error


def remaining(plan: Plan, failed: list[tuple[Request, FlowError]], unmet: Unmet, *, moved: bool) -> FlowError | None:
    """Return the error that remains after reading back, if any.

    ``failed`` are the requests without a good answer. ``unmet`` is what reads back different.
    ``moved`` is whether the state has changed.
    """
    for error in unmet.values():
        if isinstance(error, FlowError):
            return unread(error, failed)
    settled = plan.visible and moved
    left = [(request, error) for request, error in failed if not _happened(request, error, unmet, settled=settled)]
    if left and left[0][0].subject:
        return _partly(plan, left)
    if left:
        return _lost(left[0][1], unmet)
    return _not_converged(plan, unmet) if unmet else None


def unread(error: FlowError, failed: list[tuple[Request, FlowError]]) -> FlowError:
    """Return the error when reading back failed."""
    if isinstance(error, RefusedError) and not failed:
        return error
    if not failed:
        words = f"The service accepted the change, but it could not be read back. {error.message}"
        return error.restated(type(error), words)
    first = failed[0][1]
    if not any(failure.uncertain for _request, failure in failed):
        return first.restated(type(first), f"{first.message} Reading back failed too: {error.message}")
    return first.restated(
        UnknownOutcomeError, f"{first.message} Reading back failed, so the result is not known: {error.message}"
    )


def _happened(request: Request, error: FlowError, unmet: Unmet, *, settled: bool) -> bool:
    """Whether the state shows that a request with a lost answer took effect."""
    if not error.uncertain:
        return False
    return request.subject not in unmet if request.subject else settled and not unmet


def _lost(error: FlowError, unmet: Unmet) -> FlowError:
    if unmet:
        return error.restated(type(error), f"{error.message} Reading back shows that it was not saved.")
    return error.restated(UnknownOutcomeError, f"{error.message} Reading back does not show whether it was saved.")


def _partly(plan: Plan, left: list[tuple[Request, FlowError]]) -> FlowError:
    error = left[0][1]
    which = _listed([f"'{request.subject}': {failure.message}" for request, failure in left])
    done = len(plan.requests) - len(left)
    sentence = f"{len(left)} of {len(plan.requests)} tables failed, {done} succeeded. {which}"
    return error.restated(type(error), f"{sentence} Run the task again to finish.")


def _not_converged(plan: Plan, unmet: Unmet) -> FlowError:
    request = next((request for request in plan.requests if request.subject in unmet), plan.requests[0])
    sentence = f"The service accepted the change, but it reads back different: {_listed([str(reason) for reason in unmet.values()])}."
    advice = "Check the service, then run the task again."
    return NotConvergedError(f"{sentence} {advice}", method=request.method, path=request.path)


def _listed(sentences: list[str]) -> str:
    more = f"; and {len(sentences) - SHOWN} more" if len(sentences) > SHOWN else ""
    return "; ".join(sentences[:SHOWN]) + more
