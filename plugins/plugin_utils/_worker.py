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

import os
import sys
from collections.abc import Callable
from typing import Any

from ansible import constants as C
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.release import __version__ as ansible_version
from ansible_collections.singlestore.flow.plugins.module_utils._client import HAS_REQUESTS

try:
    from ansible_collections.singlestore.flow.plugins.plugin_utils import _inside
except (ImportError, AttributeError):  # an ansible-core whose insides are others
    _inside = None  # type: ignore[assignment]

SWITCH = "singlestore_flow_in_worker"
NEWEST = (2, 21)
"""The newest ansible-core that this was tested with; a newer one runs ordinary modules."""
UNASKED = ("auto", "auto_silent", "auto_legacy", "auto_legacy_silent")


class WorkerAction(NormalAction):
    """The ordinary action, but for where the module runs."""

    main: Callable[[], None]

    def _execute_module(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        task_vars = kwargs.get("task_vars") or {}
        if not self._runs_here(task_vars):
            return super()._execute_module(*args, **kwargs)
        arguments = dict(self._task.args)
        self._update_module_args(self._task.action, arguments, task_vars)
        return _inside.result_of(self, _inside.printed(type(self).main, arguments))

    def _runs_here(self, task_vars: dict[str, Any]) -> bool:
        if self._task.delegate_to:
            task_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        return (
            HAS_REQUESTS
            and _inside is not None
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
