# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pipelines as they are wanted, and finished steps, without a service."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.due import Evidence
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import OPTIONS
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.steps import Done, Step, Wanted, wanted

SCHEMA = ("db", "shop")
SOURCE = {"type": "rds.mysqlc", "host": "db", "user": "admin", "password": "hush"}
DESTINATION = {"host": "s2", "user": "admin", "password": "hush"}
TABLES = {"database": SCHEMA[0], "schema": SCHEMA[1], "tables": ["orders"]}
EVERYTHING: dict[str, Any] = {
    "source": SOURCE,
    "destination": DESTINATION,
    "license_key": "ZZZZZ-YYYYY-XXXXX-WWWWW",
    "schedule": {"type": "auto"},
    "tables": [TABLES],
}


def pipeline(**given: Any) -> Wanted:
    """Return a pipeline as a task has it, whose options Ansible has checked."""
    checked = ArgumentSpecValidator(OPTIONS).validate(given)
    assert not checked.error_messages, checked.error_messages
    return wanted({**checked.validated_parameters, "today": "2025-09-02"})


def done(
    name: str, before: Any = None, after: Any = None, *, changed: bool = True, result: Any = None, diff: Any = None
) -> Done:
    """Return a finished step; that of tables is about the schema that ``EVERYTHING`` describes."""
    step = Step(name, None, None, SCHEMA if name == "tables" else None)
    return Done(step, before, after, result or {}, changed, diff or {})


def selection(before: list[str] | None, after: list[str], *, changed: bool = True) -> Done:
    """Return a finished step of tables; None is a selection that could not be listed."""
    states = [None if selected is None else {"selected": selected} for selected in (before, after)]
    return done("tables", *states, changed=changed)


def earlier(*, evidence: Evidence | None = None, predicted: bool = False, **more: Any) -> dict[str, Any]:
    """Return what an earlier task of a run has returned."""
    shown = (evidence or Evidence()).to_json()
    resources = {"steps": [], "tables": [], "extract": None}
    return {**resources, "evidence": shown, "predicted": predicted, "extract_due": None, **more}
