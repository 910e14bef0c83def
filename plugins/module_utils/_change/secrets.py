# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find secret values, and remove them from output in any encoding that the service may echo."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from .urls import is_url, secrets_of

CENSORED = "********"
SHORTEST_CORE = 6
"""Shorter runs of base64 letters may be ordinary words of the message."""
ESCAPES = {"'": "'", '"': '"', "\\": "\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}

_ALWAYS_ITSELF = re.compile("[0-9A-Za-z]+")


SHOWN = "_shown"
"""The end of the name of an option that lists which keys of a secret dictionary are not secret."""


def secret_values(spec: Mapping[str, Any], options: Any) -> Iterator[str]:
    """Yield the values of all ``no_log`` options, at any depth and under any alias.

    An option ``NAME_shown`` lists the keys of the dictionary ``NAME`` whose values are not secret.
    """
    for value, shown in _no_log(spec, options):
        yield from _texts(_part(value, shown, listed=False))


def shown_values(spec: Mapping[str, Any], options: Any) -> set[str]:
    """Return the values that ``NAME_shown`` options name and that are not secret elsewhere."""
    found = {text for value, shown in _no_log(spec, options) for text in _texts(_part(value, shown, listed=True))}
    return found.difference(secret_values(spec, options))


def _no_log(spec: Mapping[str, Any], options: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each value of a ``no_log`` option, with the option that lists which of its keys are not secret."""
    if isinstance(options, list):
        for item in options:
            yield from _no_log(spec, item)
    elif isinstance(options, Mapping):
        for name, details in spec.items():
            for value in (options.get(known) for known in (name, *details.get("aliases", ()))):
                if details.get("no_log"):
                    yield value, options.get(name + SHOWN)
                else:
                    yield from _no_log(details.get("options", {}), value)


def _part(value: Any, shown: Any, *, listed: bool) -> Any:
    """Return the part of a value whose keys are listed as shown, or the part whose keys are not."""
    keys = [key.strip() for key in shown.split(",")] if isinstance(shown, str) else shown
    if not isinstance(value, Mapping) or not isinstance(keys, list):
        return None if listed else value
    return {key: item for key, item in value.items() if (key in keys) == listed}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, (Mapping, list)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
    elif value not in (None, "") and not isinstance(value, bool):
        yield str(value)


def unknown_values(spec: Mapping[str, Any], options: Any) -> Iterator[str]:
    """Yield the values under names that the spec does not know, at any depth: one may be a misspelled ``password``."""
    if isinstance(options, list):
        for item in options:
            yield from unknown_values(spec, item)
    elif isinstance(options, Mapping):
        known = {alias: details for name, details in spec.items() for alias in (name, *details.get("aliases", ()))}
        for name, value in options.items():
            if name not in known:
                yield from _texts(value)
            elif "options" in known[name]:
                yield from unknown_values(known[name]["options"], value)


def inline_secrets(value: Any) -> Iterator[str]:
    """Yield the secrets inside URLs, at any depth, even in options with misspelled names."""
    if isinstance(value, str):
        yield from secrets_of(value) if is_url(value) else ()
    elif isinstance(value, (Mapping, list)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from inline_secrets(item)


def _spelled(secret: str) -> str:
    """Return a pattern that matches a secret as it is, URL-encoded, or escaped for JSON, Python or HTML, even twice."""
    return "".join(map(_character, secret))


def _character(character: str) -> str:
    if _ALWAYS_ITSELF.match(character):
        return character
    raw, units = (character.encode(encoding, "surrogatepass").hex() for encoding in ("utf-8", "utf-16-be"))
    forms = [
        re.escape(character),
        re.sub("..", r"%\g<0>", raw),
        re.sub("....", r"\\\\+u\g<0>", units),
        f"&#0*{ord(character)};",
        f"&#x0*{ord(character):x};",
    ]
    if ord(character) in _entities():
        forms.append(f"&{_entities()[ord(character)]};")
    if character in ESCAPES:
        forms.append(rf"\\+{re.escape(ESCAPES[character])}")
    if ord(character) < 0x100:
        forms.append(rf"\\+x{ord(character):02x}")
    if ord(character) > 0xFFFF:
        forms.append(rf"\\+u{ord(character):08x}")
    if character == " ":
        forms.append(r"\+")
    return f"(?i:{'|'.join(forms)})"


@cache
def _entities() -> dict[int, str]:
    from html.entities import codepoint2name  # imported only if a text contains a secret

    return {**codepoint2name, ord("'"): "apos"}


def _clue(secret: str) -> str:
    """Return the longest part of a secret that is the same in all its encodings."""
    return max(_ALWAYS_ITSELF.findall(secret), key=len, default="")


def _base64(raw: bytes) -> set[str]:
    """Return the bytes in base64, alone and inside longer base64 at each alignment."""
    found: set[str] = set()
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        alone = alphabet(raw).decode()
        found |= {alone, alone.rstrip("=")}
        for lead, first in enumerate((0, 2, 3)):
            core = alphabet(b"\0" * lead + raw)[first : (lead + len(raw)) * 8 // 6].decode()
            if len(core) >= SHORTEST_CORE:
                found.add(core)
    return found


def redactor(secrets: Iterable[str]) -> Any:
    """Return a function that removes the secrets from every text in a JSON value.

    Keys are our own and stay as they are: with the password ``changed``, a result still has the key ``changed``.
    """
    # White space around a secret usually comes from copying it.
    known = {form for secret in secrets for form in (secret, secret.strip()) if form}
    if not known:
        return lambda value: value
    encoded = {form for secret in known for form in _base64(secret.encode(errors="surrogatepass"))}
    clues = encoded.union(map(_clue, known))

    @cache
    def pattern() -> re.Pattern[str]:
        longest_first = sorted((*map(_spelled, known), *map(re.escape, encoded)), key=len, reverse=True)
        return re.compile("|".join(longest_first))

    def redact(value: Any) -> Any:
        if isinstance(value, str):
            # Most texts contain no secret, and compiling the pattern is expensive.
            return pattern().sub(CENSORED, value) if any(clue in value for clue in clues) else value
        if isinstance(value, Mapping):
            return {key: redact(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [redact(item) for item in value]
        return value

    return redact
