# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Extra parameters and what is not managed, with services that replace, mask, hide, or answer with 409."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.flow import Flow
from ansible_collections.singlestore.flow.tests.unit.support.modules import run
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import DESTINATION, SOURCE
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http

HIDDEN, SHOWN, OTHER = "k3y-m4rker", "sh0wn-value", "0ther-value"
OPTIONS = {
    "endpoint": "source",
    **SOURCE,
    "extra_parameters": {"key": HIDDEN, "charset": SHOWN},
    "extra_parameters_shown": ["charset"],
}


def replacing(flow: Flow) -> Callable[[Received], Reply]:
    """Return a service whose saves replace the whole connection."""

    def answer(received: Received) -> Reply:
        name = received.path.rpartition("/")[2]
        if received.method == "PATCH" and name in flow.connections:
            flow.connections[name] = {"id": "CDCSRC"}
        return flow(received)

    return answer


def saved(flow: Flow, **values: str) -> Flow:
    """Return an instance with more values in its source connection."""
    flow.configured().connections["conn-src"].update(values)  # type: ignore[union-attr]
    return flow


def source(flow: Flow) -> dict[str, Any]:
    """Return the source connection of an instance."""
    return dict(flow.connections["conn-src"] or {})


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("values", [{}, {"key": OTHER, "charset": "latin1"}, {"key": "***", "charset": OTHER}])
def test_secret_values_are_hidden_and_shown_ones_are_not(values: dict[str, str], check: bool) -> None:
    """In the result, the diff and the invocation, whatever was saved before."""
    with Server(saved(Flow(), **values)) as server:
        result = run("flow_connection", {"api_url": server.url, **OPTIONS}, check=check)
    assert not result["failed"], result["msg"]
    assert HIDDEN not in json.dumps(result)
    assert result["diff"]["after"]["extra_parameters.charset"] == SHOWN
    assert result["invocation"]["module_args"]["extra_parameters"]["charset"] == SHOWN
    assert values.get("key") is None or OTHER not in json.dumps(result).replace(f'"{values["charset"]}"', "")
    expected = {"endpoint", "type", "host", "port", "user", "database", "jdbc_driver", "jdbc_url", "status", "working"}
    assert set(result["connection"]) == expected


@pytest.mark.parametrize("way", [lambda flow: flow, replacing], ids=["merging", "replacing"])
def test_save_keeps_what_is_not_managed(way: Callable[[Flow], Callable[[Received], Reply]]) -> None:
    """Check mode predicts what the run does; a second run changes nothing; nothing is lost."""
    flow = saved(Flow(), db="sales", zone="UTC", secret="***", empty="")
    with Server(way(flow)) as server:
        predicted = run("flow_connection", {"api_url": server.url, **OPTIONS}, check=True)
        result = run("flow_connection", {"api_url": server.url, **OPTIONS})
        again = run("flow_connection", {"api_url": server.url, **OPTIONS})
    if way is replacing:
        assert result["failure"]["kind"] == "not_converged"
        assert "extra_parameters.secret was saved before, and is lost" in result["msg"]
    else:
        assert not result["failed"], result["msg"]
    assert predicted["diff"] == result["diff"]
    assert predicted["connection"] == result["connection"]
    assert (predicted["changed"], result["changed"], again["changed"]) == (True, True, False)
    kept = {name: source(flow)[name] for name in ("db", "zone", "key", "charset", "host")}
    assert kept == {"db": "sales", "zone": "UTC", "key": HIDDEN, "charset": SHOWN, "host": SOURCE["host"]}
    assert "extra_parameters.secret with a mask" in json.dumps(result["warnings"])


def test_loss_is_noticed() -> None:
    """What was sent again must read back."""
    flow = saved(Flow(), db="sales")

    def forgetting(received: Received) -> Reply:
        reply = flow(received)
        if received.method == "PATCH" and flow.connections["conn-src"]:
            del flow.connections["conn-src"]["db"]
        return reply

    with Server(forgetting) as server:
        result = run("flow_connection", {"api_url": server.url, "endpoint": "source", **SOURCE})
    assert result["failure"]["kind"] == "not_converged"
    assert "database was saved as 'sales' but reads back as None" in result["msg"]


