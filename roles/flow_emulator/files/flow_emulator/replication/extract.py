# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations on one table: a whole load, a delta, and its structure.

Each works on a staging table and puts the result in place in one step, so that the last good table
stays if anything dies halfway.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ..databases.catalog import SchemaNotFound, reading
from ..databases.failures import sentence
from ..databases.names import Place, TableRef, source_place
from ..mapping.shapes import Shape
from . import merge, structure
from .locks import Locked
from .ownership import Taken, is_its_own_source, writing
from .reading import SourceFailed, batches, shape_of
from .results import ExtractFailed, TableResult, result
from .staging import Target


@dataclass(frozen=True)
class _Work:
    """The two sides of an operation on one table."""

    origin: Connection
    place: Place
    shape: Shape
    target: Target

    def stage(self) -> int:
        """Copy the source's table into a new staging table and return its number of rows."""
        staged = self.target.create(self.shape)
        with closing(_from_source(self.origin, self.shape, self.place)) as rows:
            return self.target.load(staged, rows)


def full(source: Engine, destination: Engine, table: TableRef) -> TableResult:
    """Load a whole table and replace the destination's with it.

    Raises ExtractFailed; the last good table then stays.
    """
    with _work(source, destination, table) as work:
        rows = work.stage()
        work.target.swap()
        return result(table, rows=rows, inserted=rows)


def delta(source: Engine, destination: Engine, table: TableRef) -> TableResult:
    """Make the destination's table equal to the source's, in one transaction.

    A table without a key, or with a different structure, is replaced completely.
    Raises ExtractFailed; the last good table then stays.
    """
    with _work(source, destination, table) as work:
        rows = work.stage()
        target = work.target
        if not target.exists():
            target.swap()
            return result(table, rows=rows, inserted=rows)
        changes = structure.compare(target)
        if changes or not work.shape.key:
            before = target.count(target.live)
            target.swap()
            return result(table, changes, rows=rows, inserted=rows, deleted=before)
        merged = merge.apply(target, work.shape)
        target.discard()
        return result(
            table,
            rows=rows,
            inserted=merged.inserted,
            updated=merged.updated,
            deleted=merged.deleted,
        )


def sync_structure(source: Engine, destination: Engine, table: TableRef) -> TableResult:
    """Carry added, dropped and changed columns to the destination.

    Existing rows are kept if that is certain to lose nothing; otherwise the table is loaded again.
    A table that the destination does not have yet is left alone.
    Raises ExtractFailed; the last good table then stays.
    """
    with _work(source, destination, table) as work:
        target = work.target
        if not target.exists():
            return result(table)
        target.create(work.shape)
        changes = structure.compare(target)
        if not changes:
            target.discard()
            return result(table, rows=target.count(target.live))
        if changes.keeps_rows:
            rows = structure.copy_rows(target)
        else:
            target.discard()
            rows = work.stage()
        target.swap()
        return result(table, changes, rows=rows)


@contextmanager
def _work(source: Engine, destination: Engine, table: TableRef) -> Iterator[_Work]:
    """Open both sides; turn every error into an ExtractFailed that says where it happened."""
    hide = (source.url.password, destination.url.password)
    label = f"{table.schema}.{table.table}"
    if is_its_own_source(source, destination, table):
        raise ExtractFailed(f"{label}: source and destination are the same table.")
    try:
        with writing(destination, table.schema, table.table) as target, _source(source, table) as origin:
            place = source_place(source, table.schema, table.table)
            with _blaming_source():
                shape = shape_of(origin, place)
            yield _Work(origin, place, shape, target)
    except (SourceFailed, Taken) as problem:
        raise ExtractFailed(f"{label}: {problem}") from None
    except Locked:
        raise ExtractFailed(f"{label}: another load of this table does not end.") from None
    except (SQLAlchemyError, OSError, ValueError) as problem:
        words = sentence(problem, hide=hide)
        raise ExtractFailed(f"{label}: the destination refused the table: {words}") from None


@contextmanager
def _source(source: Engine, table: TableRef) -> Iterator[Connection]:
    with ExitStack() as stack:
        with _blaming_source():
            connection = stack.enter_context(reading(source, table.database))
        yield connection


@contextmanager
def _blaming_source() -> Iterator[None]:
    try:
        yield
    except SchemaNotFound as problem:
        raise SourceFailed(str(problem)) from None
    except (SQLAlchemyError, OSError, ValueError) as problem:
        raise SourceFailed(f"reading from the source failed: {sentence(problem)}") from None


def _from_source(connection: Connection, shape: Shape, place: Place) -> Generator[list[tuple[object, ...]], None, None]:
    with closing(batches(connection, shape, place)) as stream:
        while True:
            with _blaming_source():
                batch = next(stream, None)
            if batch is None:
                return
            yield batch
