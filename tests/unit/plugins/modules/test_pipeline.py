# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pipeline in one task and task by task: what is due, what is predicted, and what a failed run leaves to the next one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.singlestore.flow.tests.unit.support import pipelines, steps
from ansible_collections.singlestore.flow.tests.unit.support.flow import BASE, Flow
from ansible_collections.singlestore.flow.tests.unit.support.pipelines import WAYS, Go, in_one_task, require_recovery
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http
from ansible_collections.singlestore.flow.tests.unit.support.steps import DESTINATION, SOURCE
from hypothesis import given
from hypothesis import strategies as st

TABLES = [{**steps.TABLES, "tables": ["customers", "orders"]}]
EVERYTHING = {**steps.EVERYTHING, "tables": TABLES}


@pytest.fixture(params=WAYS)
def go(request: pytest.FixtureRequest) -> Go:
    """One way of setting up a pipeline."""
    way: Go = request.param
    return way


def with_tables(*selected: str, configured: bool = True) -> Flow:
    """Return an instance with selected tables."""
    flow = Flow().configured() if configured else Flow()
    flow.tables["db", "shop"].update(dict.fromkeys(selected, True))
    return flow


def refusing(flow: Flow, path: str, *, times: int | None = None) -> Callable[[Received], Reply]:
    """Return a service that refuses writes to a path, forever or some times."""
    numbers = itertools.count(1)

    def answer(received: Received) -> Reply:
        hit = received.method != "GET" and received.path.startswith(BASE + path) and not received.path.endswith("test")
        if hit and (times is None or next(numbers) <= times):
            return Reply(http(200, b'{"success": false, "message": "not now"}'))
        return flow(received)

    return answer


# What is due


def test_typo_in_a_table_name_loses_no_extract(go: Go) -> None:
    """The first extract of a pipeline is full, also if the first run ended before it."""
    flow = Flow()
    with Server(flow) as server:
        wrong = go(server.url, {**EVERYTHING, "tables": [{**TABLES[0], "tables": ["custommers"]}]})
        right = go(server.url, EVERYTHING)
        again = go(server.url, EVERYTHING)
    assert wrong["failed"]
    assert not right["failed"], right["msg"]
    assert flow.operations == ["full"]
    assert not any(step["changed"] for step in again["steps"])


def test_refused_extract_is_said_to_be_due(go: Go) -> None:
    """The run fails, says what is still due and how to start it, and returns it."""
    flow = Flow()
    with Server(refusing(flow, "/ops")) as server:
        result = go(server.url, EVERYTHING)
    assert result["failed"]
    assert result["failure"]["kind"] == "refused"
    assert result["extract_due"] == "full"
    assert result["msg"].endswith("Start it with extract: full (in the role, flow_pipeline_extract: full).")


def test_license_comes_before_the_tables(go: Go) -> None:
    """A license that is not valid ends the run before any table is selected, so that full stays due."""
    flow = Flow()
    with Server(refusing(flow, "/config-var", times=1)) as server:
        first = go(server.url, EVERYTHING)
        second = go(server.url, EVERYTHING)
    assert first["failed"]
    assert first["extract_due"] is None
    assert not any(flow.tables["db", "shop"][name] for name in ("employees", "offices"))
    assert not second["failed"], second["msg"]
    assert flow.operations == ["full"]


def test_license_that_is_saved_and_not_valid_is_shown(go: Go) -> None:
    """Although the run ends before it writes anything."""
    flow = with_tables()
    flow.license.update(_lic_key=EVERYTHING["license_key"], _lic_status="Licence expired")
    with Server(flow) as server:
        result = go(server.url, EVERYTHING)
    assert result["failure"]["kind"] == "refused"
    assert result["license"]["status"] == "Licence expired"


def test_tag_tables_starts_what_is_then_due(go: Go) -> None:
    """A table that is added alone is loaded."""
    flow = with_tables("customers")
    with Server(flow) as server:
        result = go(server.url, EVERYTHING, tags=("tables", "extract"))
    assert not result["failed"], result["msg"]
    assert flow.operations == ["syncnew"]
    assert [step["step"] for step in result["steps"] if not step["skipped"]] == ["tables", "extract"]


