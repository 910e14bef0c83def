# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control calls about the emulator as a whole: its health, and a reset."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel

from ... import __version__
from ..dependencies import Chosen, TheFaults, TheJournal, TheService
from ..paths import CONTROL

router = APIRouter(prefix=CONTROL, tags=["emulator"])


class Health(BaseModel):
    """The program's version and how many instances have state."""

    version: str
    instances: int


@router.get("/health", operation_id="health")
def health(service: TheService) -> Health:
    """Answers while the emulator runs, with its version and how many instances have state."""
    return Health(version=__version__, instances=service.file.instances())


@router.post("/reset", operation_id="reset", status_code=204, response_class=Response)
def reset(service: TheService, journal: TheJournal, faults: TheFaults, instance: Chosen) -> Response:
    """Forget one instance; without a name, forget all, and reset clock, hosts, licenses, keys, profile and samples."""
    service.reset(instance)
    journal.clear(instance)
    faults.clear(instance)
    return Response(status_code=204)
