# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control calls about the profile: how the emulator behaves where the API reference leaves it open."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import Field

from ...state.shared.profile import Behavior, Parameters, Saves
from ..bodies import BAD_BODY, Strict
from ..dependencies import TheService
from ..paths import CONTROL

router = APIRouter(prefix=CONTROL, tags=["emulator"])


class Profile(Strict):
    """How all instances behave; what is left out has its default."""

    saves: Saves = Field(
        "merge",
        description="Whether a save of a connection or a schedule keeps what it leaves out (merge) or drops it (replace).",
    )
    parameters: Parameters = Field(
        "known",
        description="Whether a connection may have only the parameters that the API reference names (known), or any.",
    )


@router.get("/profile", operation_id="get_profile")
async def get_profile(service: TheService) -> Profile:
    """The profile."""
    behavior = service.profile.behavior
    return Profile(saves=behavior.saves, parameters=behavior.parameters)


@router.put("/profile", operation_id="put_profile", status_code=204, response_class=Response, responses=BAD_BODY)
def put_profile(body: Profile, service: TheService) -> Response:
    """Choose a profile for all instances; what they have saved stays as it is."""
    service.profile.put(Behavior(saves=body.saves, parameters=body.parameters))
    return Response(status_code=204)
