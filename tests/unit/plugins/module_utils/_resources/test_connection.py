# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections: types and ports, bad values, and passwords that cannot be compared."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError
from ansible_collections.singlestore.flow.plugins.module_utils._resources import connection
from ansible_collections.singlestore.flow.plugins.module_utils._resources.database_types import SOURCE_PORTS

SOURCE = {
    "endpoint": "source",
    "state": "present",
    "type": "rds.mysqlc",
    "host": "db.example.com",
    "user": "admin",
    "password": "rotated",
    "test": True,
    "update_password": "auto",
}
DESTINATION = {**SOURCE, "endpoint": "destination", "type": None, "host": "s2.example.com"}
SAVED = {
    **dict.fromkeys(connection.NAMES),
    "type": "rds.mysqlc",
    "host": "db.example.com",
    "port": 3306,
    "user": "admin",
    "status": "Y",
}

REFERENCE = """
rds.oracle11lm rds.oracle11lfm rds.oracle11lmrm rds.oracle11lmc rds.oraclefem rds.oraclets rds.oracle11lmp rds.oracle11lmcp
rds.oracle11lmrac rds.oracle11lmcrac rds.oracle11lmracp rds.oracle11lmc19 rds.oracle11lmcp19
rds.msadbctm rds.mscdcm rds.msfull rds.msts rds.mysql rds.mysqlc rds.pgres rds.mongo rds.mongoatlas rds.jdbcfe
""".split()
PORTS = {"rds.oracle": 1521, "rds.ms": 1433, "rds.mysql": 3306, "rds.pgres": 5432}


def plan(options: dict[str, Any], current: dict[str, Any] | None) -> Any:
    """Return the plan for options and a saved connection."""
    return connection.plan(connection.desired(options), current)


def test_types_are_the_documented_ones() -> None:
    """There are 23 types, exactly those of the reference's table."""
    assert set(SOURCE_PORTS) == set(REFERENCE)
    assert len(REFERENCE) == 23


@pytest.mark.parametrize("type_", [*REFERENCE, "rds.mariadb"])
def test_default_port_is_the_documented_one(type_: str) -> None:
    """The default port is that of the reference's second table; a type without one needs a port."""
    options = {**SOURCE, "type": type_, "jdbc_driver": "org.example.Driver", "jdbc_url": "jdbc:x://h/d"}
    port = PORTS.get(max((start for start in PORTS if type_.startswith(start)), key=len, default=""))
    if port is None:
        with pytest.raises(InvalidError, match="has no default port"):
            connection.desired(options)
        options["port"] = port = 5000
    desired = connection.desired(options)
    assert desired.settings["port"] == port
    assert {"name": "port", "value": str(port)} in connection.plan(desired, None).requests[0].body
    assert bool(connection.plan(desired, None).warnings) == (type_ not in REFERENCE)


def test_destination_defaults() -> None:
    """A destination is SingleStore at port 3306; another type gives a warning."""
    desired = connection.desired(DESTINATION)
    assert (desired.settings["type"], desired.settings["port"]) == ("rds.sstorem", 3306)
    assert connection.plan(desired, None).warnings == ()
    other = connection.desired({**DESTINATION, "type": "rds.other"})
    for current in (None, {**SAVED, "host": "s2.example.com", "type": "rds.other"}):
        made = connection.plan(other, current)
        assert made.changed == (current is None)
        assert "'rds.other'" in made.warnings[0]


BAD = [
    ({"port": 0}, "port is 0; it must be a number from 1 to 65535"),
    ({"port": 65536}, "port is 65536"),
    ({"port": -1}, "port is -1"),
    ({"password": "***"}, "the mask '***'"),
    ({"password": "********"}, "the mask"),
    ({"password": ""}, "password is empty"),
    ({"password": " \n"}, "password is empty"),
    ({"type": None}, "type is required for a source: one of rds."),
    ({"type": ""}, "type is empty"),
    ({"host": ""}, "host is empty"),
    ({"host": "  "}, "host is empty"),
    ({"user": ""}, "user is empty"),
    ({"jdbc_driver": ""}, "jdbc_driver is empty"),
    ({"type": "rds.jdbcfe", "port": 1}, "requires both jdbc_driver and jdbc_url"),
    ({"type": "rds.jdbcfe", "port": 1, "jdbc_driver": "d"}, "requires both jdbc_driver and jdbc_url"),
    ({"type": "rds.jdbcfe", "port": 1, "jdbc_url": "jdbc:x"}, "requires both jdbc_driver and jdbc_url"),
    ({"type": "rds.jdbcfe", "port": 1, "jdbc_driver": "d", "jdbc_url": ""}, "jdbc_url is empty"),
    (
        {"type": "rds.jdbcfe", "port": 1, "jdbc_driver": "d", "jdbc_url": "jdbc:x;password=***"},
        "jdbc_url contains the mask",
    ),
    ({"type": "rds.jdbcfe", "jdbc_driver": "d", "jdbc_url": "jdbc:x"}, "port is required"),
    ({"type": "rds.mongo"}, "port is required"),
]


