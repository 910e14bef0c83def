# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of the state file."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)
instance = sa.Table(
    "instance",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, nullable=False),
)
connection = sa.Table(
    "connection",
    metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("side", sa.Text, primary_key=True),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
)
license = sa.Table(
    "license",
    metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("saved_on", sa.Date, nullable=False),
)
schedule = sa.Table(
    "schedule",
    metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("duration", sa.Text),
    sa.Column("offset", sa.Text, nullable=False),
    sa.Column("week_flags", sa.Text),
    sa.Column("saved_at", sa.DateTime, nullable=False),
    sa.Column("next_due", sa.DateTime, index=True),
)
selection = sa.Table(
    "selection",
    metadata,
    sa.Column("instance", sa.Text, primary_key=True),
    sa.Column("database", sa.Text, primary_key=True),
    sa.Column("schema", sa.Text, primary_key=True),
    sa.Column("table", sa.Text, primary_key=True),
    sa.Column("loaded", sa.Boolean, nullable=False, default=False),
)
operation = sa.Table(
    "operation",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("instance", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("trigger", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("message", sa.Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)
result = sa.Table(
    "result",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)
PER_INSTANCE = (connection, license, schedule, selection)
