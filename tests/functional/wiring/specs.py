# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of the role, derived from its argument specs: each option with a value that no other has."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline import steps
from ansible_collections.singlestore.flow.plugins.module_utils._resources import (
    connection,
    extract,
    license,
    schedule,
    tables,
)
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import API_OPTIONS

from ..playbook import REPOSITORY

PREFIX = "flow_pipeline_"


def read(file: str, loader: Any = yaml.CSafeLoader) -> Any:
    """Return the contents of a YAML file of the collection."""
    return yaml.load((REPOSITORY / file).read_text(encoding="utf-8"), loader)


ROLE: dict[str, Any] = read("roles/flow_pipeline/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
"""The role's variables as its argument specs have them, an option for each alias among them."""
OPTIONS: dict[str, dict[str, Any]] = {
    "flow_connection": connection.OPTIONS,
    "flow_extract": extract.OPTIONS,
    "flow_license": license.OPTIONS,
    "flow_pipeline": steps.OPTIONS,
    "flow_schedule": schedule.OPTIONS,
    "flow_table": tables.OPTIONS,
}
"""The modules' own options."""
ADDRESS = {"api_url": f"{PREFIX}api_url", "api_token": f"{PREFIX}api_token"}


def checked(module: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's arguments as the module would have them, but for the defaults."""
    known = {**API_OPTIONS, **OPTIONS[module]}
    spec = {name: {key: value for key, value in known[name].items() if key != "fallback"} for name in args}
    validation = ArgumentSpecValidator(spec).validate(dict(args))
    assert not validation.error_messages, validation.error_messages
    found: dict[str, Any] = validation.validated_parameters
    return found


def value(spec: Mapping[str, Any], *words: str) -> Any:
    """Return a value that an option takes: not its default, and no other option's."""
    text = "-".join(words)
    if spec["type"] == "list" and "options" in spec:
        return [values(spec["options"], text, str(number)) for number in (1, 2)]
    if spec["type"] == "list":
        return [text, f"{text}-too"]
    if spec["type"] == "dict":
        return values(spec["options"], text)
    if spec["type"] == "int":
        return zlib.crc32(text.encode()) % 10000
    if spec["type"] == "bool":
        return not spec["default"]
    return next((choice for choice in reversed(spec.get("choices", ())) if choice != spec.get("default")), text)


def values(options: Mapping[str, Any], *words: str) -> dict[str, Any]:
    """Return a value for each option."""
    return {name: value(spec, *words, name) for name, spec in options.items()}


def least(spec: Mapping[str, Any], *words: str) -> Any:
    """Return a value that leaves out what can be left out, and is not empty."""
    if "options" not in spec:
        return value(spec, *words)
    required = {name for name, inner in spec["options"].items() if inner.get("required")} or {"host"}
    given = values({name: spec["options"][name] for name in required}, *words)
    return [given] if spec["type"] == "list" else given


def aliases(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each option that has one, with its alias."""
    for name, spec in options.items():
        for alias in spec.get("aliases", ()):
            yield name, alias


def by_name(options: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options under their names alone."""
    others = {alias for _name, alias in aliases(options)}
    return {name: found for name, found in given.items() if name not in others}


def by_alias(options: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options under their aliases where they have one."""
    known = dict(aliases(options))
    return {known.get(name, name): found for name, found in by_name(options, given).items()}


def documented(playbook: str) -> set[str]:
    """Return the variables that the comment at the head of a playbook names."""
    text = (REPOSITORY / f"playbooks/{playbook}.yml").read_text(encoding="utf-8")
    head = [line for line in text.partition("- name:")[0].splitlines() if line.startswith("#")]
    return set(re.findall(r"(?<![.\w])flow_\w+", "\n".join(head)))
