# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The 13 operations of the Ingest API; each one's summary is its section in the API reference."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import unquote_to_bytes

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.exceptions import HTTPException
from pydantic import BeforeValidator

from ..databases.connecting import SchemaNotFound
from ..databases.settings import ConnectionFailed
from ..replication.extract import TableRef
from ..state.connections import NotSaved
from ..state.parameters import InvalidConnection
from ..state.schedule_types import InvalidSchedule
from ..state.selection import NoSuchTable
from ..work.service import Emulator
from .models import (
    ListedTable,
    Pair,
    Problem,
    Requested,
    ScheduleIn,
    ScheduleOut,
    Selection,
    Shown,
    TestFailed,
    TestMessage,
    TestPassed,
)

BASE = "/ingest/api/ingest"
MESSAGES = {
    "full": "Full Extract requested",
    "syncnew": "Sync New Tables requested",
    "syncstruct": "Synchronize Structure requested",
    "delta": "Delta requested",
}


def _decoded(segment: object) -> str:
    """A path segment as the client meant it. Raises ValueError for what is not UTF-8."""
    text = unquote_to_bytes(str(segment).encode("latin-1")).decode("utf-8")
    if "\0" in text:
        raise ValueError("a name holds no zero byte")
    return text


async def _emulator(request: Request) -> Emulator:
    emulator: Emulator = request.app.state.emulator
    return emulator


async def _instance(request: Request) -> str:
    return str(request.scope.get("flow.instance", ""))


Segment = Annotated[str, BeforeValidator(_decoded)]
Used = Annotated[Emulator, Depends(_emulator)]
Instance = Annotated[str, Depends(_instance)]
Pairs = Annotated[list[Pair], Body()]
Responses = dict[int | str, dict[str, Any]]
_BAD: Responses = {400: {"model": Problem, "description": "The request is not what the operation takes."}}
_BODY: Responses = _BAD | {415: {"model": Problem, "description": "The body is not announced as application/json."}}
_TABLES: Responses = {
    404: {
        "model": Problem,
        "description": "No source connection is saved, or it has no such schema or table.",
    },
    409: {"model": Problem, "description": "The saved source connection does not work."},
}

router = APIRouter(prefix=BASE, tags=["ingest"])
licence_router = APIRouter(prefix=BASE, tags=["ingest"])


def _example(body: object) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"example": body}}}}


def _connection_routes(side: Literal["source", "destination"], path: str, type: str) -> None:
    title = side.capitalize()
    demo = {
        "host": f"{side}.demo",
        "port": "3306",
        "uid": "flow",
        "pwd": "flow-demo",
        "pwd2": "flow-demo",
        "type": type,
    }
    example = _example([{"name": name, "value": value} for name, value in demo.items()])

    def save(body: Pairs, emulator: Used, instance: Instance) -> Response:
        try:
            emulator.links.save(instance, side, [(pair.name, pair.value) for pair in body])
        except InvalidConnection as problem:
            raise HTTPException(400, problem.message) from None
        return Response(status_code=204)

    def test(body: Pairs, emulator: Used) -> TestPassed | TestFailed:
        try:
            emulator.links.test(side, [(pair.name, pair.value) for pair in body])
        except ConnectionFailed as problem:
            return TestFailed(messageList=[TestMessage(topic=problem.topic, message=problem.message)])
        return TestPassed()

    def get(emulator: Used, instance: Instance) -> list[dict[str, str]]:
        return emulator.links.shown(instance, side)

    router.add_api_route(
        path,
        save,
        methods=["PATCH"],
        operation_id=f"save_{side}",
        status_code=204,
        response_class=Response,
        responses=_BODY,
        openapi_extra=example,
        summary=f"Save {title} Database Configuration",
        description="Saves, and connects once to know the status. Optional names that are not given keep their values.",
    )
    router.add_api_route(
        f"{path}/test",
        test,
        methods=["POST"],
        operation_id=f"test_{side}",
        responses=_BODY,
        openapi_extra=example,
        summary=f"Test {title} Database Connection",
        description="Connects with what is given alone and saves nothing.",
    )
    router.add_api_route(
        path,
        get,
        methods=["GET"],
        operation_id=f"get_{side}",
        response_model=list[Shown],
        summary=f"Get {title} Database Details",
        description="An empty list while nothing is saved. "
        "Reading does not connect: the status is that of the last use.",
    )


_connection_routes("source", "/conn-src", "rds.mysqlc")
_connection_routes("destination", "/conn-dst", "rds.sstorem")


