# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outcome of an operation on one table."""

from __future__ import annotations

from dataclasses import dataclass

from ..databases.names import TableRef
from .structure import Changes


@dataclass(frozen=True)
class TableResult:
    """What an operation did: the destination's rows afterward, and what changed."""

    database: str
    schema: str
    table: str
    rows: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    columns_added: tuple[str, ...] = ()
    columns_dropped: tuple[str, ...] = ()
    columns_changed: tuple[str, ...] = ()
    error: str | None = None


class ExtractFailed(Exception):
    """An operation failed and left the destination's table as it was; `message` is a sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def result(
    table: TableRef,
    changes: Changes | None = None,
    *,
    rows: int = 0,
    inserted: int = 0,
    updated: int = 0,
    deleted: int = 0,
) -> TableResult:
    """Return the result of an operation that succeeded."""
    return TableResult(
        table.database,
        table.schema,
        table.table,
        rows=rows,
        inserted=inserted,
        updated=updated,
        deleted=deleted,
        columns_added=changes.added if changes else (),
        columns_dropped=changes.dropped if changes else (),
        columns_changed=changes.changed if changes else (),
    )
