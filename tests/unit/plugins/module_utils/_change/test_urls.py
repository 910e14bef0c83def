# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords in JDBC URLs are blanked in every documented form, and nothing else is."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.urls import blanked, secrets_of
from hypothesis import given
from hypothesis import strategies as st

SECRETS = ["S3cr3t!", "p@ss", "a:b", "p%40ss%2F", "ünïcode", "1234", "-*-", "$x^y|z"]

WITH_ONE = [
    "jdbc:mysql://user:{}@h:3306/db",
    "jdbc:mysql://user:{}@h1:3306,h2:3306/db?useSSL=true",
    "jdbc:mysql://h:3306/db?user=u&password={}&useSSL=true",
    "jdbc:mysql://h/db?user=u&password={}",
    "jdbc:mysql://(host=h,port=3306,user=u,password={})/db",
    "jdbc:mysql://address=(host=h)(port=3306)(user=u)(password={})/db",
    "jdbc:mariadb://h/db?keyStorePassword={}&user=u",
    "jdbc:postgresql://h:5432/db?user=u&password={}",
    "jdbc:postgresql://h/db?user=u&sslpassword={}",
    "jdbc:sqlserver://h:1433;databaseName=db;user=u;password={};encrypt=true",
    "jdbc:sqlserver://h:1433;databaseName=db;user=u;Password = {};encrypt=true",
    "jdbc:sqlserver://h:1433;user=u;password={{{}}};encrypt=true",
    "jdbc:sqlserver://h:1433;trustStorePassword={};encrypt=true",
    "jdbc:sqlserver://h:1433;accessToken={};encrypt=true",
    "jdbc:oracle:thin:user/{}@//h:1521/service",
    "jdbc:oracle:thin:user/{}@h:1521:sid",
    "jdbc:oracle:oci:user/{}@tns",
    "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=h)(PORT=1521))(PASSWORD={}))",
    "jdbc:db2://h:50000/sales:user=u;password={};",
    "jdbc:db2://h:50000/sales:password={};user=u;",
    "jdbc:teradata://h/USER=u,PASSWORD={},DATABASE=d",
    "jdbc:snowflake://h/?user=u&passcode={}",
    "jdbc:redshift://h:5439/db?UID=u&PWD={}",
    "jdbc:databricks://h:443;AuthMech=3;UID=token;PWD={}",
    "jdbc:sap://h:30015/?user=u&password={}",
    "jdbc:salesforce:User=u;Password=x{};Security Token={};",
    "jdbc:h2:tcp://h/db;USER=u;PASSWORD={}",
    "sqlite://user:{}@host/path",
    "postgresql://user:{}@host/path?sslmode=require",
    "http://user:{}@proxy.example.com:8080",
]

WITHOUT = [
    "jdbc:mysql://h:3306/db",
    "jdbc:mysql://h1:3306,h2:3306/db?user=u@example.com",
    "jdbc:mysql://h:3306/db?passwordCharacterEncoding=UTF-8",
    "jdbc:sqlserver://h:1433;databaseName=db;integratedSecurity=true;trustServerCertificate=true",
    "jdbc:sqlserver://h\\instance:1433;user=u@tenant.example.com;encrypt=true",
    "jdbc:oracle:thin:@//h:1521/service",
    "jdbc:oracle:thin:@h:1521:sid",
    "jdbc:oracle:thin:/@tns",
    "jdbc:db2://h:50000/sales",
    "jdbc:postgresql://[::1]:5432/db",
    "jdbc:postgresql://h:5432/db?currentSchema=a,b&ssl=true",
    "jdbc:sqlite:/tmp/a@b:c.db",
    "http://h:8081/prefix",
    "https://h:30081/gateway/1/a@b",
    "",
    "no URL at all",
]


