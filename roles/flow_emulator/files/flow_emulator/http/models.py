# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bodies of requests and answers, for checking them and for the OpenAPI document."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _utf8(text: str) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("half of a surrogate pair is no text")
    return text


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(value: object) -> object:
    if not isinstance(value, str | date | None):
        raise ValueError("a day or a moment is written as ISO 8601 has it")
    return value


Day = Annotated[date, BeforeValidator(_written)]
Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(_utc)]
Text = Annotated[str, AfterValidator(_utf8)]


class Pair(_Strict):
    """One parameter of a connection or a licence."""

    name: Text
    value: Text


class Shown(BaseModel):
    """One value as it reads back."""

    name: str
    value: str


class ScheduleIn(_Strict):
    """The body of Save Schedule Settings."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h01m"}]}
    )

    type: Literal["manual", "auto", "periodic", "daily", "weekly"]
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


class Selection(_Strict):
    """The body of Select a Table for Ingestion; N, which the reference leaves open, deselects."""

    select: Literal["Y", "N"]


class ListedTable(BaseModel):
    """One table of List Available Tables with Selection Status."""

    name: str
    selected: bool
    id: str


class TestMessage(BaseModel):
    """Why a connection test failed."""

    topic: str | None
    message: str
    status: Literal["E"] = "E"


class TestPassed(BaseModel):
    """The answer of a connection test that connected."""

    success: Literal[True] = True


class TestFailed(BaseModel):
    """The answer of a connection test that did not connect."""

    messageList: list[TestMessage]
    success: Literal[False] = False
    status: Literal["N"] = "N"


class Requested(BaseModel):
    """The answer of Execute an Operation in Ingest: whether the operation could be accepted."""

    success: bool
    message: str


class Problem(BaseModel):
    """The answer to a request that cannot be served: a sentence that says what to do."""

    success: Literal[False] = False
    message: str


class Health(BaseModel):
    """The program's version and how many instances have state."""

    version: str
    instances: int


class JournalEntry(BaseModel):
    """One request; passwords and keys are `***`, `status` is null where the connection was dropped."""

    number: int
    instance: str
    connection: int
    operation: str | None
    method: str
    path: str
    body: Any
    status: int | None
    fault: bool


class TableOutcome(BaseModel):
    """What an operation did to one table."""

    model_config = ConfigDict(extra="allow")

    database: str
    schema_: Annotated[str, Field(alias="schema")]
    table: str
    error: str | None = None


class OperationState(BaseModel):
    """One operation and what became of it."""

    number: int
    operation: str
    instance: str
    trigger: Literal["request", "schedule"]
    state: Literal["queued", "running", "done", "failed"]
    message: str
    tables: list[TableOutcome]


class TableCount(BaseModel):
    """A selected table's rows, counted on both sides; null without a table or a connection."""

    database: str
    schema_: Annotated[str, Field(alias="schema")]
    table: str
    source_rows: int | None
    destination_rows: int | None


class ClockIn(_Strict):
    """Either a moment to go on from (null: the real time) or seconds to move by."""

    now: Moment | None = None
    advance: float | None = Field(None, strict=True, ge=-1e10, le=1e10, allow_inf_nan=False)


class ClockOut(BaseModel):
    """The emulator's time."""

    now: datetime


class Host(_Strict):
    """A database behind a host name: its SQLAlchemy URL, and the user and password that open it."""

    url: Text
    user: Text
    password: Text

    @field_validator("url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        try:
            make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError("url is no SQLAlchemy URL") from None
        return value


class HostShown(BaseModel):
    """An embedded host, its password masked."""

    url: str
    user: str
    password: Literal["***"] = "***"


class LicenceMeaning(_Strict):
    """What a licence key grants."""

    expires_on: Day
    units: int = Field(strict=True, ge=0, le=1_000_000)


class KeyMeaning(_Strict):
    """Until when an API key is accepted; null: for ever."""

    expires_at: Moment | None = None


class Keys(BaseModel):
    """How many API keys are known; the keys themselves are not shown."""

    known: int
