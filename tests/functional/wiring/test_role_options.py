# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every variable of the role, and every option and alias inside it, reaches its option of its module.

What a task gives its module is read from the task as Ansible would template it; test_role_decisions plays the role.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from .specs import ADDRESS, OPTIONS, PREFIX, ROLE, aliases, by_alias, by_name, checked, least, read, value
from .templates import calls

HOLDERS = {
    "source": ("flow_connection", {"endpoint": "source"}),
    "destination": ("flow_connection", {"endpoint": "destination"}),
    "tables": ("flow_table", {"source_pending": False}),
    "schedule": ("flow_schedule", {}),
}
"""Variables with the options of a module, and what the role adds."""
LEAVES = {
    "license_key": ("flow_license", "license_key", {}),
    "extract": ("flow_extract", "operation", {"preflight": True}),
}
"""Variables that are one option of a module, and what the role adds."""
STEPS = {name: module for name, (module, *_more) in {**HOLDERS, **LEAVES}.items()}
"""The module that each variable is for."""

TASKS = read("roles/flow_pipeline/tasks/main.yml")
DEFAULTS = read("roles/flow_pipeline/defaults/main.yml")

Spell = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


def everything(spell: Spell) -> dict[str, Any]:
    """Return every variable with every option, spelled as asked for."""
    given = {variable: value(spec, variable) for variable, spec in ROLE.items()}
    for name, (module, _added) in HOLDERS.items():
        items = [spell(OPTIONS[module], item) for item in listed(given[PREFIX + name])]
        given[PREFIX + name] = items if ROLE[PREFIX + name]["type"] == "list" else items[0]
    return given


def listed(given: Any) -> list[Any]:
    """Return what is given as a list."""
    return given if isinstance(given, list) else [given]


EMPTY: dict[str, Any] = {"str": "", "dict": {}, "list": []}
HOSTS = {
    "names": everything(by_name),
    "aliases": everything(by_alias),
    "least": {PREFIX + name: least(ROLE[PREFIX + name], name) for name in (*HOLDERS, "license_key")},
    "another-least": {f"{PREFIX}{name}": {"type": "of a database"} for name in ("source", "destination")},
    "nothing": {},
    "empty": {variable: EMPTY[spec["type"]] for variable, spec in ROLE.items() if "default" not in spec},
    "null": {variable: None for variable, spec in ROLE.items() if "default" not in spec},
    "check-mode": {**everything(by_name), "ansible_check_mode": True},
    "no-address": {**everything(by_name), **dict.fromkeys(ADDRESS.values(), "")},
}


def expected(variables: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what each module is to be given, by the variables' names alone."""
    address = {option: variables[variable] for option, variable in ADDRESS.items() if variables.get(variable)}
    found: dict[str, list[dict[str, Any]]] = {module: [] for module in STEPS.values()}
    for name, (module, added) in HOLDERS.items():
        items = listed(variables.get(PREFIX + name) or [])
        found[module] += [checked(module, {**item, **added, **address}) for item in items]
    for name, (module, option, more) in LEAVES.items():
        if variables.get(PREFIX + name):
            found[module].append(checked(module, {option: variables[PREFIX + name], **more, **address}))
    return found


def seen(variables: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what each module is given."""
    found: dict[str, list[dict[str, Any]]] = {module: [] for module in STEPS.values()}
    for module, args in calls(TASKS, {**DEFAULTS, **variables}):
        found[module].append(checked(module, args))
    return found


def test_every_variable_is_for_a_step() -> None:
    """None is forgotten."""
    assert {PREFIX + name for name in STEPS} | set(ADDRESS.values()) == set(ROLE)


@pytest.mark.parametrize("host", HOSTS)
def test_options_arrive(host: str) -> None:
    """Each under its own name with its own value, whatever other steps have said or not; what is left out or empty is not given."""
    variables = HOSTS["names"] if host == "aliases" else HOSTS[host]
    assert seen(HOSTS[host]) == expected(variables)


def test_aliases_are_aliases() -> None:
    """The hosts differ by every alias that there is."""
    for name, (module, _added) in HOLDERS.items():
        by, other = (listed(HOSTS[host][PREFIX + name])[0] for host in ("names", "aliases"))
        assert set(other) - set(by) == {alias for _name, alias in aliases(OPTIONS[module])}
