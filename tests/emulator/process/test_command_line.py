# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: starting and stopping in the background, and serving in the foreground."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.emulator.support.emulators import ENVIRONMENT, PROGRAM, Instance, answers, run, start
from tests.emulator.support.waiting import until


def output(*arguments: str) -> dict[str, Any]:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    run("stop", "--data", str(folder))


def begin(data: Path, *options: str) -> dict[str, Any]:
    return output("start", "--data", str(data), "--port", "0", *options)


def test_start_and_stop_are_idempotent(data: Path) -> None:
    assert output("status", "--data", str(data)) == {"running": False, "url": None, "pid": None}
    first = begin(data)
    assert first["changed"]
    assert answers(first["url"])
    assert begin(data) == {**first, "changed": False}
    assert output("status", "--data", str(data)) == {name: first[name] for name in ("running", "url", "pid")}
    assert output("stop", "--data", str(data)) == {"changed": True}
    assert not answers(first["url"])
    assert output("stop", "--data", str(data)) == {"changed": False}


def test_check_predicts_and_changes_nothing(data: Path) -> None:
    assert begin(data, "--check")["changed"]
    assert output("status", "--data", str(data))["running"] is False
    first = begin(data)
    assert begin(data, "--check")["changed"] is False
    assert begin(data, "--verbose", "--check")["changed"]
    assert output("stop", "--data", str(data), "--check") == {"changed": True}
    assert answers(first["url"])


def test_restart_keeps_port_and_state(data: Path) -> None:
    first = begin(data)
    Instance(first["url"], "a").save("config-sched", {"type": "auto"})
    output("stop", "--data", str(data))
    again = begin(data)
    assert again["url"] == first["url"]
    assert Instance(again["url"], "a").get("config-sched")["type"] == "auto"


def test_restart_picks_another_port_if_the_old_one_is_taken(data: Path) -> None:
    port = int(begin(data)["url"].rpartition(":")[2])
    output("stop", "--data", str(data))
    with socket.create_server(("127.0.0.1", port)):
        again = begin(data)
    assert again["url"] != f"http://127.0.0.1:{port}"


def test_start_reports_a_port_in_use(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("start", "--data", str(data), "--port", port)
    assert done.returncode == 1
    assert f"cannot listen on port {port} of 127.0.0.1" in done.stderr
    assert output("status", "--data", str(data))["running"] is False


def test_changed_options_restart_it(data: Path) -> None:
    first = begin(data)
    hosted = begin(data, "--hosted")
    assert hosted["changed"]
    assert hosted["pid"] != first["pid"]
    assert requests.get(f"{hosted['url']}/ingest/api/ingest/conn-src", timeout=60).status_code == 401


def test_start_works_after_a_kill(data: Path) -> None:
    first = begin(data)
    os.kill(first["pid"], signal.SIGKILL)
    until(lambda: not output("status", "--data", str(data))["running"], "the killed process releases the folder")
    second = begin(data)
    assert second["changed"]
    assert answers(second["url"])


def test_stop_leaves_a_process_that_reuses_the_pid_alone(data: Path) -> None:
    first = begin(data)
    output("stop", "--data", str(data))
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as innocent:
        note = json.loads((data / "emulator.json").read_text())
        (data / "emulator.json").write_text(json.dumps({**note, "pid": innocent.pid}))
        (data / "emulator.lock").write_text(str(innocent.pid))
        assert output("stop", "--data", str(data)) == {"changed": False}
        assert begin(data)["pid"] not in (first["pid"], innocent.pid)
        assert innocent.poll() is None
        innocent.kill()


def test_simultaneous_starts_give_one_process(data: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: begin(data), range(4)))
    assert len({one["pid"] for one in found}) == 1
    assert answers(found[0]["url"])


def test_second_emulator_cannot_serve_the_same_folder(data: Path) -> None:
    begin(data)
    done = run("serve", "--data", str(data), "--port", "0")
    assert done.returncode == 1
    assert "another emulator" in done.stderr


def test_idle_emulator_stops(data: Path) -> None:
    url = begin(data, "--idle-timeout", "2")["url"]
    for _time in range(8):
        assert answers(url)
        time.sleep(0.4)
    until(lambda: not output("status", "--data", str(data))["running"], "it stops", pause=0.1)
    assert "stopping" in (data / "emulator.log").read_text()


def test_keys_from_a_file_are_not_in_the_process_list(data: Path, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("marker-key-1\nmarker-key-2\n")
    found = begin(data, "--hosted", "--api-key-file", str(tmp_path / "keys"))
    assert b"marker" not in Path(f"/proc/{found['pid']}/cmdline").read_bytes()
    for key, status in (("marker-key-2", 200), ("other", 401)):
        headers = {"Authorization": f"Bearer {key}"}
        got = requests.get(f"{found['url']}/x/ingest/api/ingest/conn-src", headers=headers, timeout=60)
        assert got.status_code == status


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--tls-cert", __file__], "go together"),
        (["--tls-cert", "/nowhere", "--tls-key", "/nowhere"], "/nowhere is not a readable file"),
        (["--api-key-file", "/nowhere"], "/nowhere"),
        (["--host", "256.1.1.1"], "cannot listen"),
        (["--port", "99999"], "cannot listen"),
    ],
)
def test_bad_option_is_reported_in_a_sentence(data: Path, options: list[str], sentence: str) -> None:
    done = run("start", "--data", str(data), "--port", "0", *options)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_start_reports_a_folder_that_cannot_be_created() -> None:
    done = run("start", "--data", "/proc/nothing", "--port", "0")
    assert done.returncode == 1
    assert "cannot use the folder /proc/nothing" in done.stderr


def test_missing_libraries_are_reported_with_the_install_command(data: Path) -> None:
    code = "import sys; from flow_emulator.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-S", "-c", code, "start", "--data", str(data)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert f"-m pip install -r {PROGRAM}/requirements.txt" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_without_folder_leaves_nothing_behind(tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "flow_emulator", "serve", "--port", "0", "--url-file", str(tmp_path / "url")]
    environment = {**ENVIRONMENT, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        until((tmp_path / "url").exists, "it listens")
        assert list(tmp_path.glob("flow-emulator-*"))
        process.send_signal(how)
        _output, said = process.communicate(timeout=60)
    assert not list(tmp_path.glob("flow-emulator-*"))
    assert b"Traceback" not in said


def test_stop_succeeds_while_an_operation_runs(tmp_path: Path) -> None:
    process, url = start(tmp_path)
    instance = Instance(url, "").set_up("orderdetails", "orders", "customers")
    for _time in range(20):
        assert instance.request("full")
    process.terminate()
    assert process.wait(timeout=60) == 0
    process, url = start(tmp_path)
    try:
        assert {one["state"] for one in Instance(url, "").operations(wait=300)} == {"done"}
    finally:
        process.kill()
        process.wait(60)


def test_sample_writes_to_any_folder(tmp_path: Path) -> None:
    assert run("sample", str(tmp_path / "new")).returncode == 0
    assert {file.name for file in (tmp_path / "new").iterdir()} == {"source.db", "destination.db"}