def test_skipped_extract_is_returned_as_due(go: Go) -> None:
    """With a warning."""
    flow = with_tables()
    with Server(flow) as server:
        result = go(server.url, EVERYTHING, tags=("source", "destination", "license", "schedule", "tables")[:4])
        assert result["extract_due"] is None
        result = in_one_task(server.url, EVERYTHING, tags=("tables",))
    assert flow.operations == []
    assert result["extract_due"] == "full"
    assert any("full is still due" in warning for warning in result["warnings"])


@pytest.mark.parametrize("change", [{"host": "elsewhere"}, {"port": 3307}, {"database": "other"}])
def test_connection_that_points_elsewhere_starts_nothing(go: Go, change: dict[str, Any]) -> None:
    """There is a warning, and full is due."""
    flow = with_tables("customers", "orders")
    with Server(flow) as server:
        result = go(server.url, {**EVERYTHING, "destination": {**DESTINATION, **change}})
    assert not result["failed"], result["msg"]
    assert flow.operations == []
    assert result["extract_due"] == "full"
    assert any("the destination now points elsewhere" in warning for warning in result["warnings"])


def test_added_tables_do_not_hide_that_a_connection_points_elsewhere(go: Go) -> None:
    """The extract syncnew loads those that were added; the others may be missing there."""
    flow = with_tables("customers")
    with Server(flow) as server:
        result = go(server.url, {**EVERYTHING, "destination": {**DESTINATION, "host": "elsewhere"}})
    assert flow.operations == ["syncnew"]
    assert result["extract_due"] == "full"
    assert any("the destination now points elsewhere" in warning for warning in result["warnings"])


def test_failure_after_a_move_and_added_tables_says_that_full_is_due(go: Go) -> None:
    """It covers both; the next run finds neither."""
    flow = with_tables("customers")
    with Server(unreadable_once_written(flow, "/config-tab", "/list-db")) as server:
        result = go(server.url, {**EVERYTHING, "destination": {**DESTINATION, "host": "elsewhere"}})
    assert result["failed"]
    assert result["extract_due"] == "full"


def test_never_starts_nothing_and_says_what_is_due(go: Go) -> None:
    """The extract is due all the same."""
    flow = Flow()
    with Server(flow) as server:
        result = go(server.url, {**EVERYTHING, "extract": "never"})
    assert flow.operations == []
    assert result["extract_due"] == "full"


@pytest.mark.parametrize(("operation", "left"), [("full", None), ("delta", "full"), ("syncnew", "full")])
def test_named_operation_is_started(go: Go, operation: str, left: str | None) -> None:
    """It covers what is due only if it is the same or full."""
    flow = Flow()
    with Server(flow) as server:
        result = go(server.url, {**EVERYTHING, "extract": operation})
    assert flow.operations == [operation]
    assert result["extract_due"] == left


def test_failure_after_a_first_save_says_what_is_due(go: Go) -> None:
    """A new destination of tables that are selected already needs a full extract, also if a later step fails."""
    flow = with_tables("customers", "orders")
    flow.connections["conn-dst"] = None
    with Server(refusing(flow, "/config-sched")) as server:
        result = go(server.url, EVERYTHING)
    assert result["failed"]
    assert result["extract_due"] == "full"
    assert "the destination was saved for the first time" in result["msg"]


def unreadable_once_written(flow: Flow, written: str, read: str) -> Callable[[Received], Reply]:
    """Return a service on which a resource cannot be read from the first write to it on."""
    writes = []

    def answer(received: Received) -> Reply:
        if received.method == "PATCH" and received.path.startswith(BASE + written):
            writes.append(received)
        hit = received.method == "GET" and received.path.startswith(BASE + read) and writes
        return Reply(http(500)) if hit else flow(received)

    return answer


