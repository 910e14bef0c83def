# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An independent fuzzer checks the emulator against its OpenAPI document."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from flow_emulator.http import application
from flow_emulator.http.faults import Operation

from tests.emulator.support.emulators import ENVIRONMENT, SOURCE, Instance, pairs, serving

KEY = "0a1b2c3d"
CASES = 40


def fuzz(url: str, folder: Path, *options: str) -> int:
    """Run the fuzzer against all operations that let it continue; return how many cases passed."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json"]
    # The document cannot say which names a connection needs and which durations a schedule takes.
    checks = ["--checks", "all", "--exclude-checks", "positive_data_acceptance"]
    # Two of these erase what this test reads; the third asks for answers that no document allows.
    left_out = [word for name in ("reset", "clear_journal", "put_faults") for word in ("--exclude-operation-id", name)]
    how = ["--max-examples", str(CASES), "--generation-deterministic", "--request-timeout", "60", "--warnings", "off"]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore", "COLUMNS": "200"}
    done = subprocess.run(
        [*command, *checks, *left_out, *how, *options],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counted = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert counted is not None, done.stdout
    assert counted[1] == counted[2]
    return int(counted[2])


@pytest.mark.exhaustive
@pytest.mark.parametrize("hosted", [False, True])
def test_answers_match_the_openapi_document(tmp_path: Path, hosted: bool) -> None:
    (tmp_path / "data").mkdir()
    face = ["--hosted", "--api-key", KEY] if hosted else []
    bearer = ["--header", f"Authorization: Bearer {KEY}"] if hosted else []
    with serving(tmp_path / "data", *face) as url:
        instance = Instance(url, "", requests.Session())
        instance.session.headers["Authorization"] = f"Bearer {KEY}"
        instance.save("conn-src", pairs(SOURCE))
        assert fuzz(url, tmp_path, *bearer) > 10 * CASES
        operations = {entry["operation"] for entry in instance.journal()}
        named = set(Operation.__args__) - {"*"}
        assert named - operations <= ({"save_license", "get_license"} if hosted else set())
    assert "Traceback" not in (tmp_path / "data.log").read_text()


def test_command_line_prints_the_served_document() -> None:
    command = [sys.executable, "-m", "flow_emulator", "openapi"]
    for option, hosted in ((), False), (("--hosted",), True):
        printed = subprocess.check_output([*command, *option], env=ENVIRONMENT, timeout=120)
        assert json.loads(printed) == application.openapi(hosted=hosted)


def test_document_lists_every_operation_and_no_framework_defaults() -> None:
    document = application.openapi()
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    named = {operation["operationId"] for operation in operations if "ingest" in operation["tags"]}
    assert named == set(Operation.__args__) - {"*"}
    assert not [operation["operationId"] for operation in operations if "422" in operation["responses"]]
