# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host names that the emulator itself answers for: those of the demo, and those added later."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from ...databases.connecting import EmbeddedHost
from ..file import StateFile

DEMO_USER = "flow"
DEMO_PASSWORD = "flow-demo"


class Hosts:
    """The embedded hosts by name."""

    def __init__(self, file: StateFile, folder: Path) -> None:
        self._file = file
        self._demo = {
            f"{side}.demo": EmbeddedHost(f"sqlite:///{folder / side}.db", DEMO_USER, DEMO_PASSWORD)
            for side in ("source", "destination")
        }
        kept = file.setting("hosts", {}).items()
        self.known = self._demo | {name: EmbeddedHost(**host) for name, host in kept}

    def put(self, hosts: dict[str, EmbeddedHost]) -> None:
        """Add or change hosts."""
        self.known.update(hosts)
        self._file.put_setting("hosts", {name: asdict(host) for name, host in self.known.items()})

    def forget(self) -> None:
        """Go back to the demo's hosts after the state file has forgotten the others."""
        self.known.clear()
        self.known.update(self._demo)
