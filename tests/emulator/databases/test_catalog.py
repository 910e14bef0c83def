# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A source's tables and their number of rows."""

from __future__ import annotations

import pytest
from flow_emulator.databases.catalog import SchemaNotFound, count_rows, list_tables

from tests.emulator.support import sides
from tests.emulator.support.servers import Server


def test_postgresql_lists_and_counts_tables_of_a_database(postgres: Server) -> None:
    name = sides.fresh_name()
    postgres.run(f"CREATE DATABASE {name}")
    postgres.run("CREATE TABLE t (i int)", "INSERT INTO t VALUES (1), (2)", database=name)
    source = sides.source(postgres)
    assert list_tables(source, name, "public") == ["t"]
    assert count_rows(source, name, "public", "t") == 2
    assert count_rows(source, name, "public", "u") is None
    assert count_rows(source, "nowhere", "public", "t") is None
    with pytest.raises(SchemaNotFound, match="nowhere"):
        list_tables(source, "nowhere", "public")