@pytest.mark.parametrize(("options", "says"), BAD)
def test_bad_value_is_refused_by_name(options: dict[str, Any], says: str) -> None:
    """A bad value is refused with its option's name and the allowed values."""
    with pytest.raises(InvalidError) as caught:
        connection.desired({**SOURCE, **options})
    assert says in caught.value.message


@pytest.mark.parametrize("password", ["X", "*X*", " X\n"])
def test_short_password_is_accepted(password: str) -> None:
    """Only a password of nothing but stars and white space is refused."""
    assert connection.desired({**SOURCE, "password": password}).password == password


@pytest.mark.parametrize("option", ["jdbc_driver", "jdbc_url"])
def test_destination_refuses_jdbc(option: str) -> None:
    """A destination accepts no driver and no URL."""
    with pytest.raises(InvalidError, match="are only for a source"):
        connection.desired({**DESTINATION, option: "x"})


@pytest.mark.parametrize("missing", ["host", "user", "password"])
@pytest.mark.parametrize(
    "options", [SOURCE, DESTINATION, {**SOURCE, "state": "tested"}], ids=["source", "destination", "tested"]
)
def test_missing_options_are_named(options: dict[str, Any], missing: str) -> None:
    """Before a test or a save, missing options are named with the reason."""
    with pytest.raises(InvalidError) as caught:
        plan({**options, missing: None}, None)
    assert f"{missing} must be set" in caught.value.message
    assert "Nothing was tested or saved" in caught.value.message


@pytest.mark.parametrize(
    ("options", "current", "says"),
    [
        ({"host": None}, None, "host must be set to save the source connection (nothing is saved yet)"),
        (
            {"password": None, "user": "other", "port": 1},
            SAVED,
            "password must be set to save the source connection (port differs, user differs)",
        ),
        (
            {"password": None},
            {**SAVED, "status": "N"},
            "password must be set to save the source connection (the saved connection does not work (status N))",
        ),
        (
            {"password": None, "update_password": "always"},
            SAVED,
            "password must be set to save the source connection (update_password is always)",
        ),
        (
            {"host": None, "user": None, "state": "tested", "endpoint": "destination"},
            SAVED,
            "host and user must be set to test the destination connection (state is tested)",
        ),
    ],
)
def test_missing_option_is_named_with_the_reason(options: dict[str, Any], current: Any, says: str) -> None:
    """The message says what a save or a test is for; a test takes nothing over from what is saved."""
    with pytest.raises(InvalidError) as caught:
        plan({**SOURCE, **options}, current)
    assert caught.value.message == f"{says}. Nothing was tested or saved."


AUTO, ON_CREATE, ALWAYS = "auto", "on_create", "always"
PASSWORD_CASES = [
    (AUTO, None, True),
    (AUTO, SAVED, False),
    (AUTO, {**SAVED, "status": "N"}, True),
    (AUTO, {**SAVED, "status": None}, False),
    (AUTO, {**SAVED, "status": "?"}, False),
    (AUTO, {**SAVED, "host": "other"}, True),
    (AUTO, {**SAVED, "port": 3307}, True),
    (AUTO, {**SAVED, "user": "other"}, True),
    (AUTO, {**SAVED, "type": "rds.mysql"}, True),
    (AUTO, {**SAVED, "database": "not managed"}, False),
    (ON_CREATE, None, True),
    (ON_CREATE, SAVED, False),
    (ON_CREATE, {**SAVED, "status": "N"}, False),
    (ON_CREATE, {**SAVED, "host": "other"}, True),
    (ALWAYS, None, True),
    (ALWAYS, SAVED, True),
    (ALWAYS, {**SAVED, "status": "N"}, True),
]


@pytest.mark.parametrize(("update_password", "current", "saves"), PASSWORD_CASES)
def test_update_password_decides_about_a_save(
    update_password: str, current: dict[str, Any] | None, saves: bool
) -> None:
    """The situation decides whether to save; only a save needs a test and a password."""
    options = {**SOURCE, "update_password": update_password}
    outcome = plan(options, current)
    assert outcome.changed == saves
    assert bool(outcome.tests) == saves
    if saves:
        values = {item["name"]: item["value"] for item in outcome.requests[0].body}
        assert values["pwd"] == values["pwd2"] == "rotated"
        with pytest.raises(InvalidError, match="password must be set"):
            plan({**options, "password": None}, current)
    else:
        assert plan({**options, "password": None}, current).requests == ()


