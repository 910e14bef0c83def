# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a licence key means, and how the service words it. Pure: the caller brings the day."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from datetime import date

EXPIRED = "Licence expired"
DEFAULT_UNITS = 8
_SHAPE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+){3,}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PRODUCT_GROUPS = (5, 5, 5, 6, 5, 6)


@dataclass(frozen=True)
class Licence:
    """A key's meaning: valid until the end of the day `expires_on`, for so many units."""

    expires_on: date
    units: int


def meaning(key: str, saved_on: date, listed: dict[str, Licence]) -> Licence | None:
    """What `key` grants: what is listed, else a year from `saved_on` if its shape is the usual one."""
    if key in listed:
        return listed[key]
    if "EXPIRED" in key or not _SHAPE.fullmatch(key):
        return None
    return Licence(expires_on=_a_year_after(saved_on), units=DEFAULT_UNITS)


def is_valid(licence: Licence | None, today: date) -> bool:
    """Whether the licence still runs on the day `today`."""
    return licence is not None and today <= licence.expires_on


def status(licence: Licence | None, today: date) -> str:
    """`_lic_status` in one of its two known forms (Get License Information)."""
    if licence is None or not is_valid(licence, today):
        return EXPIRED
    day = licence.expires_on
    return f"Expires on {day.day:02d} {_MONTHS[day.month - 1]} {day.year:04d} ({licence.units} units)"


def new_product_id() -> str:
    """A random product ID shaped as the reference's `IDB-AGWTC-1RX3A-HDHDS-SADHDS-HVV6G-YUYDAM`."""
    letters = string.ascii_uppercase + string.digits
    groups = ("".join(secrets.choice(letters) for _letter in range(size)) for size in _PRODUCT_GROUPS)
    return "-".join(("IDB", *groups))


def _a_year_after(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year + 1)
