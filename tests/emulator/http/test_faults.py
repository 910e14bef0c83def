# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults, as a client sees them."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
import requests

from tests.emulator.support.emulators import SOURCE, Instance, control, pairs

DROPPED = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def order(instance: Instance, *faults: dict[str, Any]) -> None:
    control(instance.url, "PUT", "faults", [{"instance": instance.name, **fault} for fault in faults])


def test_status_and_body_replace_answer_and_change(instance: Instance) -> None:
    fault = {
        "operation": "save_schedule",
        "status": 503,
        "headers": {"Retry-After": "7"},
        "body": "<html>",
        "content_type": "text/html",
    }
    order(instance, fault)
    answer = instance.send("PATCH", "config-sched", {"type": "auto"})
    assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (503, "<html>", "7")
    assert answer.headers["content-type"] == "text/html"
    assert instance.get("config-sched")["type"] == "manual"
    entry = instance.journal()[0]
    assert (entry["status"], entry["fault"]) == (503, True)


def test_skip_and_times_count_matching_requests(instance: Instance) -> None:
    order(instance, {"operation": "get_schedule", "skip": 1, "times": 2, "status": 500})
    instance.get("conn-src")
    statuses = [instance.send("GET", "config-sched").status_code for _time in range(5)]
    assert statuses == [200, 500, 500, 200, 200]


def test_first_applicable_fault_is_used(instance: Instance) -> None:
    order(instance, {"times": 1, "status": 500}, {"operation": "get_source", "status": 404}, {"status": 429})
    assert [instance.send("GET", path).status_code for path in ("conn-src", "conn-src", "conn-dst")] == [500, 404, 429]


def test_match_compares_the_decoded_path(instance: Instance) -> None:
    order(instance, {"operation": "select_table", "match": "/a b", "status": 418})
    assert instance.send("PATCH", "config-tab/d/s/a%20b", {"select": "Y"}).status_code == 418
    assert instance.send("PATCH", "config-tab/d/s/ab", {"select": "Y"}).status_code == 404


def test_fault_of_one_instance_does_not_affect_others(instance: Instance) -> None:
    order(instance, {"status": 500})
    assert Instance(instance.url, "undisturbed").get("conn-src") == []


@pytest.mark.parametrize(("moment", "changed"), [("before", False), ("after", True), ("during", True)])
def test_dropped_connection_gives_no_answer(instance: Instance, moment: str, changed: bool) -> None:
    order(instance, {"operation": "save_schedule", "drop": moment, "times": 1})
    if moment == "during":
        assert instance.send("PATCH", "config-sched", {"type": "auto"}).status_code == 204
    else:
        with pytest.raises(DROPPED):
            instance.send("PATCH", "config-sched", {"type": "auto"})
    assert instance.get("config-sched")["isScheduled"] is changed
    entry = instance.journal()[0]
    assert (entry["status"], entry["fault"]) == (None, True)


def test_answer_is_cut_in_the_middle(instance: Instance) -> None:
    order(instance, {"operation": "get_schedule", "drop": "during"})
    with pytest.raises(DROPPED):
        instance.send("GET", "config-sched")


def test_body_can_be_binary(instance: Instance) -> None:
    raw = bytes(range(256)) * 40
    order(instance, {"operation": "get_source", "body_base64": base64.b64encode(raw).decode()})
    answer = instance.send("GET", "conn-src")
    assert (answer.status_code, answer.content) == (200, raw)


@pytest.mark.parametrize("fault", [{"delay": 0.5}, {"drip": 0.01}])
def test_slow_answer_is_the_real_one(instance: Instance, fault: dict[str, float]) -> None:
    instance.save("conn-src", pairs(SOURCE))
    plain = instance.get("conn-src")
    order(instance, fault)
    began = time.monotonic()
    assert instance.get("conn-src") == plain
    assert time.monotonic() - began >= 0.5
    order(instance, {"delay": 5})
    with pytest.raises(requests.Timeout):
        instance.send("GET", "conn-src", timeout=0.2)


def test_headers_are_added_to_the_real_answer(instance: Instance) -> None:
    order(instance, {"headers": {"X-Note": "yes"}, "content_type": "text/plain"})
    answer = instance.send("GET", "conn-src")
    assert (answer.text, answer.headers["x-note"], answer.headers["content-type"]) == ("[]", "yes", "text/plain")


def test_faults_read_back_and_can_be_cleared(instance: Instance) -> None:
    order(instance, {"status": 500, "times": 3})
    shown = control(instance.url, "GET", "faults")
    assert shown[0]["status"] == 500
    control(instance.url, "PUT", "faults", shown)
    assert instance.send("GET", "conn-src").status_code == 500
    control(instance.url, "DELETE", "faults")
    assert instance.send("GET", "conn-src").status_code == 200


def test_fault_can_redirect(instance: Instance) -> None:
    order(instance, {"status": 307, "headers": {"Location": "http://127.0.0.1:1/"}})
    answer = instance.send("GET", "conn-src", allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "http://127.0.0.1:1/")


def test_status_204_has_no_body(instance: Instance) -> None:
    order(instance, {"status": 204, "body": "ignored"})
    answer = instance.send("GET", "conn-src")
    assert (answer.status_code, answer.content) == (204, b"")
    assert instance.send("GET", "conn-src").status_code == 204