@licence_router.patch(
    "/config-var/licence",
    operation_id="save_license",
    status_code=204,
    response_class=Response,
    responses=_BODY,
    openapi_extra=_example([{"name": "_lic_key", "value": "AAAAA-BBBBB-CCCCC-DDDDD"}]),
    summary="Save a New License Key",
)
def save_license(body: Pairs, emulator: Used, instance: Instance) -> Response:
    """Keeps the key whether it is valid or not; reading says which."""
    if len(body) != 1 or body[0].name != "_lic_key" or not body[0].value.strip():
        raise HTTPException(
            400,
            "The body must be a list of one object: the name _lic_key and a licence key as value.",
        )
    emulator.licensing.save(instance, body[0].value)
    return Response(status_code=204)


@licence_router.get(
    "/config-var/licence",
    operation_id="get_license",
    response_model=list[Shown],
    summary="Get License Information",
)
def get_license(emulator: Used, instance: Instance) -> list[dict[str, str]]:
    """The product ID is there before any key is."""
    return emulator.licensing.shown(instance)


@router.patch(
    "/config-sched",
    operation_id="save_schedule",
    status_code=204,
    response_class=Response,
    responses=_BODY,
    summary="Save Schedule Settings",
)
def save_schedule(body: ScheduleIn, emulator: Used, instance: Instance) -> Response:
    """An offset that is not given stays while the type stays periodic; times of day are UTC."""
    try:
        emulator.scheduler.save(
            instance,
            type=body.type,
            duration=body.duration,
            offset=body.offset,
            week_flags=body.weekFlags,
        )
    except InvalidSchedule as problem:
        raise HTTPException(400, str(problem)) from None
    return Response(status_code=204)


@router.get("/config-sched", operation_id="get_schedule", summary="Get Schedule Settings")
def get_schedule(emulator: Used, instance: Instance) -> ScheduleOut:
    """A schedule that was never saved is manual."""
    found = emulator.scheduler.shown(instance)
    return ScheduleOut(
        duration=found.duration,
        offset=found.offset,
        isScheduled=found.is_scheduled,
        type=found.type,
        weekFlags=found.week_flags,
    )


@router.patch(
    "/config-tab/{database}/{schema}/{table}",
    operation_id="select_table",
    status_code=204,
    response_class=Response,
    responses=_BODY | _TABLES,
    summary="Select a Table for Ingestion",
)
def select_table(
    database: Segment,
    schema: Segment,
    table: Segment,
    body: Selection,
    emulator: Used,
    instance: Instance,
) -> Response:
    """Y selects, N deselects; a name is percent-encoded on its own."""
    chosen = TableRef(database=database, schema=schema, table=table)
    try:
        (emulator.tables.select if body.select == "Y" else emulator.tables.deselect)(instance, chosen)
    except (NoSuchTable, NotSaved, SchemaNotFound, ConnectionFailed) as problem:
        raise _refusal(problem, chosen) from None
    return Response(status_code=204)


@router.get(
    "/list-db/{database}/{schema}",
    operation_id="list_tables",
    response_model=list[ListedTable],
    responses=_BAD | _TABLES,
    summary="List Available Tables with Selection Status",
)
def list_tables(database: Segment, schema: Segment, emulator: Used, instance: Instance) -> list[dict[str, Any]]:
    """What the source has now."""
    try:
        found = emulator.tables.listed(instance, database, schema)
    except (NotSaved, SchemaNotFound, ConnectionFailed) as problem:
        raise _refusal(problem, TableRef(database=database, schema=schema, table="")) from None
    return [{"name": name, "selected": selected, "id": name} for name, selected in found]


@router.post(
    "/ops/extract/{operation}",
    operation_id="extract",
    responses=_BAD,
    summary="Execute an Operation in Ingest",
)
def extract(
    operation: Literal["full", "syncnew", "syncstruct", "delta"], emulator: Used, instance: Instance
) -> Requested:
    """Queues the operation.

    `success` is false where a connection does not work, the licence is not valid or nothing is
    selected.
    """
    can_start = (
        bool(emulator.tables.selected(instance))
        and emulator.licensed(instance)
        and emulator.links.works(instance, "source")
        and emulator.links.works(instance, "destination")
    )
    if can_start:
        emulator.runner.submit(instance, operation, "request")
    return Requested(success=can_start, message=MESSAGES[operation])


def _refusal(problem: Exception, asked: TableRef) -> HTTPException:
    place = f"the schema {asked.schema!r} of the database {asked.database!r}"
    if isinstance(problem, NotSaved):
        return HTTPException(404, "No source connection is saved: save one before its tables are read or selected.")
    if isinstance(problem, ConnectionFailed):
        return HTTPException(409, f"The saved source connection does not work: {problem.message}")
    if isinstance(problem, NoSuchTable):
        return HTTPException(404, f"There is no table {asked.table!r} in {place} of the source.")
    return HTTPException(404, f"The source does not have {place}.")
