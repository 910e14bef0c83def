# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control calls about an instance's surroundings: the clock, hosts, and the meaning of license and API keys."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.exceptions import HTTPException
from pydantic import BaseModel, Field, field_validator

from ...databases.connecting import EmbeddedHost
from ...databases.urls import is_url, without_password
from ...state.licenses import License
from ..bodies import BAD_BODY, Day, Moment, Strict, Text
from ..dependencies import TheService
from ..paths import CONTROL

router = APIRouter(prefix=CONTROL, tags=["emulator"])


class ClockIn(Strict):
    """Either a time to continue from (null: the real time) or the seconds to move by."""

    now: Moment | None = None
    advance: float | None = Field(None, strict=True, ge=-1e10, le=1e10, allow_inf_nan=False)


class ClockOut(BaseModel):
    """The emulator's time."""

    now: datetime


class Host(Strict):
    """A database behind a host name: its SQLAlchemy URL, and the user and password to log in with."""

    url: Text
    user: Text
    password: Text

    @field_validator("url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if not is_url(value):
            raise ValueError("url is not an SQLAlchemy URL")
        return value


class HostShown(BaseModel):
    """An embedded host with its password masked."""

    url: str
    user: str
    password: Literal["***"] = "***"


class LicenseMeaning(Strict):
    """What a license key grants."""

    expires_on: Day
    units: int = Field(strict=True, ge=0, le=1_000_000)


class KeyMeaning(Strict):
    """Until when an API key is accepted; null means forever."""

    expires_at: Moment | None = None


class Keys(BaseModel):
    """How many API keys are known; the keys themselves are not shown."""

    known: int


@router.get("/clock", operation_id="get_clock")
async def get_clock(service: TheService) -> ClockOut:
    """The emulator's time."""
    return ClockOut(now=service.clock.now())


@router.put("/clock", operation_id="put_clock", responses=BAD_BODY)
def put_clock(body: ClockIn, service: TheService) -> ClockOut:
    """Set the clock (null: to the real time) or move it by seconds; whatever is due then runs."""
    if len(body.model_fields_set) != 1 or (body.advance is None and "advance" in body.model_fields_set):
        raise HTTPException(400, "Give either now (a time, or null for the real time) or advance (seconds).")
    try:
        service.move_clock(now=body.now, advance=body.advance)
    except (OverflowError, ValueError):
        raise HTTPException(400, "The clock runs from the year 3 to the year 9997.") from None
    return ClockOut(now=service.clock.now())


@router.get("/hosts", operation_id="get_hosts")
async def get_hosts(service: TheService) -> dict[str, HostShown]:
    """The embedded hosts, without their passwords."""
    shown = service.hosts.known.items()
    return {name: HostShown(url=without_password(host.url), user=host.user) for name, host in shown}


@router.put("/hosts", operation_id="put_hosts", status_code=204, response_class=Response, responses=BAD_BODY)
def put_hosts(body: dict[str, Host], service: TheService) -> Response:
    """Add or change embedded hosts, for instance to rotate a password."""
    service.hosts.put({name: EmbeddedHost(**host.model_dump()) for name, host in body.items()})
    return Response(status_code=204)


@router.get("/licences", operation_id="get_licences")
async def get_licenses(service: TheService) -> dict[str, LicenseMeaning]:
    """What the listed license keys mean."""
    shown = service.licenses.listed.items()
    return {key: LicenseMeaning(expires_on=item.expires_on, units=item.units) for key, item in shown}


@router.put(
    "/licences",
    operation_id="put_licences",
    status_code=204,
    response_class=Response,
    responses=BAD_BODY,
)
def put_licenses(body: dict[str, LicenseMeaning], service: TheService) -> Response:
    """Add license keys or change their meaning."""
    service.licenses.put_listed({key: License(item.expires_on, item.units) for key, item in body.items()})
    return Response(status_code=204)


@router.get("/keys", operation_id="get_keys")
async def get_keys(service: TheService) -> Keys:
    """How many API keys the hosted face knows."""
    return Keys(known=len(service.keys))


@router.put("/keys", operation_id="put_keys", status_code=204, response_class=Response, responses=BAD_BODY)
def put_keys(body: dict[str, KeyMeaning], service: TheService) -> Response:
    """Add or change API keys of the hosted face; an expired one is refused."""
    service.keys.put({key: item.expires_at for key, item in body.items()})
    return Response(status_code=204)
