# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A column's default in a form that a destination accepts."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import types

_CAST = r"(?:::[\w\s\".(),\[\]]+)?"
_NUMBER = re.compile(rf"\(*'?(-?\d+(?:\.\d+)?)'?\)*{_CAST}")
_QUOTED = re.compile(rf"'((?:[^'\\]|'')*)'{_CAST}")
_NOW = re.compile(r"(?:now\(\)|current_timestamp(?:\(\d*\))?)", re.I)
_TRUTH = {"true": "1", "false": "0"}


def portable(written: str | None, kind: types.TypeEngine[Any]) -> str | None:
    """Return a default that a destination accepts, as the SQL of a literal; None if it cannot be carried over.

    Only defaults with the same meaning everywhere are carried over: numbers, quoted text, dates and
    times, booleans, and the current time.
    """
    written = (written or "").strip()
    if isinstance(kind, types.Boolean) and written in ("0", "1", *_TRUTH):
        return _TRUTH.get(written, written)
    if isinstance(kind, (types.Integer, types.Numeric, types.Float)):
        number = _NUMBER.fullmatch(written)
        return number[1] if number else None
    if isinstance(kind, types.DateTime) and _NOW.fullmatch(written):
        digits = getattr(kind, "fsp", None)
        return f"CURRENT_TIMESTAMP({digits})" if digits else "CURRENT_TIMESTAMP"
    quoted = _QUOTED.fullmatch(written)
    if quoted is None or not isinstance(kind, (types.VARCHAR, types.CHAR, types.Enum, types.Date)):
        return None
    if isinstance(kind, types.Date) and not re.fullmatch(r"\d{4}-\d\d-\d\d", quoted[1]):
        return None
    return f"'{quoted[1]}'"
