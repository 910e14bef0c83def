# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords inside JDBC URLs: where they hide, and the URL without them."""

from __future__ import annotations

import re
from urllib.parse import unquote

MASK = "***"

_PLACES = (
    # scheme://user:password@host; the password may hold an @ of its own
    re.compile(r"//[^/?#:@;]*:(?P<secret>[^/?#]+)@"),
    # jdbc:oracle:thin:user/password@host
    re.compile(r"(?i:oracle:\w+):[^/@:]+/(?P<secret>.+)@(?=[^@]*$)"),
    # ?password=..., &pwd=..., ;accessToken=..., {password} in braces as SQL Server has it
    re.compile(
        r"(?i)[?&;,\s](?:[\w.\-]*(?:password|passwd|passphrase|pwd|secret|token|apikey|api_key|credential)s?)"
        r"\s*=\s*(?P<secret>\{[^}]*\}|[^&;,\s]+)"
    ),
)


def _spans(url: str) -> list[tuple[int, int]]:
    return sorted({match.span("secret") for place in _PLACES for match in place.finditer(url)})


def secrets_of(url: str) -> set[str]:
    """Return the passwords in a URL, as written and percent-decoded."""
    found = {url[start:end] for start, end in _spans(url)} - {MASK}
    return found | {unquote(secret) for secret in found} | {secret.strip("{}") for secret in found} - {""}


def blanked(url: str) -> str:
    """Return the URL with ``***`` for each password."""
    for start, end in reversed(_spans(url)):
        if "***" != url[start:end]:
            url = url[:start] + MASK + url[end:]
    return url
