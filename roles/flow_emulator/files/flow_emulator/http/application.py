# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application: operations, control path, one shape for every problem, the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from .. import __version__
from ..work.service import Emulator
from . import control, endpoints
from .gate import Front

THREADS = 64


def create(emulator: Emulator, *, ready: Callable[[], None] = lambda: None) -> Front:
    """The ASGI application of an emulator; `ready` is called once it has started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        emulator.start()
        ready()
        yield
        await to_thread.run_sync(emulator.stop)

    api = _api(hosted=emulator.hosted, lifespan=lifespan)
    api.state.emulator = emulator
    return Front(api, emulator, _routes(*_ingest_routers(emulator.hosted)))


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
    routers = [*_ingest_routers(hosted), control.router]
    for router in routers:
        api.include_router(router)
    api.state.routes = _routes(*routers)
    api.add_exception_handler(HTTPException, _problem)
    api.add_exception_handler(RequestValidationError, _bad_request)
    document = api.openapi
    api.openapi = lambda: _honest(document(), hosted)  # type: ignore[method-assign]
    return api


def _ingest_routers(hosted: bool) -> list[APIRouter]:
    return [endpoints.router] if hosted else [endpoints.router, endpoints.licence_router]


def _routes(*routers: APIRouter) -> list[APIRoute]:
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]


async def _problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, HTTPException)
    message = problem.detail
    headers = dict(problem.headers or {})
    if problem.status_code == 404 and message == "Not Found":
        message = f"There is no {request.scope['path']} here: paths are <prefix>{endpoints.BASE}/<operation> and /_emulator/..."
    elif problem.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
        message = f"{request.method} is not allowed here, but {headers['Allow']} is."
    return JSONResponse({"success": False, "message": message}, problem.status_code, headers=headers)


def _methods(request: Request) -> list[str]:
    """The methods of every operation on the request's path; the framework names those of one."""
    found: set[str] = set()
    for route in request.app.state.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods
    return sorted(found)


async def _bad_request(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, RequestValidationError)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    errors = problem.errors()
    if kind != "application/json" and any(error["loc"][0] == "body" for error in errors) and await request.body():
        told = kind or "nothing"
        message = f"The body must be announced as Content-Type: application/json, not {told}."
        return JSONResponse({"success": False, "message": message}, 415)
    told = "; ".join(f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in errors[:5])
    return JSONResponse({"success": False, "message": f"The request cannot be read: {told}."}, 400)


def _honest(document: dict[str, Any], hosted: bool) -> dict[str, Any]:
    """The document with the answers really given: 400 where FastAPI says 422, 401 when hosted."""
    text = json.loads(json.dumps(document))
    for path, item in text["paths"].items():
        for operation in item.values():
            if operation["responses"].pop("422", None):
                operation["responses"].setdefault("400", _described("The request is not what the operation takes."))
            if hosted and path.startswith(endpoints.BASE):
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
