# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The database types in the API reference, their default ports, and which type a wrong one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable

DESTINATION_TYPE = "rds.sstorem"
DESTINATION_PORT = 3306
JDBC_TYPE = "rds.jdbcfe"

SUGGESTED = 3
"""How many types a message suggests."""

_TYPES: tuple[tuple[str, int | None, str], ...] = (
    ("Oracle", 1521, "11lm Log Miner, 11lfm Fast Log Miner, 11lmrm Remote Log Miner, 11lmc Continuous Log Miner"),
    ("Oracle", 1521, "fem Full extracts, ts Timestamps"),
    ("Oracle (Pluggable Database)", 1521, "11lmp Fast Log Miner, 11lmcp Continuous Log Miner"),
    ("Oracle (RAC)", 1521, "11lmrac Log Miner, 11lmcrac Continuous Log Miner"),
    ("Oracle (RAC) (Pluggable Database)", 1521, "11lmracp Log Miner"),
    ("Oracle 19c", 1521, "11lmc19 Continuous Log Miner"),
    ("Oracle 19c (Pluggable Database)", 1521, "11lmcp19 Continuous Log Miner"),
    ("Microsoft SQL Server", 1433, "msadbctm Change Tracking, mscdcm CDC, msfull Full extracts, msts Timestamps"),
    ("MySQL", 3306, "mysql Log, mysqlc Continuous"),
    ("Postgres", 5432, "pgres Log"),
    ("MongoDB", None, "mongo Self-managed, mongoatlas Atlas"),
    ("Any Database", None, "jdbcfe Full Extracts"),
)
"""The reference's table of types, shortened: the database, its default port, and the end of each type with its method."""


def _rows() -> Iterable[tuple[str, str, str, int | None]]:
    for database, port, types in _TYPES:
        start = "rds.oracle" if database.startswith("Oracle") else "rds."
        for entry in types.split(", "):
            end, _space, method = entry.partition(" ")
            yield start + end, database, method, port


METHODS = {type_: (database, method) for type_, database, method, _port in _rows()}
"""The 23 source types of the reference, each with its database and method."""

SOURCE_PORTS = {type_: port for type_, _database, _method, port in _rows()}
"""The source types and their default ports."""


def listing() -> str:
    """Return all source types by database, each with its method, in one sentence."""
    databases: dict[str, list[str]] = {}
    for type_, (database, method) in METHODS.items():
        databases.setdefault(database, []).append(f"{type_} ({method})")
    return "; ".join(f"{database}: {', '.join(types)}" for database, types in databases.items())


def suggestion(wrong: str, endpoint: str) -> str:
    """Return a question such as ``did you mean rds.mysqlc (MySQL, Continuous)``; empty if no type is near."""
    if endpoint == "destination":
        return f"did you mean {DESTINATION_TYPE}"
    found = _near(wrong.strip().lower().partition("rds.")[2] or wrong.strip().lower())
    named = [f"{type_} ({', '.join(METHODS[type_])})" for type_ in found[:SUGGESTED]]
    return f"did you mean {' or '.join(named)}" if named else ""


def _near(word: str) -> list[str]:
    """Return the types whose name or database is near a word; of one database, those that read continuously first."""
    from difflib import get_close_matches  # slow to import, and most tasks do not need it

    words: dict[str, list[str]] = {}
    for type_, (database, _method) in METHODS.items():
        for known in {type_[len("rds.") :], *_names(database)}:
            words.setdefault(known, []).append(type_)
    near = [word] if word in words else get_close_matches(word, words, n=2, cutoff=0.7)
    ranked = (sorted(words[known], key=lambda type_: "Continuous" not in METHODS[type_][1]) for known in near)
    return list(dict.fromkeys(type_ for types in ranked for type_ in types))


def _names(database: str) -> set[str]:
    """Return the names by which people call a database."""
    name = database.lower().partition(" (")[0]
    others = {"postgres": {"postgresql"}, "microsoft sql server": {"sqlserver", "mssql", "sql server"}}
    return {name, *others.get(name, ()), *({"jdbc"} if name == "any database" else ())}
