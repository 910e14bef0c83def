# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections that notice headers which are cut off.

http.client treats them as complete. An answer that lost its length, and with it its body, would look like an empty
one, which can mean that nothing is saved.
"""

from __future__ import annotations

from functools import cache
from http.client import HTTPException, HTTPResponse
from typing import Any


class WholeResponse(HTTPResponse):
    """An answer whose headers end with an empty line."""

    def begin(self) -> None:
        """Read the status line and the headers."""
        if self.headers is not None:
            return
        noted: Any = _Lines(self.fp)
        self.fp = noted
        super().begin()
        if self.fp is noted:  # it is None if there is no body
            self.fp = noted.stream
        if not noted.last:
            raise HTTPException("its headers are incomplete")


class _Lines:
    """A stream that remembers the last line that was read."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.last = b""

    def readline(self, *limit: int) -> bytes:
        """Read a line, and remember it."""
        self.last = self.stream.readline(*limit)
        return self.last

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def noticing(pools: dict[str, Any]) -> dict[str, Any]:
    """Return classes of connection pools, by scheme, whose answers are whole."""
    return {scheme: _noticing(pool) for scheme, pool in pools.items()}


@cache
def _noticing(pool: Any) -> Any:
    connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"response_class": WholeResponse})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})
