# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of the role, derived from the options of flow_pipeline: each with a value that no other has."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import NOT_VARIABLES, PREFIX
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import OPTIONS as OF_PIPELINE
from ansible_collections.singlestore.flow.plugins.module_utils._resources import (
    connection,
    extract,
    license,
    schedule,
    tables,
)
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import API_OPTIONS

from ..playbook import REPOSITORY


def read(file: str, loader: Any = yaml.CSafeLoader) -> Any:
    """Return the contents of a YAML file of the collection."""
    return yaml.load((REPOSITORY / file).read_text(encoding="utf-8"), loader)


OPTIONS: dict[str, dict[str, Any]] = {
    "flow_connection": connection.OPTIONS,
    "flow_extract": extract.OPTIONS,
    "flow_license": license.OPTIONS,
    "flow_pipeline": OF_PIPELINE,
    "flow_schedule": schedule.OPTIONS,
    "flow_table": tables.OPTIONS,
}
"""The modules' own options."""
VARIABLES: dict[str, Any] = {
    PREFIX + name: spec for name, spec in {**API_OPTIONS, **OF_PIPELINE}.items() if name not in NOT_VARIABLES
}
"""The role's variables with the options that they give."""


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
    if spec["type"] == "dict" and "options" not in spec:
        return {text: f"{text}-too"}
    if spec["type"] == "dict":
        return values(spec["options"], text)
    if spec["type"] in ("int", "float"):
        return zlib.crc32(text.encode()) % 10000
    if spec["type"] == "bool":
        return not spec["default"]
    return next((choice for choice in reversed(spec.get("choices", ())) if choice != spec.get("default")), text)


def values(options: Mapping[str, Any], *words: str) -> dict[str, Any]:
    """Return a value for each option."""
    return {name: value(spec, *words, name) for name, spec in options.items()}


EVERYTHING = {variable: value(spec, variable) for variable, spec in VARIABLES.items()}
"""A value for each variable of the role."""


def documented(playbook: str) -> set[str]:
    """Return the variables that the comment at the head of a playbook names."""
    text = (REPOSITORY / f"playbooks/{playbook}.yml").read_text(encoding="utf-8")
    head = [line for line in text.partition("- name:")[0].splitlines() if line.startswith("#")]
    return set(re.findall(r"(?<![.\w])flow_\w+", "\n".join(head)))
