# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking secrets out of whatever the service echoes, however it spells them. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html.entities import codepoint2name
from typing import Any

CENSORED = "********"
SHORTEST_CORE = 6
"""Base64 letters below which a run of them may well be a word of the message."""
ENTITIES = {**codepoint2name, ord("'"): "apos"}
_ALWAYS_ITSELF = re.compile(r"[0-9A-Za-z]+")
ESCAPES = {"'": "'", '"': '"', "\\": "\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}


def _spelled(secret: str) -> str:
    """Return a pattern for a secret as it is, URL-encoded, or escaped as JSON, Python and HTML do, even twice."""
    return "".join(map(_character, secret))


def _character(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    raw, units = (character.encode(encoding, "surrogatepass").hex() for encoding in ("utf-8", "utf-16-be"))
    forms = [
        re.escape(character),
        re.sub("..", r"%\g<0>", raw),
        re.sub("....", r"\\\\+u\g<0>", units),
        f"&#0*{ord(character)};",
        f"&#x0*{ord(character):x};",
    ]
    if ord(character) in ENTITIES:
        forms.append(f"&{ENTITIES[ord(character)]};")
    if character in ESCAPES:
        forms.append(rf"\\+{re.escape(ESCAPES[character])}")
    if ord(character) < 0x100:
        forms.append(rf"\\+x{ord(character):02x}")
    if ord(character) > 0xFFFF:
        forms.append(rf"\\+u{ord(character):08x}")
    if character == " ":
        forms.append(r"\+")
    return f"(?i:{'|'.join(forms)})"


def _clue(secret: str) -> str:
    """Return the longest part of a secret that stands in each of its spellings as it is."""
    return max(_ALWAYS_ITSELF.findall(secret), key=len, default="")


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
    # White space around a secret is a remnant of copying it.
    known = {form for secret in secrets for form in (secret, secret.strip()) if form}
    if not known:
        return lambda value: value
    encoded = {form for secret in known for form in _base64(secret.encode("utf-8", "surrogatepass"))}
    clues = encoded.union(map(_clue, known))

    @cache
    def pattern() -> re.Pattern[str]:
        longest_first = sorted((*map(_spelled, known), *map(re.escape, encoded)), key=len, reverse=True)
        return re.compile("|".join(longest_first))

    def redact(value: Any) -> Any:
        if isinstance(value, str):
            # Most texts hold no secret, and the pattern costs more than all else that a task does without a change.
            return pattern().sub(CENSORED, value) if any(clue in value for clue in clues) else value
        if isinstance(value, Mapping):
            return {key: redact(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [redact(item) for item in value]
        return value

    return redact
