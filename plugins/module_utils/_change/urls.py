# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find secrets inside URLs, and mask them: passwords, and every parameter that is not known to be harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote

MASK = "***"

HARMLESS = frozenset(
    # where, and as whom
    "address addresslist accountname account authmech authentication awsregion catalog connectdata currentschema "
    "database databasename db description descriptionlist domain group host hostname hosts instance instancename port "
    "portnumber project projectid protocol region role schema searchpath server servername service servicename sid "
    "tenant uid user username warehouse "
    # TLS
    "encrypt hostnameincertificate integratedsecurity requiressl requiretls servercertificatehostname ssl "
    "sslenabled sslmode sslservercertdn sslserverdnmatch tls tlsversion trustedconnection trustservercertificate usessl "
    "usetls validatecertificate verifyservercertificate "
    # time, text, and how connections are kept
    "connecttimeout connectiontimeout logintimeout querytimeout sockettimeout timeout requesttimeout "
    "transportconnecttimeout connectiontimezone servertimezone timezone characterencoding characterset charset "
    "clientencoding connectioncollation encoding language locale passwordcharacterencoding useunicode autoreconnect "
    "failover keepalive keepalives loadbalance maxreconnects retrycount retrydelay tcpkeepalive "
    # how data is read
    "allowmultiqueries applicationintent applicationname autocommit cacheprepstmts compression defaultfetchsize "
    "defaultrowfetchsize fetchsize multisubnetfailover preferquerymode readonly rewritebatchedstatements "
    "tinyint1isbit usecompression usecursorfetch useserverprepstmts yearisdatetype zerodatetimebehavior".split()
)
"""Names of parameters that an operator needs to see, in lower case and without punctuation."""

WORDS = frozenset("true false none null default require required disable disabled enable enabled".split())
SHORTEST = 4
"""Shorter values are no secrets unless their names say so; removed from every text, they would leave no text."""

_SECRET = re.compile(r"(?i)(?:password|passwd|passphrase|passcode|pwd|secret|token|apikey|credential|^pass$|key$)")
_BRACED = r"\{(?:[^}]|\}\})*\}"


@cache
def _logins() -> tuple[re.Pattern[str], ...]:
    """Return where a password stands beside a user; compiled on first use, because most tasks have no such URL."""
    return (
        # scheme://user:password@host, but not //host:port/; the password may contain an @, or an unencoded /
        re.compile(r"//[^/?#:@;\[]*:(?!//|\d+(?:[/?#;,]|$))(?P<secret>[^/?#]+(?=@)|[^@\s]+(?=@))"),
        # https://token@host
        re.compile(r"(?i:\bhttps?)://(?P<secret>[^/?#:\s]+)@"),
        # jdbc:oracle:thin:user/password@host
        re.compile(r"(?i:oracle:\w+):[^/@:]+/(?P<secret>.+)@(?=[^@]*$)"),
    )


@cache
def _parameters() -> tuple[re.Pattern[str], ...]:
    """Return where ``name=value`` can be.

    The character before the name decides where the value ends; SQL Server puts values in braces. A match takes
    only that character, so that a parameter inside the value of another one is found too.
    """
    return tuple(
        re.compile(rf"[{before}](?=(?P<name>[^={inside}]*)=\s*(?P<secret>(?=[^{after}\s])(?:{_BRACED})?[^{after}]*))")
        for before, inside, after in (
            ("?&", "?&;", "&"),
            (";:", "(),/?&;:", ";"),
            ("(,/", "(),/?&;:", "),"),
            (r"\s", r"\s&;,()/?:", r"\s&;,)"),
        )
    )


def _found(url: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where secrets are, and whether it is certain that they are."""
    if "@" in url:
        for place in _logins():
            yield from ((*match.span("secret"), True) for match in place.finditer(url))
    if "=" in url:
        for place in _parameters():
            for match in place.finditer(url):
                name = re.sub(r"[\W_]", "", unquote(match["name"])).lower()
                certain = bool(_SECRET.search(name))
                # After a space, it may be the second word of a name, such as Application Name.
                if name not in HARMLESS and (certain or not match[0].isspace()):
                    yield (*match.span("secret"), certain)


def _spans(url: str) -> list[tuple[int, int]]:
    """Return the positions of the secrets, from left to right, without overlaps."""
    spans: list[tuple[int, int]] = []
    for start, end, _certain in sorted(_found(url)):
        if spans and start < spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end))
    return spans


def is_url(text: str) -> bool:
    """Whether a text is, or contains, a URL."""
    return "//" in text or text.startswith("jdbc:")


def distinct(value: str) -> bool:
    """Whether a value can be removed from every text without removing ordinary words."""
    return len(value) >= SHORTEST and value.lower() not in WORDS


def secrets_of(url: str) -> set[str]:
    """Return the secrets in a URL that no text may show: as written, percent-decoded, and without braces."""
    places = [*_found(url), *((start, end, False) for start, end in _spans(url))]
    found = {url[start:end] for start, end, certain in places if certain or distinct(url[start:end])} - {MASK}
    decoded = {unquote(secret) for secret in found}
    bare = {secret[1:-1] for secret in found if re.fullmatch(_BRACED, secret)}
    return (found | decoded | bare | {secret.replace("}}", "}") for secret in bare}) - {""}


def blanked(url: str) -> str:
    """Return the URL with ``***`` in place of each secret."""
    shown = url
    for start, end in reversed(_spans(url)):
        shown = shown[:start] + MASK + shown[end:]
    return shown if shown == url else blanked(shown)


def masked_as(url: str, shown: str) -> str:
    """Return the URL with a mask where another one, as a service shows it, has a mask in the same place."""
    masks = [shown[start:end] for start, end in _spans(shown)]
    for (start, end), mask in reversed([*zip(_spans(url), masks)]):
        if set(mask) == {"*"}:
            url = url[:start] + mask + url[end:]
    return url
