# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The difference between the staging table and the live table, applied inside the destination."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, TableClause, and_, delete, exists, func, insert, not_, select, true

from ..mapping.shapes import Shape
from .staging import Target, clause


@dataclass(frozen=True)
class Merged:
    """How many rows of the destination were inserted, updated and deleted."""

    inserted: int
    updated: int
    deleted: int


def apply(target: Target, shape: Shape) -> Merged:
    """Make the live table's rows equal to the staging table's, in one transaction.

    A changed row is deleted and inserted again, so that rows may swap unique values.
    """
    names = [field.name for field in shape.fields]
    live, stage = clause(target.live, names), clause(target.stage, names)
    same_key = and_(*(live.c[name] == stage.c[name] for name in shape.key))
    same_row = and_(true(), *(_same(live.c[n], stage.c[n]) for n in names if n not in shape.key))
    with target.connection.begin():
        run = target.connection.execute
        differing = select(func.count()).select_from(live.join(stage, same_key))
        updated = int(run(differing.where(not_(same_row))).scalar_one()) if len(names) > len(shape.key) else 0
        gone = run(delete(live).where(~_staged(stage, same_key, same_row))).rowcount
        fresh = select(*stage.c).where(~exists().where(same_key).correlate(stage))
        come = run(insert(live).from_select(names, fresh)).rowcount
    return Merged(inserted=come - updated, updated=updated, deleted=gone - updated)


def _staged(stage: TableClause, *conditions: ColumnElement[bool]) -> Any:
    return exists(select(1).select_from(stage).where(*conditions))


def _same(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    return one.is_not_distinct_from(other)
