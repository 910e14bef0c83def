# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that must be dictionaries, and are not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import not_dictionaries

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