@pytest.mark.parametrize(("endpoint", "segment"), [("source", "conn-src"), ("destination", "conn-dst")])
@pytest.mark.parametrize("current", [None, SAVED], ids=["new", "saved"])
@pytest.mark.parametrize(
    ("state", "test", "tests", "saves"),
    [("present", True, 1, 1), ("present", False, 0, 1), ("tested", True, 1, 0), ("tested", False, 1, 0)],
)
def test_state_and_test_decide_about_test_and_save(
    endpoint: str, segment: str, current: Any, state: str, test: bool, tests: int, saves: int
) -> None:
    """State tested always tests and never saves; with test false, a save does without a test."""
    given = {"type": "rds.mysql", "host": "h", "user": "u", "endpoint": endpoint}
    made = plan({**SOURCE, **given, "state": state, "test": test}, current)
    values = {"host": "h", "port": "3306", "uid": "u", "type": "rds.mysql", "pwd": "rotated", "pwd2": "rotated"}
    sent = [
        (one.method, one.segments, {item["name"]: item["value"] for item in one.body})
        for one in (*made.tests, *made.requests)
    ]
    assert sent == [("POST", (segment, "test"), values)] * tests + [("PATCH", (segment,), values)] * saves
    before = connection.public(endpoint, current)
    shown = {**dict.fromkeys(connection.NAMES), "status": "Y" if test else None, "port": 3306}
    assert made.before == before
    assert made.after == (connection.public(endpoint, {**shown, **given}) if saves else before)
    assert made.unknown == (frozenset() if test or not saves else {"status", "working"})


@pytest.mark.parametrize("port", [3306, "3306", " 3306 ", "03306"])
def test_port_may_be_a_number_or_text(port: Any) -> None:
    """The service may return the port as either, and it is compared as a number."""
    answer = [{"name": name, "value": value} for name, value in (("host", "h"), ("port", port))]
    assert connection.saved(lambda *_segments: answer, "source")["port"] == 3306


@pytest.mark.parametrize("port", ["", "none", "3306.0", "9" * 5000, "३३०६"])
def test_port_that_is_not_a_number_is_kept(port: str) -> None:
    """It is kept as it is and does not fail; the wanted port then differs."""
    answer = [{"name": "host", "value": "db.example.com"}, {"name": "port", "value": port}]
    state = connection.saved(lambda *_segments: answer, "source")
    assert state["port"] == (port or None)
    assert plan(SOURCE, state).changed


def test_omitted_options_are_sent_as_saved() -> None:
    """A save needs host, port, user and type: omitted ones keep their values."""
    options = {**SOURCE, "host": None, "user": None, "update_password": "always"}
    values = {item["name"]: item["value"] for item in plan(options, SAVED).requests[0].body}
    assert (values["host"], values["uid"], values["type"], values["port"]) == (
        "db.example.com",
        "admin",
        "rds.mysqlc",
        "3306",
    )
    with pytest.raises(InvalidError, match="host and user must be set"):
        plan(options, None)


@pytest.mark.parametrize(
    ("saved", "changes"),
    [
        ("jdbc:x://h;password=S3cr3t", False),
        ("jdbc:x://h;password=***", False),
        ("jdbc:x://h;password=other", True),
        ("jdbc:x://h2;password=***", True),
        (None, True),
    ],
)
def test_jdbc_url_is_compared_without_its_password(saved: str | None, changes: bool) -> None:
    """The URL is compared as far as the service shows it, and its password appears nowhere."""
    driver = {"jdbc_driver": "org.example.Driver"}
    options = {**SOURCE, "type": "rds.jdbcfe", "port": 1, "jdbc_url": "jdbc:x://h;password=S3cr3t", **driver}
    outcome = plan(options, {**SAVED, "type": "rds.jdbcfe", "port": 1, "jdbc_url": saved, **driver})
    assert outcome.changed == changes
    assert "S3cr3t" not in repr((outcome.before, outcome.after, outcome.wanted))
    if changes:
        assert {"name": "url", "value": "jdbc:x://h;password=S3cr3t"} in outcome.requests[0].body


PAIRS = {
    "host": "h",
    "port": "3306",
    "uid": "u",
    "type": "rds.mysql",
    "db": "d",
    "drv": "D",
    "url": "jdbc:x://h;pwd=S3",
}


