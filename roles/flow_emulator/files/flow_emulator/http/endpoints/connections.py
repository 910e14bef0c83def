# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of the source's and the destination's connection."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Response
from fastapi.exceptions import HTTPException
from pydantic import BaseModel

from ...databases.failures import ConnectionFailed
from ...state.parameters import InvalidConnection
from ..bodies import BAD_BODY, Shown, example
from ..dependencies import Instance, Pairs, TheService
from ..paths import BASE

router = APIRouter(prefix=BASE, tags=["ingest"])
Side = Literal["source", "destination"]


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


def _save(side: Side, path: str, shown: dict[str, Any]) -> None:
    @router.patch(
        path,
        operation_id=f"save_{side}",
        status_code=204,
        response_class=Response,
        responses=BAD_BODY,
        openapi_extra=shown,
        summary=f"Save {side.capitalize()} Database Configuration",
        description="Saves, and connects once to find out the status. "
        "Optional names that are not given keep their values, unless the profile replaces.",
    )
    def save(body: Pairs, service: TheService, instance: Instance) -> Response:
        try:
            service.connections.save(instance, side, [(pair.name, pair.value) for pair in body])
        except InvalidConnection as problem:
            raise HTTPException(400, problem.message) from None
        return Response(status_code=204)


def _test(side: Side, path: str, shown: dict[str, Any]) -> None:
    @router.post(
        f"{path}/test",
        operation_id=f"test_{side}",
        responses=BAD_BODY,
        openapi_extra=shown,
        summary=f"Test {side.capitalize()} Database Connection",
        description="Connects with the given values alone and saves nothing.",
    )
    def test(body: Pairs, service: TheService) -> TestPassed | TestFailed:
        try:
            service.connections.test(side, [(pair.name, pair.value) for pair in body])
        except ConnectionFailed as problem:
            return TestFailed(messageList=[TestMessage(topic=problem.topic, message=problem.message)])
        return TestPassed()


def _get(side: Side, path: str) -> None:
    @router.get(
        path,
        operation_id=f"get_{side}",
        response_model=list[Shown],
        summary=f"Get {side.capitalize()} Database Details",
        description="An empty list if nothing is saved. Reading does not connect: the status comes from the last use.",
    )
    def get(service: TheService, instance: Instance) -> list[dict[str, str]]:
        return service.connections.shown(instance, side)


def _add(side: Side, path: str, type: str) -> None:
    demo = {
        "host": f"{side}.demo",
        "port": "3306",
        "uid": "flow",
        "pwd": "flow-demo",
        "pwd2": "flow-demo",
        "type": type,
    }
    shown = example([{"name": name, "value": value} for name, value in demo.items()])
    _save(side, path, shown)
    _test(side, path, shown)
    _get(side, path)


_add("source", "/conn-src", "rds.mysqlc")
_add("destination", "/conn-dst", "rds.sstorem")
