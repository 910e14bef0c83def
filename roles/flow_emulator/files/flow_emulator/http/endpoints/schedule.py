# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of the schedule."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.exceptions import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from ...state.schedule_types import InvalidSchedule, Type
from ..bodies import BAD_BODY, Strict
from ..dependencies import Instance, TheService
from ..paths import BASE

router = APIRouter(prefix=BASE, tags=["ingest"])


class ScheduleIn(Strict):
    """The body of Save Schedule Settings."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h01m"}]}
    )

    type: Type
    duration: str | None = Field(None, description="DdHHhMMmSSs for periodic, HHhMMm for daily and weekly.")
    offset: str | None = Field(None, description="DdHHhMMm, for periodic.")
    weekFlags: str | None = Field(None, description="Seven letters, Y or N, from Sunday to Saturday.")


class ScheduleOut(BaseModel):
    """The answer of Get Schedule Settings."""

    duration: str | None
    offset: str
    isScheduled: bool
    type: str
    weekFlags: str | None


@router.patch(
    "/config-sched",
    operation_id="save_schedule",
    status_code=204,
    response_class=Response,
    responses=BAD_BODY,
    summary="Save Schedule Settings",
)
def save_schedule(body: ScheduleIn, service: TheService, instance: Instance) -> Response:
    """An offset that is not given stays as it is while the type stays periodic, unless the profile replaces.

    Times of day are in UTC.
    """
    try:
        service.scheduler.save(
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
def get_schedule(service: TheService, instance: Instance) -> ScheduleOut:
    """A schedule that was never saved is manual."""
    found = service.schedules.shown(instance)
    return ScheduleOut(
        duration=found.duration,
        offset=found.offset,
        isScheduled=found.is_scheduled,
        type=found.type,
        weekFlags=found.week_flags,
    )
