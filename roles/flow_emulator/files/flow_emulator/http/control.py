# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control path: what a test or a demo asks of the emulator itself, without authentication."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import HTTPException
from sqlalchemy import make_url

from .. import __version__
from ..databases import connecting
from ..databases.settings import ConnectionFailed, EmbeddedHost
from ..replication.extract import TableRef
from ..state.connections import NotSaved
from ..state.license_keys import Licence
from ..work.queue import PENDING
from ..work.service import Emulator
from .endpoints import Responses, Used
from .faults import Fault
from .models import (
    ClockIn,
    ClockOut,
    Health,
    Host,
    HostShown,
    JournalEntry,
    KeyMeaning,
    Keys,
    LicenceMeaning,
    OperationState,
    Problem,
    TableCount,
)

POLL = 0.02
_BODY: Responses = {
    400: {"model": Problem, "description": "The request is not what the operation takes."},
    415: {"model": Problem, "description": "The body is not announced as application/json."},
}
_QUERY: Responses = {400: _BODY[400]}

router = APIRouter(prefix="/_emulator", tags=["emulator"])


def _name(instance: str | None) -> str | None:
    return None if instance is None else instance.strip("/")


_About = Query(description="An instance's name: its prefix without outer slashes, empty for none; left out: all.")
Chosen = Annotated[str | None, _About]


@router.get("/health", operation_id="health")
def health(emulator: Used) -> Health:
    """That it runs, which version, and how many instances have state."""
    return Health(version=__version__, instances=emulator.instances())


@router.post("/reset", operation_id="reset", status_code=204, response_class=Response)
def reset(emulator: Used, instance: Chosen = None) -> Response:
    """Forget an instance; without one: all of them, the clock, hosts, licences, keys, and samples."""
    emulator.reset(_name(instance))
    return Response(status_code=204)


@router.get("/journal", operation_id="get_journal")
async def get_journal(emulator: Used, instance: Chosen = None) -> list[JournalEntry]:
    """The newest 100,000 requests in the order they came."""
    return [JournalEntry(**entry) for entry in emulator.journal.entries(_name(instance))]


@router.delete("/journal", operation_id="clear_journal", status_code=204, response_class=Response)
async def clear_journal(emulator: Used, instance: Chosen = None) -> Response:
    """Forget the requests; their numbers go on."""
    emulator.journal.clear(_name(instance))
    return Response(status_code=204)


@router.get("/faults", operation_id="get_faults", response_model_exclude_none=True)
async def get_faults(emulator: Used) -> list[Fault]:
    """The faults in force."""
    return emulator.faults.listed


@router.put("/faults", operation_id="put_faults", status_code=204, response_class=Response, responses=_BODY)
async def put_faults(faults: Annotated[list[Fault], Body()], emulator: Used) -> Response:
    """Replace the faults. The first that applies to a request is used."""
    emulator.faults.put(faults)
    return Response(status_code=204)


@router.delete("/faults", operation_id="clear_faults", status_code=204, response_class=Response)
async def clear_faults(emulator: Used) -> Response:
    """Forget the faults."""
    emulator.faults.clear(None)
    return Response(status_code=204)


@router.get(
    "/operations",
    operation_id="get_operations",
    response_model=list[OperationState],
    responses=_QUERY,
)
async def get_operations(
    emulator: Used,
    instance: Chosen = None,
    wait: Annotated[
        float,
        Query(ge=0, le=3600, description="Seconds to wait until nothing is queued or running."),
    ] = 0,
) -> list[dict[str, Any]]:
    """The operations, oldest first, and what became of each table."""
    until = time.monotonic() + wait
    while True:
        waiting = await run_in_threadpool(emulator.runner.pending, _name(instance))
        if not waiting or time.monotonic() >= until:
            found = await run_in_threadpool(emulator.runner.listed, _name(instance))
            if time.monotonic() >= until or not any(one["state"] in PENDING for one in found):
                return found
        await asyncio.sleep(POLL)


@router.get("/tables", operation_id="get_tables", response_model=list[TableCount])
def get_tables(emulator: Used, instance: Chosen = None) -> list[dict[str, Any]]:
    """The selected tables' rows, counted on both sides; left out: the instance without a prefix."""
    name = _name(instance) or ""
    tables = emulator.tables.selected(name)
    source, destination = (_counts(emulator, name, side, tables) for side in ("source", "destination"))
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


@router.get("/clock", operation_id="get_clock")
async def get_clock(emulator: Used) -> ClockOut:
    """The emulator's time."""
    return ClockOut(now=emulator.clock.now())


@router.put("/clock", operation_id="put_clock", responses=_BODY)
def put_clock(body: ClockIn, emulator: Used) -> ClockOut:
    """Put the clock to a moment (null: the real time) or move it by seconds; what is due then runs."""
    if len(body.model_fields_set) != 1 or (body.advance is None and "advance" in body.model_fields_set):
        raise HTTPException(400, "Give either now (a moment, or null for the real time) or advance (seconds).")
    try:
        emulator.put_clock(now=body.now, advance=body.advance)
    except (OverflowError, ValueError):
        raise HTTPException(400, "The clock runs from the year 3 to the year 9997.") from None
    return ClockOut(now=emulator.clock.now())


@router.get("/hosts", operation_id="get_hosts")
async def get_hosts(emulator: Used) -> dict[str, HostShown]:
    """The embedded hosts, without their passwords."""
    shown = emulator.hosts.items()
    return {name: HostShown(url=make_url(host.url).render_as_string(), user=host.user) for name, host in shown}


@router.put("/hosts", operation_id="put_hosts", status_code=204, response_class=Response, responses=_BODY)
def put_hosts(body: dict[str, Host], emulator: Used) -> Response:
    """Add or change embedded hosts, for instance to rotate a password."""
    emulator.put_hosts({name: EmbeddedHost(**host.model_dump()) for name, host in body.items()})
    return Response(status_code=204)


@router.get("/licences", operation_id="get_licences")
async def get_licences(emulator: Used) -> dict[str, LicenceMeaning]:
    """What the listed licence keys mean."""
    shown = emulator.licences.items()
    return {key: LicenceMeaning(expires_on=item.expires_on, units=item.units) for key, item in shown}


@router.put(
    "/licences",
    operation_id="put_licences",
    status_code=204,
    response_class=Response,
    responses=_BODY,
)
def put_licences(body: dict[str, LicenceMeaning], emulator: Used) -> Response:
    """Add or change what licence keys mean."""
    emulator.put_licences({key: Licence(item.expires_on, item.units) for key, item in body.items()})
    return Response(status_code=204)


@router.get("/keys", operation_id="get_keys")
async def get_keys(emulator: Used) -> Keys:
    """How many API keys the hosted face knows."""
    return Keys(known=len(emulator.keys))


@router.put("/keys", operation_id="put_keys", status_code=204, response_class=Response, responses=_BODY)
def put_keys(body: dict[str, KeyMeaning], emulator: Used) -> Response:
    """Add or change API keys of the hosted face; one whose time is over is refused."""
    emulator.put_keys({key: item.expires_at for key, item in body.items()})
    return Response(status_code=204)


def _counts(emulator: Emulator, instance: str, side: str, tables: list[TableRef]) -> dict[TableRef, int | None]:
    try:
        with emulator.links.using(instance, side) as engine:
            return {table: connecting.count_rows(engine, table.database, table.schema, table.table) for table in tables}
    except (NotSaved, ConnectionFailed):
        return dict.fromkeys(tables)
