# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One shape for every answer to a request that cannot be served."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from .paths import BASE


def handle(api: FastAPI) -> None:
    """Make an application answer problems in that shape."""
    api.add_exception_handler(HTTPException, _problem)
    api.add_exception_handler(RequestValidationError, _bad_request)


async def _problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, HTTPException)
    message = problem.detail
    headers = dict(problem.headers or {})
    if problem.status_code == 404 and message == "Not Found":
        message = f"Unknown path {request.scope['path']}: paths are <prefix>{BASE}/<operation> and /_emulator/..."
    elif problem.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
        message = f"{request.method} is not allowed here; allowed: {headers['Allow']}."
    return JSONResponse({"success": False, "message": message}, problem.status_code, headers=headers)


def _methods(request: Request) -> list[str]:
    """Return the methods of all operations on the request's path; the framework names those of only one."""
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
        message = f"The body's Content-Type must be application/json, not {kind or 'nothing'}."
        return JSONResponse({"success": False, "message": message}, 415)
    details = "; ".join(f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in errors[:5])
    return JSONResponse({"success": False, "message": f"The request cannot be read: {details}."}, 400)
