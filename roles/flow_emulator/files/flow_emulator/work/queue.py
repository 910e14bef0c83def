# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations: a queue per instance in the state file, worked off in the background.

One that a kill interrupted runs again after a restart.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from ..databases.settings import ConnectionFailed
from ..replication import extract
from ..replication.extract import ExtractFailed, TableRef, TableResult
from ..state.connections import Links, NotSaved
from ..state.file import Store, operation, result
from ..state.selection import Tables

WORKERS = 4
PENDING = ("queued", "running")
LOADS = frozenset({"full", "syncnew"})
Work = Callable[[sa.Engine, sa.Engine, TableRef], TableResult]


class _Halted(Exception):
    """The operation must stop here; it stays as running, to be run again."""


class Runner:
    """Runs one operation at a time per instance and several instances at once."""

    def __init__(self, store: Store, links: Links, tables: Tables, licensed: Callable[[str], bool]) -> None:
        self._store = store
        self._links = links
        self._tables = tables
        self._licensed = licensed
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="operation")
        self._changed = threading.Condition()
        self._busy: set[str] = set()
        self._halted: set[str | None] = set()
        self.on_end: Callable[[sa.Connection, str], None] = lambda connected, instance: None

    def start(self) -> None:
        """Queue again what was running when the process ended, and go on."""
        with self._store.write() as connected:
            connected.execute(sa.update(operation).where(operation.c.state == "running").values(state="queued"))
            unfinished = sa.select(operation.c.number).where(operation.c.state == "queued")
            connected.execute(sa.delete(result).where(result.c.number.in_(unfinished)))
        self.dispatch()

    def stop(self) -> None:
        """Start nothing more and wait for the tables being worked on."""
        self.halt(None)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, instance: str, name: str, trigger: str) -> None:
        """Queue an operation behind what the instance is doing."""
        with self._store.write() as connected:
            self.enqueue(connected, instance, name, trigger)
        self.dispatch()

    def enqueue(self, connected: sa.Connection, instance: str, name: str, trigger: str) -> None:
        """Queue an operation as part of a caller's write; `dispatch` starts it."""
        values = {"instance": instance, "operation": name, "trigger": trigger, "state": "queued"}
        connected.execute(sa.insert(operation).values(values))

    def pending(self, instance: str | None) -> bool:
        """Whether anything is queued or running."""
        query = sa.select(operation.c.number).where(operation.c.state.in_(PENDING), _of(instance)).limit(1)
        with self._store.read() as connected:
            return connected.execute(query).first() is not None

    def listed(self, instance: str | None) -> list[dict[str, Any]]:
        """Every operation in the order of its request, with what became of each table."""
        with self._store.read() as connected:
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
        """Let nothing of the instance (None: of any) start, and wait until nothing of it runs."""
        with self._changed:
            self._halted.add(instance)
            self._changed.wait_for(lambda: not (self._busy if instance is None else self._busy & {instance}))

    def resume(self, instance: str | None) -> None:
        """Undo `halt`."""
        with self._changed:
            self._halted.discard(instance)
        self.dispatch()

    def dispatch(self) -> None:
        """Start the first queued operation of every instance that is idle."""
        first = sa.func.min(operation.c.number).label("number")
        queued = sa.select(operation.c.instance, first).where(operation.c.state == "queued")
        with self._changed, self._store.read() as connected:
            for instance, number in connected.execute(queued.group_by(operation.c.instance)).all():
                if instance not in self._busy and not self._is_halted(instance):
                    self._busy.add(instance)
                    self._pool.submit(self._work, instance, number)

    def _work(self, instance: str, number: int) -> None:
        try:
            self._end(instance, number, *self._run(instance, number, self._begin(number)))
        except _Halted:
            return
        finally:
            with self._changed:
                self._busy.discard(instance)
                self._changed.notify_all()
            self.dispatch()

    def _is_halted(self, instance: str) -> bool:
        return None in self._halted or instance in self._halted

    def _begin(self, number: int) -> str:
        with self._store.write() as connected:
            connected.execute(sa.update(operation).where(operation.c.number == number).values(state="running"))
            return str(
                connected.execute(sa.select(operation.c.operation).where(operation.c.number == number)).scalar_one()
            )

    def _end(self, instance: str, number: int, state: str, message: str) -> None:
        with self._store.write() as connected:
            changed = sa.update(operation).where(operation.c.number == number)
            connected.execute(changed.values(state=state, message=message))
            self.on_end(connected, instance)

    def _run(self, instance: str, number: int, name: str) -> tuple[str, str]:
        chosen = self._chosen(instance, name)
        if not chosen:
            return _nothing(name, bool(self._tables.selected(instance)))
        if not self._licensed(instance):
            return "failed", "The licence is not valid."
        try:
            failed = self._all_tables(instance, number, name, chosen)
        except NotSaved:
            return "failed", "A connection is not saved any more."
        except ConnectionFailed as problem:
            return "failed", self._without_secrets(instance, problem.message)
        return _outcome(len(chosen), failed)

    def _all_tables(self, instance: str, number: int, name: str, chosen: list[TableRef]) -> list[str]:
        """Work on each table; the names of those that failed."""
        failed = []
        with (
            self._links.using(instance, "source") as source,
            self._links.using(instance, "destination") as destination,
        ):
            for position, table in enumerate(chosen):
                if self._is_halted(instance):
                    raise _Halted
                done = self._table(instance, _WORK[name], source, destination, table)
                self._keep(instance, number, position, name, table, done)
                if done.error:
                    failed.append(table.table)
        return failed

    def _chosen(self, instance: str, name: str) -> list[TableRef]:
        loaded = {"full": None, "syncnew": False}.get(name, True)
        return self._tables.selected(instance, loaded=loaded)

    def _table(
        self,
        instance: str,
        work: Work,
        source: sa.Engine,
        destination: sa.Engine,
        table: TableRef,
    ) -> TableResult:
        try:
            return work(source, destination, table)
        except ExtractFailed as problem:
            message = self._without_secrets(instance, problem.message)
        except Exception as problem:
            # One table must not end the others, nor a worker; what came is kept for the reader.
            told = f"unexpected {type(problem).__name__}: {problem}"
            message = self._without_secrets(instance, told)
            print(f"operation on {table}: {message}", file=sys.stderr)
        return TableResult(table.database, table.schema, table.table, error=message)

    def _keep(
        self,
        instance: str,
        number: int,
        position: int,
        name: str,
        table: TableRef,
        done: TableResult,
    ) -> None:
        with self._store.write() as connected:
            connected.execute(sa.insert(result).values(number=number, position=position, value=asdict(done)))
            if name in LOADS and not done.error:
                self._tables.mark_loaded(connected, instance, table)

    def _without_secrets(self, instance: str, text: str) -> str:
        for secret in self._links.secrets(instance):
            text = text.replace(secret, "***")
        return text


_WORK: dict[str, Work] = {
    "full": extract.full,
    "syncnew": extract.full,
    "syncstruct": extract.sync_structure,
    "delta": extract.delta,
}
OPERATIONS = tuple(_WORK)


def _nothing(name: str, anything_selected: bool) -> tuple[str, str]:
    if not anything_selected:
        return "failed", "No table is selected."
    if name == "syncnew":
        return "done", "Every selected table has been loaded already."
    return "failed", "None of the selected tables has been loaded yet: run a full extract first."


def _outcome(count: int, failed: list[str]) -> tuple[str, str]:
    if failed:
        names = ", ".join([*failed[:10], *(["..."] if failed[10:] else [])])
        return "failed", f"{len(failed)} of {count} tables failed: {names}."
    return "done", f"{count} table{'' if count == 1 else 's'} done."


def _of(instance: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if instance is None else operation.c.instance == instance
