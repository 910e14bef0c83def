# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The date of today."""

from __future__ import annotations

import time

from ansible_collections.singlestore.flow.plugins.module_utils._run.clock import today


def test_today_is_the_date_in_utc() -> None:
    """It is in ISO format, and the same everywhere."""
    before, found, after = (time.strftime("%Y-%m-%d", time.gmtime()), today(), time.strftime("%Y-%m-%d", time.gmtime()))
    assert before <= found <= after
