# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the service's answers: tolerant of what is missing, strict about what cannot be meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .errors import RefusedError, ResponseError
from .plan import Request


def unreadable(method: str, path: str, found: Any, expected: str) -> ResponseError:
    """Return the error for an answer of another shape than ``expected``."""
    kind = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}.get(type(found), "a number")
    if found is None:
        kind = "null"
    return ResponseError(
        f"{method} {path} was answered with {kind} where {expected} was expected. "
        "Check that api_url leads to the Ingest service and not to another one.",
        method=method,
        path=path,
    )


def named_values(answer: Any, path: str, names: Collection[str]) -> dict[str, str]:
    """Turn ``[{"name": n, "value": v}, ...]`` into ``{n: v}`` for the names that matter, every value as text.

    Nothing saved may be answered as ``[]``, ``{}``, null or nothing at all; null values are left out.
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
            raise ResponseError(
                f"GET {path} was answered with two different values for '{name}'.", method="GET", path=path
            )
    return values


def _named_value(item: Any, path: str) -> tuple[str, Any]:
    if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
        raise unreadable("GET", path, item, "an object with a name and a value")
    return item["name"], item.get("value")


def message_texts(answer: Any) -> tuple[str, ...]:
    """Return all that the service says in ``message`` and ``messageList``, whatever their form."""
    if not isinstance(answer, Mapping):
        return ()
    listed = answer.get("messageList")
    entries = [*(listed if isinstance(listed, list) else []), answer]
    texts = (entry.get("message") if isinstance(entry, Mapping) else entry for entry in entries)
    return tuple(text for text in texts if isinstance(text, str) and text)


def refusal(request: Request, answer: Any) -> RefusedError:
    """Return the error for an answer with ``success: false``, with all that the service said."""
    messages = message_texts(answer)
    advice = (
        "Nothing was saved." if request.method == "POST" and not request.operation else "Look at the service itself."
    )
    return RefusedError(
        f"{request.method} {request.path} was refused: {' '.join(messages) or 'no reason was given'}. {advice}",
        method=request.method,
        path=request.path,
        status=200,
        messages=messages,
    )
