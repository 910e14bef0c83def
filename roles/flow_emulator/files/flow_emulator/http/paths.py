# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths: where the Ingest API and the control path begin, whose instance a path names, and its segments."""

from __future__ import annotations

from urllib.parse import unquote, unquote_to_bytes

BASE = "/ingest/api/ingest"
"""Where the Ingest API's paths begin; any prefix before it names an instance."""
CONTROL = "/_emulator"
_OWN = frozenset({"/docs", "/redoc", "/openapi.json"})


def is_own(raw: str) -> bool:
    """Whether a path belongs to the emulator itself and not to an instance."""
    return raw in _OWN or raw.startswith(f"{CONTROL}/")


def split(raw: str) -> tuple[str, str]:
    """Return the instance (the prefix, decoded, without outer slashes) and the raw rest from BASE on."""
    prefix, found, rest = raw.partition(BASE + "/")
    return (unquote(prefix).strip("/"), found + rest) if found else ("", raw)


def decoded(segment: object) -> str:
    """A path segment as the client meant it. Raises ValueError for what is not UTF-8."""
    text = unquote_to_bytes(str(segment).encode("latin-1")).decode()
    if "\0" in text:
        raise ValueError("a name cannot contain a zero byte")
    return text
