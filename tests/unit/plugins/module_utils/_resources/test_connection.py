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

PORTS = {"rds.oracle": 1521, "rds.ms": 1433, "rds.mysql": 3306, "rds.pgres": 5432}


def plan(options: dict[str, Any], current: dict[str, Any] | None) -> Any:
    """Return the plan for options and a saved connection."""
    return connection.plan(connection.desired(options), current)


@pytest.mark.parametrize("type_", [*SOURCE_PORTS, "rds.mariadb"])
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
    warnings = connection.plan(desired, None).warnings
    assert [warning.split(". ")[1] for warning in warnings] == ["It is sent unchanged."] * (type_ not in SOURCE_PORTS)


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
        assert made.warnings[0].endswith("It is sent unchanged; did you mean rds.sstorem?")


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
    ({"type": "mysql"}, "type is 'mysql', which is not a type: did you mean rds.mysqlc (MySQL, Continuous)"),
    ({"type": "mysql", "port": 3306}, "MySQL: rds.mysql (Log), rds.mysqlc (Continuous); "),
    ({"type": "mariadb", "port": 1}, "types look like rds.mysqlc? The types of a source are Oracle: rds.oracle11lm"),
    ({"type": "s2", "endpoint": "destination"}, "did you mean rds.sstorem? It is the default."),
    ({"type": "rds.mongoo"}, "Set port from 1 to 65535; did you mean rds.mongo (MongoDB, Self-managed)"),
    ({"extra_parameters": {"": "x"}}, "extra_parameters contains an empty name"),
    *(
        (
            {"extra_parameters": {name: "x"}},
            f"extra_parameters contains {name}, which the module itself sends. Set {by}.",
        )
        for name, by in {
            "host": "host",
            "port": "port",
            "uid": "user",
            "pwd": "password",
            "pwd2": "password",
            "type": "type",
            "db": "database",
            "drv": "jdbc_driver",
            "url": "jdbc_url",
            "URL": "jdbc_url",
        }.items()
    ),
    ({"extra_parameters": {"status": "Y"}}, "extra_parameters contains status, which the service sets itself"),
    ({"extra_parameters": {"id": "CDCSRC"}}, "extra_parameters contains id, which the service sets itself"),
    ({"extra_parameters": {"ssl": True}}, "extra_parameters.ssl is not text. Write it in quotes"),
    ({"extra_parameters": {"ssl": ["a"]}}, "extra_parameters.ssl is not text"),
    ({"extra_parameters": {"key": "a***"}}, "extra_parameters.key contains the mask '***'"),
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
    ({"type": "rds.mongo"}, "Set port from 1 to 65535."),
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
        ("jdbc:x://h;password=********", False),
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
        ({}, None, [{"success": True, "message": "fine"}, None], (True, ["fine"])),
        ({}, {**SAVED, "host": "other"}, [{"messageList": ["a", "b"]}, None], (True, ["a", "b"])),
        ({}, SAVED, [], (False, [])),
        ({"test": False}, None, [{"success": True, "message": "saved"}], (False, [])),
        ({"state": "tested"}, None, [{"success": True, "message": "fine"}], (True, ["fine"])),
        ({}, None, [], (True, [])),
    ],
)
def test_result_shows_the_test(
    options: dict[str, Any], current: Any, answers: list[Any], expected: tuple[bool, bool, list[str]]
) -> None:
    """The result says whether the connection is new, whether it was tested, and what the test said."""
    desired = connection.desired({**SOURCE, **options})
    made = connection.plan(desired, current)
    tested, messages = expected
    assert connection.result(desired, made, SAVED, answers) == {
        "connection": connection.public("source", SAVED),
        "tested": tested,
        "messages": messages,
    }


def test_unmet_names_values_but_no_password() -> None:
    """A difference is named with both values, and a password with neither."""
    desired = connection.desired({**SOURCE, "jdbc_url": "jdbc:x://h;pwd=S3"})
    made = connection.plan(desired, None)
    saved = {**SAVED, "jdbc_url": "jdbc:x://h;pwd=other"}
    assert connection.unmet(desired, made, saved) == connection.unmet(desired, made, {**saved, "database": "own"}) == {}
    assert connection.unmet(desired, made, {**saved, "host": "h", "port": "none"}) == {
        "host": "host was saved as 'db.example.com' but reads back as 'h'",
        "port": "port was saved as 3306 but reads back as 'none'",
    }
    assert set(connection.unmet(desired, made, None)) == {"type", "host", "port", "user", "jdbc_url"}


# What is not managed, and what only the service knows


def extra(**values: str) -> dict[str, str]:
    """Return extra parameters as they are in a state."""
    return {f"extra_parameters.{name}": value for name, value in values.items()}


def sent(made: Any) -> dict[str, str]:
    """Return what a plan saves, without the password."""
    (request,) = made.requests
    return {item["name"]: item["value"] for item in request.body if item["name"] not in ("pwd", "pwd2")}


