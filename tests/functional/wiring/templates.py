# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks give their modules, templated as Ansible would do it, but in this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.template import Templar

from .specs import OPTIONS


def calls(tasks: Sequence[Mapping[str, Any]], variables: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each of the collection's modules with what its task gives it, before anything has run."""
    for task in _trusted(tasks):
        own = {"ansible_check_mode": False, **variables, **task.get("vars", {})}
        items = Templar(variables=own).template(task["loop"]) if "loop" in task else [None]
        for item in items:
            templar = Templar(variables={**own, "item": item})
            if templar.evaluate_conditional(task.get("when", True)):
                for module in OPTIONS:
                    if (name := f"singlestore.flow.{module}") in task:
                        yield module, templar.template(task[name])


def _trusted(given: Any) -> Any:
    """Return something with every text in it as a template that may be filled in."""
    from ansible.template import trust_as_template  # older ones, with which other files are tested, have none

    if isinstance(given, Mapping):
        return {name: _trusted(item) for name, item in given.items()}
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [_trusted(item) for item in given]
    return trust_as_template(given) if isinstance(given, str) else given
