# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys and rows of a shape, made to fit the limits of a server that speaks MySQL's protocol."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from sqlalchemy import types
from sqlalchemy.dialects import mysql

from .shapes import Field, Shape

KEY_BYTES = 3072
"""The longest key of InnoDB."""
ROW_BYTES = 60000
"""MySQL's widest row is 65535 bytes, of which the server itself needs some."""
PAGE_BYTES = 8000
"""The bytes of an InnoDB page that a row may use, without those that InnoDB itself needs."""
_OUTSIDE = 41
_FIXED_BYTES = 32
_BYTES_PER_CHARACTER = 4


class Measures(Protocol):
    """Measures of the values in a source's columns."""

    def has_nulls(self, name: str) -> bool:
        """Return whether a column contains NULL."""

    def longest(self, name: str, *, binary: bool) -> int:
        """Return the length of a column's longest value, in characters or bytes."""


def fit(shape: Shape, measures: Measures) -> Shape:
    """Return the shape with a key and columns that can be created.

    A key column without a length gets one if the source's values fit it. A key that cannot be kept,
    or that contains NULL (which SQLite allows), is left out, and the table has no key.
    """
    keyed = _with_key(shape, measures)
    uniques = tuple(names for names in keyed.uniques if _indexable(keyed, names))
    return shorten(narrow(replace(keyed, uniques=uniques)))


def width(field: Field) -> int | None:
    """Return the bytes that a column takes in a key; None if it has no limit."""
    kind = field.carried.type
    if isinstance(kind, (types.VARCHAR, types.CHAR)):
        return _BYTES_PER_CHARACTER * (kind.length or 1)
    if isinstance(kind, (mysql.VARBINARY, mysql.BINARY)):
        return kind.length or 1
    if isinstance(kind, (mysql.LONGTEXT, mysql.JSON, mysql.LONGBLOB)):
        return None
    return _FIXED_BYTES


def _indexable(shape: Shape, names: tuple[str, ...]) -> bool:
    widths = [width(shape.field(name)) for name in names]
    return None not in widths and sum(filter(None, widths)) <= KEY_BYTES


def _with_key(shape: Shape, measures: Measures) -> Shape:
    loose = [name for name in shape.key if shape.field(name).nullable]
    if any(measures.has_nulls(name) for name in loose):
        return replace(shape, key=())
    if not shape.key or _indexable(shape, shape.key):
        return shape
    wide = [field for name in shape.key if _stretchable(field := shape.field(name))]
    narrow_ones = [shape.field(name) for name in shape.key if shape.field(name) not in wide]
    widths = [width(field) for field in narrow_ones]
    share = (KEY_BYTES - sum(filter(None, widths))) // len(wide) if wide else 0
    if None in widths or share < _BYTES_PER_CHARACTER:
        return replace(shape, key=())
    sized = {field.name: _sized(field, share) for field in wide}
    for field in wide:
        binary = isinstance(sized[field.name].carried.type, mysql.VARBINARY)
        room = share if binary else share // _BYTES_PER_CHARACTER
        if measures.longest(field.name, binary=binary) > room:
            return replace(shape, key=())
    return replace(shape, fields=tuple(sized.get(f.name, f) for f in shape.fields))


def _stretchable(field: Field) -> bool:
    kind = field.carried.type
    return isinstance(kind, (types.String, mysql.LONGBLOB, mysql.VARBINARY)) and not isinstance(kind, types.Enum)


def _sized(field: Field, share: int) -> Field:
    if isinstance(field.carried.type, types.String):
        kind: types.TypeEngine[str] | types.TypeEngine[bytes]
        kind = types.VARCHAR(share // _BYTES_PER_CHARACTER)
    else:
        kind = mysql.VARBINARY(share)
    return replace(field, carried=replace(field.carried, type=kind))


def narrow(shape: Shape) -> Shape:
    """Turn the widest texts outside of keys into LONGTEXT until a row fits."""
    kept = {*shape.key, *(name for names in shape.uniques for name in names)}
    widths = {field.name: width(field) or 12 for field in shape.fields}
    movable = sorted((name for name in widths if name not in kept), key=lambda n: -widths[n])
    moved: set[str] = set()
    while sum(widths.values()) > ROW_BYTES and movable:
        name = movable.pop(0)
        if widths[name] > _FIXED_BYTES:
            moved.add(name)
        widths[name] = 12
    return replace(
        shape,
        fields=tuple(_unlimited(f) if f.name in moved else f for f in shape.fields),
    )


def shorten(shape: Shape) -> Shape:
    """Lengthen short texts until InnoDB may keep enough of them outside of a row's page.

    A text of at most 255 bytes always stays inside the page; a longer one takes 41 bytes of it.
    """
    inside = {field.name: _inside(field) for field in shape.fields}
    movable = sorted((name for name in inside if inside[name] > _OUTSIDE), key=lambda n: -inside[n])
    moved: set[str] = set()
    while sum(inside.values()) > PAGE_BYTES and movable:
        name = movable.pop(0)
        moved.add(name)
        inside[name] = _OUTSIDE
    return replace(
        shape,
        fields=tuple(
            replace(f, carried=replace(f.carried, type=types.VARCHAR(64))) if f.name in moved else f
            for f in shape.fields
        ),
    )


def _inside(field: Field) -> int:
    if isinstance(field.carried.type, types.VARCHAR):
        needed = width(field) or 0
        return needed + 1 if needed <= 255 else _OUTSIDE
    return _OUTSIDE if width(field) is None else 9


def _unlimited(field: Field) -> Field:
    text = isinstance(field.carried.type, types.String)
    kind = mysql.LONGTEXT() if text else mysql.LONGBLOB()
    return replace(field, default=None, carried=replace(field.carried, type=kind))
