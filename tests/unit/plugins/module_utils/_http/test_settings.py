# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service's URL and credentials: which are accepted and which are refused."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import InvalidError
from ansible_collections.singlestore.flow.plugins.module_utils._http.settings import Settings, base_url
from hypothesis import given
from hypothesis import strategies as st

OPTIONS = {
    "api_url": "http://localhost:8081",
    "api_token": None,
    "api_username": None,
    "api_password": None,
    "api_timeout": 30.0,
    "api_retries": 3,
    "api_headers": {},
    "api_wait_timeout": 0.0,
    "validate_certs": True,
    "use_proxy": True,
    "ca_path": None,
    "client_cert": None,
    "client_key": None,
}
SUFFIX = "/ingest/api/ingest"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"api_token": "!t~", "api_username": "u", "api_password": "p"},
        {"api_timeout": 0.5, "api_retries": 0, "validate_certs": False},
        {"api_timeout": 86399.9, "api_retries": 100, "api_wait_timeout": 86399.9},
        {"api_headers": {"X-Tenant": "a b"}, "use_proxy": False},
        {"ca_path": "/ca", "client_cert": "/cert", "client_key": "/key"},
    ],
)
def test_every_option_arrives(given: dict[str, Any]) -> None:
    """Each under its own name, up to the ends of what is allowed."""
    options = {**OPTIONS, **given}
    found = Settings.from_options(options)._asdict()
    assert found == {
        "base_url": base_url(OPTIONS["api_url"]),
        **{n.removeprefix("api_"): v for n, v in options.items() if n != "api_url"},
    }


@pytest.mark.parametrize("timeout", [0, -1, 86400])
def test_no_timeout(timeout: float) -> None:
    """More than nothing, and less than a day."""
    with pytest.raises(InvalidError, match="api_timeout is "):
        Settings.from_options({**OPTIONS, "api_timeout": timeout})


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://localhost:8081", f"http://localhost:8081{SUFFIX}"),
        ("http://localhost:8081/", f"http://localhost:8081{SUFFIX}"),
        (f"http://localhost:8081{SUFFIX}", f"http://localhost:8081{SUFFIX}"),
        (f"http://localhost:8081{SUFFIX}/", f"http://localhost:8081{SUFFIX}"),
        ("https://gw:30081/gateway/id", f"https://gw:30081/gateway/id{SUFFIX}"),
        (f"https://gw:30081/gateway/id{SUFFIX}", f"https://gw:30081/gateway/id{SUFFIX}"),
        ("http://[::1]:8081", f"http://[::1]:8081{SUFFIX}"),
        ("HTTP://Host", f"http://Host{SUFFIX}"),
        ("http://h/a%20b/", f"http://h/a%20b{SUFFIX}"),
        ("http://h/ingest", f"http://h/ingest{SUFFIX}"),
        ("http://h/X/", f"http://h/X{SUFFIX}"),
        ("http://h/!~", f"http://h/!~{SUFFIX}"),
    ],
)
def test_base_url_gets_the_suffix_once(url: str, base: str) -> None:
    """Any prefix is kept, and the suffix is added unless it is already there."""
    assert base_url(url) == base


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost",
        "localhost:8081",
        "//localhost",
        "/ingest",
        "ftp://h",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://:8081",
        "http://h:0",
        "http://h:99999",
        "http://h:port",
        "http://[::1",
        "http://h/?a=b",
        "http://h/#f",
        "http://h/a b",
        "http://h\n",
        " http://h",
        "http://hö.example",
        "http://h\\x",
        "http://user@h",
        "http://user:pw@h",
        "http://user:pw@h:99999",
        "http://user:pw/x@h",
        "http://user:1/pw@h/\\",
        "user:pw@h:8081",
        "//user:pw@h",
        "ftp://user:pw@h",
        "http://h/?token=pw",
        "http://h/?pw",
        "http://h/?a@b=pw",
        "http://h/#pw",
        "http://h/;token=pw b",
        "ftp://h/token=pw",
        "javascript:alert(1)",
    ],
)
def test_bad_url_is_refused_without_credentials(url: str) -> None:
    """A bad URL is refused with a message about the right form and without the credentials."""
    with pytest.raises(InvalidError) as caught:
        base_url(url)
    assert "api_url" in caught.value.message
    assert "pw" not in caught.value.message
    assert "http" in caught.value.message or "api_username" in caught.value.message


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://h", "'ftp://h'."),
        ("ftp://h/token=pw", "'ftp://h/token=***'."),
        ("ftp://h/token=p\nw", "'ftp://h/token=***'."),
        ("user:pw@h:8081", "'***@h:8081'."),
        ("http://h/?a=b\nc", "'http://h/?***':"),
        ("http://h/#a\nb", "'http://h/?***':"),
        ("http://h/?a@b=pw", "'http://***@b=***':"),
        ("http://h:port", "'http://h:port', which is not a valid URL (Port could not be cast"),
        ("http://user:pw@h:99999", "'http://***@h:99999', which is not a valid URL."),
        ("http://a@b:pw@h:port", "'http://***@h:port', which is not a valid URL."),
        ("http://user:pw//x@h", "'http://***@h', which is not a valid URL."),
        ("http://h:port?pw", "'http://h:port?***', which is not a valid URL (Port could not be cast"),
    ],
)
def test_bad_url_is_shown_without_secrets(url: str, says: str) -> None:
    """What is not secret is shown; with credentials, not even why it is not valid."""
    with pytest.raises(InvalidError) as caught:
        base_url(url)
    assert caught.value.message.startswith(f"api_url is {says}")