@pytest.mark.parametrize("shown", ["***", None])
def test_hidden_parameter_is_no_difference(shown: str | None) -> None:
    """A service may mask a parameter or never show it; a second run then changes nothing."""
    flow = Flow()

    def hiding(received: Received) -> Reply:
        answer = flow(received)
        if received.method != "GET" or not received.path.endswith("conn-src") or not flow.connections["conn-src"]:
            return answer
        pairs = {**flow.connections["conn-src"], "key": shown, "pwd": "***"}
        listed = [{"name": name, "value": value} for name, value in pairs.items()]
        return Reply(http(200, json.dumps(listed).encode()))

    with Server(hiding) as server:
        first = run("flow_connection", {"api_url": server.url, **OPTIONS})
        again = run("flow_connection", {"api_url": server.url, **OPTIONS})
        always = run("flow_connection", {"api_url": server.url, **OPTIONS, "update_password": "always"})
    assert (first["changed"], again["changed"], always["changed"]) == (True, False, True)
    assert not first["failed"], first["msg"]
    assert not always["failed"], always["msg"]
    assert ("does not show extra_parameters.key" in json.dumps(again.get("warnings", ""))) == (shown is None)


@pytest.mark.parametrize("path", ["/conn-src", "/conn-src/test", "/list-db/db/shop", "/config-tab/db/shop/orders"])
def test_conflict_names_what_helps(path: str) -> None:
    """After a password was changed in the database, a service may answer with 409."""
    flow = Flow().configured()

    def conflicting(received: Received) -> Reply:
        refuses = received.path.endswith(path) and (received.method != "GET" or "list-db" in path)
        said = b'{"message": "Access denied for admin using ***."}'
        return Reply(http(409, said)) if refuses else flow(received)

    with Server(conflicting) as server:
        if "conn" in path:
            result = run("flow_connection", {"api_url": server.url, "endpoint": "source", **SOURCE})
        else:
            options = {"database": "db", "schema": "shop", "tables": ["orders"]}
            result = run("flow_table", {"api_url": server.url, **options})
    assert (result["failure"]["kind"], result["failure"]["status"]) == ("http", 409)
    assert "update_password" in result["msg"]
    assert "The service writes *** in place of a secret; the real one was sent." in result["msg"]


def test_destination_takes_them_too() -> None:
    """A destination is sent its extra parameters."""
    flow = Flow()
    options = {"endpoint": "destination", **DESTINATION, "extra_parameters": {"pool": "p001"}}
    with Server(flow) as server:
        result = run("flow_connection", {"api_url": server.url, **options})
    assert not result["failed"], result["msg"]
    assert (flow.connections["conn-dst"] or {})["pool"] == "p001"
    assert "p001" not in json.dumps(result)


def test_parameters_of_a_pipeline_are_hidden() -> None:
    """The same inside the options of flow_pipeline."""
    options = {name: value for name, value in OPTIONS.items() if name != "endpoint"}
    with Server(Flow()) as server:
        result = run("flow_pipeline", {"api_url": server.url, "source": options, "extract": "never"})
    assert not result["failed"], result["msg"]
    assert HIDDEN not in json.dumps(result)
    assert result["diff"]["after"]["source"]["extra_parameters.charset"] == SHOWN
    assert result["invocation"]["module_args"]["source"]["extra_parameters"]["charset"] == SHOWN


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("path", ["/conn-src", "/conn-src/test"])
@pytest.mark.parametrize("success", [True, False])
def test_secrets_that_were_read_are_hidden(path: str, status: int, success: bool) -> None:
    """They are sent again, and the service may echo them."""
    flow = saved(Flow(), url="jdbc:x://h;password=" + HIDDEN, key=OTHER, drv="D", zone="UTC")

    def echoing(received: Received) -> Reply:
        if received.method == "GET" or not received.path.endswith(path):
            return flow(received)
        said = " ".join(item["value"] for item in received.json)
        return Reply(http(status, json.dumps({"success": success, "message": said}).encode()))

    with Server(echoing) as server:
        result = run("flow_connection", {"api_url": server.url, "endpoint": "source", **SOURCE})
    assert HIDDEN not in json.dumps(result)
    assert OTHER not in json.dumps(result)
    assert ("UTC" in json.dumps(result)) == (status == 400 or not success or path.endswith("test"))
