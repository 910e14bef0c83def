# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections to sources and destinations, tried out before they are handed over."""

from __future__ import annotations

import hmac
import re
import socket
from collections.abc import Mapping
from typing import Protocol

from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from .catalog import SchemaNotFound, count_rows, list_tables
from .engines import CONNECT_TIMEOUT, destination_engine, source_engine
from .failures import sentence
from .names import DESTINATION, SOURCE, plain_schemas
from .settings import (
    DESTINATION_TYPE,
    DRIVER_NOT_FOUND,
    SOURCE_TYPES,
    ConnectionFailed,
    EmbeddedHost,
    Settings,
    access_denied,
    socket_failed,
)
from .urls import DRIVERS, normal, parse

__all__ = [
    "DESTINATION_TYPE",
    "SOURCE_TYPES",
    "ConnectionFailed",
    "EmbeddedHost",
    "SchemaNotFound",
    "Settings",
    "count_rows",
    "list_tables",
    "open_destination",
    "open_source",
]


class _Make(Protocol):
    def __call__(self, url: URL, *, trial: bool = False) -> Engine:
        """Make an engine; a trial does not wait long for answers."""


_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_DENIED = frozenset({1044, 1045, 1698, 1130, 3118, 18456, 1017})
_DENIED_WORDS = re.compile(r"authentication failed|no password supplied|no pg_hba|ORA-01017", re.I)


def open_source(settings: Settings, hosts: Mapping[str, EmbeddedHost]) -> Engine:
    """Connect to a source and give its engine; close it with `dispose()`.

    Raises ConnectionFailed with the wordings of the reference's "Test Source Database Connection".
    Databases of the family mongodb are only reached behind embedded host names.
    """
    family = SOURCE_TYPES.get(settings.type)
    if family is None:
        raise ConnectionFailed(None, DRIVER_NOT_FOUND)
    url = None
    if family == "jdbc":
        url = parse(settings.url or "", user=settings.user, password=settings.password)
    elif family == "mongodb" and settings.host not in hosts:
        raise ConnectionFailed(None, DRIVER_NOT_FOUND)
    embedded = _embedded(settings, url, hosts)
    url = embedded or url or _server(settings, family)
    engine = _connected(settings, url, source_engine)
    return engine.execution_options(**{SOURCE: plain_schemas(url, embedded=bool(embedded))})


def open_destination(settings: Settings, hosts: Mapping[str, EmbeddedHost]) -> Engine:
    """Connect to a destination, a server that speaks MySQL's protocol, and give its engine.

    Raises ConnectionFailed with the wordings of "Test Destination Database Connection".
    """
    if settings.type != DESTINATION_TYPE:
        raise ConnectionFailed(None, DRIVER_NOT_FOUND)
    url = _embedded(settings, None, hosts) or _server(settings, "mysql")
    if url.get_backend_name() not in ("mysql", "mariadb", "sqlite"):
        raise ConnectionFailed(None, DRIVER_NOT_FOUND)
    engine = _connected(settings, url, destination_engine)
    return engine.execution_options(**{DESTINATION: url.database or ""})


def _embedded(settings: Settings, url: URL | None, hosts: Mapping[str, EmbeddedHost]) -> URL | None:
    host = hosts.get(settings.host) or (hosts.get(url.host) if url and url.host else None)
    if host is None:
        return None
    given = f"{settings.user}\0{settings.password}".encode()
    if not hmac.compare_digest(given, f"{host.user}\0{host.password}".encode()):
        raise access_denied(settings.user)
    return normal(make_url(host.url))


def _server(settings: Settings, family: str) -> URL:
    url = URL.create(
        DRIVERS[family],
        username=settings.user,
        password=settings.password,
        host=settings.host.strip("[]"),
        port=settings.port,
    )
    if family == "oracle":
        return url.update_query_dict({"service_name": settings.database or "ORCL"})
    if family == "postgresql":
        return url.set(database=settings.database or "postgres")
    return url.set(database=settings.database) if settings.database else url


def _connected(settings: Settings, url: URL, make: _Make) -> Engine:
    if url.host is not None and not _HOST.fullmatch(url.host):
        raise socket_failed(url.host, url.port)
    try:
        tried, engine = make(url, trial=True), make(url)
    except (NoSuchModuleError, ImportError):
        raise ConnectionFailed(None, DRIVER_NOT_FOUND) from None
    except (SQLAlchemyError, TypeError, ValueError):
        raise ConnectionFailed("db", "Connection string is invalid. Unable to parse.") from None
    try:
        with tried.connect():
            return engine
    except Exception as problem:
        raise _failure(problem, url, settings.user) from None


def _failure(problem: Exception, url: URL, user: str) -> ConnectionFailed:
    original = problem.orig if isinstance(problem, DBAPIError) else problem
    code = original.args[0] if original is not None and original.args else None
    if code in _DENIED or _DENIED_WORDS.search(str(original)):
        return access_denied(url.username or user)
    if url.host is not None and not _answers(url):
        return socket_failed(url.host, url.port)
    return ConnectionFailed(None, sentence(problem, hide=(url.password,)))


def _answers(url: URL) -> bool:
    ports = {"mysql": 3306, "postgresql": 5432, "mssql": 1433, "oracle": 1521}
    port = url.port or ports.get(url.get_backend_name(), 0)
    try:
        with socket.create_connection((url.host or "", port), timeout=CONNECT_TIMEOUT):
            return True
    except (OSError, UnicodeError):
        return False
