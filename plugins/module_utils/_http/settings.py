# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the service is and how to talk to it: the options of every module, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .._change.errors import InvalidError
from .headers import extra_headers

SUFFIX = "/ingest/api/ingest"
LONGEST = 86400
"""A day; nobody means to wait for longer."""


class Settings(NamedTuple):
    """The checked ``api_*`` options; ``timeout`` and ``wait_timeout`` in seconds."""

    base_url: str
    token: str | None = None
    username: str | None = None
    password: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    timeout: float = 30.0
    retries: int = 3
    wait_timeout: float = 0.0
    validate_certs: bool = True
    use_proxy: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Settings:
        """Check the options; raise InvalidError for a bad value."""
        if not 0 < options["api_timeout"] < LONGEST:
            raise InvalidError(
                f"api_timeout is {options['api_timeout']}; it must be a number of seconds from above 0 to below {LONGEST}."
            )
        if not 0 <= options["api_wait_timeout"] < LONGEST:
            raise InvalidError(
                f"api_wait_timeout is {options['api_wait_timeout']}; it must be a number of seconds from 0 to below {LONGEST}."
            )
        if not 0 <= options["api_retries"] <= 100:
            raise InvalidError(f"api_retries is {options['api_retries']}; it must be a number from 0 to 100.")
        if not all("!" <= character <= "~" for character in options["api_token"] or ""):
            raise InvalidError(
                "api_token contains a space, a line break or a character that is not allowed in HTTP headers."
            )
        return cls(
            base_url=base_url(options["api_url"]),
            token=options["api_token"],
            username=options["api_username"],
            password=options["api_password"],
            headers=extra_headers(options["api_headers"] or {}),
            timeout=options["api_timeout"],
            retries=options["api_retries"],
            wait_timeout=options["api_wait_timeout"],
            validate_certs=options["validate_certs"],
            use_proxy=options["use_proxy"],
            ca_path=options["ca_path"],
            client_cert=options["client_cert"],
            client_key=options["client_key"],
        )

    def warnings(self) -> tuple[str, ...]:
        """Return warnings about the settings."""
        encrypted = self.base_url.startswith("https:")
        if encrypted and not self.validate_certs:
            return (
                "validate_certs is false, so nothing proves that the service at api_url is the right one. "
                "Set ca_path to the certificate of its authority instead.",
            )
        if encrypted or not (self.token or self.password or self.headers):
            return ()
        return ("api_url uses plain http, so the credentials for this API are sent unencrypted. Use https.",)


def base_url(api_url: str) -> str:
    """Return the base URL of all requests; raise InvalidError for an invalid URL."""
    expected = "It must be http(s)://host[:port][/prefix], such as http://localhost:8081."
    shown = f"api_url is {_without_secrets(api_url)!r}"
    try:
        parts = urlsplit(api_url)
        port = parts.port
    except ValueError as error:
        # The error may contain a part of a password.
        cause = "" if "@" in api_url else f" ({error})"
        raise InvalidError(f"{shown}, which is not a valid URL{cause}. {expected}") from None
    if "@" in parts.netloc:
        raise InvalidError("api_url contains credentials. Set them as api_username and api_password, or as api_token.")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise InvalidError(f"{shown}. {expected}")
    plain = all("!" <= character <= "~" for character in api_url)
    if parts.query or parts.fragment or not plain or "\\" in api_url:
        raise InvalidError(f"{shown}: it must be ASCII, without spaces, query or fragment. {expected}")
    path = parts.path.rstrip("/")
    path = path if path.endswith(SUFFIX) else path + SUFFIX
    return f"{parts.scheme}://{parts.netloc}{path}"


def _without_secrets(api_url: str) -> str:
    """Return what may be shown of an invalid URL: no user, no password, no value of a parameter."""
    before, at, place = re.sub("=.*", "=***", api_url, flags=re.DOTALL).rpartition("@")
    place = re.sub(r"[?#].+", "?***", place, flags=re.DOTALL)
    return f"{before[: before.find('//') + 2] if '//' in before else ''}***@{place}" if at else place
