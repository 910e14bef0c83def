# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which error remains after requests were sent, by their answers and the state read afterward."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import (
    NOT_KNOWN,
    FlowError,
    HttpError,
    NoAnswerError,
    RefusedError,
    ResponseError,
    UnknownOutcomeError,
    UnreachableError,
)
from ansible_collections.singlestore.flow.plugins.module_utils._change.outcome import (
    accepted,
    judged,
    remaining,
    unread,
)
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Plan, Request

GET = Request("GET", ("conn-src",))
TEST = Request("POST", ("conn-src", "test"))
SAVE = Request("PATCH", ("conn-src",))
START = Request("POST", ("ops", "extract", "full"), operation=True)

YES, NO = {"success": True}, {"success": False, "message": "busy"}
NEITHER = {
    "null": [None],
    "an object": [{}, {"success": None}, {"success": "true"}, {"success": 1}, {"success": 0}],
    "a list": [[], [YES]],
    "a string": ["text"],
}
ODD = [(kind, answer) for kind, answers in NEITHER.items() for answer in answers]
EXPECTED = "expected an object with success: true or false."


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (GET, []),
        (GET, None),
        (SAVE, None),
        (SAVE, YES),
        (TEST, YES),
        (START, YES),
        *((SAVE, odd) for _kind, odd in ODD),
    ],
)
def test_accepted_answer_is_no_error(request_: Request, answer: Any) -> None:
    """A save may say nothing; a test and an operation must say true."""
    assert accepted(request_, answer) is answer
    assert judged(request_, answer) is answer


@pytest.mark.parametrize(
    ("request_", "answer", "error_type", "says"),
    [
        (SAVE, NO, RefusedError, "PATCH /conn-src was refused: busy."),
        (TEST, NO, RefusedError, "POST /conn-src/test was refused: busy."),
        (START, NO, RefusedError, "POST /ops/extract/full was refused: busy."),
        *((TEST, odd, ResponseError, f"POST /conn-src/test returned {kind}; {EXPECTED}") for kind, odd in ODD),
        *(
            (START, odd, UnknownOutcomeError, f"POST /ops/extract/full returned {kind}; {EXPECTED}")
            for kind, odd in ODD
        ),
    ],
)
def test_refused_answer_is_an_error(request_: Request, answer: Any, error_type: type[FlowError], says: str) -> None:
    """Unless the service says so, it is unknown whether an operation was started."""
    with pytest.raises(FlowError) as caught:
        accepted(request_, answer)
    error = judged(request_, answer)
    for found in (caught.value, error):
        assert found.__class__ is error_type
        assert says in found.message
        assert (NOT_KNOWN in found.message) == (error_type is UnknownOutcomeError)
        assert (found.method, found.path) == (request_.method, request_.path)


def test_error_of_the_client_stays() -> None:
    """The client's error for a failed request is returned unchanged."""
    error = HttpError("It was answered with 500.")
    assert judged(TEST, error) is error


LOST = UnreachableError("The answer was lost.", method="PATCH", path="/conn-src", uncertain=True)
REFUSED = HttpError("It returned 400.", method="PATCH", path="/conn-src", status=400)
VISIBLE = Plan({"a": 0}, {"a": 1}, requests=(SAVE,), wanted={"a": 1})
HIDDEN = Plan({"a": 1}, {"a": 1}, requests=(SAVE,), wanted={"a": 1})
UNMET = {"a": "a was saved as 1 but reads back as 0"}


@pytest.mark.parametrize(
    ("plan", "errors", "unmet", "moved", "expected"),
    [
        (VISIBLE, [], {}, True, None),
        (VISIBLE, [], {}, False, None),
        (HIDDEN, [], {}, False, None),
        (VISIBLE, [], UNMET, False, ("not_converged", UNMET["a"])),
        (VISIBLE, [LOST], {}, True, None),
        (VISIBLE, [LOST], UNMET, False, ("unreachable", "that it was not saved")),
        (VISIBLE, [LOST], UNMET, True, ("unreachable", "that it was not saved")),
        (VISIBLE, [LOST], {}, False, ("unknown_outcome", "does not show whether it was saved")),
        (HIDDEN, [LOST], {}, False, ("unknown_outcome", "does not show whether it was saved")),
        (HIDDEN, [LOST], {}, True, ("unknown_outcome", "does not show whether it was saved")),
    ],
)
def test_state_decides_about_a_lost_answer(
    plan: Plan, errors: list[FlowError], unmet: dict[str, str], moved: bool, expected: tuple[str, str] | None
) -> None:
    """A lost answer is not a failure if the state visibly changed to the wanted one."""
    error = remaining(plan, [(SAVE, error) for error in errors], unmet, moved=moved)
    if expected is None:
        assert error is None
        return
    assert error is not None
    assert (error.kind, error.method, error.path) == (expected[0], "PATCH", "/conn-src")
    assert expected[1] in error.message
    assert all(first.message in error.message for first in errors)


