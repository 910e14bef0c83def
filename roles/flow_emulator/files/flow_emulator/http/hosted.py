# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosted face: bearer keys that expire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


def accepts(authorization: str | None, keys: Mapping[str, datetime | None], now: datetime) -> bool:
    """Whether the header `Authorization: Bearer <key>` names a known key that has not expired."""
    scheme, _space, key = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or key.strip() not in keys:
        return False
    expires_at = keys[key.strip()]
    return expires_at is None or now < expires_at
