# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checker itself finds each kind of difference."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from tests.emulator.support.checker import assert_same

GOOD = [(1, "a", Decimal("1.50")), (2, None, Decimal("2"))]


def test_equal_rows_in_another_order_and_spelling_match() -> None:
    other = [(2, None, Decimal("2.00")), (Decimal(1), "a", Decimal("1.5"))]
    assert assert_same(GOOD, other, "abc") == 2


@pytest.mark.parametrize(
    "other",
    [
        GOOD[:1],
        [*GOOD, GOOD[0]],
        [(1, "a ", Decimal("1.50")), GOOD[1]],
        [(1, "a", Decimal("1.51")), GOOD[1]],
        [(1, None, Decimal("1.50")), (2, "a", Decimal("2"))],
        [(1, "a", Decimal("1.50")), (2, "", Decimal("2"))],
    ],
)
def test_difference_fails(other: list[tuple[object, ...]]) -> None:
    with pytest.raises(AssertionError):
        assert_same(GOOD, other, "abc")


def test_times_in_different_zones_match() -> None:
    east = datetime(2024, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    utc = datetime(2024, 1, 1)
    assert assert_same([(east, time(1))], [(utc, timedelta(hours=1))], "ab") == 1
