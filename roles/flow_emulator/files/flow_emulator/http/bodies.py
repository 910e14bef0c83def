# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bodies that endpoints and control calls share, and the problems that they document."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


class Strict(BaseModel):
    """A body without unknown keys."""

    model_config = ConfigDict(extra="forbid")


def _utf8(text: str) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("half of a surrogate pair is not text")
    return text


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(value: object) -> object:
    if not isinstance(value, str | date | None):
        raise ValueError("write a date or a time in ISO 8601")
    return value


Day = Annotated[date, BeforeValidator(_written)]
Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(_utc)]
Text = Annotated[str, AfterValidator(_utf8)]


class Pair(Strict):
    """One parameter of a connection or a license."""

    name: Text
    value: Text


class Shown(BaseModel):
    """One value as it reads back."""

    name: str
    value: str


class Problem(BaseModel):
    """The answer to a request that cannot be served, with a sentence that says what to do."""

    success: Literal[False] = False
    message: str


Responses = dict[int | str, dict[str, Any]]
BAD_REQUEST: Responses = {400: {"model": Problem, "description": "The request does not match the operation."}}
BAD_BODY: Responses = BAD_REQUEST | {
    415: {"model": Problem, "description": "The body's Content-Type is not application/json."}
}


def example(body: object) -> dict[str, Any]:
    """Return the part of the OpenAPI document that shows a request's body."""
    return {"requestBody": {"content": {"application/json": {"example": body}}}}
