# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the environment adds to the options, and values that must be dictionaries, and are not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.singlestore.flow.plugins.module_utils._run.nulls import options_given
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import (
    API_OPTIONS,
    NO_VARIABLE,
    completed,
    not_dictionaries,
    readable,
    variable,
)

URL = {"api_url": "http://h"}
TOKEN = {"api_token": "t"}
BASIC = {"api_username": "u", "api_password": "p"}
LOGIN = dict.fromkeys([*TOKEN, *BASIC])


def taken(
    given: dict[str, Any], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, Any], str]:
    """Return the options of a task as a module gets them, and why they are refused."""
    for name, value in environment.items():
        monkeypatch.setenv(variable(name), value)
    checked = ArgumentSpecValidator(API_OPTIONS).validate(options_given(given))
    assert checked.error_messages == []
    return completed(checked.validated_parameters)


@pytest.mark.parametrize(
    ("given", "environment", "login"),
    [
        ({}, {}, {}),
        (TOKEN, {}, TOKEN),
        (BASIC, {}, BASIC),
        ({}, TOKEN, TOKEN),
        ({}, BASIC, BASIC),
        (TOKEN, {"api_token": "other"}, TOKEN),
        (TOKEN, BASIC, TOKEN),
        (BASIC, TOKEN, BASIC),
        (TOKEN, {**BASIC, "api_token": "other"}, TOKEN),
        (BASIC, {**TOKEN, **BASIC}, BASIC),
        ({"api_username": "u"}, {"api_password": "p", **TOKEN}, BASIC),
        ({"api_password": "p"}, {"api_username": "u", **TOKEN}, BASIC),
        ({"api_username": "u"}, {**BASIC, "api_username": "other"}, BASIC),
        ({**TOKEN, "api_username": "", "api_password": ""}, {}, TOKEN),
        ({"api_token": "", **BASIC}, {}, BASIC),
        ({"api_token": None, **BASIC}, TOKEN, BASIC),
        ({"api_token": ""}, TOKEN, TOKEN),
        ({"api_token": ""}, BASIC, BASIC),
        ({"api_token": ""}, {}, {}),
        ({}, {**TOKEN, "api_username": "", "api_password": ""}, TOKEN),
        ({}, {"api_token": "", **BASIC}, BASIC),
        (TOKEN, {"api_token": ""}, TOKEN),
    ],
)
def test_option_wins_over_environment(
    given: dict[str, Any], environment: dict[str, str], login: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """This also holds if the two are different ways to log in; empty text is the same as not given."""
    found, refusal = taken({**URL, **given}, environment, monkeypatch)
    assert refusal == ""
    assert {name: found[name] or None for name in LOGIN} == {**LOGIN, **login}


@pytest.mark.parametrize(
    ("given", "environment", "says"),
    [
        (
            {**TOKEN, **BASIC},
            {},
            "The options set two ways to log in: api_token is mutually exclusive with api_username",
        ),
        ({**TOKEN, "api_username": "u"}, {}, "The options set two ways"),
        ({**TOKEN, "api_password": "p"}, BASIC, "The options set two ways"),
        ({}, {**TOKEN, **BASIC}, "SINGLESTORE_FLOW_API_TOKEN is mutually exclusive with SINGLESTORE_FLOW_API_USERNAME"),
        ({"api_username": "u"}, {}, "api_username is set without api_password. Set api_password too"),
        ({"api_password": "p"}, TOKEN, "api_password is set without api_username"),
        ({}, {"api_username": "u"}, "SINGLESTORE_FLOW_API_PASSWORD"),
        ({"client_key": "/k"}, {}, "client_key is set without client_cert"),
        ({"client_cert": ""}, {"client_key": "/k"}, "client_key is set without client_cert"),
        ({"api_url": ""}, {}, "missing required arguments: api_url"),
        ({"api_url": ""}, {"api_url": ""}, "SINGLESTORE_FLOW_API_URL"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    given: dict[str, Any], environment: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names what to set, and shows no value."""
    _found, refusal = taken({**URL, **given}, environment, monkeypatch)
    assert says in refusal
    assert refusal.endswith(".")


@pytest.mark.parametrize("name", [name for name in API_OPTIONS if name not in NO_VARIABLE and name not in LOGIN])
def test_empty_environment_variable_is_ignored(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty environment variable is the same as none."""
    monkeypatch.setenv(variable(name), "")
    checked = ArgumentSpecValidator(API_OPTIONS).validate({} if name == "api_url" else URL)
    assert checked.error_messages == (["missing required arguments: api_url"] if name == "api_url" else [])
    assert checked.validated_parameters[name] == API_OPTIONS[name].get("default", URL.get(name) and None)


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("name", ["api_url", "ca_path", "client_cert"])
def test_empty_option_leaves_the_environment(name: str, empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty option is the same as none; in a path, the home folder is known."""
    monkeypatch.setenv("HOME", "/home/me")
    found, refusal = taken({**URL, name: empty}, {name: "~/x"}, monkeypatch)
    assert (found[name], refusal) == ("~/x" if name == "api_url" else "/home/me/x", "")


SPEC: dict[str, Any] = {
    "one": {"type": "dict", "options": {"port": {"type": "int"}}},
    "many": {"type": "list", "elements": "dict", "options": {"port": {"type": "int"}}},
    "free": {"type": "dict"},
    "text": {"type": "str"},
}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"one": None},
        {"one": {}},
        {"one": "port=1"},
        {"one": '{"port": 1}'},
        {"many": []},
        {"many": [{}, "a=b"]},
        {"free": 1},
        {"text": [1]},
    ],
)
def test_dictionaries_are_accepted(given: dict[str, Any]) -> None:
    """So is text that Ansible reads as a dictionary, and what need not be one."""
    assert not_dictionaries(SPEC, given) == ""


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"one": [1]}, "one"),
        ({"one": [{}]}, "one"),
        ({"one": 7}, "one"),
        ({"one": "port 1"}, "one"),
        ({"many": [{}, 1, "x"], "one": False}, "one, many[1], many[2]"),
        ({"many": 5}, "many"),
    ],
)
def test_other_values_are_named(given: dict[str, Any], names: str) -> None:
    """Each is named with its place."""
    assert not_dictionaries(SPEC, given) == f"Options have a value of the wrong type: {names} must be a dictionary."


def test_text_is_read_as_a_dictionary_where_one_must_be() -> None:
    """This holds at any depth; other text stays as it is."""
    given = {"one": "port=1", "many": [{"port": 1}, '{"port": 2}', "x"], "free": "a=b", "text": "a=b", "other": "a=b"}
    assert readable(SPEC, given) == {
        "one": {"port": "1"},
        "many": [{"port": 1}, {"port": 2}, "x"],
        "free": {"a": "b"},
        "text": "a=b",
        "other": "a=b",
    }
    assert readable(SPEC, {"one": [1], "many": 5}) == {"one": [1], "many": 5}
