# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in URLs are blanked in every documented form, and what an operator needs to see stays."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.urls import (
    HARMLESS,
    blanked,
    masked_as,
    secrets_of,
)
from hypothesis import given
from hypothesis import strategies as st

SECRETS = ["S3cr3t!", "p@ss", "a:bc", "p%40ss%2F", "ünïcode", "1234", "-*-*", "$x^y|z"]

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
    "jdbc:awsathena://AwsRegion=eu-west-1;User=AKIA;SecretAccessKey={};database=db",
    "jdbc:redshift:iam://h:5439/db?ssl=true&SecretAccessKey={}&Region=eu-west-1",
    "jdbc:azure://h;AccountName=a;AccountKey={};encrypt=true",
    "jdbc:snowflake://h/?db=d&warehouse=w&privateKey={}&role=r",
    "jdbc:bigquery://https://h:443;ProjectId=p;OAuthPvtKey={};Timeout=60",
    "jdbc:mysql://h/db?user=u&somethingNew={}&connectTimeout=5",
    "jdbc:sqlserver://h:1433;clientKey={};loginTimeout=5",
    "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=tcps)(HOST=h)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=s))(X={}))",
    "jdbc:teradata://h/DATABASE=d,LOGDATA={},CHARSET=UTF8",
    "https://flow.example.com/prefix?sig={}",
    "https://flow.example.com/prefix;v={}",
    "https://flow.example.com/prefix?timeout=5&a:b={}",
    "https://flow.example.com/prefix?%74oken={}&ssl=1",
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
    "jdbc:mysql://h/db?serverTimezone=Europe/Berlin&characterEncoding=utf8&connect_timeout=5&tcpKeepAlive=true",
    "jdbc:sqlserver://h:1433;Application Name=flow;applicationIntent=ReadOnly;hostNameInCertificate=*.example.com",
    "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS_LIST=(LOAD_BALANCE=on)(ADDRESS=(PROTOCOL=tcp)(HOST=h)(PORT=1521)))"
    "(CONNECT_DATA=(SERVER=dedicated)(SERVICE_NAME=s)))",
    "jdbc:snowflake://account/?db=d&schema=s&warehouse=w&role=r",
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
        ("jdbc:x://u:x;password=a@h/d", "jdbc:x://u:***", {"x;password=a@h/d", "x;password=a", "a@h/d"}),
        ("jdbc:x://u:x;password=a@h;y", "jdbc:x://u:***;y", {"x;password=a@h", "x;password=a", "a@h"}),
        ("jdbc:x://h?password=a;token=b", "jdbc:x://h?password=***", {"a;token=b", "b"}),
        ("jdbc:x://h?ssl=true;token=b", "jdbc:x://h?ssl=true;token=***", {"b"}),
        ("jdbc:x://h;password={x;y}z;ssl=true", "jdbc:x://h;password=***;ssl=true", {"{x;y}z"}),
        ("jdbc:x://h?password=%41%2Fb", "jdbc:x://h?password=***", {"%41%2Fb", "A/b"}),
        ("jdbc:x://h;password={a}}b};y", "jdbc:x://h;password=***;y", {"{a}}b}", "a}}b", "a}b"}),
        ("jdbc:x://h;password={};y", "jdbc:x://h;password=***;y", {"{}"}),
        ("jdbc:x://h?password=***&pwd=b", "jdbc:x://h?password=***&pwd=***", {"b"}),
        ("https://ghp_a@h/p?x", "https://***@h/p?x", {"ghp_a"}),
        ("https://a@b@h", "https://***@h", {"a@b"}),
        ("jdbc:x://h?password=&y", "jdbc:x://h?password=&y", set()),
        ("jdbc:x://h;a=&b=;c", "jdbc:x://h;a=***", set()),
    ],
)
def test_several_secrets_are_blanked(url: str, shown: str, secrets: set[str]) -> None:
    """Several secrets are blanked, also overlapping ones, each as a driver would read it."""
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


