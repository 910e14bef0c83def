# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends one request with the client alone, and returns the outcome."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.singlestore.flow.plugins.module_utils._change.errors import FlowError
from ansible_collections.singlestore.flow.plugins.module_utils._change.plan import Request
from ansible_collections.singlestore.flow.plugins.module_utils._http.client import Client
from ansible_collections.singlestore.flow.plugins.module_utils._http.settings import Settings, base_url

from .server import Received, Reply, http

TOKEN = "t0k3n-m4rker"
RETRIES = 2
TRIES = 1 + RETRIES
READ = Request("GET", ("conn-src",))
SAVE = Request("PATCH", ("config-sched",), {"type": "manual"})
OPERATION = Request("POST", ("ops", "extract", "full"), operation=True)
ALL = (READ, SAVE, OPERATION)


def named(request: Request) -> str:
    """Return the name of a request in a test ID."""
    return "operation" if request.operation else request.method


@dataclass(frozen=True)
class Outcome:
    """An answer, or the failure in its place; ``slept`` holds the seconds between the tries."""

    answer: Any
    slept: list[float]

    @property
    def error(self) -> FlowError:
        """The failure."""
        assert isinstance(self.answer, FlowError), self.answer
        return self.answer

    @property
    def kind(self) -> str | None:
        """The kind of failure, None for an answer."""
        return self.answer.kind if isinstance(self.answer, FlowError) else None

    @property
    def text(self) -> str:
        """The whole text of a failure."""
        return self.error.message + json.dumps(self.error.failure())


def settings(url: str, **more: Any) -> Settings:
    """Return the settings for a service at a URL, including a secret."""
    return Settings(**{"base_url": base_url(url), "token": TOKEN, "retries": RETRIES, **more})


def ask(url: str, request: Request = READ, **more: Any) -> Outcome:
    """Send a request without waiting between the tries; a failure must not contain the secret."""
    slept: list[float] = []
    try:
        with Client(settings(url, **more), sleep=slept.append) as client:
            return Outcome(client.send(request), slept)
    except FlowError as error:
        outcome = Outcome(error, slept)
        assert TOKEN not in outcome.text
        return outcome


def answering(body: bytes = b'{"success": true}', status: int = 200, **headers: str) -> Callable[[Received], Reply]:
    """Return a service that gives every request the same answer."""
    answer = http(status, body, {name.replace("_", "-"): value for name, value in headers.items()})
    return lambda _received: Reply(answer)
