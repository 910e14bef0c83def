# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections as values: what a client's names and values mean, and how they read back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..databases.connecting import Settings

SIDES = {"source": "CDCSRC", "destination": "CDCDST"}
MASK = "***"
REQUIRED = ("host", "port", "uid", "pwd", "pwd2", "type")
JDBC = ("drv", "url")
OPTIONAL = {"source": ("db", *JDBC), "destination": ("db",)}
SET_BY_THE_SERVICE = ("id", "status")


class InvalidConnection(ValueError):
    """A client sent something that is not a connection; `topic` is the wrong name."""

    def __init__(self, topic: str, message: str) -> None:
        super().__init__(message)
        self.topic = topic
        self.message = message


def parse(
    side: str, pairs: Iterable[tuple[str, str]], saved: Mapping[str, str], *, any_name: bool = False
) -> dict[str, str]:
    """Return the values in `pairs`, and those in `saved` for optional names that are not given.

    With `any_name`, names that the reference does not have are optional ones. Raises InvalidConnection.
    """
    given = _unique(pairs)
    for name in given:
        _check_name(side, name, any_name=any_name)
    for name in REQUIRED:
        if not given.get(name, "").strip():
            raise InvalidConnection(name, f"{name} is required and must not be empty.")
    _check_password(given)
    _check_port(given["port"])
    names = (*REQUIRED, *OPTIONAL[side])
    values = {name: value for name, value in {**saved, **given}.items() if any_name or name in names}
    if values["type"] == "rds.jdbcfe":
        for name in JDBC:
            if not values.get(name, "").strip():
                raise InvalidConnection(name, f"{name} is required for the type rds.jdbcfe.")
    return values


def settings(values: Mapping[str, str]) -> Settings:
    """Return the values in the form that the room `databases` takes."""
    return Settings(
        type=values["type"],
        host=values["host"],
        port=int(values["port"]),
        user=values["uid"],
        password=values["pwd"],
        database=values.get("db") or None,
        driver=values.get("drv"),
        url=values.get("url"),
    )


def shown(side: str, values: Mapping[str, str], status: str) -> list[dict[str, str]]:
    """Return a connection as it reads back, sorted by name (Get Source, Get Destination Database Details)."""
    visible = {**values, "id": SIDES[side], "status": status, "pwd": MASK, "pwd2": MASK}
    return [{"name": name, "value": visible[name]} for name in sorted(visible)]


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise InvalidConnection(name, f"{name} is given twice.")
        given[name] = value
    return given


def _check_name(side: str, name: str, *, any_name: bool) -> None:
    names = (*REQUIRED, *OPTIONAL[side])
    if name not in names and not any_name:
        raise InvalidConnection(
            name,
            f"{name!r} is not a parameter of a {side} connection; use {', '.join(names)}.",
        )
    if name in SET_BY_THE_SERVICE:
        raise InvalidConnection(name, f"{name} is set by the service itself; leave it out.")
    if not name.strip():
        raise InvalidConnection(name, "A parameter has an empty name.")


def _check_password(given: Mapping[str, str]) -> None:
    if given["pwd"] == MASK:
        raise InvalidConnection("pwd", "pwd is the mask that reading shows, not a password.")
    if given["pwd"] != given["pwd2"]:
        raise InvalidConnection("pwd2", "pwd2 does not match pwd.")


def _check_port(text: str) -> None:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise InvalidConnection("port", "port must be a number from 1 to 65535.")
