# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API keys that the hosted face accepts, and when they expire."""

from __future__ import annotations

from datetime import datetime

from ..file import StateFile


class ApiKeys:
    """The keys of the command line, which never expire, and those added later."""

    def __init__(self, file: StateFile, given: tuple[str, ...]) -> None:
        self._file = file
        self._given: dict[str, datetime | None] = dict.fromkeys(given)
        kept = file.setting("keys", {}).items()
        self._known = {key: datetime.fromisoformat(at) if at else None for key, at in kept} | self._given

    def __len__(self) -> int:
        return len(self._known)

    def accepts(self, key: str, now: datetime) -> bool:
        """Whether the key is known and has not expired."""
        expires_at = self._known.get(key)
        return key in self._known and (expires_at is None or now < expires_at)

    def put(self, keys: dict[str, datetime | None]) -> None:
        """Add keys or change when they expire; None means never."""
        self._known.update(keys)
        self._file.put_setting("keys", {key: at and at.isoformat() for key, at in self._known.items()})

    def forget(self) -> None:
        """Go back to the keys of the command line after the state file has forgotten the others."""
        self._known = dict(self._given)