@pytest.mark.parametrize(("selected", "due"), [((), "full"), (("customers",), "syncnew")])
def test_selection_that_cannot_be_read_back_leaves_an_extract_due(go: Go, selected: tuple[str, ...], due: str) -> None:
    """The service has accepted it, so that the next run finds nothing to do."""
    flow = with_tables(*selected)
    with Server(unreadable_once_written(flow, "/config-tab", "/list-db")) as server:
        first = go(server.url, EVERYTHING)
    with Server(flow) as server:
        second = go(server.url, EVERYTHING)
    assert first["failed"]
    assert first["extract_due"] == due or flow.operations == [due], (first["msg"], second["msg"])


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/conn-src", {"source": {**SOURCE, "host": "another"}}),
        ("/conn-dst", {"destination": {**DESTINATION, "port": 3307}}),
    ],
)
def test_moved_connection_that_cannot_be_read_back_leaves_full_due(go: Go, path: str, change: dict[str, Any]) -> None:
    """The service has accepted it, so that the next run does not see that it pointed elsewhere."""
    flow = with_tables("customers", "orders")
    with Server(unreadable_once_written(flow, path, path)) as server:
        first = go(server.url, {**EVERYTHING, **change})
    with Server(flow) as server:
        second = go(server.url, {**EVERYTHING, **change})
    assert first["failed"]
    assert "full" in pipelines.said(first, second)


# Everything is checked before anything is written


def test_same_schema_twice_is_refused(go: Go) -> None:
    """It would never converge."""
    flow = Flow()
    with Server(flow) as server:
        result = go(server.url, {**EVERYTHING, "tables": [*TABLES, {**TABLES[0], "tables": ["offices"]}]})
    assert result["failure"]["kind"] == "invalid"
    assert "items 1 and 2" in result["msg"]
    assert server.received == []


def test_nothing_given_fails(go: Go) -> None:
    """Rather than doing nothing and reporting success."""
    with Server(Flow()) as server:
        result = go(server.url, {})
    assert result["failure"]["kind"] == "invalid"
    assert result["msg"].startswith("Nothing is given.")


@pytest.mark.parametrize("step", ["license", "schedule", "extract"])
def test_step_with_nothing_to_do_is_skipped(step: str) -> None:
    """Rather than reported as done."""
    options = {"source": SOURCE, "steps": [step]}
    with Server(Flow()) as server:
        results = [pipelines.task(server.url, {**options, **more}, check=False) for more in ({}, {"earlier": []})]
        done = pipelines.task(server.url, {**options, "steps": ["source"]}, check=False)
    assert [result.get("skipped") for result in (*results, done)] == [True, True, None]


def test_failed_test_of_a_later_step_writes_nothing() -> None:
    """In one task, all tests come before the first save."""
    flow = Flow()

    def answer(received: Received) -> Reply:
        if received.path.endswith("conn-dst/test"):
            return Reply(http(200, b'{"success": false, "messageList": []}'))
        return flow(received)

    with Server(answer) as server:
        result = in_one_task(server.url, EVERYTHING)
    assert result["failed"]
    assert not result["changed"]
    assert all(received.method != "PATCH" for received in server.received)


def test_missing_table_writes_nothing_if_the_source_stays() -> None:
    """In one task, the list of tables is read before the first save."""
    flow = with_tables()
    flow.connections["conn-src"].update(host="db")
    with Server(flow) as server:
        result = in_one_task(
            server.url,
            {**EVERYTHING, "source": {**SOURCE}, "tables": [{**TABLES[0], "tables": ["custommers"]}]},
        )
    assert result["failure"]["kind"] == "invalid"
    assert all(received.method == "GET" for received in server.received)


def test_nothing_is_invalid_after_a_write() -> None:
    """A table that is missing after the source was saved is no mistake that kept the task from writing."""
    flow = Flow()
    with Server(flow) as server:
        result = in_one_task(server.url, {**EVERYTHING, "tables": [{**TABLES[0], "tables": ["custommers"]}]})
    assert result["changed"]
    assert result["failure"]["kind"] != "invalid"


# What is said to have changed


