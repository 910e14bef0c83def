# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks on every test of the shared code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import FlowError

HOLE = re.compile(r"\bNone\b(?! in sys.modules)")


@pytest.fixture(autouse=True)
def _messages_are_sentences(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check that every failure message ends like a sentence and shows no missing value."""
    said: list[Any] = []
    made = FlowError.__init__

    def noted(self: FlowError, message: str, **more: Any) -> None:
        said.append(message)
        made(self, message, **more)

    monkeypatch.setattr(FlowError, "__init__", noted)
    yield
    assert [message for message in map(str, said) if not message.endswith(".") or HOLE.search(message)] == []