@given(st.text().filter(lambda text: "None" not in text))
def test_any_text_is_a_url_or_an_error(text: str) -> None:
    """Nothing else can happen."""
    with contextlib.suppress(InvalidError):
        assert base_url(text).endswith(SUFFIX)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"api_timeout": 0.0}, "api_timeout is 0.0"),
        ({"api_timeout": -1.0}, "api_timeout"),
        ({"api_timeout": float("nan")}, "api_timeout"),
        ({"api_timeout": float("inf")}, "api_timeout"),
        ({"api_retries": -1}, "api_retries is -1; it must be a number from 0 to 100"),
        ({"api_retries": 101}, "api_retries"),
        ({"api_wait_timeout": -0.1}, "api_wait_timeout is -0.1; it must be a number of seconds from 0 to below 86400"),
        ({"api_wait_timeout": 86400.0}, "api_wait_timeout"),
        ({"api_wait_timeout": float("nan")}, "api_wait_timeout"),
        ({"api_headers": {"Host": "h"}}, "api_headers contains Host"),
        ({"api_token": "a b"}, "api_token contains"),
        ({"api_token": "a\nX-Other: b"}, "api_token contains"),
        ({"api_token": "clé"}, "api_token contains"),
    ],
)
def test_bad_value_is_refused_by_name(options: dict[str, Any], says: str) -> None:
    """A bad value is refused with its option's name, and a token is not shown."""
    with pytest.raises(InvalidError) as caught:
        Settings.from_options({**OPTIONS, **options})
    assert says in caught.value.message
    assert options.get("api_token", "none") not in caught.value.message


@pytest.mark.parametrize(
    ("options", "warns"),
    [
        ({}, False),
        ({"api_token": "t"}, True),
        ({"api_username": "u", "api_password": "p"}, True),
        ({"api_token": "t", "api_url": "https://h"}, False),
        ({"api_token": "t", "api_url": "HTTPS://h"}, False),
        ({"api_headers": {"X-Key": "k"}}, True),
        ({"api_headers": {"X-Key": ""}}, False),
        ({"api_headers": {"X-Key": "k"}, "api_url": "https://h"}, False),
    ],
)
def test_credentials_over_plain_http_give_a_warning(options: dict[str, Any], warns: bool) -> None:
    """Credentials that are readable on the network give a warning."""
    warnings = Settings.from_options({**OPTIONS, **options}).warnings()
    assert ["plain http" in warning for warning in warnings] == [True] * warns


@pytest.mark.parametrize(("url", "warns"), [("https://h", True), ("http://h", False)])
@pytest.mark.parametrize("token", [None, "t"])
def test_unverified_certificate_gives_a_warning(url: str, token: str | None, warns: bool) -> None:
    """Without validate_certs, anybody on the way can pretend to be the service; over plain http it has no effect."""
    options = {**OPTIONS, "api_url": url, "api_token": token, "validate_certs": False}
    warnings = Settings.from_options(options).warnings()
    assert any("validate_certs is false" in warning for warning in warnings) == warns
    assert len(warnings) == (1 if warns or token else 0)
