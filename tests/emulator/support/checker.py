# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares the rows of two sides without using the engine's code.

Values are read through the plain drivers, written in one spelling, and hashed per column and per
row; the sums of the hashes do not depend on the order of rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

Rows = Iterable[Sequence[Any]]
MODULUS = 1 << 256


def assert_same(one: Rows, other: Rows, columns: Sequence[str], kinds: Mapping[str, str] | None = None) -> int:
    """Compare counts and checksums; `kinds` names columns that are "json", "decimal" or "moment".

    Returns the number of rows.
    """
    kinds = kinds or {}
    first, second = sums(one, columns, kinds), sums(other, columns, kinds)
    assert first == second, [name for name in first if first[name] != second[name]]
    return first["(rows)"][0]


def sums(rows: Rows, columns: Sequence[str], kinds: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Return the number of values and their checksum for each column and for whole rows."""
    counts = dict.fromkeys([*columns, "(rows)"], 0)
    totals = dict.fromkeys(counts, 0)
    for row in rows:
        assert len(row) == len(columns)
        spelt = [spell(value, kinds.get(name)) for name, value in zip(columns, row, strict=True)]
        for name, text in [*zip(columns, spelt, strict=True), ("(rows)", json.dumps(spelt))]:
            counts[name] += text is not None
            totals[name] += int.from_bytes(hashlib.sha256(repr(text).encode()).digest(), "big")
    return {name: (counts[name], totals[name] % MODULUS) for name in counts}


def spell(value: Any, kind: str | None = None) -> str | None:
    """Return a value as text, the same text for all spellings of it."""
    if value is None:
        return None
    if kind == "json":
        found = json.loads(value, parse_float=Decimal) if isinstance(value, str) else value
        return json.dumps(found, sort_keys=True, default=str, ensure_ascii=False)
    if kind == "decimal":
        value = Decimal(value)
    if kind == "moment":
        return _spell_text(value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Decimal):
        plain = format(value, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "0x" + bytes(value).hex()
    return _spell_moment(value)


def _spell_text(value: Any) -> str:
    if isinstance(value, timedelta):
        sign, rest = ("-", -value) if value < timedelta(0) else ("", value)
        seconds = rest // timedelta(seconds=1)
        clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        text = f"{sign}{clock}.{rest.microseconds:06d}"
    else:
        text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _spell_moment(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return value.isoformat(" ")
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1)} µs"
    return value.isoformat() if isinstance(value, date) else str(value)
