# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of the source's tables and their selection."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Response
from fastapi.exceptions import HTTPException
from pydantic import BaseModel

from ...databases.catalog import SchemaNotFound
from ...databases.failures import ConnectionFailed
from ...databases.names import TableRef
from ...state.connections import NotSaved
from ...state.selection import NoSuchTable
from ..bodies import BAD_BODY, BAD_REQUEST, Problem, Responses, Strict
from ..dependencies import Instance, Segment, TheService
from ..paths import BASE

_TABLES: Responses = {
    404: {
        "model": Problem,
        "description": "No source connection is saved, or it has no such schema or table.",
    },
    409: {"model": Problem, "description": "The saved source connection does not work."},
}

router = APIRouter(prefix=BASE, tags=["ingest"])


class Selection(Strict):
    """The body of Select a Table for Ingestion; N deselects, which the reference does not say."""

    select: Literal["Y", "N"]


class ListedTable(BaseModel):
    """One table of List Available Tables with Selection Status."""

    name: str
    selected: bool
    id: str


@router.patch(
    "/config-tab/{database}/{schema}/{table}",
    operation_id="select_table",
    status_code=204,
    response_class=Response,
    responses=BAD_BODY | _TABLES,
    summary="Select a Table for Ingestion",
)
def select_table(
    database: Segment,
    schema: Segment,
    table: Segment,
    body: Selection,
    service: TheService,
    instance: Instance,
) -> Response:
    """Y selects, N deselects; each name is percent-encoded on its own."""
    chosen = TableRef(database=database, schema=schema, table=table)
    try:
        (service.selection.select if body.select == "Y" else service.selection.deselect)(instance, chosen)
    except (NoSuchTable, NotSaved, SchemaNotFound, ConnectionFailed) as problem:
        raise _refusal(problem, chosen) from None
    return Response(status_code=204)


@router.get(
    "/list-db/{database}/{schema}",
    operation_id="list_tables",
    response_model=list[ListedTable],
    responses=BAD_REQUEST | _TABLES,
    summary="List Available Tables with Selection Status",
)
def list_tables(database: Segment, schema: Segment, service: TheService, instance: Instance) -> list[dict[str, Any]]:
    """The tables that the source has now."""
    try:
        found = service.selection.listed(instance, database, schema)
    except (NotSaved, SchemaNotFound, ConnectionFailed) as problem:
        raise _refusal(problem, TableRef(database=database, schema=schema, table="")) from None
    return [{"name": name, "selected": selected, "id": name} for name, selected in found]


def _refusal(problem: Exception, asked: TableRef) -> HTTPException:
    place = f"the schema {asked.schema!r} of the database {asked.database!r}"
    if isinstance(problem, NotSaved):
        return HTTPException(404, "No source connection is saved: save one before you read or select its tables.")
    if isinstance(problem, ConnectionFailed):
        return HTTPException(409, f"The saved source connection does not work: {problem.message}")
    if isinstance(problem, NoSuchTable):
        return HTTPException(404, f"There is no table {asked.table!r} in {place} of the source.")
    return HTTPException(404, f"The source does not have {place}.")
