# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values on their way: each form that a driver gives, and each that no destination can hold."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from flow_emulator.mapping import values
from hypothesis import given
from hypothesis import strategies as st

EAST = timezone(timedelta(hours=2))


def decimal(precision: int, scale: int) -> Callable[[Any], Any]:
    """Return the conversion of a decimal, which is made as it is used."""

    def convert(value: Any) -> Any:
        return values.decimal(precision, scale)(value)

    return convert


CONVERSIONS: dict[Callable[[Any], Any], list[tuple[Any, Any]]] = {
    decimal(5, 2): [
        (Decimal("123.45"), "123.45"),
        (Decimal("-999.99"), "-999.99"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1.500"), "1.500"),
        (Decimal("1E+2"), "100"),
        (Decimal(0), "0"),
        (Decimal("0.000"), "0.000"),
        (7, "7"),
        ("12.3", "12.3"),
        (1.1, "1.10"),
        (0.1 + 0.2, "0.30"),
        (-2.675, "ValueError"),
        (1.005, "ValueError"),
        (999.99, "999.99"),
        (1000.0, "ValueError"),
        (Decimal("1000"), "ValueError"),
        (Decimal("0.001"), "ValueError"),
        (Decimal("NaN"), "ValueError"),
        (Decimal("Infinity"), "ValueError"),
        (float("nan"), "ValueError"),
        (float("-inf"), "ValueError"),
    ],
    decimal(30, 30): [(0.5, "0.5"), (Decimal("0.5"), "0.5"), (1.0, "ValueError")],
    decimal(65, 30): [(12345.5, "12345.5"), (1e30, "1" + "0" * 30), (1e-9, "0.000000001"), (1e-31, "ValueError")],
    decimal(29, 29): [(0.5, "0.5" + "0" * 28)],
    decimal(65, 0): [
        (Decimal("9" * 65), "9" * 65),
        (Decimal("9" * 66), "ValueError"),
        (1e19, "1" + "0" * 19),
        (1e20, "1" + "0" * 20),
        (1.5e22, "15" + "0" * 21),
        (3.0, "3"),
        (10000000000.5, "ValueError"),
    ],
    values.decimal_text: [(Decimal("1E+3"), "1000"), ("0.10", "0.10"), (5, "5")],
    values.finite: [(1.5, 1.5), (7, 7), ("nan", "nan"), (float("nan"), "ValueError"), (float("inf"), "ValueError")],
    values.truth: [(True, 1), (False, 0), (2, 2), ("t", "t")],
    values.bits: [(b"\x01\x00", 256), (b"\x05", 5), (9, 9), (b"", 0)],
    values.bits_text: [(b"\xff" * 8, str(2**64 - 1)), (5, "5")],
    values.date_text: [
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29, 23, 59), "2024-02-29"),
        ("2024-02-29", "2024-02-29"),
        ("infinity", "ValueError"),
        ("0044-03-15 BC", "ValueError"),
        ("10000-01-01", "ValueError"),
        ("-0001-01-01", "ValueError"),
    ],
    values.timestamp: [
        (date(2024, 1, 2), "2024-01-02 00:00:00"),
        (datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"),
        (datetime(2024, 1, 2, 3, 4, 5, 60), "2024-01-02 03:04:05.000060"),
        (datetime(2024, 1, 2, 1, 0, tzinfo=EAST), "2024-01-01 23:00:00"),
        (datetime(2024, 1, 2, 1, 0, tzinfo=UTC), "2024-01-02 01:00:00"),
        ("2024-01-02 03:04:05+00", "2024-01-02 03:04:05"),
        ("2024-01-02 03:04:05.123456+00", "2024-01-02 03:04:05.123456"),
        ("2024-01-02T03:04:05", "2024-01-02 03:04:05"),
        ("2024-01-02T03:04:05Z", "2024-01-02 03:04:05"),
        ("2024-01-02 01:00:00+02", "2024-01-01 23:00:00"),
        ("2024-01-02 01:00:00+02:00", "2024-01-01 23:00:00"),
        ("2024-01-02 01:00:00-05:30", "2024-01-02 06:30:00"),
        ("2024-01-02", "2024-01-02"),
        ("9999-12-31 23:59:59", "9999-12-31 23:59:59"),
        ("10000-01-01 00:00:00", "ValueError"),
        ("10000-01-01 00:00:00+00", "ValueError"),
        ("-infinity", "ValueError"),
        ("0044-03-15 00:00:00 BC", "ValueError"),
        (17, 17),
    ],
    values.time_text: [
        (time(1, 2, 3), "01:02:03"),
        (time(1, 2, 3, 4), "01:02:03.000004"),
        (timedelta(0), "00:00:00"),
        (timedelta(hours=1, minutes=2, seconds=3), "01:02:03"),
        (timedelta(days=34, hours=22, minutes=59, seconds=59), "838:59:59"),
        (timedelta(hours=99, microseconds=5), "99:00:00.000005"),
        (-timedelta(hours=1, seconds=1), "-01:00:01"),
        (-timedelta(microseconds=1), "-00:00:00.000001"),
        (timedelta(microseconds=1), "00:00:00.000001"),
        ("24:00:00", "24:00:00"),
    ],
    values.json_text: [
        ('{"a":  1}', '{"a":  1}'),
        (b'{"a": 1}', '{"a": 1}'),
        ({"ä": [1, None]}, '{"ä": [1, null]}'),
        (True, "true"),
        (0, "0"),
    ],
    values.binary: [
        ("ä", b"\xc3\xa4"),
        (b"\0", b"\0"),
        (bytearray(b"a"), b"a"),
        (memoryview(b"a"), b"a"),
        (7, 7),
    ],
    values.as_text: [
        ("text", "text"),
        (7, "7"),
        (1.5, "1.5"),
        (b"\xc3\xa4", "ä"),
        (memoryview(b"a"), "a"),
        ({"a": [1]}, '{"a": [1]}'),
        ([1, "ä"], '[1, "ä"]'),
        (date(2024, 1, 2), "2024-01-02"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("convert", "value", "expected"),
    [(convert, *case) for convert, cases in CONVERSIONS.items() for case in [(None, None), *cases]],
)
def test_value_is_converted(convert: Callable[[Any], Any], value: Any, expected: Any) -> None:
    if expected == "ValueError":
        with pytest.raises(ValueError, match=r"^(?!.*None).* (does not fit|is no|is beyond)"):
            convert(value)
    else:
        converted = convert(value)
        assert converted == expected
        assert converted.__class__ is expected.__class__


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process be in a time zone of its own."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        clock.tzset()
        yield
    clock.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_time_is_independent_of_the_time_zone() -> None:
    assert values.timestamp(datetime(2024, 1, 2, 1, 0, tzinfo=EAST)) == "2024-01-01 23:00:00"
    assert values.timestamp("2024-01-02 01:00:00+02") == "2024-01-01 23:00:00"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**8), max_value=10**8))
def test_decimal_arrives_exactly_or_fails(number: Decimal) -> None:
    try:
        text = values.decimal(10, 3)(number)
    except ValueError:
        assert number != round(number, 3) or abs(number) >= 10**7
    else:
        assert text is not None
        assert Decimal(text) == number


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_float_becomes_the_decimal_as_written(digits: int, scale: int) -> None:
    number = Decimal(digits).scaleb(-scale)
    text = values.decimal(20, scale)(float(number))
    assert text is not None
    assert Decimal(text) == number


@given(st.timedeltas(timedelta(days=-35), timedelta(days=35)))
def test_interval_keeps_its_length(span: timedelta) -> None:
    hours, minutes, seconds = values.time_text(abs(span)).split(":")
    assert timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds)) == abs(span)
    assert values.time_text(-abs(span)).removeprefix("-") == values.time_text(abs(span))
