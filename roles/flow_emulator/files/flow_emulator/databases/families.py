# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The families of database servers that the emulator can reach, and the source types that name them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import URL


@dataclass(frozen=True)
class Family:
    """How to reach the servers of a family."""

    driver: str
    """SQLAlchemy's name for dialect and driver."""
    port: int
    timeout: str
    """The driver's option for the seconds to wait for a new connection."""
    aliases: tuple[str, ...] = ()
    """Its other names in connection strings."""
    database: str | None = None
    """The database of a connection that does not name one."""
    is_service: bool = False
    """Whether a database is a service that is named in the URL's query."""
    sees_one_database: bool = False
    """Whether each database needs a separate connection."""

    def lead_to(self, url: URL, database: str) -> URL:
        """Return the URL of one of the server's databases."""
        return url.update_query_dict({"service_name": database}) if self.is_service else url.set(database=database)


FAMILIES = {
    "mysql": Family("mysql+pymysql", 3306, "connect_timeout", aliases=("mariadb",)),
    "postgresql": Family(
        "postgresql+psycopg",
        5432,
        "connect_timeout",
        aliases=("postgres",),
        database="postgres",
        sees_one_database=True,
    ),
    "mssql": Family("mssql+pymssql", 1433, "login_timeout", aliases=("sqlserver",), sees_one_database=True),
    "oracle": Family("oracle+oracledb", 1521, "tcp_connect_timeout", database="ORCL", is_service=True),
}
"""Each family by SQLAlchemy's name for its dialect."""

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


def named(name: str) -> Family | None:
    """Return the family that a name in a connection string means."""
    return next((family for key, family in FAMILIES.items() if name in (key, *family.aliases)), None)
