# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One writer at a time for each destination table, even across processes on one server.

A server's lock belongs to its session, so a killed process leaves none behind.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

WAIT = 3600
"""Seconds to wait for another writer of the same table."""

_local: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)


class Locked(Exception):
    """Another writer holds the table."""


@contextmanager
def held(connection: Connection, name: str, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock `name` of a destination. Raises Locked after `wait` seconds."""
    guard = _in_process if connection.dialect.name == "sqlite" else _at_server
    with guard(connection, name, wait):
        yield


@contextmanager
def _in_process(connection: Connection, name: str, wait: float) -> Iterator[None]:
    lock = _local[str(connection.engine.url.database), name]
    if not lock.acquire(timeout=wait):
        raise Locked
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _at_server(connection: Connection, name: str, wait: float) -> Iterator[None]:
    with connection.begin():
        if connection.execute(select(func.get_lock(name, wait))).scalar_one() != 1:
            raise Locked
    try:
        yield
    finally:
        with suppress(SQLAlchemyError), connection.begin():
            connection.execute(select(func.release_lock(name)))