@pytest.mark.parametrize("name", ["flag", "somethingNew"])
@pytest.mark.parametrize("value", ["true", "No", "5", "abc", "NULL"])
def test_word_under_an_unknown_name_is_blanked_only_there(name: str, value: str) -> None:
    """A setting such as ``x=true`` is not shown, but the word ``true`` is not removed from every message."""
    assert blanked(f"jdbc:x://h/d?{name}={value}") == f"jdbc:x://h/d?{name}=***"
    assert secrets_of(f"jdbc:x://h/d?{name}={value}") == set()
    assert secrets_of(f"jdbc:x://h/d?password={value}") == {value}


NAMES = st.text("abcXYZ09_.-%: é", min_size=1, max_size=12).filter(
    lambda name: name.strip() and not set(name.lower().replace("_", "").split()) & HARMLESS
)
VALUES = st.text("abcXYZ09-_.~!$*'+= é", min_size=1, max_size=12)


@given(
    st.sampled_from(["jdbc:x://h:1/d?", "jdbc:x://h/d?ssl=true&", "jdbc:x://h;", "jdbc:x://h/d:u=x;"]), NAMES, VALUES
)
def test_any_name_is_secret_unless_known(lead: str, name: str, value: str) -> None:
    """Whatever a parameter is called, and whatever it contains, its value is blanked unless its name is harmless."""
    secret = f"S3{value}".rstrip()
    shown = blanked(f"{lead}{name}={secret}")
    assert secret not in shown
    assert shown.startswith(lead.rpartition("=")[0])
    assert secret in secrets_of(f"{lead}{name}={secret}") or len(secret) < 4


@given(st.text(max_size=60) | st.text("?&;:=(),/@{}*#[] \tab1", max_size=40))
def test_blanking_is_idempotent(text: str) -> None:
    """Any text is accepted, and blanking again changes nothing."""
    assert blanked(blanked(text)) == blanked(text)
    assert all(isinstance(secret, str) and secret for secret in secrets_of(text))


def test_harmless_names_do_not_say_password() -> None:
    """A name that sounds like a secret is in the list only if it says how something is written."""
    sounding = {name for name in HARMLESS for word in ("pass", "pwd", "secret", "token", "key", "cred") if word in name}
    assert sounding == {"passwordcharacterencoding"}
    assert {name for name in HARMLESS if name != name.lower() or not name.isalnum()} == set()


MASKED = [
    ("jdbc:x://u:S3cr3t@h/d?x=1", "jdbc:x://u:***@h/d?x=1", "jdbc:x://u:***@h/d?x=1"),
    ("jdbc:x://u:S3cr3t@h/d?x=1", "jdbc:x://u:***@h/d?x=2", "jdbc:x://u:***@h/d?x=1"),
    ("jdbc:x://h;password=S3;x=1", "jdbc:x://h;password=********;x=1", "jdbc:x://h;password=********;x=1"),
    ("jdbc:x://h;password=S3;x=1", "jdbc:x://h;password=***;x=***", "jdbc:x://h;password=***;x=***"),
    ("jdbc:x://h;password=S3;x=1", "jdbc:x://h;password=S3;x=1", "jdbc:x://h;password=S3;x=1"),
    ("jdbc:x://h;password=S3;x=1", "jdbc:x://h;password=***", "jdbc:x://h;password=***;x=1"),
    ("jdbc:x://h", "jdbc:x://h;password=***", "jdbc:x://h"),
]


@pytest.mark.parametrize(("url", "shown", "masked"), MASKED)
def test_url_is_masked_where_the_other_is(url: str, shown: str, masked: str) -> None:
    """Only what the service masks is masked, so that a difference in anything else is still seen."""
    assert masked_as(url, shown) == masked


@given(st.sampled_from(WITH_ONE), st.text("abcXYZ0189-_.~!$'", min_size=1, max_size=12))
def test_url_equals_itself_with_a_masked_secret(form: str, secret: str) -> None:
    """A URL equals what a service shows of it that masks the secrets, or some of them."""
    url = form.format(*["S3" + secret] * form.count("{}"))
    assert masked_as(url, blanked(url)) == blanked(url)
    assert masked_as(url, url) == url
