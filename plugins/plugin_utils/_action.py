# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a task in Ansible's own process where the result is identical; the only file that uses ActionBase.

An ordinary local module task costs half a second: Ansible packs, unpacks and compiles a copy of code
that it could call directly.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.release import __version__ as ansible_version
from ansible_collections.singlestore.flow.plugins.module_utils._change.secrets import redactor
from ansible_collections.singlestore.flow.plugins.module_utils._run.failure import explained, refused_by_ansible
from ansible_collections.singlestore.flow.plugins.module_utils._run.nulls import options_given
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import (
    API_OPTIONS,
    completed,
    not_dictionaries,
    suboptions,
)
from ansible_collections.singlestore.flow.plugins.module_utils._run.shown import known_secrets, presentable
from ansible_collections.singlestore.flow.plugins.module_utils._run.task import carry_out
from ansible_collections.singlestore.flow.plugins.plugin_utils._ordinary import Circumstances, needs_ordinary_module

if TYPE_CHECKING:
    from ansible_collections.singlestore.flow.plugins.module_utils._run.place import CarryOut

SWITCH = "singlestore_flow_in_worker"
TRUSTS_NO_RESULT = tuple(int(part) for part in ansible_version.split(".")[:2]) >= (2, 19)
"""Whether Ansible treats a text as a template only if it comes from a playbook."""


class FlowAction(NormalAction):
    """Runs a module's task in this process, or as an ordinary module if it must."""

    resource: Any
    carry_out: CarryOut = staticmethod(carry_out)

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the task's result."""
        variables = task_vars or {}
        self._task.args = options_given(self._task.args)
        task = self._circumstances(variables)
        if needs_ordinary_module(task):
            if task.local and task.interpreter_unasked:
                variables = self._with_own_interpreter(variables)
            return explained(super().run(tmp, variables))
        place = Here(self.resource.OPTIONS, self._task)
        result = place.refused or self.carry_out(self.resource, place)
        return _kept(place.shown(result, invocation=_wants_invocation(variables)))

    def _circumstances(self, variables: dict[str, Any]) -> Circumstances:
        if self._task.delegate_to:
            variables = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        interpreter = C.config.get_config_value("INTERPRETER_PYTHON", variables=variables)
        switch = variables.get(SWITCH, os.environ.get(SWITCH.upper(), True))
        return Circumstances(
            connection=self._connection.transport,
            interpreter=str(self._templar.template(interpreter)),
            own_interpreter=sys.executable,
            platform=sys.platform,
            switched_on=boolean(self._templar.template(switch), strict=False),
            become=bool(self._connection.become or self._play_context.become or self._task.become),
            asynchronous=bool(self._task.async_val),
            environment=any(self._task.environment or ()),
            keeps_files=bool(C.DEFAULT_KEEP_REMOTE_FILES),
        )

    def _with_own_interpreter(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Return the variables with Ansible's own Python as the interpreter of the task's host."""
        own = {"ansible_python_interpreter": sys.executable}
        host = self._task.delegate_to
        if not host:
            return {**variables, **own}
        delegated = variables.get("ansible_delegated_vars", {})
        return {**variables, "ansible_delegated_vars": {**delegated, host: {**delegated.get(host, {}), **own}}}


class Here:
    """A task in Ansible's own process: checks options and cleans results as AnsibleModule does."""

    def __init__(self, options: Mapping[str, Any], task: Any) -> None:
        self._spec = {**API_OPTIONS, **options}
        self._action = task.resolved_action or task.action
        self._given = _plain(task.args)
        self._warnings: list[str] = list(_given_twice(self._spec, self._given))
        self.options, self._refusal = self._check()
        self.check_mode = bool(task.check_mode)
        self.diff = bool(task.diff)

    def warn(self, text: str) -> None:
        """Show a warning with the result."""
        self._warnings.append(text)

    @property
    def refused(self) -> dict[str, Any] | None:
        """The result of a task whose options are not accepted; None if they are."""
        return refused_by_ansible(self._refusal) if self._refusal else None

    def _check(self) -> tuple[Mapping[str, Any], str]:
        """Return the checked options, and what Ansible says against them."""
        try:
            checked = ArgumentSpecValidator(self._spec).validate(self._given)
        except TypeError:
            if not (refusal := not_dictionaries(self._spec, self._given)):
                raise
            return self._given, refusal
        message = next(iter(checked.error_messages), "")
        if message and isinstance(checked.errors[0], UnsupportedError):
            message = f"Unsupported parameters for ({self._action}) module: {message}"
        if message:
            return checked.validated_parameters, message
        return completed(checked.validated_parameters)

    @cached_property
    def _secrets(self) -> set[str]:
        return known_secrets(self._spec, self._given, self.options)

    def shown(self, result: dict[str, Any], *, invocation: bool) -> dict[str, Any]:
        """Return a result for Ansible, without secrets."""
        cleaned: dict[str, Any] = redactor(self._secrets)(result)
        if self._warnings:
            cleaned["warnings"] = redactor(self._secrets)(self._warnings)
        if invocation:
            cleaned["invocation"] = {"module_args": presentable(self._spec, self.options)}
        # A short secret may be part of "True" or "None": as AnsibleModule does, leave these values as they are.
        kept = {name: value for name, value in cleaned.items() if value is None or isinstance(value, bool)}
        return {**remove_values(cleaned, self._secrets), **kept}


def _plain(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's arguments as a module receives them: JSON types only."""
    plain: dict[str, Any] = json.loads(json.dumps(args, default=_as_text))
    return plain


def _as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _given_twice(spec: Mapping[str, Any], given: Any, place: str = "") -> Iterator[str]:
    """Yield a warning for each option that is given by two names, in the words of AnsibleModule."""
    if not isinstance(given, Mapping):
        return
    for name, details in spec.items():
        for alias in details.get("aliases", ()):
            if name in given and alias in given:
                yield f"Both option {place}{name} and its alias {place}{alias} are set."
    for inner, options, value in suboptions(spec, given):
        yield from _given_twice(options, value, f"{place}{inner}.")


def _wants_invocation(variables: dict[str, Any]) -> bool:
    try:
        return boolean(C.config.get_config_value("INJECT_INVOCATION", variables=variables))
    except AnsibleError:  # ansible-core 2.20 and older: always
        return True


def _kept(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result in which Ansible treats no text of the service as a template."""
    if TRUSTS_NO_RESULT:
        return result
    from ansible.utils.unsafe_proxy import wrap_var

    wrapped: dict[str, Any] = wrap_var(result)
    return wrapped
