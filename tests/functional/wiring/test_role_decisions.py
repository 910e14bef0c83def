# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role decides from what its steps say: which extract is due, what check mode cannot test, what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from .stage import SHOW, Play, Played, play_once

ANY = {"host": "db"}
SCHEMAS = [{"database": "d", "schema": schema, "tables": ["t"]} for schema in ("one", "two")]
VARIABLES = {
    "flow_pipeline_source": ANY,
    "flow_pipeline_destination": ANY,
    "flow_pipeline_tables": SCHEMAS,
    "flow_pipeline_schedule": {"type": "auto"},
    "flow_pipeline_license_key": "KEY",
}
EMPTY: dict[str, Any] = {
    "flow_pipeline_source": {},
    "flow_pipeline_destination": {},
    "flow_pipeline_tables": [],
    "flow_pipeline_license_key": "",
}
STEPS = {
    "flow_pipeline_source": [("flow_connection", "source")],
    "flow_pipeline_destination": [("flow_connection", "destination")],
    "flow_pipeline_tables": [("flow_table", "one"), ("flow_table", "two")],
    "flow_pipeline_schedule": [("flow_schedule", None)],
    "flow_pipeline_license_key": [("flow_license", None)],
}
ADDRESS = ("flow_pipeline_api_url", "flow_pipeline_api_token")
CREATED = {"changed": True, "created": True}
CHANGED = {"changed": True, "created": False}


def selected(*added: str) -> dict[str, Any]:
    """Return what flow_table says of a selection that was given these tables."""
    return {"changed": bool(added), "tables": {"added": list(added), "selected": [*added, "old"]}}


NO_TABLES = {"flow_table.one": selected(), "flow_table.two": selected()}
TABLES = {"flow_table.one": selected(), "flow_table.two": selected("new")}


@dataclass(frozen=True)
class Case:
    """What the steps of a host say, and what is then decided."""

    answers: Mapping[str, Any]
    operation: str | None = None
    variables: Mapping[str, Any] = field(default_factory=lambda: VARIABLES)
    preflight: bool = True
    source_pending: bool = False

    def host(self) -> dict[str, Any]:
        """Return the host's variables."""
        return {**self.variables, "answers": self.answers}


RESULTS = {
    "flow_connection.source": {"created": False, "connection": {"of": "source"}},
    "flow_connection.destination": {"tested": True, "connection": {"of": "destination"}},
    "flow_table.one": {"tables": {"of": "one", "added": []}},
    "flow_table.two": {"tables": {"of": "two", "added": []}},
    "flow_schedule": {"schedule": {"of": "schedule"}},
    "flow_license": {"license": {"of": "license"}},
    "flow_extract": {"changed": True, "operation": "delta", "accepted": True, "message": "requested"},
}
SOURCE, DESTINATION = {"flow_pipeline_source": ANY}, {"flow_pipeline_destination": ANY}

REAL = {
    "nothing-new": Case({"flow_connection": CHANGED, "flow_license": CHANGED, **NO_TABLES}),
    "source-new": Case({"flow_connection": CREATED}, "full", SOURCE),
    "destination-new": Case({"flow_connection": CREATED}, "full", DESTINATION),
    "all-new": Case({"flow_connection": CREATED, **TABLES}, "full"),
    "tables-new": Case({"flow_connection": CHANGED, **TABLES}, "syncnew"),
    "never": Case({"flow_connection": CREATED, **TABLES}, None, {**VARIABLES, "flow_pipeline_extract": "never"}),
    "asked-for": Case(RESULTS, "delta", {**VARIABLES, "flow_pipeline_extract": "delta"}),
    "empty": Case({}, None, EMPTY),
    "null": Case({}, None, dict.fromkeys((*VARIABLES, *ADDRESS), None)),
}
"""Runs for real: what has changed has been written."""
ASKED = {**VARIABLES, "flow_pipeline_extract": "delta"}
CHECKED = {
    "nothing-new": Case(NO_TABLES, "delta", ASKED),
    "source-differs": Case(
        {"flow_connection.source": CHANGED, **NO_TABLES}, "delta", ASKED, preflight=False, source_pending=True
    ),
    "destination-differs": Case({"flow_connection.destination": CHANGED, **NO_TABLES}, "delta", ASKED, preflight=False),
    "license-differs": Case({"flow_license": CHANGED, **NO_TABLES}, "delta", ASKED, preflight=False),
    "others-differ": Case({"flow_schedule": CHANGED, **TABLES}, "delta", ASKED),
    "no-connections": Case(TABLES, "syncnew", {"flow_pipeline_tables": SCHEMAS}),
}
"""Runs in check mode: what has changed has only been predicted."""
CASES = [
    *(pytest.param("real", host, case, id=host) for host, case in REAL.items()),
    *(pytest.param("check", host, case, id=f"{host}-in-check-mode") for host, case in CHECKED.items()),
]