@pytest.mark.parametrize("path", ["/conn-src", "/conn-dst", "/config-var", "/config-sched", "/ops"])
def test_refused_request_changed_nothing(go: Go, path: str) -> None:
    """Neither is it in the diff."""
    name = {"/conn-src": "source", "/conn-dst": "destination", "/config-var": "license", "/config-sched": "schedule"}
    with Server(refusing(Flow(), path)) as server:
        result = go(server.url, EVERYTHING)
    failed = name.get(path, "extract")
    assert [step["step"] for step in result["steps"] if step["failed"]] == [failed]
    assert not any(step["changed"] for step in result["steps"] if step["failed"])
    assert failed not in result["diff"]["after"]


def test_diff_names_the_instance_and_only_what_differs() -> None:
    """With one line for many tables."""
    flow = with_tables()
    flow.tables["db", "shop"] = {f"t{number}": False for number in range(1000)}
    with Server(flow) as server:
        options = {"schedule": {"type": "auto"}, "tables": [{**TABLES[0], "tables": ["*"]}]}
        diff = in_one_task(server.url, options)["diff"]
        base_url = server.url + BASE
    assert diff == {
        "before_header": base_url,
        "after_header": base_url,
        "before": {
            "schedule": {"type": "manual"},
            "tables of db.shop": {"selected": "0"},
            "extract": {"requested": None},
        },
        "after": {
            "schedule": {"type": "auto"},
            "tables of db.shop": {"selected": "+1000 -0"},
            "extract": {"requested": "full"},
        },
    }


@pytest.mark.parametrize("configured", [False, True])
@pytest.mark.parametrize("change", [{}, {"source": {**SOURCE, "host": "another"}}])
def test_check_mode_predicts_the_run(go: Go, configured: bool, change: dict[str, Any]) -> None:
    """Which steps change, which tables are added, and which extract starts."""
    flow = with_tables(*(["customers"] if configured else []), configured=configured)
    with Server(flow) as server:
        predicted = go(server.url, {**EVERYTHING, **change}, check=True)
        assert all(received.method == "GET" or received.path.endswith("test") for received in server.received)
        real = go(server.url, {**EVERYTHING, **change})
    assert predicted["steps"] == real["steps"]
    assert predicted["tables"] == real["tables"]
    assert predicted["extract_due"] == real["extract_due"]
    assert (predicted["extract"] or {}).get("operation") == (real["extract"] or {}).get("operation")
    assert (predicted["predicted"], real["predicted"]) == (any(step["changed"] for step in real["steps"]), False)


def test_predicted_says_whether_check_mode_would_change_something() -> None:
    """Not whether check mode is on."""
    flow = Flow()
    with Server(flow) as server:
        assert in_one_task(server.url, EVERYTHING, check=True)["predicted"]
        assert not in_one_task(server.url, EVERYTHING)["predicted"]
        assert not in_one_task(server.url, EVERYTHING, check=True)["predicted"]


def test_refused_read_of_the_schedule_loses_no_offset(go: Go) -> None:
    """On a service that replaces what it saves, a schedule must not be saved if it could not be read."""
    flow = Flow(replaces=True).configured()
    flow.schedule.update(type="periodic", duration="0d00h05m00s", offset=pipelines.OFFSET)

    def answer(received: Received) -> Reply:
        if received.line == f"GET {BASE}/config-sched" and flow.schedule["duration"] == "0d00h05m00s":
            return Reply(http(200, b'{"success": false, "message": "not now"}'))
        return flow(received)

    with Server(answer) as server:
        go(server.url, {"schedule": {"type": "periodic", "duration": "6m"}})
    assert flow.schedule["offset"] == pipelines.OFFSET


# States


def test_paused_keeps_tables_and_starts_nothing(go: Go) -> None:
    """What is described meanwhile is due after going back to present."""
    flow = Flow()
    with Server(flow) as server:
        paused = go(server.url, {**EVERYTHING, "state": "paused"})
        assert (flow.schedule["type"], flow.operations) == ("manual", [])
        assert not any(flow.tables["db", "shop"].values())
        resumed = go(server.url, EVERYTHING)
    assert paused["extract_due"] is None
    assert (flow.schedule["type"], flow.operations) == ("auto", ["full"])
    assert not resumed["failed"]


