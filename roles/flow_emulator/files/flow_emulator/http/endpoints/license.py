# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of the license; the hosted face does not have them."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.exceptions import HTTPException

from ..bodies import BAD_BODY, Shown, example
from ..dependencies import Instance, Pairs, TheService
from ..paths import BASE

router = APIRouter(prefix=BASE, tags=["ingest"])


@router.patch(
    "/config-var/licence",
    operation_id="save_license",
    status_code=204,
    response_class=Response,
    responses=BAD_BODY,
    openapi_extra=example([{"name": "_lic_key", "value": "AAAAA-BBBBB-CCCCC-DDDDD"}]),
    summary="Save a New License Key",
)
def save_license(body: Pairs, service: TheService, instance: Instance) -> Response:
    """Keeps the key even if it is not valid; reading shows whether it is."""
    if len(body) != 1 or body[0].name != "_lic_key" or not body[0].value.strip():
        raise HTTPException(
            400,
            "The body must be a list of one object: the name _lic_key with a license key as its value.",
        )
    service.licenses.save(instance, body[0].value)
    return Response(status_code=204)


@router.get(
    "/config-var/licence",
    operation_id="get_license",
    response_model=list[Shown],
    summary="Get License Information",
)
def get_license(service: TheService, instance: Instance) -> list[dict[str, str]]:
    """The product ID exists before any key is saved."""
    return service.licenses.shown(instance)
