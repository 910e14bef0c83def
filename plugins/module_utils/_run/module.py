# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a task as an ordinary module; the only file that uses AnsibleModule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .._change.secrets import inline_secrets, redactor, secret_values
from .failure import refused_by_ansible
from .options import API_OPTIONS, CONSTRAINTS, not_dictionaries
from .task import carry_out

if TYPE_CHECKING:
    from .place import CarryOut


class FlowModule(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule whose failures all have the same shape, and whose output contains no secrets."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        spec = {**API_OPTIONS, **options}
        try:
            super().__init__(argument_spec=spec, supports_check_mode=True, **CONSTRAINTS)
        except TypeError:
            if not (refusal := not_dictionaries(spec, self.params)):
                raise
        else:
            return
        self.no_log_values.update(secret_values(spec, self.params))
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
        super().exit_json(**self._redacted(result))
        raise AssertionError("exit_json returned")

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Exit with a failure; if Ansible rejects the options, that is an ``invalid`` failure."""
        super().fail_json(**self._redacted({**refused_by_ansible(msg), **result}))
        raise AssertionError("fail_json returned")

    def _redacted(self, value: Any) -> Any:
        # AnsibleModule must know them too, because it adds the options to its output.
        self.no_log_values.update(inline_secrets(self.params))
        return redactor(self.no_log_values)(value)


def run(resource: Any, carry_out: CarryOut = carry_out) -> None:
    """Run a module: carry out its task and exit with the result."""
    module = FlowModule(resource.OPTIONS)
    result = carry_out(resource, module)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
