# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures as data: their kinds, and the form in which every module returns them."""

from __future__ import annotations

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change import errors

ABOUT = {"method": "PATCH", "path": "/conn-src", "status": 503, "messages": ("busy", "later")}


@pytest.mark.parametrize(
    ("error_type", "kind"),
    [
        (errors.MissingLibraryError, "missing_library"),
        (errors.InvalidError, "invalid"),
        (errors.UnreachableError, "unreachable"),
        (errors.NoAnswerError, "timeout"),
        (errors.HttpError, "http"),
        (errors.AuthError, "auth"),
        (errors.ResponseError, "response"),
        (errors.RefusedError, "refused"),
        (errors.NotConvergedError, "not_converged"),
        (errors.UnknownOutcomeError, "unknown_outcome"),
    ],
)
def test_failure_has_kind_and_request(error_type: type[errors.FlowError], kind: str) -> None:
    """A failure has its kind, everything known about the request, and null for the rest."""
    assert error_type("It happened.").failure() == {
        "kind": kind,
        "method": None,
        "path": None,
        "status": None,
        "messages": [],
    }
    assert error_type("It happened.", **ABOUT).failure() == {**ABOUT, "kind": kind, "messages": ["busy", "later"]}


def test_default_is_not_received_and_no_retry() -> None:
    """By default, a request was not received and sending it again would not help."""
    error = errors.HttpError("It happened.")
    assert (error.message, str(error)) == ("It happened.", "It happened.")
    assert (error.uncertain, error.retry, error.retry_after) == (False, False, None)
    error = errors.HttpError("It happened.", uncertain=True, retry=True, retry_after=7.0)
    assert (error.uncertain, error.retry, error.retry_after) == (True, True, 7.0)


def test_restated_error_keeps_the_request() -> None:
    """The restated error has another kind and message, about the same request, and is settled."""
    shown = {"license": {"valid": False}}
    first = errors.HttpError("It happened.", **ABOUT, uncertain=True, retry=True, retry_after=7.0, shown=shown)
    again = first.restated(errors.UnknownOutcomeError, "It is known.")
    assert again.__class__ is errors.UnknownOutcomeError
    assert again.message == "It is known."
    assert again.failure() == {**first.failure(), "kind": "unknown_outcome"}
    assert (again.uncertain, again.retry, again.retry_after) == (False, False, None)
    assert again.shown == shown
    assert errors.HttpError("It happened.").shown == {}
