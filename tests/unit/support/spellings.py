# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ways to spell a secret, and a search for it that is independent of the collection's code."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus, unquote, unquote_plus

Speller = Callable[[str], str]


def _javascript(text: str) -> str:
    return quote(text, safe="!'()*-._~")


def _upper_escapes(text: str) -> str:
    return re.sub(r"\\u[0-9a-f]{4}", lambda match: "\\u" + match[0][2:].upper(), json.dumps(text)[1:-1])


def _html_safe_json(text: str) -> str:
    """The spelling of Gson, which many Java services use."""
    return re.sub("[<>&='\u2028]", lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False)[1:-1])


def _numeric_entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" if not character.isalnum() else character for character in text)


def _hex_entities(text: str) -> str:
    return "".join(f"&#x{ord(character):X};" if not character.isalnum() else character for character in text)


SPELLERS: dict[str, Speller] = {
    "plain": lambda text: text,
    "URL, nothing safe": lambda text: quote(text, safe=""),
    "URL, slash safe": quote,
    "URL, plus": quote_plus,
    "URL, lower case": lambda text: re.sub("%..", lambda match: match[0].lower(), quote(text, safe="")),
    "URL, as JavaScript": _javascript,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, Unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON, upper case": _upper_escapes,
    "JSON, slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON, safe for HTML": _html_safe_json,
    "Python": lambda text: repr(text)[1:-1],
    "Python, ASCII": lambda text: ascii(text + "'\"")[1:-1],
    "Python, twice": lambda text: repr(repr(text + "'\""))[1:-1],
    "HTML": html.escape,
    "HTML, quotes kept": lambda text: html.escape(text, quote=False),
    "HTML, decimal": _numeric_entities,
    "HTML, hexadecimal": _hex_entities,
    "HTML, &#39;": lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    "HTML, &apos;": lambda text: html.escape(text).replace("&#x27;", "&apos;"),
    **{
        f"base64 after {lead} bytes": lambda text, lead=lead: base64.b64encode(
            b"x" * lead + text.encode() + b"yz"
        ).decode()  # type: ignore[misc]
        for lead in range(4)
    },
    "base64 alone": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64, safe for URLs": lambda text: base64.urlsafe_b64encode(b"u:" + text.encode()).decode(),
}


def _unescaped(match: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1])


def _readings(text: str) -> Iterator[str]:
    yield text
    yield unquote(text)
    yield unquote_plus(text)
    yield html.unescape(text)
    escapes = r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8}))"
    unescaped = re.sub(escapes, lambda match: chr(int(match[match.lastindex or 1], 16)), text)
    whole = unescaped.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    yield re.sub(r"\\(.)", _unescaped, whole)
    yield re.sub(r"\\(.)", _unescaped, re.sub(r"\\(.)", _unescaped, whole))
    for letters in re.findall(r"[A-Za-z0-9+/\-_]{4,}", text):
        for start in range(4):
            run = letters[start:].replace("-", "+").replace("_", "/")
            with_padding = run[: len(run) // 4 * 4] if len(run) % 4 == 1 else run + "=" * (-len(run) % 4)
            try:
                yield base64.b64decode(with_padding).decode("utf-8", "ignore")
            except binascii.Error:
                continue


def found(secret: str, text: str) -> bool:
    """Whether a text contains the secret in any spelling."""
    return any(secret in reading for reading in _readings(text))
