# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The database types in the API reference, and their default ports."""

from __future__ import annotations

DESTINATION_TYPE = "rds.sstorem"
DESTINATION_PORT = 3306
JDBC_TYPE = "rds.jdbcfe"

_ORACLE = "11lm 11lfm 11lmrm 11lmc fem ts 11lmp 11lmcp 11lmrac 11lmcrac 11lmracp 11lmc19 11lmcp19"

SOURCE_PORTS: dict[str, int | None] = {
    **{f"rds.oracle{extract}": 1521 for extract in _ORACLE.split()},
    **dict.fromkeys(("rds.msadbctm", "rds.mscdcm", "rds.msfull", "rds.msts"), 1433),
    **dict.fromkeys(("rds.mysql", "rds.mysqlc"), 3306),
    "rds.pgres": 5432,
    **dict.fromkeys(("rds.mongo", "rds.mongoatlas", JDBC_TYPE)),
}
"""The 23 source types of the reference and their default ports."""
