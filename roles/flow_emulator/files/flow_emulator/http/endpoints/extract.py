# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoint that requests an operation."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from ..bodies import BAD_REQUEST
from ..dependencies import Instance, TheService
from ..paths import BASE

MESSAGES = {
    "full": "Full Extract requested",
    "syncnew": "Sync New Tables requested",
    "syncstruct": "Synchronize Structure requested",
    "delta": "Delta requested",
}

router = APIRouter(prefix=BASE, tags=["ingest"])


class Requested(BaseModel):
    """The answer of Execute an Operation in Ingest: whether the operation could be accepted."""

    success: bool
    message: str


@router.post(
    "/ops/extract/{operation}",
    operation_id="extract",
    responses=BAD_REQUEST,
    summary="Execute an Operation in Ingest",
)
def extract(
    operation: Literal["full", "syncnew", "syncstruct", "delta"], service: TheService, instance: Instance
) -> Requested:
    """Queues the operation.

    `success` is false if a connection does not work, the license is not valid or no table is
    selected.
    """
    can_start = service.can_extract(instance)
    if can_start:
        service.queue.submit(instance, operation, "request")
    return Requested(success=can_start, message=MESSAGES[operation])
