# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conversions of single values, from what a source's driver returns to what every destination accepts.

Each accepts None too. A value that the destination cannot hold exactly raises ValueError.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any

_WIDE = Context(prec=200)
_OFFSET = re.compile(r"(?:Z|[+-]\d\d(?::?\d\d)*)$")
_BEYOND = re.compile(r"infinity|BC|^\d{5,}-|^-")


def decimal(precision: int, scale: int) -> Callable[[Any], str | None]:
    """Return the conversion of a decimal with at most `precision` digits, `scale` of them after the point.

    SQLite keeps a decimal as a float; it is rounded to `scale` if that only removes the noise of binary
    fractions.
    """
    unit = Decimal(1).scaleb(-scale)

    def convert(value: Any) -> str | None:
        if value is None:
            return None
        number = _rounded(value, scale) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            raise ValueError(f"{number} is not a decimal number")
        if _too_long(number, precision, scale):
            raise ValueError(f"{number} does not fit DECIMAL({precision},{scale})")
        if isinstance(value, float) and scale < 30:
            number = number.quantize(unit, context=_WIDE)
        return format(number, "f")

    return convert


def _too_long(number: Decimal, precision: int, scale: int) -> bool:
    _sign, digits, exponent = number.normalize(_WIDE).as_tuple()
    return bool(number) and (-int(exponent) > scale or len(digits) + int(exponent) > precision - scale)


def _rounded(value: float, scale: int) -> Decimal:
    exact = Decimal(repr(value))
    if not exact.is_finite() or -int(exact.as_tuple().exponent) <= scale:
        return exact
    near = round(exact, scale)
    return near if math.isclose(near, value, rel_tol=1e-14) else exact


def decimal_text(value: Any) -> str | None:
    """Return all the digits of a decimal."""
    return None if value is None else format(Decimal(value), "f")


def finite(value: Any) -> Any:
    """Return a float unless it is NaN or infinite, which MySQL cannot hold."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is not a number that a destination can hold")
    return value


def truth(value: Any) -> Any:
    """Return a boolean as 0 or 1, and any other value as it is, for the destination to judge."""
    return int(value) if isinstance(value, bool) else value


def bits(value: Any) -> Any:
    """Return a bit field as the number it stands for."""
    return int.from_bytes(value, "big") if isinstance(value, bytes) else value


def bits_text(value: Any) -> Any:
    """Return a bit field as the digits of the number it stands for."""
    return as_text(bits(value))


def date_text(value: Any) -> Any:
    """Return a date in ISO 8601."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _within(value)


def timestamp(value: Any) -> Any:
    """Return a time as `YYYY-MM-DD HH:MM:SS[.ffffff]`; with a time zone, it is converted to UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, str) and value[-3:] != "+00" and _OFFSET.search(value[10:]):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return value.isoformat(" ")
    return _within(value.removesuffix("+00").replace("T", " ") if isinstance(value, str) else value)


def _within(value: Any) -> Any:
    if isinstance(value, str) and _BEYOND.search(value):
        raise ValueError(f"{value} is beyond the years that a destination can hold")
    return value


def time_text(value: Any) -> Any:
    """Return a time of day or a duration as `[-]HHH:MM:SS[.ffffff]`."""
    if isinstance(value, time):
        return value.isoformat()
    if not isinstance(value, timedelta):
        return value
    sign, span = ("-", -value) if value < timedelta(0) else ("", value)
    seconds = span.days * 86400 + span.seconds
    fraction = f".{span.microseconds:06d}" if span.microseconds else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def json_text(value: Any) -> Any:
    """Return a JSON document as text; a text is taken to be one already."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode()
    return json.dumps(value, ensure_ascii=False)


def binary(value: Any) -> Any:
    """Return whatever a driver returns for bytes as bytes."""
    if isinstance(value, str):
        return value.encode()
    return bytes(value) if isinstance(value, (bytearray, memoryview)) else value


def as_text(value: Any) -> Any:
    """Return any value as text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        return json_text(value)
    return bytes(value).decode() if isinstance(value, (bytes, memoryview)) else str(value)
