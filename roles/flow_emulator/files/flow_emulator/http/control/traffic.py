# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control calls about requests: the journal of past ones, and the faults for coming ones."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel

from ..bodies import BAD_BODY
from ..dependencies import Chosen, TheFaults, TheJournal
from ..faults import Fault
from ..paths import CONTROL

router = APIRouter(prefix=CONTROL, tags=["emulator"])


class JournalEntry(BaseModel):
    """One request; passwords and keys are `***`, `status` is null if the connection was dropped."""

    number: int
    instance: str
    connection: int
    operation: str | None
    method: str
    path: str
    body: Any
    status: int | None
    fault: bool


@router.get("/journal", operation_id="get_journal")
async def get_journal(journal: TheJournal, instance: Chosen) -> list[JournalEntry]:
    """The newest 100,000 requests in the order of their arrival."""
    return [JournalEntry(**entry) for entry in journal.entries(instance)]


@router.delete("/journal", operation_id="clear_journal", status_code=204, response_class=Response)
async def clear_journal(journal: TheJournal, instance: Chosen) -> Response:
    """Forget the requests; numbering continues."""
    journal.clear(instance)
    return Response(status_code=204)


@router.get("/faults", operation_id="get_faults", response_model_exclude_none=True)
async def get_faults(faults: TheFaults) -> list[Fault]:
    """The faults in force."""
    return faults.listed


@router.put("/faults", operation_id="put_faults", status_code=204, response_class=Response, responses=BAD_BODY)
async def put_faults(body: Annotated[list[Fault], Body()], faults: TheFaults) -> Response:
    """Replace the faults. The first that applies to a request is used."""
    faults.put(body)
    return Response(status_code=204)


@router.delete("/faults", operation_id="clear_faults", status_code=204, response_class=Response)
async def clear_faults(faults: TheFaults) -> Response:
    """Forget the faults."""
    faults.clear(None)
    return Response(status_code=204)
