# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections to sources and destinations, tried before they are returned."""

from __future__ import annotations

import hmac
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from .engines import CONNECT_TIMEOUT, destination_engine, source_engine
from .failures import CANNOT_PARSE, DRIVER_NOT_FOUND, ConnectionFailed, access_denied, sentence, socket_failed
from .families import DESTINATION_TYPE, FAMILIES, SOURCE_TYPES, Family
from .names import DESTINATION, SOURCE, plain_schemas
from .urls import normal, parse

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_DENIED = frozenset({1044, 1045, 1698, 1130, 3118, 18456, 1017})
_DENIED_WORDS = re.compile(r"authentication failed|no password supplied|no pg_hba|ORA-01017", re.I)


@dataclass(frozen=True)
class Settings:
    """One saved connection; with `port` None, the database's driver chooses the port."""

    type: str
    host: str
    port: int | None
    user: str
    password: str = field(repr=False)
    database: str | None = None
    driver: str | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class EmbeddedHost:
    """A host name that the emulator itself answers for: its database, and who may log in."""

    url: str = field(repr=False)
    user: str
    password: str = field(repr=False)


class _Make(Protocol):
    def __call__(self, url: URL, *, trial: bool = False) -> Engine:
        """Make an engine; with `trial`, it does not wait long for answers."""


def open_source(settings: Settings, hosts: Mapping[str, EmbeddedHost]) -> Engine:
    """Connect to a source and return its engine; close it with `dispose()`.

    Raises ConnectionFailed with the wording of the reference's "Test Source Database Connection".
    Databases of the family mongodb can only be reached behind embedded host names.
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
    url = embedded or url or _server(settings, FAMILIES[family])
    engine = _connected(settings, url, source_engine)
    return engine.execution_options(**{SOURCE: plain_schemas(url, embedded=bool(embedded))})


def open_destination(settings: Settings, hosts: Mapping[str, EmbeddedHost]) -> Engine:
    """Connect to a destination, a server that speaks MySQL's protocol, and return its engine.

    Raises ConnectionFailed with the wording of "Test Destination Database Connection".
    """
    if settings.type != DESTINATION_TYPE:
        raise ConnectionFailed(None, DRIVER_NOT_FOUND)
    url = _embedded(settings, None, hosts) or _server(settings, FAMILIES["mysql"])
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


def _server(settings: Settings, family: Family) -> URL:
    url = URL.create(
        family.driver,
        username=settings.user,
        password=settings.password,
        host=settings.host.strip("[]"),
        port=settings.port,
    )
    database = settings.database or family.database
    return family.lead_to(url, database) if database else url


def _connected(settings: Settings, url: URL, make: _Make) -> Engine:
    if url.host is not None and not _HOST.fullmatch(url.host):
        raise socket_failed(url.host, url.port)
    try:
        tried, engine = make(url, trial=True), make(url)
    except (NoSuchModuleError, ImportError):
        raise ConnectionFailed(None, DRIVER_NOT_FOUND) from None
    except (SQLAlchemyError, TypeError, ValueError):
        raise ConnectionFailed("db", CANNOT_PARSE) from None
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
    family = FAMILIES.get(url.get_backend_name())
    port = url.port or (family.port if family else 0)
    try:
        with socket.create_connection((url.host or "", port), timeout=CONNECT_TIMEOUT):
            return True
    except (OSError, UnicodeError):
        return False
