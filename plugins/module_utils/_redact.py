# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking secrets out of whatever the service echoes, however it spells them. Pure."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

CENSORED = "********"
SHORTEST_CORE = 6
"""Base64 letters below which a run of them may well be a word of the message."""


def spellings(secret: str) -> set[str]:
    """Return the forms in which a secret may come back: plain, escaped, URL-encoded, base64."""
    raw = secret.encode("utf-8", "surrogatepass")
    encoded = {quote(raw, safe=""), quote(raw), quote_plus(raw)}
    lower = {re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), text) for text in encoded}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret)}
    return {secret, *encoded, *lower, *escaped, *_base64(raw)} - {""}


def _base64(raw: bytes) -> set[str]:
    """Return base64 of the bytes, alone and as it stands inside longer base64 at each alignment."""
    found: set[str] = set()
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        alone = alphabet(raw).decode()
        found |= {alone, alone.rstrip("=")}
        for lead in range(3):
            first = -(-lead * 8 // 6)
            core = alphabet(b"\0" * lead + raw)[first : (lead + len(raw)) * 8 // 6].decode()
            if len(core) >= SHORTEST_CORE:
                found.add(core)
    return found


def redactor(secrets: Iterable[str]) -> Any:
    """Return a function that takes the secrets out of every text in a value of JSON's shapes.

    Keys are our own, and left alone: with the password ``changed`` a result still says whether it changed.
    """
    forms = sorted({form for secret in secrets for form in spellings(secret)}, key=len, reverse=True)
    if not forms:
        return lambda value: value
    pattern = re.compile("|".join(map(re.escape, forms)))

    def redact(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(CENSORED, value)
        if isinstance(value, Mapping):
            return {key: redact(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [redact(item) for item in value]
        return value

    return redact
