# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The license: pasted keys, the service's free text, and keys that do not work."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import (
    HttpError,
    InvalidError,
    RefusedError,
)
from ansible_collections.singlestore.flow.plugins.module_utils._resources import license

KEY = "AAAAA-BBBBB"
VALID = "Expires on 01 Sep 2099 (8 units)"
EXPIRED = "Licence expired"


def desired(key: str = KEY, *, require_valid: bool = True) -> license.License:
    """Return the desired license."""
    return license.desired({"license_key": key, "require_valid": require_valid})


def read(status: str | None, key: str | None, *, wanted: license.License | None = None) -> Any:
    """Return a license as it is read."""
    values = {"_lic_status": status, "_lic_key": key, "_lic_prod": "IDB-1", "other": "x"}

    def get(*segments: str) -> Any:
        assert segments == ("config-var", "licence")
        return [{"name": name, "value": value} for name, value in values.items()]

    return license.read(get, wanted or desired())


@pytest.mark.parametrize("pasted", [KEY, f"{KEY}\n", f" \t{KEY}\r\n", f"\n{KEY} "])
def test_white_space_around_a_key_is_ignored(pasted: str) -> None:
    """White space around a key comes from copying; it is neither sent nor compared."""
    wanted = desired(pasted)
    assert wanted.key == KEY
    (request,) = license.plan(wanted, read(EXPIRED, "")).requests
    assert request.body == [{"name": "_lic_key", "value": KEY}]
    assert license.plan(wanted, read(VALID, KEY, wanted=wanted)).requests == ()


@pytest.mark.parametrize("key", ["X", "*X*"])
def test_short_key(key: str) -> None:
    """A key is not looked into; it must be valid unless an option says otherwise."""
    assert license.desired({"license_key": key}) == license.License(key, require_valid=True)


@pytest.mark.parametrize("key", ["", " \n", "***", "*", " ******** \n"])
def test_empty_or_masked_key_is_refused(key: str) -> None:
    """An empty text or the mask is not a key."""
    with pytest.raises(InvalidError, match="license_key is empty or a mask"):
        desired(key)


@pytest.mark.parametrize("key", ["AAAAA-\nBBBBB", "AAAAA BBBBB", "AAAAA\t-BBBBB", "AAAAA\u00a0BBBBB"])
def test_white_space_inside_a_key_is_refused(key: str) -> None:
    """It is never part of a key, and what is left without it would not be what the redaction knows."""
    with pytest.raises(InvalidError, match="license_key contains white space"):
        desired(key)


