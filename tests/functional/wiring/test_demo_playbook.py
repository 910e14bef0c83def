# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook demo: where each of its variables goes, and what it makes of the rows on both sides."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from .specs import documented
from .stage import EMULATOR, Play, Played, play_once

PLAYBOOK = "singlestore.flow.demo"
SAME = (
    {"table": "offices", "source_rows": 7, "destination_rows": 7},
    {"table": "orders", "source_rows": 326, "destination_rows": 326},
)
FEWER = [SAME[0], {**SAME[1], "destination_rows": 325}]
UNCOUNTED = [{"table": "offices", "source_rows": None, "destination_rows": None}]
GIVEN = {
    "flow_demo_state": "started",
    "flow_demo_dir": "/elsewhere/a folder",
    "flow_demo_source": {"type": "rds.pgres", "host": "one"},
    "flow_demo_destination": {"host": "two"},
    "flow_demo_tables": [{"database": "d", "schema": "s", "tables": ["t"]}],
}
EMBEDDED = {"user": "flow", "password": "flow-demo"}


@contextmanager
def emulator(rows: list[dict[str, Any]], heard: list[str]) -> Iterator[str]:
    """Serve the control path of an emulator whose tables have these rows; note what is asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            body = json.dumps(rows if self.path == "/_emulator/tables" else []).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def run(
    folder: Path, *options: str, rows: Sequence[dict[str, Any]] = SAME, running: bool = True, **given: Any
) -> tuple[Played, list[str]]:
    """Run the playbook; return what came of it, and what it asked the emulator for."""
    heard: list[str] = []
    with emulator(rows, heard) as url:
        extra = ("--extra-vars", json.dumps(given))
        # A proxy that nobody listens at: the emulator is on this host.
        environment = {"FLOW_EMULATOR": url if running else "", "http_proxy": "http://127.0.0.1:9", "no_proxy": ""}
        played = play_once(folder, "demo", Play([PLAYBOOK], (*options, *extra), None, environment))
    return played, [path.replace(url, "") for path in heard]


def given(played: Played, module: str) -> list[dict[str, Any]]:
    """Return what a module was given, but for the URL."""
    return [
        {name: value for name, value in args.items() if name != "api_url"} for args in played.args("localhost", module)
    ]


def test_every_variable_has_a_value() -> None:
    """That the head of the playbook documents, or that it says how to stop with."""
    assert documented("demo") | {"flow_demo_dir"} == set(GIVEN)


def test_as_it_is(tmp_path: Path) -> None:
    """From the embedded source to the embedded destination; the rows are shown, and how to stop."""
    played, heard = run(tmp_path)
    assert played.code == 0, played.output
    assert played.args("localhost", EMULATOR) == [
        {"state": "started", "dir": "~/.cache/singlestore-flow-demo", "port": 0}
    ]
    assert given(played, "flow_connection") == [
        {"endpoint": "source", "type": "rds.mysqlc", "host": "source.demo", **EMBEDDED},
        {"endpoint": "destination", "host": "destination.demo", **EMBEDDED},
    ]
    assert given(played, "flow_table") == [
        {"database": "demo", "schema": "classicmodels", "tables": ["*"], "source_pending": False}
    ]
    assert given(played, "flow_schedule") == [{"type": "periodic", "duration": "1h"}]
    assert given(played, "flow_license") == [{"license_key": "DEMO0-00000-00000-00000"}]
    urls = {call.args["api_url"] for call in played.calls if call.action != EMULATOR}
    assert all(url.startswith("http://127.0.0.1:") for url in urls)
    assert heard == ["/_emulator/operations?wait=300", "/_emulator/tables"]
    assert re.findall(r'"(\w+) +(\d+) +(\d+)"', played.output) == [("offices", "7", "7"), ("orders", "326", "326")]
    assert "--extra-vars flow_demo_state=stopped" in played.output
    assert "--extra-vars flow_demo_dir='~/.cache/singlestore-flow-demo'" in played.output


def test_as_asked_for(tmp_path: Path) -> None:
    """Each variable goes where it is for."""
    played, _heard = run(tmp_path, **GIVEN)
    assert played.code == 0, played.output
    assert played.args("localhost", EMULATOR) == [{"state": "started", "dir": "/elsewhere/a folder", "port": 0}]
    assert given(played, "flow_connection") == [
        {"endpoint": "source", "type": "rds.pgres", "host": "one"},
        {"endpoint": "destination", "host": "two"},
    ]
    assert [args["database"] for args in given(played, "flow_table")] == ["d"]
    assert "flow_demo_dir='/elsewhere/a folder'" in played.output


@pytest.mark.parametrize("rows", [FEWER, UNCOUNTED], ids=["fewer", "uncounted"])
def test_rows_that_differ(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    """The demo fails, and says where to look."""
    played, heard = run(tmp_path, rows=rows)
    assert played.code != 0
    assert "/_emulator/operations" in played.output.partition("TASK [Compare the rows]")[2]
    assert heard[-1] == "/_emulator/tables"


@pytest.mark.parametrize("state", ["stopped", "started"])
def test_without_an_emulator(tmp_path: Path, state: str) -> None:
    """Stopped, or not started in check mode, there is nothing more to do."""
    played, heard = run(tmp_path, running=state == "stopped", flow_demo_state=state)
    assert played.code == 0, played.output
    assert [(call.action, call.args["state"]) for call in played.calls] == [(EMULATOR, state)]
    assert heard == []


def test_check_mode(tmp_path: Path) -> None:
    """The emulator is asked all the same."""
    played, heard = run(tmp_path, "--check")
    assert played.code == 0, played.output
    assert {call.check for call in played.calls} == {True}
    assert len(heard) == 2