@pytest.mark.parametrize("form", WITH_ONE)
def test_password_is_blanked(form: str) -> None:
    """The password is removed and known as a secret; everything else stays."""
    expected = form.replace("x{}", "{}").replace("{{{}}}", "{}").replace("{}", "***")
    for secret in SECRETS:
        url = form.format(*[secret] * form.count("{}"))
        assert blanked(url) == expected
        assert secret in secrets_of(url) or "x" + secret in secrets_of(url)
    assert blanked(expected) == expected
    assert not {secret for secret in secrets_of(expected) if secret.strip("*")}


@pytest.mark.parametrize("url", WITHOUT)
def test_nothing_else_is_blanked(url: str) -> None:
    """A URL without a password stays the same, even if a part looks like one."""
    assert blanked(url) == url
    assert secrets_of(url) == set()


@pytest.mark.parametrize(
    ("url", "shown", "secrets"),
    [
        ("jdbc:x://u:p@h?password=a&token=b", "jdbc:x://u:***@h?password=***&token=***", {"p", "a", "b"}),
        ("jdbc:x://u:x;password=a@h/d", "jdbc:x://u:***", {"x;password=a@h/d"}),
        ("jdbc:x://u:x;password=a@h;y", "jdbc:x://u:***;y", {"x;password=a@h"}),
        ("jdbc:x://h?password=a;token=b", "jdbc:x://h?password=***", {"a;token=b"}),
        ("jdbc:x://h?password=%41%2Fb", "jdbc:x://h?password=***", {"%41%2Fb", "A/b"}),
        ("jdbc:x://h;password={a}}b};y", "jdbc:x://h;password=***;y", {"{a}}b}", "a}}b", "a}b"}),
        ("jdbc:x://h;password={};y", "jdbc:x://h;password=***;y", {"{}"}),
        ("jdbc:x://h?password=***&pwd=b", "jdbc:x://h?password=***&pwd=***", {"b"}),
        ("jdbc:x://h?password=&y", "jdbc:x://h?password=&y", set()),
    ],
)
def test_several_passwords_are_blanked(url: str, shown: str, secrets: set[str]) -> None:
    """Several passwords are blanked, also overlapping ones, each as a driver would read it."""
    assert blanked(url) == shown
    assert secrets_of(url) == secrets


@pytest.mark.parametrize("secret", ["a}}b", ";x=", "a;b}}", " blank "])
def test_password_in_braces_is_blanked(secret: str) -> None:
    """In braces every character is allowed, and a closing brace is doubled."""
    url = f"jdbc:sqlserver://h;password={{{secret}}};encrypt=true"
    assert blanked(url) == "jdbc:sqlserver://h;password=***;encrypt=true"
    assert {secret, secret.replace("}}", "}")} <= secrets_of(url)


@pytest.mark.parametrize("secret", ["pa/ss", "a/b/c", "ab?c", "a#b"])
def test_unencoded_password_is_blanked(secret: str) -> None:
    """A slash in a password should be encoded, but people paste it as it is."""
    assert secret not in blanked(f"jdbc:mysql://user:{secret}@h:3306/db")
    assert quote(secret, safe="") not in blanked(f"jdbc:mysql://user:{quote(secret, safe='')}@h/db")
    assert secret in secrets_of(f"http://user:{secret}@h/db")


@given(st.sampled_from(WITH_ONE), st.text("abcXYZ0189-_.~!$*'", min_size=1, max_size=12))
def test_any_password_is_blanked(form: str, secret: str) -> None:
    """Any password is removed, and blanking again changes nothing."""
    url = form.format(*["S3" + secret] * form.count("{}"))
    assert "S3" + secret not in blanked(url)
    assert blanked(blanked(url)) == blanked(url)


@given(st.text(max_size=60))
def test_blanking_is_idempotent(text: str) -> None:
    """Any text is accepted, and blanking again changes nothing."""
    assert blanked(blanked(text)) == blanked(text)
    assert all(isinstance(secret, str) and secret for secret in secrets_of(text))
