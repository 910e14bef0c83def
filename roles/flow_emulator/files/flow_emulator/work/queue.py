# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The queue of operations: one per instance, kept in the state file and processed in the background.

An operation that was interrupted by a kill runs again after a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from ..state.file import StateFile
from ..state.schema import operation, result

WORKERS = 4
PENDING = ("queued", "running")


@dataclass(frozen=True)
class Task:
    """An operation to run now; `halted` returns whether it must stop."""

    instance: str
    number: int
    operation: str
    halted: Callable[[], bool]


@dataclass(frozen=True)
class Outcome:
    """How an operation ended, and a sentence about it."""

    state: Literal["done", "failed"]
    message: str


class Halted(Exception):
    """The operation stops here; it stays in the state running, so that it runs again."""


class Queue:
    """Runs one operation at a time per instance and several instances at once."""

    def __init__(self, file: StateFile, perform: Callable[[Task], Outcome]) -> None:
        self._file = file
        self._perform = perform
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="operation")
        self._changed = threading.Condition()
        self._busy: set[str] = set()
        self._halted: set[str | None] = set()
        self.on_end: Callable[[sa.Connection, str], None] = lambda connected, instance: None

    def start(self) -> None:
        """Queue again whatever was running when the process ended, and continue."""
        with self._file.write() as connected:
            connected.execute(sa.update(operation).where(operation.c.state == "running").values(state="queued"))
            unfinished = sa.select(operation.c.number).where(operation.c.state == "queued")
            connected.execute(sa.delete(result).where(result.c.number.in_(unfinished)))
        self.dispatch()

    def stop(self) -> None:
        """Start nothing more and wait for the tables in progress."""
        self.halt(None)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, instance: str, name: str, trigger: str) -> None:
        """Queue an operation behind the instance's others."""
        with self._file.write() as connected:
            self.enqueue(connected, instance, name, trigger)
        self.dispatch()

    def enqueue(self, connected: sa.Connection, instance: str, name: str, trigger: str) -> None:
        """Queue an operation within a caller's write; `dispatch` starts it."""
        values = {"instance": instance, "operation": name, "trigger": trigger, "state": "queued"}
        connected.execute(sa.insert(operation).values(values))

    def pending(self, instance: str | None) -> bool:
        """Whether anything is queued or running."""
        query = sa.select(operation.c.number).where(operation.c.state.in_(PENDING), _of(instance)).limit(1)
        with self._file.read() as connected:
            return connected.execute(query).first() is not None

    def listed(self, instance: str | None) -> list[dict[str, Any]]:
        """Return every operation in the order of the requests, with the outcome for each table."""
        with self._file.read() as connected:
            rows = (
                connected.execute(sa.select(operation).where(_of(instance)).order_by(operation.c.number))
                .mappings()
                .all()
            )
            numbers = [row["number"] for row in rows]
            found = sa.select(result).where(result.c.number.in_(numbers)).order_by(result.c.number, result.c.position)
            tables: dict[int, list[Any]] = {number: [] for number in numbers}
            for row in connected.execute(found):
                tables[row.number].append(row.value)
        return [{**row, "tables": tables[row["number"]]} for row in rows]

    def halt(self, instance: str | None) -> None:
        """Let no operation of the instance (None: of any instance) start, and wait until none runs."""
        with self._changed:
            self._halted.add(instance)
            self._changed.wait_for(lambda: not (self._busy if instance is None else self._busy & {instance}))

    def resume(self, instance: str | None) -> None:
        """Undo `halt`."""
        with self._changed:
            self._halted.discard(instance)
        self.dispatch()

    def dispatch(self) -> None:
        """Start the first queued operation of every idle instance."""
        first = sa.func.min(operation.c.number).label("number")
        queued = sa.select(operation.c.instance, first).where(operation.c.state == "queued")
        with self._changed, self._file.read() as connected:
            for instance, number in connected.execute(queued.group_by(operation.c.instance)).all():
                if instance not in self._busy and not self._is_halted(instance):
                    self._busy.add(instance)
                    self._pool.submit(self._work, instance, number)

    def _work(self, instance: str, number: int) -> None:
        try:
            task = Task(instance, number, self._begin(number), lambda: self._is_halted(instance))
            self._end(task, self._perform(task))
        except Halted:
            return
        finally:
            with self._changed:
                self._busy.discard(instance)
                self._changed.notify_all()
            self.dispatch()

    def _is_halted(self, instance: str) -> bool:
        return None in self._halted or instance in self._halted

    def _begin(self, number: int) -> str:
        with self._file.write() as connected:
            connected.execute(sa.update(operation).where(operation.c.number == number).values(state="running"))
            return str(
                connected.execute(sa.select(operation.c.operation).where(operation.c.number == number)).scalar_one()
            )

    def _end(self, task: Task, outcome: Outcome) -> None:
        with self._file.write() as connected:
            changed = sa.update(operation).where(operation.c.number == task.number)
            connected.execute(changed.values(state=outcome.state, message=outcome.message))
            self.on_end(connected, task.instance)


def _of(instance: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if instance is None else operation.c.instance == instance
