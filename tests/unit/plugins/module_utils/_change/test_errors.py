# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures as data: their kinds, and what every module returns of them."""

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
def test_failure(error_type: type[errors.FlowError], kind: str) -> None:
    """A failure says its kind and all that is known of the request, and null of the rest."""
    assert error_type("It happened.").failure() == {
        "kind": kind,
        "method": None,
        "path": None,
        "status": None,
        "messages": [],
    }
    assert error_type("It happened.", **ABOUT).failure() == {**ABOUT, "kind": kind, "messages": ["busy", "later"]}


def test_defaults() -> None:
    """Unless it is said, a request was not received and does no better when it is sent again."""
    error = errors.HttpError("It happened.")
    assert (error.message, str(error)) == ("It happened.", "It happened.")
    assert (error.uncertain, error.retry, error.retry_after) == (False, False, None)
    error = errors.HttpError("It happened.", uncertain=True, retry=True, retry_after=7.0)
    assert (error.uncertain, error.retry, error.retry_after) == (True, True, 7.0)


def test_restated() -> None:
    """Another kind and another sentence, about the same request; what was to be settled is settled."""
    first = errors.HttpError("It happened.", **ABOUT, uncertain=True, retry=True, retry_after=7.0)
    again = first.restated(errors.UnknownOutcomeError, "It is known.")
    assert again.__class__ is errors.UnknownOutcomeError
    assert again.message == "It is known."
    assert again.failure() == {**first.failure(), "kind": "unknown_outcome"}
    assert (again.uncertain, again.retry, again.retry_after) == (False, False, None)
