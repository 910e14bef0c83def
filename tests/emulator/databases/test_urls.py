# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection strings of JDBC and of SQLAlchemy."""

from __future__ import annotations

import pytest
from flow_emulator.databases.failures import CANNOT_PARSE, ConnectionFailed
from flow_emulator.databases.urls import is_url, normal, parse, without_password
from sqlalchemy.engine import make_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("jdbc:mysql://h/d", "mysql+pymysql://u:p@h/d"),
        ("jdbc:mysql://h:3307", "mysql+pymysql://u:p@h:3307"),
        ("jdbc:mariadb://a:b@h:1/d?useSSL=false&x=1", "mysql+pymysql://u:p@h:1/d"),
        ("jdbc:postgresql://[::1]:5432/a%20b", "postgresql+psycopg://u:p@[::1]:5432/a b"),
        ("jdbc:sqlserver://h\\sql:1433;databaseName=d;encrypt=true", "mssql+pymssql://u:p@h:1433/d"),
        ("jdbc:oracle:thin:@h:1521:ORCL", "oracle+oracledb://u:p@h:1521?service_name=ORCL"),
        ("jdbc:oracle:thin:@//h:1521/svc", "oracle+oracledb://u:p@h:1521?service_name=svc"),
        ("jdbc:sqlite:/a b/c.db", "sqlite:////a b/c.db"),
        ("postgres://h/d", "postgresql+psycopg://u:p@h/d"),
        ("mysql+pymysql://x:y@h/d", "mysql+pymysql://u:p@h/d"),
        ("mariadb+mariadbconnector://h/d", "mysql+pymysql://u:p@h/d"),
        ("postgresql+asyncpg://h/d", "postgresql+psycopg://u:p@h/d"),
        ("sqlite+aiosqlite:////a.db", "sqlite:////a.db"),
        ("jdbc:sqlite:file:/c.db?mode=ro", "sqlite:////c.db"),
        (" jdbc:mysql://h:65535/a%2Fb ", "mysql+pymysql://u:p@h:65535/a/b"),
        ("jdbc:mysql://h/?x=1", "mysql+pymysql://u:p@h"),
        ("jdbc:sqlserver://h", "mssql+pymssql://u:p@h"),
        ("jdbc:sqlserver://h; DataBaseName =a%20b&x", "mssql+pymssql://u:p@h/a b"),
        ("jdbc:oracle:thin:@h", "oracle+oracledb://u:p@h"),
        ("jdbc:oracle:thin:@h/svc", "oracle+oracledb://u:p@h?service_name=svc"),
        ("jdbc:mysql://XENON/d", "mysql+pymysql://u:p@XENON/d"),
        ("jdbc:h2://h:1/d", "h2://u:p@h:1"),
        ("jdbc:mysql://h:1/d?databaseName=e", "mysql+pymysql://u:p@h:1/d"),
        ("mssql://h/d", "mssql+pymssql://u:p@h/d"),
        ("mssql+pyodbc://h/d", "mssql+pyodbc://u:p@h/d"),
        ("oracle+cx_oracle://h", "oracle+cx_oracle://u:p@h"),
        ("sqlserver://h:1/d", "mssql+pymssql://u:p@h:1/d"),
        ("h2://h/d", "h2://u:p@h/d"),
    ],
)
def test_connection_string_becomes_an_sqlalchemy_url(text: str, url: str) -> None:
    assert parse(text, user="u", password="p").render_as_string(hide_password=False) == url


@pytest.mark.parametrize(
    "text",
    [
        *("", "nonsense", "jdbc:", "jdbc:mysql:h", "jdbc:mysql://", "JDBC:mysql://h/d", "jdbc:oracle:thin:@h/svc?x=1"),
        *(f"{start}mysql://h:{port}/d" for start in ("", "jdbc:") for port in ("x", "0", "65536")),
    ],
)
def test_what_is_no_connection_string(text: str) -> None:
    with pytest.raises(ConnectionFailed) as failed:
        parse(text, user="u", password="p")
    assert (failed.value.topic, failed.value.message) == ("db", CANNOT_PARSE)


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        ("jdbc:mysql://a%40b:c%2Fd@h/d", "a@b", "c/d"),
        ("jdbc:mysql://a@h/d?user=x&password=p%26", "a", "p&"),
        ("jdbc:mysql://h/d?user=x", "x", None),
        ("jdbc:mysql://h/d?password=a=b", None, "a=b"),
        ("jdbc:sqlserver://h;user=a;Password=b", "a", "b"),
        ("mysql://a:b@h", "a", "b"),
        ("mysql://h", None, None),
    ],
)
def test_own_credentials(text: str, user: str | None, password: str | None) -> None:
    """Credentials of a connection string count where none are given."""
    own, given = parse(text, user="", password=""), parse(text, user="u", password="p")
    assert (own.username, own.password) == (user, password)
    assert (given.username, given.password) == ("u", "p")


def test_an_engine_of_ones_own() -> None:
    assert normal(make_url("mysql://h")).drivername == "mysql+pymysql"
    assert normal(make_url("h2+x://h")).drivername == "h2+x"


@pytest.mark.parametrize(("text", "expected"), [("a://h", True), ("h", False), ("a://h:x", False)])
def test_is_url(text: str, expected: bool) -> None:
    assert is_url(text) == expected


def test_without_password() -> None:
    assert without_password("a://u:p@h/d") == "a://u:***@h/d"
