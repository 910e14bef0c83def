# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the service's answers: values may be missing, but the ones present must make sense."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .errors import RefusedError, ResponseError
from .plan import Request
from .secrets import redactor
from .urls import MASK


def unreadable(method: str, path: str, found: Any, expected: str) -> ResponseError:
    """Return the error for an answer that is not ``expected``."""
    kind = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}.get(type(found), "a number")
    if found is None:
        kind = "null"
    return ResponseError(
        f"{method} {path} returned {kind}; expected {expected}. Check that api_url points to the Ingest service.",
        method=method,
        path=path,
    )


def named_values(answer: Any, path: str, names: Collection[str]) -> dict[str, str]:
    """Turn ``[{"name": n, "value": v}, ...]`` into ``{n: v}`` for the given names, with every value as text.

    If nothing is saved, the answer may be ``[]``, ``{}``, null or empty. Null values are left out.
    """
    if not answer and (answer is None or isinstance(answer, (list, dict))):
        return {}
    if not isinstance(answer, list):
        raise unreadable("GET", path, answer, "a list of names and values")
    values: dict[str, str] = {}
    for item in answer:
        name, value = _named_value(item, path)
        if value is None or name not in names:
            continue
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise unreadable("GET", path, value, f"text as the value of '{name}'")
        if values.setdefault(name, str(value)) != str(value):
            raise ResponseError(f"GET {path} returned two different values for '{name}'.", method="GET", path=path)
    return values


def other_values(answer: Any, known: Collection[str]) -> dict[str, str]:
    """Return the values in an answer to ``named_values`` under other than the known names, as far as they are text.

    Empty values are left out.
    """
    values: dict[str, str] = {}
    for item in answer if isinstance(answer, list) else ():
        name, value = item["name"], item.get("value")
        if name not in known and isinstance(value, (str, int)) and not isinstance(value, bool) and str(value):
            values.setdefault(name, str(value))
    return values


def _named_value(item: Any, path: str) -> tuple[str, Any]:
    if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
        raise unreadable("GET", path, item, "an object with a name and a value")
    return item["name"], item.get("value")


def message_texts(answer: Any) -> tuple[str, ...]:
    """Return all texts in ``message`` and ``messageList``, whatever their form."""
    if not isinstance(answer, Mapping):
        return ()
    listed = answer.get("messageList")
    entries = [*(listed if isinstance(listed, list) else []), answer]
    texts = (entry.get("message") if isinstance(entry, Mapping) else entry for entry in entries)
    return tuple(text for text in texts if isinstance(text, str) and text)


def said_to(request: Request, answer: Any) -> tuple[str, ...]:
    """Return the texts in the answer to a request, without the secrets that were read from the service."""
    return tuple(redactor(request.secrets)(message_texts(answer)))


def explained(said: str) -> str:
    """Return what the service said as a sentence, with an explanation if it contains the mask of a secret."""
    note = f" The service writes {MASK} in place of a secret; the real one was sent." if MASK in said else ""
    return f"{said.rstrip('.')}.{note}"


def refusal(request: Request, answer: Any) -> RefusedError:
    """Return the error for an answer with ``success: false``, with all messages of the service."""
    messages = said_to(request, answer)
    said = explained(" ".join(messages) or "no reason was given")
    advice = "Nothing was saved." if request.method == "POST" and not request.operation else "Check the service."
    return RefusedError(
        f"{request.method} {request.path} was refused: {said} {advice}",
        method=request.method,
        path=request.path,
        status=200,
        messages=messages,
    )
