# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application: the gate before endpoints and control calls, and the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from .. import __version__
from ..work.service import Service
from . import problems
from .control import lifecycle, outcomes, profile, surroundings, traffic
from .endpoints import connections, extract, license, schedule, tables
from .faults import Faults
from .gate import Gate
from .journal import Journal
from .paths import BASE

THREADS = 64
ENDPOINTS = (connections, schedule, tables, extract)
CONTROL_CALLS = (lifecycle, traffic, outcomes, surroundings, profile)


def create(service: Service, *, ready: Callable[[], None] = lambda: None) -> Gate:
    """Return the ASGI application of a service; `ready` is called once it has started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        service.start()
        ready()
        yield
        await to_thread.run_sync(service.stop)

    api = _api(hosted=service.hosted, lifespan=lifespan)
    api.state.service, api.state.journal, api.state.faults = service, Journal(), Faults()
    return Gate(api, service, api.state.journal, api.state.faults, _routes(*_ingest(service.hosted)))


def openapi(*, hosted: bool = False) -> dict[str, Any]:
    """The OpenAPI document."""
    return _api(hosted=hosted).openapi()


def _api(*, hosted: bool, **options: Any) -> FastAPI:
    api = FastAPI(
        title="SingleStore Flow Ingest API, emulated",
        version=__version__,
        description="The Ingest API of SingleStore Flow and, under `/_emulator`, "
        "the control path of its emulator.\n\nAny prefix before `/ingest/api/ingest` names an instance of its own.",
        redirect_slashes=False,
        **options,
    )
    for subject in (*_ingest(hosted), *CONTROL_CALLS):
        api.include_router(subject.router)
    api.state.routes = _routes(*_ingest(hosted), *CONTROL_CALLS)
    problems.handle(api)
    document = api.openapi
    api.openapi = lambda: _honest(document(), hosted)  # type: ignore[method-assign]
    return api


def _ingest(hosted: bool) -> tuple[ModuleType, ...]:
    """The modules of the Ingest API's endpoints; the hosted face has none for the license."""
    return ENDPOINTS if hosted else (*ENDPOINTS, license)


def _routes(*subjects: ModuleType) -> list[APIRoute]:
    return [route for subject in subjects for route in subject.router.routes if isinstance(route, APIRoute)]


def _honest(document: dict[str, Any], hosted: bool) -> dict[str, Any]:
    """The document with the real answers: 400 instead of FastAPI's 422, and 401 when hosted."""
    text = json.loads(json.dumps(document))
    for path, item in text["paths"].items():
        for operation in item.values():
            if operation["responses"].pop("422", None):
                operation["responses"].setdefault("400", _described("The request does not match the operation."))
            if hosted and path.startswith(BASE):
                operation["responses"]["401"] = _described("The API key is missing, unknown or has expired.")
                operation["security"] = [{"key": []}]
    schemas = text["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    if hosted:
        text["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    return dict(text)


def _described(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}
