# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options from the role's variables, and steps from tags."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline import options as module
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import (
    NOT_VARIABLES,
    OPTIONS,
    STEPS,
    from_tags,
    from_variables,
)
from ansible_collections.singlestore.flow.plugins.module_utils._resources import connection, license
from ansible_collections.singlestore.flow.tests.unit.support.imports import imported_again

KNOWN = [*OPTIONS, "api_url"]


def test_options_are_those_of_the_resources() -> None:
    """But a connection is already the source or the destination, and no license key is required."""
    made = imported_again(module).OPTIONS
    for endpoint in ("source", "destination"):
        assert {**made[endpoint]["options"], "endpoint": connection.OPTIONS["endpoint"]} == connection.OPTIONS
        assert "endpoint" not in made[endpoint]["options"]
    assert {**made["license_key"], "required": True} == license.OPTIONS["license_key"]
    assert "required" not in made["license_key"]


@pytest.mark.parametrize("name", [name for name in KNOWN if name not in NOT_VARIABLES])
def test_variable_is_the_option_with_the_prefix(name: str) -> None:
    """Each variable gives its option, whatever its value is."""
    for value in ("text", {"a": 1}, [1], 0, False, " "):
        assert from_variables({f"flow_pipeline_{name}": value}, KNOWN) == {name: value}


@pytest.mark.parametrize("value", [None, "", {}, []])
def test_empty_variable_is_not_given(value: Any) -> None:
    """Null, and the empty answer to a survey's question."""
    assert from_variables({"flow_pipeline_tables": value, "flow_pipeline_state": "paused"}, KNOWN) == {
        "state": "paused"
    }


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("tabels", "flow_pipeline_tables"),
        ("licence_key", "flow_pipeline_license_key"),
        ("api_ulr", "flow_pipeline_api_url"),
        ("steps", "flow_pipeline_state"),
        ("earlier", ""),
        ("hints", ""),
        ("colour", ""),
    ],
)
def test_unknown_variable_is_named(name: str, near: str) -> None:
    """With the near one, if there is one; options that only the role sets are no variables."""
    options = from_variables({f"flow_pipeline_{name}": "x", "flow_pipeline_extract": "never"}, KNOWN)
    (hint,) = options.pop("hints")
    assert options == {"extract": "never"}
    assert hint.startswith(f"flow_pipeline_{name} is not a variable of the role")
    assert hint.endswith(f"Did you mean {near}?" if near else "has no effect.")


@pytest.mark.parametrize(
    ("run", "skip", "steps"),
    [
        (["all"], [], STEPS),
        (["tagged"], [], STEPS),
        (["all"], ["extract"], STEPS[:5]),
        (["all"], ["tables"], [*STEPS[:4], "extract"]),
        (["all"], ["elsewhere"], STEPS),
        (["all"], ["tagged"], []),
        (["tables"], [], ["tables", "extract"]),
        (["tables"], ["extract"], ["tables"]),
        (["extract"], [], ["extract"]),
        (["license", "source", "elsewhere"], [], ["source", "license"]),
        (["source"], ["source"], []),
    ],
)
def test_tags_choose_steps(run: list[str], skip: list[str], steps: list[str]) -> None:
    """As they choose the role's tasks; the tables bring the extract that is then due."""
    assert from_tags(run, skip) == list(steps)


@pytest.mark.parametrize("run", [["elsewhere"], ["untagged"], []])
def test_tags_that_choose_nothing_are_refused(run: list[str]) -> None:
    """Rather than doing nothing and reporting success."""
    with pytest.raises(InvalidError, match=r"choose no step of the pipeline. Use one of source, destination"):
        from_tags(run, [])
