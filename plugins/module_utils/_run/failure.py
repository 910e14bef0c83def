# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a failed task."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._change.errors import FlowError, InvalidError, MissingLibraryError

_OLD_PYTHON = re.compile(
    r"SyntaxError: (?:future feature annotations|invalid syntax)|'type' object is not subscriptable"
    r"|requires (?:a minimum of )?Python (?:version )?\d"
)
"""What Pythons before 3.9 say about a module, or Ansible about such a Python."""


def failed(error: FlowError, shown: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the result of a failed task, in the shape that every module returns."""
    told = {"failed": True, "msg": error.message, "failure": error.failure()}
    return {"predicted": False, **(shown or {}), **error.shown, **told}


def refused_by_ansible(message: str) -> dict[str, Any]:
    """Return the result of a task whose options Ansible did not accept."""
    return failed(InvalidError(message))


def explained(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of an ordinary module; if its Python is too old even to start it, as a failure that says so."""
    said = " ".join(str(result.get(name, "")) for name in ("module_stderr", "module_stdout", "msg"))
    if not result.get("failed") or "failure" in result or not _OLD_PYTHON.search(said):
        return dict(result)
    message = (
        "The Python that runs modules on this host is too old. Python 3.9 or newer is required: install it, and set "
        "ansible_python_interpreter to it."
    )
    return failed(MissingLibraryError(message), result)
