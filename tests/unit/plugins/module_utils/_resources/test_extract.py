# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations: their obstacles, and the service's answer."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError
from ansible_collections.singlestore.flow.plugins.module_utils._resources import extract

LICENSE = {"valid": True, "status": "Expires on 01 Sep 2099 (8 units)"}
READY = {
    "source": {"status": "Y", "host": "db"},
    "destination": {"status": "Y", "host": "s2"},
    "license": LICENSE,
}


def desired(operation: str = "full", *, preflight: bool = True) -> extract.Extract:
    """Return the operation to start."""
    return extract.desired({"operation": operation, "preflight": preflight, "today": "2025-09-02"})


@pytest.mark.parametrize("current", [READY, None, {**READY, "license": None}])
@pytest.mark.parametrize("operation", extract.OPERATIONS)
def test_operation_is_one_request_without_retry(operation: str, current: Any) -> None:
    """An operation is one request that must never be sent twice; a service without licenses needs none."""
    plan = extract.plan(desired(operation), current)
    (request,) = plan.requests
    assert (request.method, request.path, request.body) == ("POST", f"/ops/extract/{operation}", None)
    assert request.operation
    assert (plan.before, plan.after) == ({"requested": None}, {"requested": operation})
    assert extract.unmet(desired(operation), plan, plan.after) == {}
    assert extract.remarks(desired(operation), plan.after) == ()


OBSTACLES = [
    ({"source": None}, ["no source connection is saved", "Save the source connection."]),
    ({"destination": None}, ["no destination connection is saved", "Save the destination connection."]),
    (
        {"source": {"status": "N", "host": "db"}},
        [
            "source connection to db does not work",
            "Save the source connection with the right password (update_password ",
        ],
    ),
    (
        {"destination": {"status": "N", "host": "s2"}},
        ["destination connection to s2 does not work", "Save the destination connection with the right password"],
    ),
    (
        {"license": {"valid": False, "status": "Licence expired"}},
        ["(Licence expired)", "Set a valid license key for the product ID of the instance."],
    ),
    (
        {"license": {"valid": False, "status": "Expires", "expires_on": "2025-09-01", "product_id": "IDB-1"}},
        ["(Expires, and that day has passed)", "Set a valid license key for the product ID IDB-1."],
    ),
    ({"license": {"valid": False, "status": ""}}, ["(the service returns no status)"]),
    (
        {"source": None, "destination": {"status": "N", "host": "s2"}, "license": {"valid": False, "status": "gone"}},
        [
            "Save the source connection. Save the d",
            "no source connection is saved; ",
            "destination connection to s2 does not work (status N); ",
            "(gone)",
        ],
    ),
]


@pytest.mark.parametrize(("state", "says"), OBSTACLES)
def test_obstacles_are_named_together(state: dict[str, Any], says: list[str]) -> None:
    """Anything that is not ready stops the operation, and all obstacles are named together."""
    with pytest.raises(InvalidError) as caught:
        extract.plan(desired("delta"), {**READY, **state})
    assert "operation delta was not started" in caught.value.message
    assert all(part in caught.value.message for part in says)
    assert "Fix this first, or set preflight to false to start it anyway." in caught.value.message


@pytest.mark.parametrize("status", ["Y", None, "?"])
def test_unknown_connection_status_is_no_obstacle(status: str | None) -> None:
    """A connection counts as broken only if the service says so."""
    assert extract.plan(desired(), {**READY, "source": {"status": status, "host": "db"}}).changed


def test_preflight_reads_connections_and_license() -> None:
    """A preflight reads both connections and the license; without a preflight, nothing is read."""
    answers: dict[tuple[str, ...], Any] = {
        ("conn-src",): [{"name": "host", "value": "db"}, {"name": "status", "value": "Y"}],
        ("conn-dst",): [{"name": "host", "value": "s2"}, {"name": "status", "value": "N"}],
        ("config-var", "licence"): [
            {"name": "_lic_status", "value": "Expires on 01 Sep 2025"},
            {"name": "_lic_key", "value": "KEY"},
        ],
    }
    state = extract.read(lambda *segments: answers.pop(segments), desired())
    assert state is not None
    assert (state["source"]["host"], state["source"]["status"]) == ("db", "Y")
    assert (state["destination"]["host"], state["destination"]["status"]) == ("s2", "N")
    assert (state["license"]["status"], state["license"]["valid"]) == ("Expires on 01 Sep 2025", False)
    assert answers == {}
    assert extract.read(lambda *segments: answers.pop(segments), desired(preflight=False)) is None


@pytest.mark.parametrize(
    ("answers", "accepted", "message"),
    [
        ([{"success": True, "message": "Full Extract requested"}], True, "Full Extract requested"),
        ([{"success": True}], True, None),
        ([{"success": True, "message": ["odd"]}], True, None),
        ([], None, None),
        ([InvalidError("It was lost.")], None, None),
        ([None], None, None),
    ],
)
def test_result_has_the_answer_of_the_service(answers: list[Any], accepted: bool | None, message: str | None) -> None:
    """The result has the service's message; it is missing in check mode and after a lost answer."""
    plan = extract.plan(desired(), None)
    expected = {"operation": "full", "accepted": accepted, "message": message}
    assert extract.result(desired(), plan, plan.after, answers) == expected
