# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API reference's example requests, sent with curl, get the answers that it shows."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flow_emulator.http import application

from tests.emulator.support.emulators import Instance, control, serving

REFERENCE = yaml.safe_load((Path(__file__).parent / "reference.yml").read_text())
EXAMPLES = REFERENCE["examples"]
SECTIONS = {
    operation["summary"]
    for path, item in application.openapi()["paths"].items()
    for operation in item.values()
    if "ingest" in operation["tags"]
}
PRODUCT_ID = re.compile(r"[A-Z]{3}(-[A-Z0-9]{5,6}){6}")


def curl(command: str, url: str) -> tuple[int, str]:
    """Run a curl command of the reference against `url`; return status and body."""
    given = shlex.split(command.replace("\\\n", " ").replace("http://localhost:8081", url))
    assert given[0] == "curl"
    options = ["--silent", "--show-error", "--noproxy", "*", "--write-out", "\n%{http_code}"]
    done = subprocess.run(["curl", *options, *given[1:]], capture_output=True, text=True, timeout=120, check=True)
    body, _newline, status = done.stdout.rpartition("\n")
    return int(status), body


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[int, str]]]:
    """An emulator's answers to the examples, sent one after the other."""
    with serving(tmp_path_factory.mktemp("reference")) as url:
        databases = control(url, "GET", "hosts")
        for host, login in REFERENCE["embedded"].items():
            database = databases[f"{login['side']}.demo"]["url"]
            known = {"url": database, "user": login["user"], "password": login["password"]}
            control(url, "PUT", "hosts", {host: known})
        for method, path, body in REFERENCE["given"]:
            control(url, method, path, body)
        got = [curl(example["curl"], url) for example in EXAMPLES]
        assert {operation["state"] for operation in Instance(url, "").operations()} == {"done"}
        yield got


def matches(shown: Any, got: Any) -> bool:
    """Whether an answer equals the one shown, apart from generated values."""
    if shown == "<product id>":
        return bool(PRODUCT_ID.fullmatch(got))
    if isinstance(shown, list):
        return len(shown) == len(got) and all(matches(*both) for both in zip(shown, got, strict=True))
    if isinstance(shown, dict):
        return list(shown) == list(got) and all(matches(shown[name], got[name]) for name in shown)
    return bool(shown == got)


@pytest.mark.parametrize(
    "number",
    range(len(EXAMPLES)),
    ids=[f"{example['section']}: {example.get('variant', 'example')}" for example in EXAMPLES],
)
def test_example_gets_the_documented_answer(answers: list[tuple[int, str]], number: int) -> None:
    status, text = answers[number]
    example = EXAMPLES[number]
    assert status == example["status"], text
    if "body" in example:
        assert matches(example["body"], json.loads(text)), text
    else:
        assert text == ""


def test_every_section_has_an_example() -> None:
    assert {example["section"] for example in EXAMPLES} == SECTIONS
    assert len(SECTIONS) == 13
