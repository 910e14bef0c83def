# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that one process shares: state, clock, hosts, journal, faults and workers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ..databases import sample
from ..databases.settings import EmbeddedHost
from ..http.faults import Faults
from ..http.journal import Journal
from ..state import file as store
from ..state.clock import Clock
from ..state.connections import Links
from ..state.license_keys import Licence
from ..state.licenses import Licences
from ..state.selection import Tables
from .queue import Runner
from .scheduler import Scheduler

DEMO_USER = "flow"
DEMO_PASSWORD = "flow-demo"


class Emulator:
    """One process's emulator of many instances."""

    def __init__(self, folder: Path, *, hosted: bool = False, keys: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.hosted = hosted
        if not (folder / "source.db").exists() or not (folder / "destination.db").exists():
            sample.create(folder)
        self.store = store.Store(folder / "state.db")
        self.clock = Clock(timedelta(seconds=self.store.setting("clock", 0)))
        self.journal = Journal()
        self.faults = Faults()
        self.hosts = self._demo_hosts() | {
            name: EmbeddedHost(**host) for name, host in self.store.setting("hosts", {}).items()
        }
        self.licences = _licences(self.store.setting("licences", {}))
        self._given_keys: dict[str, datetime | None] = dict.fromkeys(keys)
        self.keys = _keys(self.store.setting("keys", {})) | self._given_keys
        self.licensing = Licences(self.store, self.clock, self.licences)
        self.links = Links(self.store, self.hosts)
        self.tables = Tables(self.store, self.links)
        self.runner = Runner(self.store, self.links, self.tables, self.licensed)
        self.scheduler = Scheduler(self.store, self.clock, self.runner)

    def start(self) -> None:
        """Take up the operations that a kill left behind, and the schedules."""
        self.runner.start()
        self.scheduler.start()

    def stop(self) -> None:
        """End the workers once their present table is done, and close the state file."""
        self.scheduler.stop()
        self.runner.stop()
        self.store.close()

    def licensed(self, instance: str) -> bool:
        """Whether the instance may run operations; the hosted face has no licences."""
        return self.hosted or self.licensing.valid(instance)

    def instances(self) -> int:
        """How many instances have state."""
        names = sa.union(
            *(sa.select(table.c.instance) for table in store.PER_INSTANCE),
            sa.select(store.instance.c.name),
        )
        with self.store.read() as connected:
            return int(connected.execute(sa.select(sa.func.count()).select_from(names.subquery())).scalar_one())

    def reset(self, instance: str | None) -> None:
        """Forget one instance, or everything, the embedded databases' rows included."""
        self.runner.halt(instance)
        with self.store.write() as connected:
            _forget(connected, instance)
        self.journal.clear(instance)
        self.faults.clear(instance)
        if instance is None:
            self._renew()
        self.runner.resume(instance)

    def put_clock(self, *, now: datetime | None = None, advance: float | None = None) -> None:
        """Move the clock, for good, and let the schedules see it. Raises OverflowError."""
        before = self.clock.offset
        if advance is not None:
            self.clock.advance(advance)
        else:
            self.clock.put(now)
        try:
            self.clock.now() + timedelta(days=400)
            self.clock.now() - timedelta(days=400)
        except OverflowError:
            self.clock.put(None)
            self.clock.advance(before.total_seconds())
            raise
        self.store.put_setting("clock", self.clock.offset.total_seconds())
        self.scheduler.clock_moved()

    def put_hosts(self, hosts: dict[str, EmbeddedHost]) -> None:
        """Add or change embedded hosts."""
        self.hosts.update(hosts)
        kept = {
            name: {"url": host.url, "user": host.user, "password": host.password} for name, host in self.hosts.items()
        }
        self.store.put_setting("hosts", kept)

    def put_licences(self, licences: dict[str, Licence]) -> None:
        """Add or change what licence keys mean."""
        self.licences.update(licences)
        kept = {
            key: {"expires_on": item.expires_on.isoformat(), "units": item.units} for key, item in self.licences.items()
        }
        self.store.put_setting("licences", kept)

    def put_keys(self, keys: dict[str, datetime | None]) -> None:
        """Add or change API keys and when they expire."""
        self.keys.update(keys)
        self.store.put_setting("keys", {key: at and at.isoformat() for key, at in self.keys.items()})

    def _renew(self) -> None:
        self.clock.put(None)
        self.hosts.clear()
        self.hosts.update(self._demo_hosts())
        self.licences.clear()
        self.keys.clear()
        self.keys.update(self._given_keys)
        sample.create(self.folder)

    def _demo_hosts(self) -> dict[str, EmbeddedHost]:
        return {
            f"{side}.demo": EmbeddedHost(f"sqlite:///{self.folder / side}.db", DEMO_USER, DEMO_PASSWORD)
            for side in ("source", "destination")
        }


def _forget(connected: sa.Connection, instance: str | None) -> None:
    def of(column: sa.Column[str]) -> sa.ColumnElement[bool]:
        return sa.true() if instance is None else column == instance

    for table in (*store.PER_INSTANCE, store.operation):
        connected.execute(sa.delete(table).where(of(table.c.instance)))
    connected.execute(sa.delete(store.instance).where(of(store.instance.c.name)))
    known = sa.select(store.operation.c.number)
    connected.execute(sa.delete(store.result).where(store.result.c.number.not_in(known)))
    if instance is None:
        connected.execute(sa.delete(store.setting))


def _licences(kept: dict[str, Any]) -> dict[str, Licence]:
    return {key: Licence(date.fromisoformat(item["expires_on"]), item["units"]) for key, item in kept.items()}


def _keys(kept: dict[str, Any]) -> dict[str, datetime | None]:
    return {key: datetime.fromisoformat(at) if at else None for key, at in kept.items()}
