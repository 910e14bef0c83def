# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""License keys: their meaning, the service's wording for it, and the key that each instance keeps."""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from . import schema
from .file import StateFile, insert_once, upsert
from .shared.clock import Clock

EXPIRED = "Licence expired"
DEFAULT_UNITS = 8
_SHAPE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+){3,}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PRODUCT_GROUPS = (5, 5, 5, 6, 5, 6)


@dataclass(frozen=True)
class License:
    """A key's meaning: valid until the end of the day `expires_on`, for this many units."""

    expires_on: date
    units: int


def meaning(key: str, saved_on: date, listed: dict[str, License]) -> License | None:
    """Return what `key` grants: as listed, else a year from `saved_on` if the key has the usual shape."""
    if key in listed:
        return listed[key]
    if "EXPIRED" in key or not _SHAPE.fullmatch(key):
        return None
    return License(expires_on=_a_year_after(saved_on), units=DEFAULT_UNITS)


def is_valid(license: License | None, today: date) -> bool:
    """Whether the license is still valid on the day `today`."""
    return license is not None and today <= license.expires_on


def status(license: License | None, today: date) -> str:
    """Return `_lic_status` in one of its two known forms (Get License Information)."""
    if license is None or not is_valid(license, today):
        return EXPIRED
    day = license.expires_on
    return f"Expires on {day.day:02d} {_MONTHS[day.month - 1]} {day.year:04d} ({license.units} units)"


def new_product_id() -> str:
    """Return a random product ID in the form of the reference's `IDB-AGWTC-1RX3A-HDHDS-SADHDS-HVV6G-YUYDAM`."""
    letters = string.ascii_uppercase + string.digits
    groups = ("".join(secrets.choice(letters) for _letter in range(size)) for size in _PRODUCT_GROUPS)
    return "-".join(("IDB", *groups))


def _a_year_after(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year + 1)


class Licenses:
    """Licenses kept in the state file, judged by the emulator's clock and the listed keys."""

    def __init__(self, file: StateFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self.listed = {
            key: License(date.fromisoformat(item["expires_on"]), item["units"])
            for key, item in file.setting("licenses", {}).items()
        }

    def put_listed(self, licenses: dict[str, License]) -> None:
        """Add license keys or change their meaning."""
        self.listed.update(licenses)
        kept = {
            key: {"expires_on": item.expires_on.isoformat(), "units": item.units} for key, item in self.listed.items()
        }
        self._file.put_setting("licenses", kept)

    def forget(self) -> None:
        """Forget the listed keys after the state file has."""
        self.listed.clear()

    def save(self, instance: str, key: str) -> None:
        """Keep the key, even if it is not valid (Save a New License Key)."""
        values = {"key": key, "saved_on": self._today()}
        with self._file.write() as connected:
            upsert(connected, schema.license, {"instance": instance}, values)

    def shown(self, instance: str) -> list[dict[str, str]]:
        """Return status, key and product ID (Get License Information)."""
        key, found = self._find(instance)
        valid = is_valid(found, self._today())
        return [
            {"name": "_lic_status", "value": status(found, self._today())},
            {"name": "_lic_key", "value": key if valid else ""},
            {"name": "_lic_prod", "value": self._product_id(instance)},
        ]

    def valid(self, instance: str) -> bool:
        """Whether the instance has a license that is valid today."""
        return is_valid(self._find(instance)[1], self._today())

    def _find(self, instance: str) -> tuple[str, License | None]:
        query = sa.select(schema.license.c.key, schema.license.c.saved_on).where(schema.license.c.instance == instance)
        with self._file.read() as connected:
            row = connected.execute(query).first()
        return ("", None) if row is None else (row.key, meaning(row.key, row.saved_on, self.listed))

    def _product_id(self, instance: str) -> str:
        query = sa.select(schema.instance.c.product_id).where(schema.instance.c.name == instance)
        with self._file.read() as connected:
            found = connected.execute(query).scalar()
        if found is not None:
            return str(found)
        values = {"name": instance, "product_id": new_product_id()}
        with self._file.write() as connected:
            insert_once(connected, schema.instance, values)
            return str(connected.execute(query).scalar_one())

    def _today(self) -> date:
        return self._clock.now().date()
