# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An interpreter without the libraries, and the cost of imports."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._http import client
from ansible_collections.singlestore.flow.tests.unit.support.server import Server
from ansible_collections.singlestore.flow.tests.unit.support.wire import answering, ask

UTILS = "ansible_collections.singlestore.flow.plugins.module_utils"
ASK = f"""
import sys
from {UTILS}._change.errors import FlowError
from {UTILS}._http.client import Client
from {UTILS}._http.settings import Settings
print(*sorted(sys.modules))
try:
    Client(Settings(sys.argv[1])).get("conn-src")
except FlowError as error:
    print(error.kind, error.message)
else:
    print(*sorted(sys.modules))
"""


def python(*arguments: str) -> list[str]:
    """Run the client in a separate interpreter; return what it printed."""
    (root,) = [parent.parent for parent in Path(client.__file__).parents if parent.name == "ansible_collections"]
    env = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, *arguments], env=env, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()


def test_missing_library_is_reported() -> None:
    """The message says which interpreter on which host lacks which library, and how to install it."""
    _loaded, said = python("-S", "-c", ASK, "http://127.0.0.1:1")
    assert said == (
        f"missing_library The Python library urllib3 is not installed for {sys.executable} on {platform.node()}, which "
        f"runs this task (No module named 'urllib3'). Install it with '{sys.executable} -m pip install urllib3', "
        "or set ansible_python_interpreter to a Python that has it."
    )


def test_missing_library_is_reported_before_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is found missing before anything is sent."""
    monkeypatch.setitem(sys.modules, "urllib3", None)
    with Server(answering()) as server:
        outcome = ask(server.url)
    assert outcome.kind == "missing_library"
    assert server.connections == 0


def test_slow_libraries_are_not_imported() -> None:
    """Importing any of them takes longer than a task's requests."""
    with Server(answering()) as server:
        at_import, at_the_end = (set(line.split()) for line in python("-c", ASK, server.url))
    assert "urllib3" in at_import
    assert not {"requests", "charset_normalizer", "idna", "certifi"} & at_the_end
