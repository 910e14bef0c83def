# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What went wrong with a database, as one sentence without secrets, statements or rows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.exc import DBAPIError

DRIVER_NOT_FOUND = "Error: Driver not found for rds."
CANNOT_PARSE = "Connection string is invalid. Unable to parse."


class ConnectionFailed(Exception):
    """A connection that cannot be made; `topic` and `message` are those of the test's answer."""

    def __init__(self, topic: str | None, message: str) -> None:
        super().__init__(message)
        self.topic = topic
        self.message = message


def socket_failed(host: str, port: int | None) -> ConnectionFailed:
    """Return the reference's wording for a server that does not answer."""
    address = f"(host={host})(port={port})"
    return ConnectionFailed(None, f"Socket fail to connect to host:address={address}. {host}")


def access_denied(user: str) -> ConnectionFailed:
    """Return the wording for a user or password that the database refuses."""
    return ConnectionFailed(None, f"Access denied for user '{user}'")


def sentence(problem: BaseException, *, hide: Iterable[str | None] = ()) -> str:
    """Return the database's own words for a failure, with `hide` blanked.

    SQLAlchemy's text is left out: it repeats the statement and its values.
    """
    cause = problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem
    words = cause.args[1] if len(cause.args) > 1 and isinstance(cause.args[1], str) else str(cause)
    text = (words.strip().splitlines() or [type(cause).__name__])[0]
    for secret in hide:
        if secret:
            text = text.replace(secret, "***")
    return text
