# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The laws that every resource keeps, as properties."""

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
    """Return the plan of a case; one that is refused proves nothing."""
    resource, desired, current = case
    try:
        return resource.plan(desired, current)
    except FlowError:
        assume(False)


@given(cases())
def test_applying_a_plan_leaves_nothing_to_do(case: Case) -> None:
    """The plan from the state that a plan leads to is empty, operations aside."""
    resource, desired, _current = case
    plan = planned(case)
    if resource is extract:
        assert resource.plan(desired, None).changed
        return
    again = resource.plan(desired, plan.after)
    assert again.requests == ()
    assert again.after == plan.after


@given(connection_options(), CONNECTION_STATES)
def test_always_saves_always(options: dict[str, Any], current: Any) -> None:
    """The exception: update_password always sends, whatever is saved."""
    desired = connection.desired({**options, "update_password": "always"})
    plan = connection.plan(desired, current)
    assert len(plan.requests) == 1
    assert len(connection.plan(desired, plan.after).requests) == 1


@given(cases())
def test_nothing_secret_is_shown(case: Case) -> None:
    """Neither side of the diff, nor the result, holds a password, a key or a URL's password."""
    resource, desired, _current = case
    plan = planned(case)
    shown = [plan.diff(), resource.result(desired, plan, plan.after, []), resource.remarks(desired, plan.before)]
    assert MARK not in json.dumps(shown, default=sorted)


@given(cases())
def test_before_is_what_was_read(case: Case) -> None:
    """Planning changes nothing in place, and before is the state as modules show it."""
    resource, desired, current = case
    kept = repr(current)
    plan = planned(case)
    assert repr(current) == kept
    if resource is connection:
        assert plan.before == connection.public(desired.endpoint, current)
    elif resource is not extract:
        assert plan.before is current


@given(cases())
def test_changed_is_having_requests(case: Case) -> None:
    """Changed, a difference in the diff and requests are one and the same, but for a password alone."""
    resource = case[0]
    plan = planned(case)
    assert plan.changed == bool(plan.requests)
    if not plan.changed:
        assert plan.diff()["before"] == plan.diff()["after"]
        assert not plan.visible
    elif resource is not connection:
        assert plan.diff()["before"] != plan.diff()["after"]


@given(cases())
def test_what_was_planned_is_converged(case: Case) -> None:
    """The state that a plan leads to has nothing unmet; one that ignored a visible write has."""
    resource, desired, current = case
    plan = planned(case)
    assert resource.unmet(desired, plan, plan.after) == {}
    if plan.visible and resource is not license:
        assert resource.unmet(desired, plan, current) != {}


@given(cases())
def test_one_request_for_one_resource(case: Case) -> None:
    """All that differs goes in one request; tables need one each."""
    resource = case[0]
    plan = planned(case)
    if resource is not tables:
        assert len(plan.requests) <= 1
    else:
        differing = set(plan.before["selected"]) ^ set(plan.after["selected"])
        assert [request.subject for request in plan.requests] == sorted(differing)
    assert len({(request.method, request.path) for request in plan.requests}) == len(plan.requests)


@given(cases())
def test_requests_are_the_references(case: Case) -> None:
    """Every request is one of the reference's, with a body of its shape."""
    resource, _desired, _current = case
    plan = planned(case)
    for request in (*plan.tests, *plan.requests):
        json.dumps(request.body)
        assert request.path.isascii()
        if resource is connection:
            names = [item["name"] for item in request.body]
            values = {item["name"]: item["value"] for item in request.body}
            assert {"host", "port", "uid", "pwd", "pwd2", "type"} <= set(names) <= {*values, "db", "drv", "url"}
            assert len(names) == len(set(names))
            assert all(isinstance(value, str) for value in values.values())
            assert values["pwd"] == values["pwd2"]
            assert (request.method, request.path) in {
                (method, f"/conn-{end}{rest}")
                for end in ("src", "dst")
                for method, rest in (("PATCH", ""), ("POST", "/test"))
            }


@given(connection_options(), TEXTS)
def test_none_is_not_managed_and_empty_is_empty(options: dict[str, Any], saved: str) -> None:
    """A database left out stays as it is; an empty one is removed."""
    left_out = connection.desired({**options, "database": None})
    empty = connection.desired({**options, "database": ""})
    current = {**dict.fromkeys(connection.NAMES), **left_out.settings, "database": saved, "status": "Y"}
    assert connection.plan(left_out, current).requests == ()
    plan = connection.plan(empty, current)
    assert plan.after["database"] is None
    assert {"name": "db", "value": ""} in plan.requests[0].body
    assert connection.plan(empty, {**current, "database": None}).requests == ()


@given(schedule_options())
def test_offset_left_out_is_not_managed(options: dict[str, Any]) -> None:
    """An offset that is not given is neither sent nor compared."""
    desired = schedule.desired({**options, "offset": None})
    plan = schedule.plan(desired, None)
    assert "offset" not in plan.requests[0].body
    if options["type"] == "periodic":
        current = {**plan.after, "offset": "1d02h03m"}
        assert schedule.plan(desired, current).requests == ()


@given(st.booleans(), schedule_options())
def test_run_state_is_no_difference(running: bool, options: dict[str, Any]) -> None:
    """Whether the scheduler is on is shown and never counted."""
    desired = schedule.desired(options)
    after = schedule.plan(desired, None).after
    assert schedule.plan(desired, {**after, "is_scheduled": running}).requests == ()


@given(table_cases())
def test_selection(case: tuple[dict[str, Any], dict[str, bool]]) -> None:
    """Exclusive ends in exactly the wanted set; otherwise the rest stays as it was."""
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
def test_each_segment_is_encoded_on_its_own(names: list[str]) -> None:
    """Decoding the segments of a path gives the names back, dots and slashes too."""
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
        "source_pending": False,
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
    """Do with an answer all that is done with one."""
    state = resource.read(lambda *_segments: answer, desired)
    plan = resource.plan(desired, state)
    resource.unmet(desired, plan, plan.after)
    resource.result(desired, plan, plan.after, [answer])
    resource.remarks(desired, state)


@given(NEARLY)
def test_any_answer_is_read_or_is_an_error_of_ours(answer: Any) -> None:
    """Whatever JSON the service answers, there is a result or one of our failures, with a sentence."""
    for resource, options in RESOURCES.items():
        try:
            run_through(resource, resource.desired(options), answer)
        except FlowError as error:
            failure = error
        else:
            continue
        assert failure.message
        assert set(failure.failure()) == {"kind", "method", "path", "status", "messages"}
