# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the destination's table differs in structure from the one that the source needs.

Both are read back from the destination, because a server may turn a type into another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, inspect, select, types
from sqlalchemy.dialects import mysql

from ..databases.names import Place
from ..mapping.carriers import ExactDecimal
from .staging import Target, clause

_INTEGERS: tuple[type[Any], ...] = (
    mysql.TINYINT,
    mysql.SMALLINT,
    mysql.MEDIUMINT,
    mysql.INTEGER,
    mysql.BIGINT,
)


@dataclass(frozen=True)
class Changes:
    """Columns added, dropped and changed; whether the keys differ, and whether the rows can stay."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]
    keys: bool
    keeps_rows: bool

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.changed or self.keys)


@dataclass(frozen=True)
class _Structure:
    columns: dict[str, Any]
    key: tuple[str, ...]
    uniques: frozenset[tuple[str, ...]]


def compare(target: Target) -> Changes:
    """Compare the live table with the staging table."""
    old, new = _read(target, target.live), _read(target, target.stage)
    added = tuple(name for name in new.columns if name not in old.columns)
    dropped = tuple(name for name in old.columns if name not in new.columns)
    both = [name for name in new.columns if name in old.columns]
    spell = target.connection.dialect
    changed = tuple(name for name in both if _spelt(old.columns[name], spell) != _spelt(new.columns[name], spell))
    keys = (old.key, old.uniques) != (new.key, new.uniques)
    fillable = all(_fillable(new.columns[name]) for name in added)
    widened = all(widens(old.columns[name], new.columns[name]) for name in changed)
    return Changes(added, dropped, changed, keys, not keys and fillable and widened)


def copy_rows(target: Target) -> int:
    """Copy the live table's rows into the empty staging table, in the columns that both have."""
    old, new = _read(target, target.live), _read(target, target.stage)
    names = [name for name in new.columns if name in old.columns]
    live, stage = clause(target.live, names), clause(target.stage, names)
    with target.connection.begin():
        copied = insert(stage).from_select(names, select(*live.c))
        return int(target.connection.execute(copied).rowcount)


def widens(old: Any, new: Any) -> bool:
    """Return whether every value of the old column stays the same in the new one."""
    if old["nullable"] and not new["nullable"]:
        return False
    one, two = old["type"], new["type"]
    if type(one) in _INTEGERS and type(two) in _INTEGERS:
        same_sign = bool(one.unsigned) == bool(two.unsigned)
        return same_sign and _INTEGERS.index(type(two)) >= _INTEGERS.index(type(one))
    if isinstance(one, (types.Numeric, ExactDecimal)) and type(one) is type(two):
        return _whole_digits(two) >= _whole_digits(one) and (two.scale or 0) >= (one.scale or 0)
    if isinstance(one, (types.VARCHAR, types.CHAR)) and isinstance(two, (types.Text, mysql.LONGTEXT)):
        return True
    if type(one) is not type(two):
        return False
    if isinstance(one, (types.Enum, mysql.SET)):
        return _members(one) == _members(two)[: len(_members(one))]
    return all((getattr(two, name, None) or 0) >= (getattr(one, name, None) or 0) for name in ("length", "fsp"))


def _whole_digits(kind: Any) -> int:
    return int(kind.precision or 0) - int(kind.scale or 0)


def _members(kind: Any) -> tuple[str, ...]:
    return tuple(kind.enums if isinstance(kind, types.Enum) else kind.values)


def _fillable(found: Any) -> bool:
    return bool(found["nullable"]) or found.get("default") is not None


def _spelt(found: Any, dialect: Any) -> tuple[str, bool, str | None]:
    return found["type"].compile(dialect=dialect), found["nullable"], found.get("default")


def _read(target: Target, place: Place) -> _Structure:
    with target.connection.begin():
        inspector = inspect(target.connection)
        columns = inspector.get_columns(place.table, schema=place.schema)
        key = inspector.get_pk_constraint(place.table, schema=place.schema)
        uniques = inspector.get_unique_constraints(place.table, schema=place.schema)
    return _Structure(
        {found["name"]: found for found in columns},
        tuple(key["constrained_columns"]),
        frozenset(tuple(str(n) for n in unique["column_names"]) for unique in uniques),
    )
