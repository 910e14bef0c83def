# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a connection is made of, and the one error that a connection can end in."""

from __future__ import annotations

from dataclasses import dataclass, field

DRIVER_NOT_FOUND = "Error: Driver not found for rds."
CANNOT_PARSE = "Connection string is invalid. Unable to parse."

DESTINATION_TYPE = "rds.sstorem"

SOURCE_TYPES: dict[str, str] = {
    "rds.oracle11lm": "oracle",
    "rds.oracle11lfm": "oracle",
    "rds.oracle11lmrm": "oracle",
    "rds.oracle11lmc": "oracle",
    "rds.oraclefem": "oracle",
    "rds.oraclets": "oracle",
    "rds.oracle11lmp": "oracle",
    "rds.oracle11lmcp": "oracle",
    "rds.oracle11lmrac": "oracle",
    "rds.oracle11lmcrac": "oracle",
    "rds.oracle11lmracp": "oracle",
    "rds.oracle11lmc19": "oracle",
    "rds.oracle11lmcp19": "oracle",
    "rds.msadbctm": "mssql",
    "rds.mscdcm": "mssql",
    "rds.msfull": "mssql",
    "rds.msts": "mssql",
    "rds.mysql": "mysql",
    "rds.mysqlc": "mysql",
    "rds.pgres": "postgresql",
    "rds.mongo": "mongodb",
    "rds.mongoatlas": "mongodb",
    "rds.jdbcfe": "jdbc",
}
"""The source types of the reference's "Supported Database Types", each with its family."""


@dataclass(frozen=True)
class Settings:
    """One connection as it was saved; `port` None leaves the port to the database's driver."""

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
    """A host name that the emulator itself answers for: where it leads, and who may log in."""

    url: str = field(repr=False)
    user: str
    password: str = field(repr=False)


class ConnectionFailed(Exception):
    """A connection that cannot be made; `topic` and `message` are the ones of the test's answer."""

    def __init__(self, topic: str | None, message: str) -> None:
        super().__init__(message)
        self.topic = topic
        self.message = message


def socket_failed(host: str, port: int | None) -> ConnectionFailed:
    """Give the reference's wording for a server that nobody answers for."""
    address = f"(host={host})(port={port})"
    return ConnectionFailed(None, f"Socket fail to connect to host:address={address}. {host}")


def access_denied(user: str) -> ConnectionFailed:
    """Give the wording for a user or password that the database refuses."""
    return ConnectionFailed(None, f"Access denied for user '{user}'")
