# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The date of today, for the rooms that must not use the clock."""

from __future__ import annotations

from datetime import datetime, timezone


def today() -> str:
    """Return the date in UTC in ISO format, so that it does not depend on where the task runs."""
    return datetime.now(timezone.utc).date().isoformat()
