# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""License keys and their meaning by the emulator's clock."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.emulator.support.emulators import LICENSE, Instance, control

EXPIRED = "Licence expired"


@pytest.fixture(autouse=True)
def first_of_march(url: str) -> Iterator[None]:
    control(url, "PUT", "clock", {"now": "2027-03-01T12:00:00Z"})
    yield
    control(url, "PUT", "clock", {"now": None})


def save(instance: Instance, key: str) -> None:
    instance.save("config-var/licence", [{"name": "_lic_key", "value": key}])


def shown(instance: Instance) -> tuple[str, str]:
    values = instance.named("config-var/licence")
    return values["_lic_status"], values["_lic_key"]


def test_product_id_exists_before_any_key_and_stays(instance: Instance) -> None:
    before = instance.get("config-var/licence")
    assert [item["name"] for item in before] == ["_lic_status", "_lic_key", "_lic_prod"]
    assert shown(instance) == (EXPIRED, "")
    assert re.fullmatch(r"[A-Z]{3}(-[A-Z0-9]{5,6}){6}", before[2]["value"])
    assert instance.get("config-var/licence") == before
    save(instance, LICENSE)
    assert instance.named("config-var/licence")["_lic_prod"] == before[2]["value"]
    assert Instance(instance.url, instance.name + "-2").named("config-var/licence")["_lic_prod"] != before[2]["value"]


def test_key_of_the_usual_shape_is_valid_for_a_year(instance: Instance, url: str) -> None:
    save(instance, LICENSE)
    valid = ("Expires on 01 Mar 2028 (8 units)", LICENSE)
    assert shown(instance) == valid
    control(url, "PUT", "clock", {"now": "2028-03-01T23:59:00Z"})
    assert shown(instance) == valid
    control(url, "PUT", "clock", {"advance": 120})
    assert shown(instance) == (EXPIRED, "")


def test_listed_key_has_the_listed_meaning(instance: Instance, url: str) -> None:
    control(url, "PUT", "licences", {"any text": {"expires_on": "2027-09-01", "units": 3}})
    save(instance, "any text")
    assert shown(instance) == ("Expires on 01 Sep 2027 (3 units)", "any text")
    control(url, "PUT", "licences", {"any text": {"expires_on": "2026-09-01", "units": 3}})
    assert shown(instance) == (EXPIRED, "")


@pytest.mark.parametrize("key", ["AAAA-EXPIRED-CCCC-DDDD", "AAAA-BBBB-CCCC", "aaaa-bbbb-cccc-dddd", "x", "A--B-C-D"])
def test_invalid_key_is_saved_and_shown_as_expired(instance: Instance, key: str) -> None:
    save(instance, LICENSE)
    save(instance, key)
    assert shown(instance) == (EXPIRED, "")


@pytest.mark.parametrize(
    "body",
    [
        [],
        [{"name": "_lic_key", "value": ""}],
        [{"name": "key", "value": LICENSE}],
        [{"name": "_lic_key", "value": "A"}, {"name": "_lic_key", "value": "B"}],
        [{"name": "_lic_key", "value": None}],
        {"_lic_key": LICENSE},
    ],
)
def test_bad_body_is_refused_and_keeps_the_key(instance: Instance, body: object) -> None:
    save(instance, LICENSE)
    before = shown(instance)
    assert instance.refused("PATCH", "config-var/licence", body)[0] == 400
    assert shown(instance) == before