@pytest.fixture(scope="module")
def played(shared: Path) -> Callable[[str], Played]:
    """The role, for real or in check mode."""
    role = [{"hosts": "all", "gather_facts": False, "roles": ["singlestore.flow.flow_pipeline"]}]

    @cache
    def run(mode: str) -> Played:
        cases, options = (REAL, ()) if mode == "real" else (CHECKED, ("--check",))
        hosts = {host: case.host() for host, case in cases.items()}
        return play_once(shared, f"role-{mode}", Play([role, SHOW], ("--forks", "4", *options), hosts))

    return run


@pytest.mark.parametrize(("mode", "host", "case"), CASES)
def test_extract(played: Callable[[str], Played], mode: str, host: str, case: Case) -> None:
    """Full once a connection is new, else syncnew once tables are, else none; or as asked. What is only predicted is not tested."""
    assert played(mode).code == 0, played(mode).output
    wanted = [] if case.operation is None else [{"operation": case.operation, "preflight": case.preflight}]
    assert played(mode).args(host, "flow_extract") == wanted


@pytest.mark.parametrize(("mode", "host", "case"), CASES)
def test_source_pending(played: Callable[[str], Played], mode: str, host: str, case: Case) -> None:
    """Only in check mode, and only where the source is about to change."""
    pending = [args["source_pending"] for args in played(mode).args(host, "flow_table")]
    assert pending == [case.source_pending] * len(case.variables.get("flow_pipeline_tables") or ())


@pytest.mark.parametrize(("mode", "host", "case"), CASES)
def test_steps(played: Callable[[str], Played], mode: str, host: str, case: Case) -> None:
    """One for each variable that is not empty, in the order of SingleStore's own script; each item of tables is one."""
    calls = [call for call in played(mode).of(host) if call.action != "flow_extract"]
    steps = [step for variable, steps in STEPS.items() if case.variables.get(variable) for step in steps]
    assert [(call.action, call.args.get("endpoint") or call.args.get("schema")) for call in calls] == steps
    assert {call.check for call in played(mode).of(host)} <= {mode == "check"}


def test_result(played: Callable[[str], Played]) -> None:
    """Each resource under its key as its module returns it, and nothing else."""
    assert played("real").result("asked-for") == {
        "source": {"of": "source"},
        "destination": {"of": "destination"},
        "tables": [{"of": "one", "added": []}, {"of": "two", "added": []}],
        "schedule": {"of": "schedule"},
        "license": {"of": "license"},
        "extract": {"operation": "delta", "accepted": True, "message": "requested"},
    }


@pytest.mark.parametrize("host", ["empty", "null"])
def test_result_of_what_is_not_managed(played: Callable[[str], Played], host: str) -> None:
    """Every key is there."""
    nothing = {**dict.fromkeys(("source", "destination", "schedule", "license", "extract")), "tables": []}
    assert played("real").result(host) == nothing
