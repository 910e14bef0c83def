# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Properties that hold for every resource."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import FlowError
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import encode_path
from ansible_collections.singlestore.flow.plugins.module_utils._resources import (
    connection,
    extract,
    info,
    license,
    schedule,
    tables,
)
from ansible_collections.singlestore.flow.tests.unit.support.examples import (
    CONNECTION_STATES,
    MARK,
    TEXTS,
    cases,
    connection_options,
    listing,
    schedule_options,
    table_cases,
)
from hypothesis import assume, given
from hypothesis import strategies as st

Case = tuple[Any, Any, Any]


def planned(case: Case) -> Any:
    """Return the plan of a case; skip a case that is refused."""
    resource, desired, current = case
    try:
        return resource.plan(desired, current)
    except FlowError:
        assume(False)


@given(cases())
def test_applying_a_plan_leaves_nothing_to_do(case: Case) -> None:
    """After a plan is applied, the next plan is empty, except for operations."""
    resource, desired, _current = case
    plan = planned(case)
    if resource is extract:
        assert resource.plan(desired, None).changed
        return
    again = resource.plan(desired, plan.after)
    assert again.requests == ()
    assert again.after == plan.after


@given(connection_options(), CONNECTION_STATES)
def test_update_password_always_saves(options: dict[str, Any], current: Any) -> None:
    """With update_password always, a save is sent for any saved state."""
    desired = connection.desired({**options, "update_password": "always"})
    plan = connection.plan(desired, current)
    assert len(plan.requests) == 1
    # A URL that reads back masked could not be sent again.
    again = connection.plan(desired, {**plan.after, "jdbc_url": None})
    assert len(again.requests) == 1


@given(cases())
def test_nothing_secret_is_shown(case: Case) -> None:
    """Neither side of the diff nor the result contains a password, a key or a password in a URL."""
    resource, desired, _current = case
    plan = planned(case)
    shown = [plan.diff(), resource.result(desired, plan, plan.after, []), resource.remarks(desired, plan.before)]
    assert MARK not in json.dumps(shown, default=sorted)


@given(cases())
def test_before_is_what_was_read(case: Case) -> None:
    """Planning does not modify the current state, and before is that state in the form modules return."""
    resource, desired, current = case
    kept = repr(current)
    plan = planned(case)
    assert repr(current) == kept
    if resource is connection:
        shown = {name: value for name, value in (plan.before or {}).items() if "." not in name} or None
        assert shown == connection.public(desired.endpoint, current)
    elif resource is not extract:
        assert plan.before is current


@given(cases())
def test_changed_means_having_requests(case: Case) -> None:
    """A plan is changed if it has requests and its diff differs; only a lone password has no diff."""
    resource = case[0]
    plan = planned(case)
    assert plan.changed == bool(plan.requests)
    if not plan.changed:
        assert plan.diff()["before"] == plan.diff()["after"]
        assert not plan.visible
    elif resource is not connection:
        assert plan.diff()["before"] != plan.diff()["after"]


@given(cases())
def test_planned_state_is_converged(case: Case) -> None:
    """The planned state has nothing unmet; a state that ignores a visible write has."""
    resource, desired, current = case
    plan = planned(case)
    assert resource.unmet(desired, plan, plan.after) == {}
    if plan.visible and resource is not license:
        assert resource.unmet(desired, plan, current) != {}


@given(cases())
def test_one_request_for_one_resource(case: Case) -> None:
    """All differences go in one request; tables need one each."""
    resource = case[0]
    plan = planned(case)
    if resource is not tables:
        assert len(plan.requests) <= 1
    else:
        differing = set(plan.before["selected"]) ^ set(plan.after["selected"])
        assert [request.subject for request in plan.requests] == sorted(differing)
    assert len({(request.method, request.path) for request in plan.requests}) == len(plan.requests)


@given(cases())
def test_requests_match_the_reference(case: Case) -> None:
    """Every request is in the reference, with a body of the documented shape."""
    resource, _desired, _current = case
    plan = planned(case)
    for request in (*plan.tests, *plan.requests):
        json.dumps(request.body)
        assert request.path.isascii()
        if resource is connection:
            names = [item["name"] for item in request.body]
            values = {item["name"]: item["value"] for item in request.body}
            known = {"host", "port", "uid", "pwd", "pwd2", "type"}
            assert known <= set(names) <= {*known, "db", "drv", "url", "charset", "key", "zone"}
            assert len(names) == len(set(names))
            assert all(isinstance(value, str) for value in values.values())
            assert values["pwd"] == values["pwd2"]
            assert (request.method, request.path) in {
                (method, f"/conn-{end}{rest}")
                for end in ("src", "dst")
                for method, rest in (("PATCH", ""), ("POST", "/test"))
            }


