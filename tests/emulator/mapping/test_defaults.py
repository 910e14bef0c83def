# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults: what means the same everywhere is taken over, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from flow_emulator.mapping.defaults import portable
from sqlalchemy import types
from sqlalchemy.dialects import mysql

NOW = mysql.DATETIME(fsp=6)


@pytest.mark.parametrize(
    ("written", "kind", "expected"),
    [
        (None, types.Integer(), None),
        ("", types.VARCHAR(5), None),
        ("true", types.Boolean(), "1"),
        ("false", types.Boolean(), "0"),
        ("0", types.Boolean(), "0"),
        (" 1 ", types.Boolean(), "1"),
        ("maybe", types.Boolean(), None),
        ("true", types.Integer(), None),
        ("7", types.Integer(), "7"),
        ("-7", types.BigInteger(), "-7"),
        ("'7'", types.Integer(), "7"),
        ("((7))", types.Integer(), "7"),
        ("('-1.50')", types.Numeric(5, 2), "-1.50"),
        ("1.5", types.Double(), "1.5"),
        ("'7'::integer", types.Integer(), "7"),
        ("0::numeric(5,2)", types.Numeric(5, 2), "0"),
        ("nextval('s'::regclass)", types.Integer(), None),
        ("1+1", types.Integer(), None),
        ("now()", NOW, "CURRENT_TIMESTAMP(6)"),
        ("NOW()", NOW, "CURRENT_TIMESTAMP(6)"),
        ("current_timestamp", mysql.DATETIME(), "CURRENT_TIMESTAMP"),
        ("CURRENT_TIMESTAMP(3)", mysql.DATETIME(fsp=3), "CURRENT_TIMESTAMP(3)"),
        ("CURRENT_TIMESTAMP()", types.DateTime(), "CURRENT_TIMESTAMP"),
        ("now()", types.VARCHAR(5), None),
        ("'2024-01-02 03:04:05'", NOW, None),
        ("'a'", types.VARCHAR(5), "'a'"),
        ("'it''s'", types.CHAR(5), "'it''s'"),
        ("''", types.VARCHAR(5), "''"),
        ("'a'::character varying", types.VARCHAR(5), "'a'"),
        ("'a'::\"my type\"", types.VARCHAR(5), "'a'"),
        ("'a\\b'", types.VARCHAR(5), None),
        ("'a'", mysql.ENUM("a"), "'a'"),
        ("'a'", mysql.LONGTEXT(), None),
        ("'a'", mysql.LONGBLOB(), None),
        ("a", types.VARCHAR(5), None),
        ("'2024-01-02'", types.Date(), "'2024-01-02'"),
        ("'2024-01-02'::date", types.Date(), "'2024-01-02'"),
        ("'today'", types.Date(), None),
        ("current_date", types.Date(), None),
    ],
)
def test_default_is_portable(written: str | None, kind: Any, expected: str | None) -> None:
    assert portable(written, kind) == expected
