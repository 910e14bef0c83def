# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state file's version: which files can be used, and how an older one is upgraded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from . import schema


class Unusable(Exception):
    """A state file that this emulator cannot use; the text says why and what to do."""


def _american_spelling(connected: sa.Connection) -> None:
    connected.exec_driver_sql("ALTER TABLE licence RENAME TO license")
    connected.exec_driver_sql("UPDATE setting SET name = 'licenses' WHERE name = 'licences'")


STEPS = (_american_spelling,)
"""The upgrade from each version to the next; 1.0.0 wrote version 0."""
VERSION = len(STEPS)
_ALWAYS_THERE = {"setting", "operation"}


def check(path: Path) -> None:
    """Check a file without changing it. Raises Unusable."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as problem:
        raise Unusable(f"{path} is not an emulator's state file: {problem}; remove it to start again.") from None
    if found > VERSION:
        raise Unusable(
            f"the state file {path} has version {found}, and this emulator knows versions up to {VERSION}: "
            "run the emulator that wrote it, or remove the file to start again."
        )
    if tables and not tables >= _ALWAYS_THERE:
        raise Unusable(f"{path} is not an emulator's state file: it has other tables; remove it to start again.")


def bring_up(connected: sa.Connection) -> None:
    """Create the tables of a new file or upgrade an older one, in one transaction."""
    connected.exec_driver_sql("BEGIN IMMEDIATE")
    if sa.inspect(connected).get_table_names():
        for step in STEPS[connected.exec_driver_sql("PRAGMA user_version").scalar_one() :]:
            step(connected)
    else:
        schema.metadata.create_all(connected)
    connected.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
