# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parameters of a connection: which are accepted, which stay from the last save, and how they are shown."""

from __future__ import annotations

import pytest
from flow_emulator.databases.connecting import Settings
from flow_emulator.state.parameters import InvalidConnection, parse, settings, shown

GIVEN = {"host": "h", "port": "1", "uid": "u", "pwd": "p", "pwd2": "p", "type": "rds.mysql"}
JDBC = {"type": "rds.jdbcfe", "drv": "x.Driver", "url": "jdbc:x"}


@pytest.mark.parametrize(
    ("side", "more", "saved", "kept"),
    [
        ("source", {}, {}, {}),
        ("source", {"db": "d"}, {"db": "e"}, {"db": "d"}),
        ("source", {}, {"db": "e", "host": "old", "nonsense": "x"}, {"db": "e"}),
        ("source", {"db": ""}, {"db": "e"}, {"db": ""}),
        ("source", JDBC, {}, JDBC),
        ("source", {"type": "rds.jdbcfe"}, JDBC, JDBC),
        ("source", {}, {"url": "jdbc:x"}, {"url": "jdbc:x"}),
        ("destination", {"db": "d"}, {"url": "jdbc:x"}, {"db": "d"}),
        ("destination", {"port": "65535", "host": " h "}, {}, {"port": "65535", "host": " h "}),
    ],
)
def test_parameters_are_saved(side: str, more: dict[str, str], saved: dict[str, str], kept: dict[str, str]) -> None:
    assert parse(side, {**GIVEN, **more}.items(), saved) == {**GIVEN, **kept}


@pytest.mark.parametrize(
    ("side", "more", "saved", "kept"),
    [
        ("source", {"nonsense": "x"}, {}, {"nonsense": "x"}),
        ("source", {}, {"db": "e", "host": "old", "nonsense": "x"}, {"db": "e", "nonsense": "x"}),
        ("source", {"Host": ""}, {"Host": "x"}, {"Host": ""}),
        ("destination", {"url": "u"}, {"drv": "d"}, {"url": "u", "drv": "d"}),
    ],
)
def test_any_parameters_are_saved(side: str, more: dict[str, str], saved: dict[str, str], kept: dict[str, str]) -> None:
    assert parse(side, {**GIVEN, **more}.items(), saved, any_name=True) == {**GIVEN, **kept}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("id", "id is set by the service itself; leave it out."),
        ("status", "status is set by the service itself; leave it out."),
        ("", "A parameter has an empty name."),
        (" ", "A parameter has an empty name."),
    ],
)
def test_wrong_names_are_refused(name: str, message: str) -> None:
    with pytest.raises(InvalidConnection) as refused:
        parse("source", {**GIVEN, name: "x"}.items(), {}, any_name=True)
    assert (refused.value.topic, refused.value.message) == (name, message)


REQUIRED = "is required and must not be empty."
PORT = "port must be a number from 1 to 65535."
NAMES = "host, port, uid, pwd, pwd2, type, db"


@pytest.mark.parametrize(
    ("side", "pairs", "topic", "message"),
    [
        *[("source", {**GIVEN, name: text}.items(), name, f"{name} {REQUIRED}") for name in GIVEN for text in ("", " ")],
        *[("source", [pair for pair in GIVEN.items() if pair[0] != name], name, f"{name} {REQUIRED}") for name in GIVEN],
        *[
            ("source", {**GIVEN, "port": text}.items(), "port", PORT)
            for text in ("0", "65536", "-1", "a", "1.0", " 1", "٣", "000001", "9" * 5000)
        ],
        ("source", {**GIVEN, "pwd": "***", "pwd2": "***"}.items(), "pwd", "pwd is the mask that reading shows, not a password."),
        ("source", {**GIVEN, "pwd2": "q"}.items(), "pwd2", "pwd2 does not match pwd."),
        ("source", [*GIVEN.items(), ("db", "a"), ("db", "a")], "db", "db is given twice."),
        ("source", [("Host", "h")], "Host", f"'Host' is not a parameter of a source connection; use {NAMES}, drv, url."),
        ("destination", [("url", "")], "url", f"'url' is not a parameter of a destination connection; use {NAMES}."),
        *[
            ("source", {**GIVEN, **JDBC, name: text}.items(), name, f"{name} is required for the type rds.jdbcfe.")
            for name in ("drv", "url") for text in ("", " ")
        ],
        ("source", {**GIVEN, "type": "rds.jdbcfe"}.items(), "drv", "drv is required for the type rds.jdbcfe."),
        ("source", {**GIVEN, "type": "rds.jdbcfe", "drv": "x"}.items(), "url", "url is required for the type rds.jdbcfe."),
    ],
)  # fmt: skip
def test_wrong_parameters_are_refused(side: str, pairs: list[tuple[str, str]], topic: str, message: str) -> None:
    with pytest.raises(InvalidConnection) as refused:
        parse(side, pairs, {})
    assert (refused.value.topic, refused.value.message, str(refused.value)) == (topic, message, message)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (GIVEN, Settings("rds.mysql", "h", 1, "u", "p")),
        ({**GIVEN, "db": ""}, Settings("rds.mysql", "h", 1, "u", "p", database=None)),
        (
            {**GIVEN, "db": "d", "drv": "x", "url": "y"},
            Settings("rds.mysql", "h", 1, "u", "p", database="d", driver="x", url="y"),
        ),
    ],
)
def test_settings(values: dict[str, str], expected: Settings) -> None:
    assert settings(values) == expected


@pytest.mark.parametrize(("side", "identifier"), [("source", "CDCSRC"), ("destination", "CDCDST")])
def test_passwords_read_back_masked(side: str, identifier: str) -> None:
    """Sorted by name, passwords masked."""
    assert [(pair["name"], pair["value"]) for pair in shown(side, {**GIVEN, "pwd2": "q"}, "Saved")] == [
        ("host", "h"),
        ("id", identifier),
        ("port", "1"),
        ("pwd", "***"),
        ("pwd2", "***"),
        ("status", "Saved"),
        ("type", "rds.mysql"),
        ("uid", "u"),
    ]
