# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection strings of JDBC and of SQLAlchemy."""

from __future__ import annotations

import pytest
from flow_emulator.databases.urls import parse


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
    ],
)
def test_connection_string_becomes_an_sqlalchemy_url(text: str, url: str) -> None:
    assert parse(text, user="u", password="p").render_as_string(hide_password=False) == url


def test_credentials_in_a_connection_string_are_used() -> None:
    url = parse("jdbc:mysql://a%40b:c@h/d", user="", password="")
    assert (url.username, url.password) == ("a@b", "c")
    url = parse("jdbc:sqlserver://h;user=a;password=b", user="", password="")
    assert (url.username, url.password) == ("a", "b")
