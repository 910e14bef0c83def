# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option api_headers, checked: more headers, but none that the client sets itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._change.errors import InvalidError

OWN = {
    "accept": "",
    "accept-encoding": "",
    "authorization": "Set api_token, or api_username and api_password, instead.",
    "connection": "",
    "content-encoding": "",
    "content-length": "",
    "content-type": "",
    "expect": "",
    "host": "Set api_url instead.",
    "keep-alive": "",
    "proxy-authorization": "Set the credentials in the URL of the proxy in the environment instead.",
    "proxy-connection": "",
    "te": "",
    "trailer": "",
    "transfer-encoding": "",
    "upgrade": "",
    "user-agent": "",
}
"""Headers that the client sets itself, or that decide how a message is sent, and what to set instead."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[!-~]([ \t!-~]*[!-~])?")


def extra_headers(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers as they are sent, without those that are null or empty; raise InvalidError without a value."""
    headers: dict[str, str] = {}
    for name, value in ((str(name), value) for name, value in given.items()):
        if not _NAME.fullmatch(name):
            raise InvalidError(f"api_headers contains the name {name!r}, which is not allowed in HTTP.")
        if name.lower() in OWN:
            raise InvalidError(
                f"api_headers contains {name}, which the modules set themselves. {OWN[name.lower()] or 'Remove it.'}"
            )
        if name.lower() in map(str.lower, headers):
            raise InvalidError(f"api_headers contains {name} twice. Upper and lower case are the same in HTTP.")
        if value is not None and value != "":
            headers[name] = _text(name, value)
    return headers


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise InvalidError(f"The value of {name} in api_headers must be a text or a number. Put it in quotes.")
    if not _VALUE.fullmatch(str(value)):
        raise InvalidError(
            f"The value of {name} in api_headers contains a line break or a character that is not allowed in HTTP "
            "headers, or a space at an end."
        )
    return str(value)
