# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each operation does with the selected tables."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict

import sqlalchemy as sa

from ..databases.failures import ConnectionFailed
from ..databases.names import TableRef
from ..replication import extract
from ..replication.results import ExtractFailed, TableResult
from ..state import schema
from ..state.connections import Connections, NotSaved
from ..state.file import StateFile
from ..state.selection import Selection
from .queue import Halted, Outcome, Task

Work = Callable[[sa.Engine, sa.Engine, TableRef], TableResult]
WORK: dict[str, Work] = {
    "full": extract.full,
    "syncnew": extract.full,
    "syncstruct": extract.sync_structure,
    "delta": extract.delta,
}
"""What is done with each table, by the operation's name."""
LOADED = {"full": None, "syncnew": False}
"""Whether an operation takes loaded tables, None for both kinds; any other operation takes the loaded ones."""
LOADS = frozenset(LOADED)


class Operations:
    """Performs an operation through an instance's saved connections."""

    def __init__(
        self, file: StateFile, connections: Connections, selection: Selection, licensed: Callable[[str], bool]
    ) -> None:
        self._file = file
        self._connections = connections
        self._selection = selection
        self._licensed = licensed

    def perform(self, task: Task) -> Outcome:
        """Work on each table in turn. Raises Halted between two tables."""
        chosen = self._selection.selected(task.instance, loaded=LOADED.get(task.operation, True))
        if not chosen:
            return _nothing(task.operation, bool(self._selection.selected(task.instance)))
        if not self._licensed(task.instance):
            return Outcome("failed", "The license is not valid.")
        try:
            failed = self._all_tables(task, chosen)
        except NotSaved:
            return Outcome("failed", "A connection is no longer saved.")
        except ConnectionFailed as problem:
            return Outcome("failed", self._without_secrets(task.instance, problem.message))
        return _outcome(len(chosen), failed)

    def _all_tables(self, task: Task, chosen: list[TableRef]) -> list[str]:
        """Work on each table and return the names of those that failed."""
        failed = []
        with (
            self._connections.using(task.instance, "source") as source,
            self._connections.using(task.instance, "destination") as destination,
        ):
            for position, table in enumerate(chosen):
                if task.halted():
                    raise Halted
                done = self._table(task, source, destination, table)
                self._keep(task, position, table, done)
                if done.error:
                    failed.append(table.table)
        return failed

    def _table(self, task: Task, source: sa.Engine, destination: sa.Engine, table: TableRef) -> TableResult:
        try:
            return WORK[task.operation](source, destination, table)
        except ExtractFailed as problem:
            message = self._without_secrets(task.instance, problem.message)
        except Exception as problem:
            # One table must not stop the others or a worker; the error is kept for the reader.
            unexpected = f"unexpected {type(problem).__name__}: {problem}"
            message = self._without_secrets(task.instance, unexpected)
            print(f"operation on {table}: {message}", file=sys.stderr)
        return TableResult(table.database, table.schema, table.table, error=message)

    def _keep(self, task: Task, position: int, table: TableRef, done: TableResult) -> None:
        with self._file.write() as connected:
            values = {"number": task.number, "position": position, "value": asdict(done)}
            connected.execute(sa.insert(schema.result).values(values))
            if task.operation in LOADS and not done.error:
                self._selection.mark_loaded(connected, task.instance, table)

    def _without_secrets(self, instance: str, text: str) -> str:
        for secret in self._connections.secrets(instance):
            text = text.replace(secret, "***")
        return text


def _nothing(name: str, anything_selected: bool) -> Outcome:
    if not anything_selected:
        return Outcome("failed", "No table is selected.")
    if name == "syncnew":
        return Outcome("done", "Every selected table has been loaded already.")
    return Outcome("failed", "None of the selected tables has been loaded yet: run a full extract first.")


def _outcome(count: int, failed: list[str]) -> Outcome:
    if failed:
        names = ", ".join([*failed[:10], *(["..."] if failed[10:] else [])])
        return Outcome("failed", f"{len(failed)} of {count} tables failed: {names}.")
    return Outcome("done", f"{count} table{'' if count == 1 else 's'} done.")
