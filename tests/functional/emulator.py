# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A running emulator for tests: its URL, its journal and its control path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[2] / "roles/flow_emulator/files"
START_SECONDS = 60

USER = "flow"
PASSWORD = "flow-demo"
"""The credentials of the embedded hosts ``source.demo`` and ``destination.demo``."""
KEY = "FLOW1-TESTS-AAAAAA-BBBBB-CCCCC-DDDDD"
OTHER_KEY = "FLOW2-TESTS-AAAAAA-BBBBB-CCCCC-DDDDD"
EXPIRED_KEY = "FLOW3-TESTS-AAAAAA-BBBBB-CCCCC-DDDDD"
LICENSES = {
    KEY: {"expires_on": "2099-01-31", "units": 4},
    OTHER_KEY: {"expires_on": "2098-12-01", "units": 16},
    EXPIRED_KEY: {"expires_on": "2020-02-29", "units": 16},
}
"""The license keys that an emulator knows after ``renew``."""


@dataclass(frozen=True)
class Emulator:
    """One emulator process; each instance is a prefix of its URL."""

    url: str
    folder: Path

    @property
    def log(self) -> Path:
        """The emulator's standard output and error."""
        return self.folder / "log"

    def api(self, instance: str) -> str:
        """Return the ``api_url`` of an instance."""
        return f"{self.url}/{instance}"

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control path; return the parsed answer."""
        return self.call(method, f"{self.url}/_emulator/{path}", body)

    def renew(self) -> None:
        """Reset it to the state that every test file starts with: only LICENSES are known."""
        self.control("POST", "reset")
        self.control("PUT", "licences", LICENSES)

    def ingest(self, instance: str, method: str, path: str, body: Any = None) -> Any:
        """Call the Ingest API directly, without the tested code."""
        return self.call(method, f"{self.api(instance)}/ingest/api/ingest{path}", body)

    @staticmethod
    def call(method: str, url: str, body: Any = None) -> Any:
        """Send one request and return the parsed answer; raise for an error status."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            text = response.read()
        return json.loads(text) if text else None

    def journal(self, instance: str) -> list[dict[str, Any]]:
        """Return the requests that an instance has received."""
        return self.control("GET", f"journal?instance={instance}")

    def operations(self, instance: str) -> list[dict[str, Any]]:
        """Return the operations of an instance after all have ended."""
        return self.control("GET", f"operations?instance={instance}&wait=60")


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Emulator]:
    """Start an emulator on a free port with its data in a folder, and stop it at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    url_file = folder / "url"
    command = [sys.executable, "-m", "flow_emulator", "serve", "--port", "0", "--data", str(folder / "data")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--url-file", str(url_file), *options],
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        )
    try:
        yield Emulator(_announced(process, url_file, folder / "log"), folder)
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _announced(process: subprocess.Popen[bytes], url_file: Path, log: Path) -> str:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        if url_file.exists():
            return url_file.read_text().strip()
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"The emulator did not start:\n{log.read_text()}")
