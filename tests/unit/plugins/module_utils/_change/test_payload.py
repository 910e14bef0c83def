# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service's answers: names and values, messages, and the error for anything else."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change import payload
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import ResponseError
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request

NAMES = ("host", "port")


def pair(name: Any, value: Any) -> dict[str, Any]:
    """Return one name and its value in the form of the service."""
    return {"name": name, "value": value}


@pytest.mark.parametrize(
    ("answer", "values"),
    [
        (None, {}),
        ([], {}),
        ({}, {}),
        ([pair("host", "h")], {"host": "h"}),
        ([pair("host", "h"), pair("port", 3306)], {"host": "h", "port": "3306"}),
        ([pair("host", "")], {"host": ""}),
        ([pair("port", 0)], {"port": "0"}),
        ([pair("host", None)], {}),
        ([{"name": "host"}], {}),
        ([pair("host", None), pair("port", "1")], {"port": "1"}),
        ([pair("id", "CDCSRC"), pair("host", "h")], {"host": "h"}),
        ([pair("id", {"any": "thing"}), pair("host", "h")], {"host": "h"}),
        ([pair("port", 3306), pair("port", "3306")], {"port": "3306"}),
        ([{**pair("host", "h"), "more": 1}], {"host": "h"}),
    ],
)
def test_named_values_are_read(answer: Any, values: dict[str, str]) -> None:
    """The given names are read with their values as text; null is left out, empty text stays."""
    assert payload.named_values(answer, "/conn-src", NAMES) == values


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"host": "h"}, "an object; expected a list of names and values"),
        ("", "a string; expected a list of names and values"),
        ("text", "a string; expected a list of names and values"),
        (False, "a boolean; expected a list of names and values"),
        (0, "a number; expected a list of names and values"),
        (["host"], "a string; expected an object with a name and a value"),
        ([["host", "h"]], "a list; expected an object with a name and a value"),
        ([None], "null; expected an object with a name and a value"),
        ([{"value": "h"}], "an object; expected an object with a name and a value"),
        ([pair(None, "h")], "an object; expected an object with a name and a value"),
        ([pair("id", "x"), pair(7, "h")], "an object; expected an object with a name and a value"),
        ([pair("host", True)], "a boolean; expected text as the value of 'host'"),
        ([pair("host", 1.5)], "a number; expected text as the value of 'host'"),
        ([pair("host", ["h"])], "a list; expected text as the value of 'host'"),
        ([pair("host", {})], "an object; expected text as the value of 'host'"),
        ([pair("host", "h"), pair("host", "g")], "two different values for 'host'"),
    ],
)
def test_unreadable_values_are_an_error(answer: Any, says: str) -> None:
    """An unreadable answer is an error that says what was found, what was expected, and where."""
    with pytest.raises(ResponseError) as caught:
        payload.named_values(answer, "/conn-src", NAMES)
    assert f"GET /conn-src returned {says}" in caught.value.message
    assert caught.value.failure() == {
        "kind": "response",
        "method": "GET",
        "path": "/conn-src",
        "status": None,
        "messages": [],
    }


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        ({"message": "no"}, ("no",)),
        ({"messageList": ["one", "two"], "message": "three"}, ("one", "two", "three")),
        ({"messageList": [{"message": "one"}, {"other": "x"}, {"message": 1}]}, ("one",)),
        ({"messageList": ["", None, 1, ["x"], "one"], "message": ""}, ("one",)),
        ({"messageList": "text", "message": None}, ()),
        ({"messageList": {"message": "one"}}, ()),
        ({}, ()),
        ({"success": False}, ()),
        (None, ()),
        ("text", ()),
        (["text"], ()),
    ],
)
def test_all_message_texts_are_read(answer: Any, texts: tuple[str, ...]) -> None:
    """All texts are returned in order, and nothing else."""
    assert payload.message_texts(answer) == texts


SAVED, LOOK = "Nothing was saved.", "Check the service."


@pytest.mark.parametrize(
    ("request_", "answer", "says"),
    [
        (Request("POST", ("conn-src", "test")), {"message": "no"}, f"POST /conn-src/test was refused: no. {SAVED}"),
        (Request("PATCH", ("conn-src",)), {"messageList": ["a", "b"]}, f"PATCH /conn-src was refused: a b. {LOOK}"),
        (Request("POST", ("ops",), operation=True), {}, f"POST /ops was refused: no reason was given. {LOOK}"),
        (
            Request("PATCH", ("s",)),
            {"message": "Denied (***)"},
            f"PATCH /s was refused: Denied (***). The service writes *** in place of a secret; the real one was sent. {LOOK}",
        ),
        (Request("PATCH", ("s",)), {"message": "Denied by X."}, f"PATCH /s was refused: Denied by X. {LOOK}"),
    ],
)
def test_refusal_repeats_all_messages(request_: Request, answer: Any, says: str) -> None:
    """A refusal repeats everything the service said; only a refused test certainly saved nothing."""
    error = payload.refusal(request_, {"success": False, **answer})
    assert error.message == says
    assert error.failure() == {
        "kind": "refused",
        "method": request_.method,
        "path": request_.path,
        "status": 200,
        "messages": list(payload.message_texts(answer)),
    }


@pytest.mark.parametrize(
    ("answer", "values"),
    [
        (None, {}),
        ({}, {}),
        ([], {}),
        ([pair("host", "h")], {}),
        ([pair("host", "h"), pair("id", "x"), pair("n", 5), pair("id", "y")], {"id": "x", "n": "5"}),
        ([pair("a", ""), pair("b", None), {"name": "c"}, pair("d", {}), pair("e", True), pair("f", 1.5)], {}),
    ],
)
def test_other_values_are_read_as_far_as_they_are_text(answer: Any, values: dict[str, str]) -> None:
    """Whatever else is there is left out."""
    assert payload.other_values(answer, NAMES) == values
