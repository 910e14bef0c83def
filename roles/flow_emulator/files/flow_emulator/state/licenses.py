# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The licence key and the product ID that each instance keeps."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from . import file as store
from .clock import Clock
from .license_keys import Licence, is_valid, meaning, new_product_id, status


class Licences:
    """Licences kept in the state file, judged by the emulator's clock and by what is listed."""

    def __init__(self, kept: store.Store, clock: Clock, listed: dict[str, Licence]) -> None:
        self._store = kept
        self._clock = clock
        self._listed = listed

    def save(self, instance: str, key: str) -> None:
        """Keep the key, valid or not (Save a New License Key)."""
        values = {"key": key, "saved_on": self._today()}
        with self._store.write() as connected:
            store.upsert(connected, store.licence, {"instance": instance}, values)

    def shown(self, instance: str) -> list[dict[str, str]]:
        """Status, key and product ID (Get License Information)."""
        key, found = self._find(instance)
        valid = is_valid(found, self._today())
        return [
            {"name": "_lic_status", "value": status(found, self._today())},
            {"name": "_lic_key", "value": key if valid else ""},
            {"name": "_lic_prod", "value": self._product_id(instance)},
        ]

    def valid(self, instance: str) -> bool:
        """Whether the instance has a licence that runs today."""
        return is_valid(self._find(instance)[1], self._today())

    def _find(self, instance: str) -> tuple[str, Licence | None]:
        query = sa.select(store.licence.c.key, store.licence.c.saved_on).where(store.licence.c.instance == instance)
        with self._store.read() as connected:
            row = connected.execute(query).first()
        return ("", None) if row is None else (row.key, meaning(row.key, row.saved_on, self._listed))

    def _product_id(self, instance: str) -> str:
        query = sa.select(store.instance.c.product_id).where(store.instance.c.name == instance)
        with self._store.read() as connected:
            found = connected.execute(query).scalar()
        if found is not None:
            return str(found)
        values = {"name": instance, "product_id": new_product_id()}
        with self._store.write() as connected:
            store.insert_once(connected, store.instance, values)
            return str(connected.execute(query).scalar_one())

    def _today(self) -> date:
        return self._clock.now().date()
