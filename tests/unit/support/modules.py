# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module in this process like Ansible: arguments in, one JSON document out."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Mapping
from typing import Any
from unittest import mock

from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import PASS_VARS
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import API_OPTIONS

try:
    from ansible.module_utils import _internal
except ImportError:  # ansible-core 2.18 and older
    _internal = None

PLUGINS = "ansible_collections.singlestore.flow.plugins"


def module(name: str) -> Any:
    """Return a module."""
    return importlib.import_module(f"{PLUGINS}.modules.{name}")


def resource_of(name: str) -> Any:
    """Return the resource, or the pipeline of resources, of a module."""
    (resource,) = (value for value in vars(module(name)).values() if hasattr(value, "OPTIONS"))
    return resource


def run(name: str, options: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
    """Run a module with diff on; return its result with ``failed`` filled in. Other exceptions pass through."""
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
    if "inject_invocation" in PASS_VARS:
        arguments["_ansible_inject_invocation"] = True
    printed = io.StringIO()
    code: Any = None
    with _as_module(arguments), contextlib.redirect_stdout(printed):
        try:
            module(name).main()
        except SystemExit as leaving:
            code = leaving.code
    result: dict[str, Any] = json.loads(printed.getvalue())
    result.setdefault("failed", False)
    assert (code != 0) == result["failed"]
    return result


class _Place:
    """A place for a task without AnsibleModule, which takes ten times as long."""

    def __init__(self, options: Mapping[str, Any], *, check_mode: bool) -> None:
        self.options = options
        self.check_mode = check_mode
        self.diff = True
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        """Keep a warning."""
        self.warnings.append(text)


def carried_out(carry_out: Any, resource: Any, options: Mapping[str, Any], *, check: bool = False) -> dict[str, Any]:
    """Carry out a task; return its result with ``failed`` and ``warnings`` filled in."""
    checked = ArgumentSpecValidator({**API_OPTIONS, **resource.OPTIONS}).validate(dict(options))
    assert not checked.error_messages, checked.error_messages
    place = _Place(checked.validated_parameters, check_mode=check)
    result: dict[str, Any] = json.loads(json.dumps(carry_out(resource, place)))
    return {"failed": False, **result, "warnings": place.warnings}


@contextlib.contextmanager
def _as_module(arguments: dict[str, Any]) -> Any:
    with contextlib.ExitStack() as stack:
        encoded = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        stack.enter_context(mock.patch.object(basic, "_ANSIBLE_ARGS", encoded))
        if hasattr(basic, "_ANSIBLE_PROFILE"):
            stack.enter_context(mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy"))
        for collected in ("_global_warnings", "_global_deprecations"):
            empty = type(getattr(warnings, collected))()
            stack.enter_context(mock.patch.object(warnings, collected, empty))
        if hasattr(_internal, "is_controller"):
            stack.enter_context(mock.patch.object(_internal, "is_controller", False))
        yield
