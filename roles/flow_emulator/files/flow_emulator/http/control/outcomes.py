# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control calls about the outcome of requests: the operations, and the rows on both sides."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from ...databases.catalog import count_rows
from ...databases.failures import ConnectionFailed
from ...databases.names import TableRef
from ...state.connections import NotSaved
from ...work.queue import PENDING
from ...work.service import Service
from ..bodies import BAD_REQUEST
from ..dependencies import Chosen, TheService
from ..paths import CONTROL

POLL = 0.02

router = APIRouter(prefix=CONTROL, tags=["emulator"])


class TableOutcome(BaseModel):
    """What an operation did to one table."""

    model_config = ConfigDict(extra="allow")

    database: str
    schema_: Annotated[str, Field(alias="schema")]
    table: str
    error: str | None = None


class OperationState(BaseModel):
    """One operation and its outcome."""

    number: int
    operation: str
    instance: str
    trigger: Literal["request", "schedule"]
    state: Literal["queued", "running", "done", "failed"]
    message: str
    tables: list[TableOutcome]


class TableCount(BaseModel):
    """A selected table's rows, counted on both sides; null if the table or the connection is missing."""

    database: str
    schema_: Annotated[str, Field(alias="schema")]
    table: str
    source_rows: int | None
    destination_rows: int | None


@router.get(
    "/operations",
    operation_id="get_operations",
    response_model=list[OperationState],
    responses=BAD_REQUEST,
)
async def get_operations(
    service: TheService,
    instance: Chosen,
    wait: Annotated[
        float,
        Query(ge=0, le=3600, description="Seconds to wait until nothing is queued or running."),
    ] = 0,
) -> list[dict[str, Any]]:
    """The operations, oldest first, with the outcome for each table."""
    until = time.monotonic() + wait
    while True:
        waiting = await run_in_threadpool(service.queue.pending, instance)
        if not waiting or time.monotonic() >= until:
            found = await run_in_threadpool(service.queue.listed, instance)
            if time.monotonic() >= until or not any(one["state"] in PENDING for one in found):
                return found
        await asyncio.sleep(POLL)


@router.get("/tables", operation_id="get_tables", response_model=list[TableCount])
def get_tables(service: TheService, instance: Chosen) -> list[dict[str, Any]]:
    """The selected tables' rows, counted on both sides; without a name, of the instance without a prefix."""
    name = instance or ""
    tables = service.selection.selected(name)
    source, destination = (_counts(service, name, side, tables) for side in ("source", "destination"))
    return [
        {
            "database": table.database,
            "schema": table.schema,
            "table": table.table,
            "source_rows": source[table],
            "destination_rows": destination[table],
        }
        for table in tables
    ]


def _counts(service: Service, instance: str, side: str, tables: list[TableRef]) -> dict[TableRef, int | None]:
    try:
        with service.connections.using(instance, side) as engine:
            return {table: count_rows(engine, table.database, table.schema, table.table) for table in tables}
    except (NotSaved, ConnectionFailed):
        return dict.fromkeys(tables)
