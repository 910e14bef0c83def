# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection strings of JDBC and of SQLAlchemy, as one SQLAlchemy URL."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .failures import CANNOT_PARSE, ConnectionFailed
from .families import named

_SERVER = re.compile(
    r"jdbc:(?P<family>[a-z][a-z0-9]*)://"
    r"(?:(?P<user>[^:@/?]*)(?::(?P<password>[^@/?]*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/?\[\]]+)(?::(?P<port>\d+))?"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<properties>.*))?"
)
_SQLSERVER = re.compile(
    r"jdbc:(?P<family>sqlserver)://(?P<host>[^:;\\]+)(?:\\[^:;]*)?(?::(?P<port>\d+))?"
    r"(?:;(?P<properties>.*))?"
)
_ORACLE = re.compile(
    r"jdbc:(?P<family>oracle):thin:@(?://)?(?P<host>[^:/?]+)(?::(?P<port>\d+))?"
    r"(?:[:/](?P<database>[^?]*))?"
)
_SQLITE = re.compile(r"jdbc:sqlite:(?:file:)?(?P<path>[^?]+)(?:\?.*)?")


def parse(text: str, *, user: str, password: str) -> URL:
    """Return the SQLAlchemy URL of a JDBC or SQLAlchemy connection string; user and password win over its own.

    Raises ConnectionFailed in the reference's wording if it is neither.
    """
    text = text.strip()
    url = _jdbc(text) if text.startswith("jdbc:") else _sqlalchemy(text)
    if url.port is not None and not 1 <= url.port <= 65535:
        raise ConnectionFailed("db", CANNOT_PARSE)
    if url.get_backend_name() == "sqlite":
        return url
    return url.set(username=user or url.username, password=password or url.password)


def _jdbc(text: str) -> URL:
    if file := _SQLITE.fullmatch(text):
        return URL.create("sqlite", database=file["path"])
    for pattern in (_SQLSERVER, _ORACLE, _SERVER):
        if match := pattern.fullmatch(text):
            return _server(match.groupdict())
    raise ConnectionFailed("db", CANNOT_PARSE)


def _server(parts: dict[str, Any]) -> URL:
    properties = _properties(parts.get("properties") or "")
    database = parts.get("database") or properties.get("databasename")
    user, password = parts.get("user"), parts.get("password")
    family = named(parts["family"])
    url = URL.create(
        family.driver if family else parts["family"],
        username=unquote(user) if user else properties.get("user"),
        password=unquote(password) if password else properties.get("password"),
        host=parts["host"].strip("[]"),
        port=int(parts["port"]) if parts["port"] else None,
    )
    return family.lead_to(url, unquote(database)) if family and database else url


def _properties(text: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in re.split(r"[;&]", text) if item)
    return {name.strip().lower(): unquote(value) for name, _equals, value in pairs}


def _sqlalchemy(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ConnectionFailed("db", CANNOT_PARSE) from None
    return normal(url)


def normal(url: URL) -> URL:
    """Return the URL with the driver that the engine is made for, if there is one."""
    name, _plus, driver = url.drivername.partition("+")
    if name == "sqlite":
        return url.set(drivername=name)
    family = named(name)
    keeps_its_own = driver and name in ("mssql", "oracle")
    return url.set(drivername=family.driver) if family and not keeps_its_own else url


def is_url(text: str) -> bool:
    """Return whether SQLAlchemy accepts a text as a URL."""
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        return False
    return True


def without_password(text: str) -> str:
    """Return a URL in a form that may be shown."""
    return make_url(text).render_as_string()