def test_absent_deselects_and_keeps_connections(go: Go) -> None:
    """Of the described schemas, no table stays selected; the schedule is manual."""
    flow = with_tables("customers", "offices")
    flow.tables["db", "other"] = {"kept": True}
    connections = {name: dict(saved) for name, saved in flow.connections.items() if saved}
    flow.schedule.update(type="auto")
    with Server(flow) as server:
        result = go(server.url, {**EVERYTHING, "source": {**SOURCE, "host": "elsewhere"}, "state": "absent"})
    assert not result["failed"], result.get("msg")
    assert not any(flow.tables["db", "shop"].values())
    assert flow.tables["db", "other"] == {"kept": True}
    assert flow.schedule["type"] == "manual"
    assert flow.connections == connections
    assert flow.operations == []


# Whatever step fails


FAULTS: dict[str | None, Callable[[Callable[[], Reply]], Reply]] = {
    "not done": lambda honest: Reply(http(500)),
    "refused": lambda honest: Reply(http(200, b'{"success": false, "message": "not now"}')),
    "lost": lambda honest: Reply(b"", "reset"),
    "done and lost": lambda honest: (honest(), Reply(b"", "reset"))[1],
}
STATES = pipelines.states(["customers", "orders", "offices"])
WANTED = pipelines.wants(EVERYTHING)


class Instance:
    """An instance in a state; without a source it has no selection."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self.flow = flow = Flow(replaces=state["replaces"]).configured()
        for name, key in (("source", "conn-src"), ("destination", "conn-dst")):
            saved = flow.connections[key]
            assert saved is not None
            saved.update(pipelines.KEPT)
            if not state[name]:
                flow.connections[key] = None
        if not state["license"]:
            flow.license = Flow().license
        flow.schedule.update(type="periodic", duration="0d00h05m00s", offset=pipelines.OFFSET)
        if state["source"]:
            flow.tables["db", "shop"].update(dict.fromkeys(state["selected"], True))
        flow.loaded = flow.selected() if state["source"] and state["destination"] and state["selected"] else None

    @contextmanager
    def serving(self, fault: str | None = None, number: int = 0) -> Iterator[str]:
        """Serve it at a URL; a fault happens to the request of a number."""
        numbers = itertools.count()

        def answer(received: Received) -> Reply:
            hit = next(numbers) == number and fault is not None
            return FAULTS[fault](lambda: self.flow(received)) if hit else self.flow(received)

        with Server(answer) as server:
            yield server.url

    def final(self) -> Any:
        """Return the state that runs lead to. Only a periodic schedule has an offset."""
        flow = self.flow
        connections = [{**saved, "id": None} if saved else None for saved in flow.connections.values()]
        schedule = dict(flow.schedule)
        if schedule["type"] != "periodic":
            del schedule["offset"]
        return connections, flow.license, schedule, flow.tables

    def operations(self) -> list[str]:
        """Return the accepted operations."""
        return self.flow.operations


def test_faults_are_those_of_the_law() -> None:
    """None is left out."""
    assert set(FAULTS) == set(pipelines.FAULTS)


@pipelines.disturbances(state=STATES, wanted=WANTED)
def test_next_run_ends_where_an_undisturbed_one_would(
    state: Any, wanted: dict[str, Any], fault: str, number: int, go: Go
) -> None:
    """And each table that is selected is covered by an extract that was accepted, or a run has said what is due."""
    disturbed = Instance(state)
    said = require_recovery(Instance(state), disturbed, wanted, go, fault=fault, number=number)
    if wanted["tables"] and not said and all(disturbed.flow.connections.values()):
        assert disturbed.flow.selected() <= (disturbed.flow.loaded or set())


@given(state=STATES, wanted=WANTED, go=st.sampled_from(WAYS))
def test_nothing_that_is_not_managed_is_lost(state: Any, wanted: dict[str, Any], go: Go) -> None:
    """Whether the service merges a save or replaces everything with it."""
    merging, replacing = (Instance({**state, "replaces": replaces}) for replaces in (False, True))
    for instance in (merging, replacing):
        with instance.serving() as url:
            go(url, wanted)
    assert replacing.final() == merging.final()
