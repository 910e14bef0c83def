# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of a source, and which one a wrong one was meant to be."""

from __future__ import annotations

import re

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._resources import database_types
from ansible_collections.singlestore.flow.tests.unit.support.imports import imported_again

REFERENCE = """
rds.oracle11lm rds.oracle11lfm rds.oracle11lmrm rds.oracle11lmc rds.oraclefem rds.oraclets rds.oracle11lmp rds.oracle11lmcp
rds.oracle11lmrac rds.oracle11lmcrac rds.oracle11lmracp rds.oracle11lmc19 rds.oracle11lmcp19
rds.msadbctm rds.mscdcm rds.msfull rds.msts rds.mysql rds.mysqlc rds.pgres rds.mongo rds.mongoatlas rds.jdbcfe
""".split()
SQL_SERVER = ["msadbctm", "mscdcm", "msfull"]


def test_types_are_the_documented_ones() -> None:
    """There are 23 types, exactly those of the reference's table, each with its method."""
    types = imported_again(database_types)
    assert set(types.SOURCE_PORTS) == set(types.METHODS) == set(REFERENCE)
    assert len(REFERENCE) == 23
    assert types.METHODS["rds.oracle11lmc19"] == ("Oracle 19c", "Continuous Log Miner")
    assert types.METHODS["rds.mongoatlas"] == ("MongoDB", "Atlas")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("mysql", ["mysqlc", "mysql"]),
        ("rds.mysqll", ["mysqlc", "mysql"]),
        (" RDS.MySQL\n", ["mysqlc", "mysql"]),
        ("mysqld", ["mysqlc", "mysql"]),
        ("mscd", ["mscdcm"]),
        ("Postgres", ["pgres"]),
        ("postgresql", ["pgres"]),
        ("sqlserver", SQL_SERVER),
        ("MSSQL", SQL_SERVER),
        ("sql server", SQL_SERVER),
        ("Microsoft SQL Server", SQL_SERVER),
        ("oracle", ["oracle11lmc", "oracle11lmcp", "oracle11lmcrac"]),
        ("Oracle 19c", ["oracle11lmc19", "oracle11lmcp19"]),
        ("mongo", ["mongo"]),
        ("MongoDB", ["mongo", "mongoatlas"]),
        ("jdbc", ["jdbcfe"]),
        ("any database", ["jdbcfe"]),
        ("mariadb", []),
        ("rds.", []),
        ("", []),
    ],
)
def test_near_types_are_suggested(wrong: str, meant: list[str]) -> None:
    """At most three, by type or by database, those that read continuously first."""
    assert re.findall(r"rds\.(\w+) \(", database_types.suggestion(wrong, "source")) == meant


def test_suggestion_is_a_question() -> None:
    """With the database and the method of each type; a destination has only one type."""
    assert database_types.suggestion("mysql", "source") == (
        "did you mean rds.mysqlc (MySQL, Continuous) or rds.mysql (MySQL, Log)"
    )
    assert database_types.suggestion("mysql", "destination") == "did you mean rds.sstorem"
    assert database_types.suggestion("mariadb", "source") == ""


def test_listing_names_every_type_once() -> None:
    """By database, each with its method."""
    listing = database_types.listing()
    assert sorted(re.findall(r"rds\.\w+", listing)) == sorted(REFERENCE)
    assert "; MySQL: rds.mysql (Log), rds.mysqlc (Continuous); Postgres: rds.pgres (Log); " in listing
