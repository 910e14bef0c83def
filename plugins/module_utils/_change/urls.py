# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find passwords inside JDBC URLs, and mask them."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote

MASK = "***"

_NAMES = r"(?:[\w.\- ]*(?:password|passwd|passphrase|passcode|pwd|secret|token|apikey|api_key|credential)s?|pass)"
_BRACED = r"\{(?:[^}]|\}\})*\}"


@cache
def _places() -> tuple[re.Pattern[str], ...]:
    """Return where passwords can be; compiled on first use, because most tasks have no such URL."""
    return (
        # scheme://user:password@host, but not //host:port/; the password may contain an @, or an unencoded /
        re.compile(r"//[^/?#:@;\[]*:(?!\d+(?:[/?#;,]|$))(?P<secret>[^/?#]+(?=@)|[^@\s]+(?=@))"),
        # jdbc:oracle:thin:user/password@host
        re.compile(r"(?i:oracle:\w+):[^/@:]+/(?P<secret>.+)@(?=[^@]*$)"),
        # name=value: the character before the name decides where the value ends; SQL Server puts values in braces
        *(
            re.compile(rf"(?i)[{before}]{_NAMES}\s*=\s*(?P<secret>{_BRACED}|[^{after}]+)")
            for before, after in (("?&", "&"), (";:", ";"), ("(,/", "),"), (r"\s", r"\s&;,)"))
        ),
    )


def _spans(url: str) -> list[tuple[int, int]]:
    """Return the positions of the passwords, from left to right, without overlaps."""
    if "@" not in url and "=" not in url:
        return []
    spans: list[tuple[int, int]] = []
    for start, end in sorted(match.span("secret") for place in _places() for match in place.finditer(url)):
        if spans and start < spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end))
    return spans


def secrets_of(url: str) -> set[str]:
    """Return the passwords in a URL: as written, percent-decoded, and without braces."""
    found = {url[start:end] for start, end in _spans(url)} - {MASK}
    decoded = {unquote(secret) for secret in found}
    bare = {secret[1:-1] for secret in found if re.fullmatch(_BRACED, secret)}
    return (found | decoded | bare | {secret.replace("}}", "}") for secret in bare}) - {""}


def blanked(url: str) -> str:
    """Return the URL with ``***`` in place of each password."""
    for start, end in reversed(_spans(url)):
        url = url[:start] + MASK + url[end:]
    return url