@given(cases())
def test_nothing_that_is_not_managed_is_lost(case: Case) -> None:
    """A service that replaces a whole connection or schedule with what is sent loses nothing that was read."""
    resource, _desired, current = case
    plan = planned(case)
    if not plan.requests or not current:
        return
    (*_others, request) = plan.requests
    if resource is connection:
        sent = {item["name"]: item["value"] for item in request.body}
        kept = {name: value for name, value in current.items() if name != "status" and value not in (None, "***")}
        assert {connection.NAMES.get(name) or name.partition(".")[2] for name in kept} <= set(sent)
        assert "***" not in sent.values()
    if resource is schedule and plan.after["type"] == current["type"] == "periodic":
        assert request.body.get("offset", schedule.NO_OFFSET) == plan.after["offset"]


@given(connection_options(), TEXTS)
def test_none_is_unmanaged_and_empty_is_empty(options: dict[str, Any], saved: str) -> None:
    """An omitted database stays as it is; an empty one is removed."""
    options["extra_parameters"] = None
    left_out = connection.desired({**options, "database": None})
    empty = connection.desired({**options, "database": ""})
    current = {**dict.fromkeys(connection.NAMES), **left_out.settings, "database": saved, "status": "Y"}
    assert connection.plan(left_out, current).requests == ()
    plan = connection.plan(empty, current)
    assert plan.after["database"] is None
    assert {"name": "db", "value": ""} in plan.requests[0].body
    assert connection.plan(empty, {**current, "database": None}).requests == ()


@given(schedule_options())
def test_omitted_offset_is_unmanaged(options: dict[str, Any]) -> None:
    """An omitted offset is not compared, and none is sent unless one was read."""
    desired = schedule.desired({**options, "offset": None})
    plan = schedule.plan(desired, None)
    assert "offset" not in plan.requests[0].body
    if options["type"] == "periodic":
        current = {**plan.after, "offset": "1d02h03m"}
        assert schedule.plan(desired, current).requests == ()


@given(st.booleans(), schedule_options())
def test_run_state_is_not_compared(running: bool, options: dict[str, Any]) -> None:
    """Whether the scheduler is on is shown but never compared."""
    desired = schedule.desired(options)
    after = schedule.plan(desired, None).after
    assert schedule.plan(desired, {**after, "is_scheduled": running}).requests == ()


@given(table_cases())
def test_selection_is_exclusive_or_additive(case: tuple[dict[str, Any], dict[str, bool]]) -> None:
    """With exclusive, exactly the wanted tables end up selected; otherwise the rest stays as it is."""
    options, there = case
    desired = tables.desired(options)
    plan = tables.plan(desired, tables.read(lambda *_segments: listing(there), desired))
    before = {name for name, selected in there.items() if selected}
    after = set(plan.after["selected"])
    everything = "*" in options["tables"] and "*" not in there
    asked = (set(there) if everything else set(options["tables"])) - set(options["exclude"])
    if options["exclusive"]:
        assert after == asked
    elif options["state"] == "selected":
        assert after == before | asked
    else:
        assert after == before - asked


@given(st.lists(st.text(min_size=1).filter(lambda text: text.isprintable()), min_size=1, max_size=4))
def test_path_segments_decode_to_the_names(names: list[str]) -> None:
    """Decoding the segments of a path returns the names, including dots and slashes."""
    path = encode_path(tuple(names))
    assert [unquote(part) for part in path.split("/")[1:]] == names
    assert not {".", ".."} & set(path.split("/"))
    assert path.isascii()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
LIKELY = st.sampled_from(
    [
        "name",
        "value",
        "selected",
        "type",
        "duration",
        "offset",
        "weekFlags",
        "host",
        "_lic_key",
        "_lic_status",
        "status",
        "port",
    ]
)
NEARLY = (
    JSON
    | st.lists(st.dictionaries(LIKELY, JSON | LIKELY, max_size=4), max_size=4)
    | st.dictionaries(LIKELY, JSON | LIKELY, max_size=5)
)


RESOURCES = {
    license: {"license_key": "K", "require_valid": True},
    tables: {
        "database": "d",
        "schema": "s",
        "tables": ["t"],
        "exclude": [],
        "state": "selected",
        "exclusive": False,
        "concurrency": 1,
    },
    info: {"gather": list(info.READERS), "tables": [{"database": "d", "schema": "s"}]},
    extract: {"operation": "full", "preflight": True},
    connection: {
        "endpoint": "source",
        "state": "present",
        "type": "rds.mysql",
        "host": "h",
        "user": "u",
        "password": "p",
        "test": True,
        "update_password": "auto",
    },
    schedule: {"type": "manual"},
}


def run_through(resource: Any, desired: Any, answer: Any) -> None:
    """Process an answer in every way that the code does."""
    state = resource.read(lambda *_segments: answer, desired)
    plan = resource.plan(desired, state)
    resource.unmet(desired, plan, plan.after)
    resource.result(desired, plan, plan.after, [answer])
    resource.remarks(desired, state)


@given(NEARLY)
def test_any_answer_is_read_or_is_an_error(answer: Any) -> None:
    """Any JSON answer gives a result or a failure of the collection with a message."""
    for resource, options in RESOURCES.items():
        try:
            run_through(resource, resource.desired(options), answer)
        except FlowError as error:
            failure = error
        else:
            continue
        assert failure.message
        assert set(failure.failure()) == {"kind", "method", "path", "status", "messages"}
