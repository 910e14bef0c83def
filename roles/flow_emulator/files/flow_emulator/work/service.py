# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service behind the API: one process's state for all instances, and its workers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ..databases import sample
from ..state.connections import Connections
from ..state.file import StateFile
from ..state.licenses import Licenses
from ..state.schedules import Schedules
from ..state.selection import Selection
from ..state.shared.api_keys import ApiKeys
from ..state.shared.clock import Clock
from ..state.shared.hosts import Hosts
from ..state.shared.profile import Profile
from .operations import Operations
from .queue import Queue
from .scheduler import Scheduler


class Service:
    """The service of one process to many instances."""

    def __init__(self, folder: Path, *, hosted: bool = False, keys: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.hosted = hosted
        if not (folder / "source.db").exists() or not (folder / "destination.db").exists():
            sample.create(folder)
        self.file = StateFile(folder / "state.db")
        self.clock = Clock(self.file)
        self.hosts = Hosts(self.file, folder)
        self.keys = ApiKeys(self.file, keys)
        self.profile = Profile(self.file)
        self.licenses = Licenses(self.file, self.clock)
        self.connections = Connections(self.file, self.hosts.known, self.profile)
        self.selection = Selection(self.file, self.connections)
        self.schedules = Schedules(self.file, self.clock, self.profile)
        operations = Operations(self.file, self.connections, self.selection, self.licensed)
        self.queue = Queue(self.file, operations.perform)
        self.scheduler = Scheduler(self.file, self.clock, self.schedules, self.queue)

    def start(self) -> None:
        """Resume the operations that a kill interrupted, and the schedules."""
        self.queue.start()
        self.scheduler.start()

    def stop(self) -> None:
        """End the workers after their current table, and close the state file."""
        self.scheduler.stop()
        self.queue.stop()
        self.file.close()

    def licensed(self, instance: str) -> bool:
        """Whether the instance may run operations; the hosted face has no licenses."""
        return self.hosted or self.licenses.valid(instance)

    def can_extract(self, instance: str) -> bool:
        """Whether an operation could start now, given its tables, license and both connections."""
        return (
            bool(self.selection.selected(instance))
            and self.licensed(instance)
            and self.connections.works(instance, "source")
            and self.connections.works(instance, "destination")
        )

    def move_clock(self, *, now: datetime | None = None, advance: float | None = None) -> None:
        """Move the clock and let the schedules follow. Raises OverflowError."""
        if advance is not None:
            self.clock.advance(advance)
        else:
            self.clock.put(now)
        self.scheduler.clock_moved()

    def reset(self, instance: str | None) -> None:
        """Forget one instance, or everything, including the rows of the embedded databases."""
        self.queue.halt(instance)
        self.file.forget(instance)
        if instance is None:
            for kept in (self.clock, self.hosts, self.licenses, self.keys, self.profile):
                kept.forget()
            sample.create(self.folder)
        self.queue.resume(instance)