@pytest.mark.parametrize(("endpoint", "segment"), [("source", "conn-src"), ("destination", "conn-dst")])
def test_read_maps_the_documented_names(endpoint: str, segment: str) -> None:
    """Each name of the reference has its option's name; the password in a URL is not shown."""
    desired = connection.desired({**SOURCE, "endpoint": endpoint})

    def get(*segments: str) -> Any:
        assert segments == (segment,)
        return [{"name": name, "value": value} for name, value in {**PAIRS, "status": "Y", "id": "x"}.items()]

    state = connection.read(get, desired)
    assert state == {
        "host": "h",
        "port": 3306,
        "user": "u",
        "type": "rds.mysql",
        "database": "d",
        "jdbc_driver": "D",
        "jdbc_url": "jdbc:x://h;pwd=S3",
        "status": "Y",
    }
    shown = {**state, "jdbc_url": "jdbc:x://h;pwd=***", "endpoint": endpoint, "working": True}
    assert connection.public(endpoint, state) == shown
    assert connection.public(endpoint, None) is None
    plan = connection.plan(desired, state)
    assert connection.result(desired, plan, state, [])["connection"] == shown
    assert connection.result(desired, plan, None, [])["connection"] is None


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, None),
        ({"status": "N"}, None),
        ({"host": "", "type": ""}, None),
        ({"host": "h", "db": ""}, {"host": "h", "database": None, "port": None}),
        ({"host": "h", "port": "99999"}, {"port": 99999}),
        ({"host": "h", "port": "123456"}, {"port": "123456"}),
        ({"host": "h", "port": "1a"}, {"port": "1a"}),
    ],
)
def test_empty_values_are_not_saved(values: dict[str, str], state: dict[str, Any] | None) -> None:
    """An empty value counts as missing; if all are empty, nothing is saved."""
    found = connection.saved(lambda *_segments: [{"name": n, "value": v} for n, v in values.items()], "source")
    if state is None:
        assert found is None
    else:
        assert found is not None
        assert {name: found[name] for name in state} == state


@pytest.mark.parametrize(("status", "working"), [("Y", True), ("N", False), ("?", False), (None, None)])
@pytest.mark.parametrize("save", [True, False])
def test_broken_connection_gives_a_warning(status: str | None, working: bool | None, save: bool) -> None:
    """The status is shown, and a save that ends with a broken connection warns."""
    current = {**SAVED, "status": status}
    desired = connection.desired({**SOURCE, "state": "present" if save else "tested"})
    shown = connection.public("source", current)
    assert shown is not None
    assert shown["working"] is working
    warnings = connection.remarks(desired, current)
    assert len(warnings) == (save and status == "N")
    assert all("The source connection to db.example.com is saved" in warning for warning in warnings)
    assert connection.remarks(desired, None) == ()


@pytest.mark.parametrize(
    ("options", "current", "answers", "expected"),
    [
        ({}, None, [{"success": True, "message": "fine"}, None], (True, True, ["fine"])),
        ({}, {**SAVED, "host": "other"}, [{"messageList": ["a", "b"]}, None], (False, True, ["a", "b"])),
        ({}, SAVED, [], (False, False, [])),
        ({"test": False}, None, [{"success": True, "message": "saved"}], (True, False, [])),
        ({"state": "tested"}, None, [{"success": True, "message": "fine"}], (False, True, ["fine"])),
        ({}, None, [], (True, True, [])),
    ],
)
def test_result_shows_the_test(
    options: dict[str, Any], current: Any, answers: list[Any], expected: tuple[bool, bool, list[str]]
) -> None:
    """The result says whether the connection is new, whether it was tested, and what the test said."""
    desired = connection.desired({**SOURCE, **options})
    made = connection.plan(desired, current)
    created, tested, messages = expected
    assert connection.result(desired, made, SAVED, answers) == {
        "connection": connection.public("source", SAVED),
        "created": created,
        "tested": tested,
        "messages": messages,
    }


def test_unmet_names_values_but_no_password() -> None:
    """A difference is named with both values, and a password with neither."""
    desired = connection.desired({**SOURCE, "jdbc_url": "jdbc:x://h;pwd=S3"})
    made = connection.plan(desired, None)
    saved = {**SAVED, "jdbc_url": "jdbc:x://h;pwd=other"}
    assert connection.unmet(desired, made, saved) == {}
    assert connection.unmet(desired, made, {**saved, "host": "h", "port": "none"}) == {
        "host": "host was saved as 'db.example.com' but reads back as 'h'",
        "port": "port was saved as 3306 but reads back as 'none'",
    }
    assert set(connection.unmet(desired, made, None)) == {"type", "host", "port", "user", "jdbc_url"}