MANAGED = {"type": "rds.mysqlc", "host": "db.example.com", "port": "3306", "uid": "admin"}
MOVED = {**SAVED, "host": "other"}


@pytest.mark.parametrize(
    ("saved", "resent"),
    [
        ({"database": "sales"}, {"db": "sales"}),
        ({"jdbc_driver": "D", "jdbc_url": "jdbc:x://h;pwd=S3"}, {"drv": "D", "url": "jdbc:x://h;pwd=S3"}),
        (extra(charset="utf8", zone="UTC"), {"charset": "utf8", "zone": "UTC"}),
        (extra(key="***", half="a***b"), {}),
    ],
)
def test_what_is_not_managed_is_sent_again(saved: dict[str, Any], resent: dict[str, str]) -> None:
    """A service that replaces the whole connection loses nothing, and no mask is sent."""
    made = plan(SOURCE, {**MOVED, **saved})
    assert sent(made) == {**MANAGED, **resent}
    assert made.tests[0].body == made.requests[0].body
    desired = connection.desired(SOURCE)
    assert connection.unmet(desired, made, {**SAVED, **saved}) == {}
    gone = connection.unmet(desired, made, SAVED)
    assert set(gone) == set(saved)
    assert all(gone[name] == f"{name} was saved before, and is lost" for name in extra(**resent) if name in saved)
    assert "S3" not in repr((made.before, made.after, made.wanted, connection.unmet(desired, made, SAVED)))
    assert connection.unmet(desired, made, made.after) == {}
    assert plan({**SOURCE, "state": "tested"}, {**MOVED, **saved}).tests[0].body == plan(SOURCE, None).tests[0].body
    assert plan(SOURCE, {**SAVED, **saved}).requests == ()


def test_a_masked_url_is_neither_sent_nor_lost() -> None:
    """It must be given, but only where a save may lose it."""
    masked = {"jdbc_url": "jdbc:x://h;password=***"}
    assert plan(SOURCE, {**SAVED, **masked}).requests == ()
    with pytest.raises(InvalidError) as caught:
        plan(SOURCE, {**MOVED, **masked})
    assert caught.value.message.startswith("jdbc_url must be set to save the source connection (host differs): ")
    assert "Nothing was tested or saved." in caught.value.message
    assert "url" not in sent(plan(SOURCE, {**MOVED, **masked, "type": "rds.jdbcfe"}))
    assert "url" not in sent(plan(DESTINATION, {**MOVED, **masked, "type": "rds.sstorem"}))
    assert plan({**SOURCE, "state": "tested"}, {**MOVED, **masked}).tests
    assert sent(plan({**SOURCE, "jdbc_url": "jdbc:y"}, {**MOVED, **masked}))["url"] == "jdbc:y"


GIVEN = {**SOURCE, "extra_parameters": {"charset": "utf8", "key": "S3cr3t", "none": None}}
SHOWN = {**GIVEN, "extra_parameters_shown": ["charset"]}


def test_extra_parameters_are_sent_with_every_save_and_test() -> None:
    """They are text, whatever their type was, and null is not given."""
    for options in (GIVEN, {**GIVEN, "state": "tested"}):
        for request in (*plan(options, None).tests, *plan(options, None).requests):
            assert {"name": "charset", "value": "utf8"} in request.body
            assert {"name": "key", "value": "S3cr3t"} in request.body
            assert "none" not in [item["name"] for item in request.body]
    numbers = plan({**SOURCE, "extra_parameters": {"a": 5, "b": 1.5, "c": ""}}, None)
    assert sent(numbers) == {**MANAGED, "a": "5", "b": "1.5", "c": ""}


@pytest.mark.parametrize(
    ("saved", "reasons"),
    [
        (extra(charset="utf8", key="S3cr3t"), []),
        (extra(charset="utf8", key="***"), []),
        (extra(charset="utf8"), []),
        ({}, []),
        (extra(charset="latin1", key="***"), ["charset"]),
        (extra(charset="utf8", key="0ther"), ["key"]),
    ],
)
def test_extra_parameters_are_compared_where_they_are_shown(saved: dict[str, str], reasons: list[str]) -> None:
    """A value that reads back masked or not at all is no difference; what is secret is in no diff."""
    made = plan(SHOWN, {**SAVED, **saved})
    assert made.changed == bool(reasons)
    missing = [f"extra_parameters.{name}" for name in ("charset", "key") if f"extra_parameters.{name}" not in saved]
    assert all(name in made.warnings[0] for name in missing)
    assert len(made.warnings) == bool(missing)
    for secret in ("S3cr3t", "0ther"):
        assert secret not in repr((made.before, made.after, made.wanted, made.warnings))
    if not reasons:
        return
    keys = {f"extra_parameters.{name}" for name in reasons}
    assert {name for name in made.after if made.after[name] != made.before.get(name)} == keys
    desired = connection.desired(SHOWN)
    assert connection.unmet(desired, made, {**SAVED, **extra(charset="utf8", key="S3cr3t")}) == {}
    assert connection.unmet(desired, made, {**SAVED, **extra(charset="utf8", key="***")}) == {}
    assert set(connection.unmet(desired, made, {**SAVED, **saved})) == keys
    assert "0ther" not in repr(connection.unmet(desired, made, {**SAVED, **saved}))
    assert connection.plan(desired, made.after).requests == ()


