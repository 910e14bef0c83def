# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the service is and how to talk to it: the options of every module, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .._change.errors import InvalidError

SUFFIX = "/ingest/api/ingest"


@dataclass(frozen=True)
class Settings:
    """The checked ``api_*`` options; ``timeout`` in seconds."""

    base_url: str
    token: str | None = None
    username: str | None = None
    password: str | None = None
    timeout: float = 30.0
    retries: int = 3
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Settings:
        """Check the options; raise InvalidError for a bad value."""
        if not 0 < options["api_timeout"] < 86400:
            raise InvalidError(
                f"api_timeout is {options['api_timeout']}; it must be a number of seconds from above 0 to below 86400."
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
            timeout=options["api_timeout"],
            retries=options["api_retries"],
            validate_certs=options["validate_certs"],
            ca_path=options["ca_path"],
            client_cert=options["client_cert"],
            client_key=options["client_key"],
        )

    def warnings(self) -> tuple[str, ...]:
        """Return warnings about the settings."""
        if self.base_url.startswith("https:") or not (self.token or self.password):
            return ()
        return ("api_url uses plain http, so the credentials for this API are sent unencrypted. Use https.",)


def base_url(api_url: str) -> str:
    """Return the base URL of all requests; raise InvalidError for an invalid URL."""
    expected = "It must be http(s)://host[:port][/prefix], such as http://localhost:8081."
    try:
        parts = urlsplit(api_url)
        port = parts.port
    except ValueError as error:
        raise InvalidError(f"api_url is not a valid URL ({error}). {expected}") from None
    if "@" in parts.netloc:
        raise InvalidError("api_url contains credentials. Set them as api_username and api_password, or as api_token.")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise InvalidError(f"api_url is {api_url!r}. {expected}")
    plain = all("!" <= character <= "~" for character in api_url)
    if parts.query or parts.fragment or not plain or "\\" in api_url:
        raise InvalidError(f"api_url is {api_url!r}: it must be ASCII, without spaces, query or fragment. {expected}")
    path = parts.path.rstrip("/")
    path = path if path.endswith(SUFFIX) else path + SUFFIX
    return f"{parts.scheme}://{parts.netloc}{path}"
