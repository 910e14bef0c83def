# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task per module on a healthy service; together they use every operation of the API reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .flow import BASE, Flow
from .modules import run
from .server import Received, Reply, Server

PASSWORD = "pass word&<é>1"
KEY = "ZZZZZ-YYYYY-XXXXX-WWWWW"
RETRIES = 2

SOURCE = {"type": "rds.mysqlc", "host": "db.example.com", "user": "admin", "password": PASSWORD}
DESTINATION = {"host": "s2.example.com", "user": "admin", "password": PASSWORD}
SCHEDULE = {"type": "weekly", "duration": "14:46", "days": ["mon", "friday"]}
TABLES = {"database": "db", "schema": "shop", "tables": ["customers", "orders"], "exclusive": True, "concurrency": 1}


@dataclass(frozen=True)
class Scenario:
    """One task and its instance."""

    name: str
    module: str
    options: dict[str, Any]
    configured: bool = False

    def flow(self) -> Flow:
        """Return the instance."""
        flow = Flow()
        flow.tables["db", "shop"]["employees"] = True
        return flow.configured() if self.configured else flow

    def run(self, url: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run the task against the service at a URL."""
        return run(self.module, {"api_url": url, "api_retries": RETRIES, **self.options, **options}, check=check)


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("source", "flow_connection", {"endpoint": "source", **SOURCE}),
        Scenario("destination", "flow_connection", {"endpoint": "destination", **DESTINATION}, configured=True),
        Scenario("tested", "flow_connection", {"endpoint": "source", "state": "tested", **SOURCE}),
        Scenario("license", "flow_license", {"license_key": KEY}),
        Scenario("schedule", "flow_schedule", SCHEDULE),
        Scenario("tables", "flow_table", TABLES, configured=True),
        Scenario("extract", "flow_extract", {"operation": "full"}, configured=True),
        Scenario("info", "flow_info", {"tables": [{"database": "db", "schema": "shop"}]}, configured=True),
        Scenario(
            "pipeline",
            "flow_pipeline",
            {
                "source": SOURCE,
                "destination": DESTINATION,
                "tables": [TABLES],
                "schedule": SCHEDULE,
                "license_key": KEY,
                "extract": "full",
            },
        ),
    )
}


@dataclass(frozen=True)
class Target:
    """The nth time (from 0) that a scenario sends a request; ``number`` is its position among all requests.

    ``times`` is how often the scenario sends it in total to a healthy service.
    """

    method: str
    path: str
    nth: int
    number: int
    times: int

    @property
    def role(self) -> str:
        """The kind of request: ``read``, ``test``, ``save`` or ``operation``."""
        if self.method == "GET":
            return "read"
        if self.method == "PATCH":
            return "save"
        return "test" if self.path.endswith("/test") else "operation"

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.nth})"


def targets(scenario: Scenario) -> list[Target]:
    """Return every request that the scenario sends to a healthy service."""
    with Server(scenario.flow()) as server:
        result = scenario.run(server.url)
    assert not result["failed"], result["msg"]
    lines = server.lines()
    return [
        Target(
            method=received.method,
            path=received.path[len(BASE) :],
            nth=lines[:number].count(received.line),
            number=number,
            times=lines.count(received.line),
        )
        for number, received in enumerate(server.received)
    ]


@contextmanager
def struck(
    flow: Flow, target: Target, times: int | None, reply: Callable[[Received, Callable[[], Reply]], Reply]
) -> Iterator[Server]:
    """Serve an instance, except for one request: from its nth time on, ``times`` times (None: always)."""
    met = 0

    def answer(received: Received) -> Reply:
        nonlocal met
        if (received.method, received.path) != (target.method, BASE + target.path):
            return flow(received)
        met += 1
        hit = met > target.nth and (times is None or met <= target.nth + times)
        return reply(received, lambda: flow(received)) if hit else flow(received)

    with Server(answer) as server:
        yield server


def tries(server: Server, target: Target, *, went_on: bool) -> int:
    """Return how often the target was tried; a task that continues sends it again later, as planned."""
    planned = target.times - 1 if went_on else target.nth
    return server.lines().count(f"{target.method} {BASE}{target.path}") - planned