def test_secrets_that_are_sent_again_are_known() -> None:
    """Those in the URL, and values that may be secrets: not short, not said to be none, and not options of the task."""
    kept = {"jdbc_url": "jdbc:x://h;password=S3cr3t", **extra(key="123456", short="12345", charset="shown-value")}
    options = {**SOURCE, "extra_parameters": {"mine": "M1n3M1n3"}, "extra_parameters_shown": ["charset"]}
    for current, secrets in (({**MOVED, **kept}, ("123456", "S3cr3t")), (MOVED, ()), (None, ())):
        made = plan(options, current)
        assert [request.secrets for request in (*made.tests, *made.requests)] == [secrets] * 2


def test_extra_parameter_can_be_emptied() -> None:
    """An empty value is the same as none, and differs from one that is shown."""
    options = {**SOURCE, "extra_parameters": {"charset": ""}}
    assert plan(options, SAVED).requests == ()
    made = plan(options, {**SAVED, **extra(charset="utf8")})
    assert sent(made)["charset"] == ""
    assert "extra_parameters.charset" not in made.after
    assert connection.unmet(connection.desired(options), made, SAVED) == {}
    assert connection.unmet(connection.desired(options), made, {**SAVED, **extra(charset="utf8")}) == {
        "extra_parameters.charset": "extra_parameters.charset was saved, but another value reads back"
    }


def test_secret_and_masked_parameters_are_not_shown() -> None:
    """In a diff they are a mask; the result has no extra parameters at all."""
    desired = connection.desired({**SHOWN, "update_password": "always"})
    made = connection.plan(desired, {**SAVED, **extra(charset="latin1", key="0ther", more="m0re", gone="***")})
    assert made.before["extra_parameters.charset"] == "latin1"
    assert made.after["extra_parameters.charset"] == "utf8"
    hidden = {"extra_parameters.key": "***", "extra_parameters.more": "***", "extra_parameters.gone": "***"}
    assert {name: made.after[name] for name in hidden} == hidden
    assert "The service shows extra_parameters.gone with a mask" in made.warnings[0]
    shown = connection.result(desired, made, made.after, [])["connection"]
    assert set(shown) == {*connection.NAMES, "endpoint", "status", "working"}


def test_unknown_names_are_read() -> None:
    """Names that the collection does not know are read, as far as they are text; passwords and the service's own are not."""
    values = {**PAIRS, "id": "x", "pwd": "***", "pwd2": "***", "charset": "utf8", "size": 5, "empty": "", "odd": {}}
    values |= {"yes": True, "null": None}
    answer = [{"name": name, "value": value} for name, value in values.items()]
    state = connection.saved(lambda *_segments: [*answer, {"name": "charset", "value": "b"}], "source")
    found = {name: value for name, value in state.items() if name not in (*connection.NAMES, "status")}
    assert found == extra(charset="utf8", size="5")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"type": "rds.pgres"}, True),
        ({"host": "elsewhere"}, True),
        ({"port": 3307}, True),
        ({"database": "other"}, True),
        ({"database": None}, True),
        ({"user": "someone"}, False),
        ({"jdbc_url": "jdbc:x"}, False),
        ({"status": "N", "working": False}, False),
    ],
)
def test_moved(changes: dict[str, Any], expected: bool) -> None:
    """A connection has moved if it leads to another database; a first one has not."""
    before = connection.public("source", {**SAVED, "database": "sales"})
    after = {**(before or {}), **changes}
    assert connection.moved(before, after) is expected
    assert connection.moved(None, after) is False
    assert connection.moved(before, None) is False


def test_rotated_password_is_explained() -> None:
    """A refusal with 409, and a connection that does not work, name what helps."""
    made = plan({**SOURCE, "update_password": "always"}, SAVED)
    assert all("update_password" in request.conflict for request in (*made.tests, *made.requests))
    (warning,) = connection.remarks(connection.desired(SOURCE), {**SAVED, "status": "N"})
    assert "update_password" in warning


def test_near_type_is_named_in_a_warning() -> None:
    """An unknown type that looks like one is sent, and a near one is named."""
    (warning,) = plan({**SOURCE, "type": "rds.mysqlcc", "port": 1}, None).warnings
    assert "'rds.mysqlcc'" in warning
    assert "did you mean rds.mysqlc (MySQL, Continuous)" in warning
