# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module's own code inside Ansible's worker process, where that comes to the same.

A local module task costs half a second, spent on building, unpacking and compiling a copy of code
that the worker could call. Nothing is written again for that: the module's ``main`` runs as it is,
with its arguments handed over and its printed result taken back as over any connection. Whenever
there is a doubt whether the ordinary way would do something else, the ordinary way is taken.
"""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from ansible import constants as C
from ansible.module_utils import basic
from ansible.module_utils.common import json as ansible_json
from ansible.module_utils.common import warnings as ansible_warnings
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.release import __version__ as ansible_version
from ansible.vars.clean import remove_internal_keys

from ansible_collections.singlestore.flow.plugins.module_utils._client import HAS_REQUESTS

TAGS_DATA = hasattr(ansible_json, "Direction")
"""ansible-core 2.19 and newer: what crosses between controller and module is tagged, in a profile."""

if TAGS_DATA:
    from ansible.module_utils import _internal
else:
    from ansible.utils.unsafe_proxy import wrap_var

SWITCH = "singlestore_flow_in_worker"
NEWEST = (2, 21)
"""The newest ansible-core that this was tested with; a newer one runs ordinary modules."""
UNASKED = ("auto", "auto_silent", "auto_legacy", "auto_legacy_silent")
PROFILE = "legacy"


class WorkerAction(NormalAction):
    """The ordinary action, but for where the module runs."""

    main: Callable[[], None]

    def _execute_module(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        task_vars = kwargs.get("task_vars") or {}
        if not self._runs_here(task_vars):
            return super()._execute_module(*args, **kwargs)
        arguments = dict(self._task.args)
        self._update_module_args(self._task.action, arguments, task_vars)
        return self._taken_back(_printed(type(self).main, arguments))

    def _runs_here(self, task_vars: dict[str, Any]) -> bool:
        if self._task.delegate_to:
            task_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        return (
            HAS_REQUESTS
            and tuple(int(part) for part in ansible_version.split(".")[:2]) <= NEWEST
            and self._switched_on(task_vars)
            and self._connection.transport.rpartition(".")[2] == "local"
            and not (self._connection.become or self._play_context.become or self._task.become)
            and not self._task.async_val
            and not any(self._task.environment or ())
            and not C.DEFAULT_KEEP_REMOTE_FILES
            and self._is_own_interpreter(task_vars)
        )

    def _switched_on(self, task_vars: dict[str, Any]) -> bool:
        asked = self._templar.template(task_vars.get(SWITCH, os.environ.get(SWITCH.upper(), True)))
        return boolean(asked, strict=False)

    def _is_own_interpreter(self, task_vars: dict[str, Any]) -> bool:
        asked = C.config.get_config_value("INTERPRETER_PYTHON", variables=task_vars)
        asked = self._templar.template(asked)
        # Not resolved: a virtual environment's python is a link, and not the same as what it leads to.
        return asked in UNASKED or os.path.abspath(str(asked)) == os.path.abspath(sys.executable)

    def _taken_back(self, printed: dict[str, Any]) -> dict[str, Any]:
        """Return the result as ActionBase makes it of what a module has printed."""
        data = self._parse_returned_data(printed, PROFILE) if TAGS_DATA else self._parse_returned_data(printed)
        if not isinstance(data, dict):  # ansible-core 2.21
            data.remove_internal_keys()
            return data.as_result_dict(for_round_trip=True)
        remove_internal_keys(data)
        return data if TAGS_DATA else wrap_var(data)


def _printed(main: Callable[[], None], arguments: dict[str, Any]) -> dict[str, Any]:
    """Call a module's main and return ``{stdout, stderr, rc}`` as a process would have left them."""
    stdout, stderr, code = io.StringIO(), io.StringIO(), 0
    with _as_module(arguments), redirect_stdout(stdout), redirect_stderr(stderr):
        try:
            main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        except Exception:
            traceback.print_exc()
            code = 1
    return {"stdout": stdout.getvalue(), "stderr": stderr.getvalue(), "rc": code}


@contextmanager
def _as_module(arguments: dict[str, Any]) -> Iterator[None]:
    """Hand arguments to the next AnsibleModule, and keep its warnings for its result."""
    if TAGS_DATA:
        encoder = ansible_json.get_module_encoder(PROFILE, ansible_json.Direction.CONTROLLER_TO_MODULE)
        encoded = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, cls=encoder)
        replaced = [(basic, "_ANSIBLE_PROFILE", PROFILE), (_internal, "is_controller", False)]
    else:
        encoder = ansible_json.AnsibleJSONEncoder
        encoded = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, cls=encoder, vault_to_text=True)
        replaced = []
    replaced.append((basic, "_ANSIBLE_ARGS", encoded.encode()))
    for name in ("_global_warnings", "_global_deprecations"):
        replaced.append((ansible_warnings, name, type(getattr(ansible_warnings, name))()))
    with ExitStack() as stack:
        for owner, name, value in replaced:
            stack.enter_context(_replaced(owner, name, value))
        yield


@contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, kept)
