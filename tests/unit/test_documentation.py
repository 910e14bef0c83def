# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation matches the code: options one to one, and no list kept by hand twice."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.singlestore.flow.plugins.doc_fragments import api, attributes
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import NOT_VARIABLES, OPTIONS, PREFIX
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import API_OPTIONS, NO_VARIABLE, variable
from ansible_collections.singlestore.flow.plugins.module_utils._run.task import carry_out
from ansible_collections.singlestore.flow.tests.unit.support.layout import (
    MODULES,
    PLUGINS,
    ROOT,
    parsed,
    stems,
)
from ansible_collections.singlestore.flow.tests.unit.support.modules import module, resource_of
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import SCENARIOS, targets
from ansible_collections.singlestore.flow.tests.unit.support.server import Server

COMPARED = ("type", "default", "choices", "elements", "required", "aliases")


def options_of(name: str) -> dict[str, Any]:
    """Return the argument spec of a module's own options."""
    options: dict[str, Any] = resource_of(name).OPTIONS
    return options


def comparable(options: Mapping[str, Any], inner: str) -> dict[str, Any]:
    """Return the comparable parts of options at any depth; ``inner`` is the key of a dict's suboptions."""
    return {
        name: {
            **{key: spec[key] for key in COMPARED if spec.get(key) not in (None, False, [])},
            **({"default": spec["default"]} if "default" in spec else {}),
            **({"options": comparable(spec[inner], inner)} if inner in spec else {}),
        }
        for name, spec in options.items()
    }


def test_doc_fragment_matches_the_shared_options() -> None:
    """The doc fragment equals API_OPTIONS, including the environment variables."""
    documented = yaml.safe_load(api.ModuleDocFragment.DOCUMENTATION)["options"]
    assert comparable(documented, "suboptions") == comparable(API_OPTIONS, "options")
    for name, spec in API_OPTIONS.items():
        wanted = "SINGLESTORE_FLOW_" + name.upper()
        assert (f"E({wanted})" in " ".join(documented[name]["description"])) == (name not in NO_VARIABLE)
        assert variable(name) == wanted
        assert spec.get("fallback", (None, [wanted]))[1] == [wanted]


@pytest.mark.parametrize("name", MODULES)
def test_documented_options_match_the_argument_spec(name: str) -> None:
    """Names, types, defaults, choices, aliases and suboptions are equal."""
    documented = yaml.safe_load(module(name).DOCUMENTATION)
    assert documented["module"] == name
    assert comparable(documented["options"], "suboptions") == comparable(options_of(name), "options")
    assert "singlestore.flow.api" in documented["extends_documentation_fragment"]
    assert "singlestore.flow.attributes" in documented["extends_documentation_fragment"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_use_documented_options(name: str) -> None:
    """Every task in the examples uses a module of the collection, with existing options."""
    for task in yaml.safe_load(module(name).EXAMPLES):
        used = [key for key in task if key.startswith("singlestore.flow.")]
        for key in used:
            known = {*API_OPTIONS, *options_of(key.rpartition(".")[2])}
            assert set(task[key]) <= known


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_documented_results_match_the_returned_ones(scenario: Any) -> None:
    """Every returned key is documented with its type, at any depth."""
    documented = yaml.safe_load(module(scenario.module).RETURN)
    common = {"changed", "diff", "failed", "invocation", "warnings", "deprecations", "msg"}
    with Server(scenario.flow()) as server:
        results = [scenario.run(server.url, check=True), scenario.run(server.url)]
        server.stop_listening()
    failed = scenario.run(server.url, api_retries=0)
    for result in results:
        assert_documented({key: value for key, value in result.items() if key not in common}, documented)
        missing = {key for key, spec in documented.items() if spec["returned"] in ("always", "success")} - set(result)
        assert not missing
    assert_documented(failed["failure"], documented["failure"]["contains"])


TYPES = {"str": str, "int": int, "bool": bool, "list": list, "dict": dict}


def assert_documented(result: Mapping[str, Any], documented: Mapping[str, Any]) -> None:
    """Check that each key is documented with its type."""
    for key, value in result.items():
        assert key in documented, key
        assert value is None or isinstance(value, TYPES[documented[key]["type"]]), key
        inner = documented[key].get("contains")
        for item in value if isinstance(value, list) else [value]:
            if inner and isinstance(item, dict):
                assert_documented(item, inner)


def test_role_has_the_options_of_flow_pipeline() -> None:
    """Each is a variable; the role's first task checks the values, not Ansible, whose complaints are long."""
    wanted = {name: spec for name, spec in {**API_OPTIONS, **OPTIONS}.items() if name not in NOT_VARIABLES}
    specs = yaml.safe_load((ROOT / "roles/flow_pipeline/meta/argument_specs.yml").read_text(encoding="utf-8"))
    options = specs["argument_specs"]["main"]["options"]
    assert set(options) == {PREFIX + name for name in wanted}
    assert {name for name, spec in options.items() if spec.get("no_log")} == {
        PREFIX + name for name, spec in wanted.items() if spec.get("no_log")
    }
    assert all(set(spec) <= {"description", "type", "no_log"} and spec["type"] == "raw" for spec in options.values())


def test_action_group_lists_every_module() -> None:
    """meta/runtime.yml lists every module and nothing else."""
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert sorted(runtime["action_groups"]["flow"]) == MODULES
    group = yaml.safe_load(attributes.ModuleDocFragment.DOCUMENTATION)["attributes"]["action_group"]
    assert group["membership"] == ["singlestore.flow.flow"]


def test_every_module_has_an_action_plugin() -> None:
    """The action plugin of a module has its name and the same resource."""
    assert sorted(stems(PLUGINS / "action")) == MODULES
    for name in MODULES:
        action = importlib.import_module(f"ansible_collections.singlestore.flow.plugins.action.{name}").ActionModule
        assert action.resource is resource_of(name)
        assert action.carry_out is getattr(module(name), "carry_out_pipeline", carry_out)


def test_every_module_has_an_integration_target() -> None:
    """The target has the module's name and runs it; if a role has the name, ansible-test would run that instead."""
    roles = {path.name for path in (ROOT / "roles").iterdir()}
    for name in MODULES:
        target = ROOT / "tests/integration/targets" / (f"{name}_module" if name in roles else name)
        tasks = "".join(path.read_text(encoding="utf-8") for path in target.rglob("*.yml"))
        assert f"singlestore.flow.{name}:" in tasks


def strings(path: Path) -> set[str]:
    """Return the texts in a Python file."""
    return {
        node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_module_is_in_the_twelve_cases() -> None:
    """The twelve cases run every module."""
    assert set(MODULES) <= strings(ROOT / "tests/functional/cases.py")


def test_every_module_meets_every_fault() -> None:
    """The scenarios run every module, and together send every operation of the API reference."""
    assert sorted({scenario.module for scenario in SCENARIOS.values()}) == MODULES
    sent = {
        (target.method, target.path.split("/")[1], target.role)
        for scenario in SCENARIOS.values()
        for target in targets(scenario)
    }
    assert sent == {
        ("PATCH", "conn-src", "save"),
        ("POST", "conn-src", "test"),
        ("GET", "conn-src", "read"),
        ("PATCH", "conn-dst", "save"),
        ("POST", "conn-dst", "test"),
        ("GET", "conn-dst", "read"),
        ("PATCH", "config-var", "save"),
        ("GET", "config-var", "read"),
        ("PATCH", "config-sched", "save"),
        ("GET", "config-sched", "read"),
        ("PATCH", "config-tab", "save"),
        ("GET", "list-db", "read"),
        ("POST", "ops", "operation"),
    }