def table(number: int) -> Request:
    """Return the request that selects a table."""
    return Request("PATCH", ("config-tab", "db", "shop", f"t{number}"), {"select": "Y"}, subject=f"t{number}")


def lost(number: int, *, uncertain: bool = True) -> tuple[Request, FlowError]:
    """Return a table's request and its failure."""
    error_type = NoAnswerError if uncertain else HttpError
    return table(number), error_type(f"E{number}.", method="PATCH", path=table(number).path, uncertain=uncertain)


EIGHT = Plan(
    {"selected": []},
    {"selected": ["t1"]},
    requests=tuple(map(table, range(1, 9))),
    wanted={"selected": [f"t{number}" for number in range(1, 9)]},
)


@pytest.mark.parametrize(
    ("failed", "unmet", "kind", "says"),
    [
        ([lost(1), lost(2)], {}, None, ""),
        ([lost(1), lost(2)], {"t2": "u"}, "timeout", "1 of 8 tables failed, 7 succeeded. 't2': E2."),
        ([lost(1), lost(2)], {"t3": "u3"}, "not_converged", "reads back different: u3."),
        ([lost(1, uncertain=False)], {}, "http", "1 of 8 tables failed, 7 succeeded. 't1': E1."),
        (
            [lost(2), lost(1, uncertain=False), lost(3)],
            {"t2": "u", "t3": "u"},
            "timeout",
            "3 of 8 tables failed, 5 succeeded. 't2': E2.; 't1': E1.; 't3': E3. ",
        ),
        (
            [lost(number, uncertain=False) for number in range(1, 6)],
            {},
            "http",
            "5 of 8 tables failed, 3 succeeded. 't1': E1.; 't2': E2.; 't3': E3.; 't4': E4.; 't5': E5. Run",
        ),
        (
            [lost(number, uncertain=False) for number in range(1, 9)],
            {},
            "http",
            "8 of 8 tables failed, 0 succeeded. 't1': E1.; 't2': E2.; 't3': E3.; 't4': E4.; 't5': E5.; and 3 more",
        ),
    ],
)
def test_each_table_is_judged_alone(
    failed: list[tuple[Request, FlowError]], unmet: dict[str, str], kind: str | None, says: str
) -> None:
    """Each table is judged alone: a lost request that reads back as wanted was done."""
    for moved in (True, False):
        error = remaining(EIGHT, failed, unmet, moved=moved)
        if kind is None:
            assert error is None
        else:
            assert error is not None
            assert (error.kind, error.method) == (kind, "PATCH")
            assert says in error.message


def test_not_converged_names_the_request() -> None:
    """The failure is about the first request without effect, and names all differences."""
    error = remaining(EIGHT, [], {f"t{number}": f"u{number}" for number in range(2, 9)}, moved=True)
    assert error is not None
    assert error.path == table(2).path
    assert "reads back different: u2; u3; u4; u5; u6; and 2 more." in error.message
    error = remaining(EIGHT, [], {"elsewhere": "u"}, moved=True)
    assert error is not None
    assert error.path == table(1).path


UNREADABLE = ResponseError("It returned a list.", method="GET", path="/conn-src")
INVALID = RefusedError("The license is not valid.", method="GET", path="/config-var/licence", status=200)


@pytest.mark.parametrize(
    ("error", "failed", "kind", "method", "says"),
    [
        (INVALID, [], "refused", "GET", "The license is not valid."),
        (
            UNREADABLE,
            [],
            "response",
            "GET",
            "accepted the change, but it could not be read back. It returned a list.",
        ),
        (UNREADABLE, [REFUSED], "http", "PATCH", "returned 400. Reading back failed too: It returned"),
        (
            UNREADABLE,
            [LOST],
            "unknown_outcome",
            "PATCH",
            "The answer was lost. Reading back failed, so the result is not known: It returned",
        ),
        (
            UNREADABLE,
            [REFUSED, LOST],
            "unknown_outcome",
            "PATCH",
            "returned 400. Reading back failed, so the result is not known: It returned",
        ),
        (
            INVALID,
            [LOST],
            "unknown_outcome",
            "PATCH",
            "Reading back failed, so the result is not known: The license is not valid.",
        ),
    ],
)
def test_error_after_a_failed_read_back(
    error: FlowError, failed: list[FlowError], kind: str, method: str, says: str
) -> None:
    """A refusal stays a refusal; a lost request stays unknown if reading back fails."""
    requests = [(SAVE, one) for one in failed]
    for found in (unread(error, requests), remaining(VISIBLE, requests, {"a": UNMET["a"], "b": error}, moved=True)):
        assert found is not None
        assert (found.kind, found.method) == (kind, method)
        assert says in found.message