@pytest.mark.parametrize(
    ("text", "valid", "expires_on", "units"),
    [
        (VALID, True, "2099-09-01", 8),
        ("expires ON 1 december 2030", True, "2030-12-01", None),
        ("Expires on  31 Jan 2030  (1 unit)", True, "2030-01-31", 1),
        ("Licence: Expires on 09 Feb 2030 (12 units).", True, "2030-02-09", 12),
        ("Expires on 32 Jan 2030", True, None, None),
        ("Expires on 0 Jan 2030", True, None, None),
        ("Expires on 01 Foo 2030 (8 units)", True, None, None),
        ("Expires soon", True, None, None),
        ("Perpetual", True, None, None),
        ("Licence expired", False, None, None),
        ("EXPIRED on 01 Sep 2020", False, None, None),
        ("Invalid key", False, None, None),
        ("This key is not  valid", False, None, None),
        ("Refused by the vendor", False, None, None),
        ("Revoked", False, None, None),
        ("No licence", False, None, None),
        ("no license", False, None, None),
        ("", False, None, None),
    ],
)
def test_status_is_parsed(text: str, valid: bool, expires_on: str | None, units: int | None) -> None:
    """The two known forms are parsed; any other text is kept, with a guess whether it means invalid."""
    expected = {"status": text, "valid": valid, "expires_on": expires_on, "units": units}
    assert license.parse_status(text) == expected
    assert license.parse_status(text, "2026-01-01") == expected
    assert {name: read(text, KEY)[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("key", "shown", "valid"), [(KEY, "as given", True), ("OTHER", "another", True), ("", "none", False)]
)
@pytest.mark.parametrize("missing", [False, True])
def test_read_keeps_only_whether_the_key_matches(key: str, shown: str, valid: bool, missing: bool) -> None:
    """Only the comparison with the key is kept; without a key the license is invalid, even if the status differs."""
    state = read(VALID, (key or None) if missing else key)
    assert state == {**license.parse_status(VALID), "valid": valid, "product_id": "IDB-1", "license_key": shown}
    assert license.public(state) == {
        "status": VALID,
        "valid": valid,
        "expires_on": "2099-09-01",
        "units": 8,
        "product_id": "IDB-1",
    }


def test_empty_answer_is_a_license_without_a_key() -> None:
    """An empty answer is a license without a key; a missing endpoint means no license at all."""
    empty = {"status": "", "valid": False, "expires_on": None, "units": None, "product_id": None}
    assert license.saved(lambda *_segments: {}) == {**empty, "key": ""}
    assert license.saved(lambda *_segments: None) is None
    assert license.read(lambda *_segments: None, desired()) is None
    assert license.public(None) is None


def test_missing_endpoint_fails() -> None:
    """The hosted service has no license to manage, and the failure is about the read."""
    with pytest.raises(HttpError, match="404") as caught:
        license.plan(desired(), None)
    assert caught.value.failure() == {
        "kind": "http",
        "method": "GET",
        "path": "/config-var/licence",
        "status": 404,
        "messages": [],
    }


@pytest.mark.parametrize("require_valid", [True, False])
@pytest.mark.parametrize(("status", "key"), [(EXPIRED, ""), (EXPIRED, "OTHER"), (VALID, "OTHER")])
def test_new_key_is_one_request(status: str, key: str, require_valid: bool) -> None:
    """A new key takes one request; it can only be predicted that it must be valid."""
    current = read(status, key)
    plan = license.plan(desired(require_valid=require_valid), current)
    (request,) = plan.requests
    assert (request.method, request.path) == ("PATCH", "/config-var/licence")
    assert request.body == [{"name": "_lic_key", "value": KEY}]
    assert plan.before == current
    assert plan.after == {
        "status": None,
        "valid": require_valid or None,
        "expires_on": None,
        "units": None,
        "product_id": "IDB-1",
        "license_key": "as given",
    }
    assert plan.unknown == {"status", "expires_on", "units"} | (set() if require_valid else {"valid"})
    assert plan.visible


@pytest.mark.parametrize(
    ("status", "require_valid", "refused"),
    [(VALID, True, False), (VALID, False, False), (EXPIRED, True, True), ("", True, True), (EXPIRED, False, False)],
)
def test_same_key_sends_nothing(status: str, require_valid: bool, refused: bool) -> None:
    """Nothing is sent; if the key must be valid and is not, the plan fails, and so does a write."""
    wanted, current = desired(require_valid=require_valid), read(status, KEY)
    written = license.plan(wanted, read(EXPIRED, ""))
    if not refused:
        plan = license.plan(wanted, current)
        assert (plan.before, plan.after, plan.requests) == (current, current, ())
        assert license.unmet(wanted, written, current) == {}
        return
    with pytest.raises(RefusedError) as caught:
        license.plan(wanted, current)
    assert caught.value.shown == {"license": license.public(current)}
    for error in (caught.value, *license.unmet(wanted, written, current).values()):
        assert isinstance(error, RefusedError)
        assert f"Its status is: {status or 'empty'}." in error.message
        assert "product ID IDB-1, or set require_valid to false." in error.message
        assert error.failure() == {
            "kind": "refused",
            "method": "GET",
            "path": "/config-var/licence",
            "status": 200,
            "messages": [status],
        }


def test_different_key_read_back_is_unmet() -> None:
    """A valid license with a different key than the one sent is not converged."""
    plan = license.plan(desired(), read(EXPIRED, ""))
    assert license.unmet(desired(), plan, read(VALID, "OTHER")) == {
        "license_key": "the license key that reads back is not the one that was sent"
    }
    assert license.unmet(desired(), plan, read(VALID, KEY)) == {}


def test_unreadable_license_is_unmet() -> None:
    """If the license can no longer be read, it does not count as valid."""
    plan = license.plan(desired(), read(EXPIRED, ""))
    (error,) = license.unmet(desired(), plan, None).values()
    assert isinstance(error, RefusedError)
    assert "Its status is: empty. " in error.message
    assert error.message.endswith(" product ID of the instance, or set require_valid to false.")
    assert license.unmet(desired(require_valid=False), plan, None) == {}


@pytest.mark.parametrize(
    ("current", "says"), [(read(VALID, KEY), None), (read(EXPIRED, KEY), EXPIRED), (read("", ""), "empty")]
)
def test_invalid_license_gives_a_warning(current: Any, says: str | None) -> None:
    """An invalid license gives a warning that repeats the service's words."""
    warnings = license.remarks(desired(), current)
    assert len(warnings) == (says is not None)
    assert all(f"Its status is: {says}." in warning for warning in warnings)
    assert license.remarks(desired(), None) == ()


def test_result_shows_the_license() -> None:
    """The result is the license in the form that modules return."""
    plan = license.plan(desired(), read(EXPIRED, ""))
    assert license.result(desired(), plan, read(VALID, KEY), []) == {"license": license.public(read(VALID, KEY))}
    assert license.result(desired(), plan, None, []) == {"license": None}


EXPIRING = "Expires on 01 Sep 2025 (8 units)"


def dated(today: str | None, **options: Any) -> license.License:
    """Return a desired license on a day."""
    return license.desired({"license_key": KEY, "require_valid": True, "today": today, **options})


@pytest.mark.parametrize(
    ("today", "valid"),
    [(None, True), ("2025-08-31", True), ("2025-09-01", True), ("2025-09-02", False), ("2026-01-01", False)],
)
def test_license_is_valid_until_the_end_of_its_last_day(today: str | None, valid: bool) -> None:
    """A status whose date has passed is not valid, whatever its words."""
    wanted = dated(today)
    state = read(EXPIRING, KEY, wanted=wanted)
    assert state == {**license.parse_status(EXPIRING), "valid": valid, "product_id": "IDB-1", "license_key": "as given"}
    assert license.described(state, today) == EXPIRING + ("" if valid else ", and that day has passed")
    assert license.saved(lambda *_segments: [{"name": "_lic_key", "value": "K"}], today) is not None
    if valid:
        assert license.plan(wanted, state).requests == ()
        return
    with pytest.raises(RefusedError, match=r"Expires on 01 Sep 2025 \(8 units\), and that day has passed\."):
        license.plan(wanted, state)
    (warning,) = license.remarks(dated(today, require_valid=False), state)
    assert "and that day has passed." in warning


@pytest.mark.parametrize(
    ("today", "status", "left"),
    [
        ("2025-08-31", EXPIRING, 1),
        ("2025-09-01", EXPIRING, 0),
        ("2025-08-02", EXPIRING, None),
        ("2024-12-01", "Expires on 01 Jan 2025", None),
        ("2024-12-03", "Expires on 01 Jan 2025", 29),
        ("2024-02-28", "Expires on 01 Mar 2024", 2),
        ("2025-02-28", "Expires on 01 Mar 2025", 1),
        ("2025-02-28", "Expires on 31 Feb 2025", 3),
        ("2100-02-28", "Expires on 01 Mar 2100", 1),
        ("2000-02-28", "Expires on 01 Mar 2000", 2),
        ("2025-02-28", "Perpetual", None),
        (None, EXPIRING, None),
    ],
)
def test_few_days_left_give_a_warning(today: str | None, status: str, left: int | None) -> None:
    """With fewer than min_days_left, the task warns; the default never does."""
    state = read(status, KEY, wanted=dated(today))
    warnings = license.remarks(dated(today, min_days_left=30), state)
    assert len(warnings) == (left is not None)
    assert all(f", in {left} days; min_days_left is 30." in warning for warning in warnings)
    assert all(warning.endswith(" for the product ID IDB-1.") for warning in warnings)
    if left is not None:
        assert license.remarks(dated(today, min_days_left=left), state) == ()
        (warning,) = license.remarks(dated(today, min_days_left=left + 1), {**state, "product_id": None})
        assert warning.endswith(" for the product ID of the instance.")
    assert license.remarks(dated(today), state) == ()


def test_negative_days_are_refused() -> None:
    """Days left are a number from 0."""
    with pytest.raises(InvalidError, match="min_days_left is -1"):
        dated(None, min_days_left=-1)


@pytest.mark.parametrize(
    ("key", "compared"),
    [
        ("*****", "masked"),
        ("*", "masked"),
        ("XXXXX", "masked"),
        ("XXXXX-XXXXX", "masked"),
        ("xxxxx-xxxxx", "masked"),
        ("AAAAA-XXXXX", "masked"),
        ("AAAAA-*****", "masked"),
        ("AAAAA-BBB**", "masked"),
        ("XXXX-XXXX-1234", "masked"),
        ("XXXXX-OTHER", "another"),
        ("OTHER-*****", "another"),
        ("AAAAA-BBBBX", "another"),
        ("AAAAA", "another"),
        (KEY, "as given"),
    ],
)
def test_masked_key_is_treated_like_a_password(key: str, compared: str) -> None:
    """A key that reads back masked is saved if the license is not valid, and otherwise left as it is."""
    state = read(VALID, key)
    assert state["license_key"] == compared
    assert license.plan(desired(), state).changed == (compared == "another")
    if compared != "masked":
        return
    expired = read(EXPIRED, key)
    plan = license.plan(desired(), expired)
    assert plan.requests[0].body == [{"name": "_lic_key", "value": KEY}]
    assert license.unmet(desired(), plan, state) == {}
    assert set(license.unmet(desired(), plan, expired)) == {"license_key"}
