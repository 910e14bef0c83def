# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What endpoints and control calls ask for: the service, the journal, the faults, and parts of the request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Depends, Query, Request
from pydantic import BeforeValidator

from ..work.service import Service
from .bodies import Pair
from .faults import Faults
from .journal import Journal
from .paths import decoded


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _journal(request: Request) -> Journal:
    journal: Journal = request.app.state.journal
    return journal


async def _faults(request: Request) -> Faults:
    faults: Faults = request.app.state.faults
    return faults


async def _instance(request: Request) -> str:
    return str(request.scope.get("flow.instance", ""))


def _chosen(
    instance: Annotated[
        str | None,
        Query(
            description="An instance's name: its prefix without outer slashes, empty if it has none. Leave it out for all instances."
        ),
    ] = None,
) -> str | None:
    return None if instance is None else instance.strip("/")


TheService = Annotated[Service, Depends(_service)]
TheJournal = Annotated[Journal, Depends(_journal)]
TheFaults = Annotated[Faults, Depends(_faults)]
Instance = Annotated[str, Depends(_instance)]
"""The instance that a request's prefix names."""
Chosen = Annotated[str | None, Depends(_chosen)]
"""The instance named in a control call's query; None means all."""
Segment = Annotated[str, BeforeValidator(decoded)]
"""A segment of a path, decoded."""
Pairs = Annotated[list[Pair], Body()]
"""A body of names and values."""
