# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Python that is too old to start a module is recognized by what it says."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._run.failure import explained

OLD = [
    {"module_stderr": "    ^\nSyntaxError: future feature annotations is not defined\n", "msg": "MODULE FAILURE"},
    {"module_stderr": "    State = Optional[dict[str, Any]]\nTypeError: 'type' object is not subscriptable\n"},
    {"module_stdout": "    if found := x:\n              ^\nSyntaxError: invalid syntax\r\n", "msg": "MODULE FAILURE"},
    {"msg": "Ansible requires Python 3.9 or newer on the target. Current version: 3.8.18 (default)"},
    {"msg": "ansible-core requires a minimum of Python version 3.9. Current version: 3.8.18"},
]


@pytest.mark.parametrize("result", OLD)
def test_old_python_is_explained(result: dict[str, Any]) -> None:
    """The message says what to install, and what Ansible reports stays."""
    found = explained({**result, "failed": True, "rc": 1})
    assert found["failure"]["kind"] == "missing_library"
    assert "Python 3.9 or newer is required" in found["msg"]
    assert found["rc"] == 1
    assert found["failed"]
    assert found.get("module_stderr") == result.get("module_stderr")


@pytest.mark.parametrize(
    "result",
    [
        {"changed": False},
        {"module_stderr": "SyntaxError: invalid syntax"},
        {"failed": True, "msg": "MODULE FAILURE", "module_stderr": "Killed"},
        {"failed": True, "msg": "requires Python 3.9", "failure": {"kind": "missing_library"}},
    ],
)
def test_other_results_stay(result: dict[str, Any]) -> None:
    """Success, and failures with another cause, stay as they are."""
    assert explained(result) == result
