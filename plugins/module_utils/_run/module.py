# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a task as an ordinary module; the only file that uses AnsibleModule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .._change.secrets import redactor, shown_values
from .failure import refused_by_ansible
from .options import API_OPTIONS, completed, not_dictionaries
from .shown import known_secrets, presentable
from .task import carry_out

if TYPE_CHECKING:
    from .place import CarryOut


class FlowModule(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule whose failures all have the same shape, and whose output contains no secrets."""

    params: dict[str, Any]

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._spec = {**API_OPTIONS, **options}
        try:
            super().__init__(argument_spec=self._spec, supports_check_mode=True)
        except TypeError:
            if not (refusal := not_dictionaries(self._spec, self.params)):
                raise
        else:
            # AnsibleModule hides a whole dictionary or nothing.
            self.no_log_values.difference_update(shown_values(self._spec, self.params))
            self.params, refusal = completed(self.params)
        if refusal:
            self.fail_json(refusal)

    @property
    def options(self) -> Mapping[str, Any]:
        """The options, checked by Ansible."""
        checked: dict[str, Any] = self.params
        return checked

    @property
    def diff(self) -> bool:
        """Whether a diff is wanted."""
        return bool(self._diff)

    def warn(self, warning: str, **more: Any) -> None:
        """Show a warning, without secrets."""
        super().warn(self._redacted(warning), **more)

    def log(self, msg: Any, log_args: Mapping[str, Any] | None = None) -> None:
        """Write to the system log, without secrets."""
        super().log(self._redacted(msg), log_args=self._redacted(log_args))

    def exit_json(self, **result: Any) -> NoReturn:
        """Exit with a result."""
        result = self._redacted(result)
        self.params = presentable(self._spec, self.params)
        super().exit_json(**result)
        raise AssertionError("exit_json returned")

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Exit with a failure; if Ansible rejects the options, that is an ``invalid`` failure."""
        result = self._redacted({**refused_by_ansible(msg), **result})
        self.params = presentable(self._spec, self.params)
        super().fail_json(**result)
        raise AssertionError("fail_json returned")

    def _redacted(self, value: Any) -> Any:
        # AnsibleModule must know them too, because it adds the options to its output.
        self.no_log_values.update(known_secrets(self._spec, self.params))
        return redactor(self.no_log_values)(value)


def run(resource: Any, carry_out: CarryOut = carry_out) -> None:
    """Run a module: carry out its task and exit with the result."""
    module = FlowModule(resource.OPTIONS)
    result = carry_out(resource, module)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
