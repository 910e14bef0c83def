# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets never appear in output, results, diffs, tracebacks, files, logs or process lists."""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from .batch import SAMPLE, WORKER, Plays, Scenario, Task, once, played_by, prepare
from .emulator import Emulator, running
from .playbook import Ansible, Run

SECRETS = {
    "SOURCE": 'Sq7!kP "quoted" /sl%sh+\u00e9=',
    "DESTINATION": "Dq8#zW<&>\\back'slash",
    "TOKEN": "tok-4f7a9c1e5b2d~",
    "PROXY": "Bw9:pr\u00f6xy pass",
    "LICENSE": "LQ7XK-ZZ81T-MARKR-LICNC-KEY00",
    "URL": "Uj3mark$ecret%21x",
}
HOST, USER = "secret.demo", "app_user"
WATCH_SECONDS = 60
NEEDED = "Access denied for user"
"""Texts in an echo that an operator must be able to read."""


def spellings(secret: str) -> set[str]:
    """Return the forms in which a secret could appear."""
    raw = secret.encode()
    found = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), html.escape(secret)}
    found |= {form.lower() for form in found if "%" in form}
    found |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    found |= {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    return found | {base64.b64encode(f"{USER}:{secret}".encode()).decode()}


def given(name: str) -> str:
    """Return the expression with which a playbook gets a secret, which is not in the test's own files."""
    return "{{ lookup('ansible.builtin.env', 'MARK_" + name + "') }}"


def echo(*names: str) -> str:
    """Return a message of a service that repeats its secrets: plain, URL-encoded and in base64."""
    forms = [
        form
        for secret in (SECRETS[name] for name in names)
        for form in (secret, quote(secret, safe=""), quote_plus(secret), base64.b64encode(secret.encode()).decode())
    ]
    return f"{NEEDED} {USER} at {HOST}: {' '.join(forms)}"


def listed(*names: str) -> dict[str, Any]:
    """A failed connection test in the form of the API reference, with an echo."""
    message = {"topic": None, "message": echo(*names), "status": "E"}
    return {"messageList": [message], "success": False, "status": "N"}


def refusal(*names: str) -> dict[str, Any]:
    """A refusal with an echo."""
    return {"success": False, "message": echo(*names)}


def answer(operation: str, body: Any, status: int = 200, **more: Any) -> dict[str, Any]:
    """A fault that answers with a body, which is JSON unless it is text."""
    text = body if isinstance(body, str) else json.dumps(body)
    return {"operation": operation, "status": status, "body": text, **more}


JDBC = f"jdbc:mysql://{HOST}:3306/mydb?user={USER}&password={given('URL')}&ssl=true"
SOURCE = {"type": "rds.mysqlc", "host": HOST, "user": USER, "password": given("SOURCE")}
WITH_URL = {**SOURCE, "type": "rds.jdbcfe", "port": 3306, "jdbc_driver": "com.mysql.cj.jdbc.Driver", "jdbc_url": JDBC}
DESTINATION = {"host": HOST, "user": USER, "password": given("DESTINATION")}
TABLES = {"database": "mydb", "schema": "classicmodels", "tables": ["offices"]}
LICENSE = {"license_key": given("LICENSE")}
TOKEN = {"api_token": given("TOKEN")}
BASIC = {"api_username": USER, "api_password": given("PROXY")}
PIPELINE = {
    "source": WITH_URL,
    "destination": {**DESTINATION, "host": "destination-secret.demo"},
    "tables": [TABLES],
    "schedule": {"type": "auto"},
    **LICENSE,
}


def source(**more: Any) -> dict[str, Any]:
    """A source connection's arguments."""
    return {"endpoint": "source", **SOURCE, **more}


def each(name: str, module: str, args: dict[str, Any], *faults: dict[str, Any]) -> Scenario:
    """A task in check mode, in a real run and again, and a task that prints its registered result."""
    tasks = [
        Task("check", module, args, {"check_mode": True}),
        Task("real", module, args, {"register": "kept"}),
        Task("shown", "ansible.builtin.debug", {"var": "kept"}),
    ]
    return Scenario(name, tuple(tasks), (), faults)


GREEN = [
    each("saved", "flow_connection", source(**TOKEN)),
    each("saved-url", "flow_connection", {"endpoint": "source", **WITH_URL, **BASIC}),
    each("always", "flow_connection", source(update_password="always")),
    each("licensed", "flow_license", {**LICENSE, **TOKEN}),
    each("whole", "flow_pipeline", {**PIPELINE, **TOKEN}),
]
RED = [
    each("test-fails", "flow_connection", source(), answer("test_source", listed("SOURCE"))),
    each("test-errs", "flow_connection", source(**TOKEN), answer("test_source", listed("SOURCE", "TOKEN"), 500)),
    each(
        "test-in-html",
        "flow_connection",
        source(),
        answer("test_source", f"<p>{echo('SOURCE')}</p>", content_type="text/html"),
    ),
    each(
        "save-refused",
        "flow_connection",
        {"endpoint": "source", **WITH_URL},
        answer("save_source", refusal("SOURCE", "URL")),
    ),
    each(
        "save-errs",
        "flow_connection",
        {"endpoint": "source", **WITH_URL},
        answer("save_source", refusal("SOURCE", "URL"), 422),
    ),
    each("denied", "flow_info", TOKEN, answer("*", refusal("TOKEN"), 401)),
    each("denied-basic", "flow_info", BASIC, answer("*", refusal("PROXY"), 403)),
    each(
        "redirected",
        "flow_schedule",
        {"type": "auto", **TOKEN},
        answer("*", "", 302, headers={"Location": f"http://elsewhere/?key={SECRETS['TOKEN']}"}),
    ),
    each("license-errs", "flow_license", LICENSE, answer("save_license", refusal("LICENSE"), 500)),
    each(
        "license-status",
        "flow_license",
        LICENSE,
        answer(
            "get_license",
            [
                {"name": "_lic_status", "value": f"Licence expired: {echo('LICENSE')}"},
                {"name": "_lic_key", "value": ""},
            ],
        ),
    ),
    each(
        "extract-refused",
        "flow_extract",
        {"operation": "full", "preflight": False, **TOKEN},
        answer("extract", refusal("TOKEN")),
    ),
    each(
        "whole-refused",
        "flow_pipeline",
        {**PIPELINE, **BASIC},
        answer("save_license", refusal(*(name for name in SECRETS if name != "TOKEN"))),
    ),
    each(
        "reads-back",
        "flow_connection",
        source(),
        {
            "operation": "get_source",
            "skip": 2,
            "body": json.dumps(
                [{"name": "host", "value": echo("SOURCE")}, {"name": "pwd", "value": SECRETS["SOURCE"]}]
            ),
        },
    ),
    each("wrong-port", "flow_connection", {"endpoint": "source", **WITH_URL, "port": 0}),
    each("wrong-type", "flow_connection", source(port="many")),
    each("wrong-url", "flow_info", {"api_url": f"http://{USER}:{given('URL')}@localhost:1"}),
    each("wrong-endpoint", "flow_connection", {**WITH_URL, "endpoint": "middle"}),
    each("url-on-destination", "flow_connection", {"endpoint": "destination", **DESTINATION, "jdbc_url": JDBC}),
    each("no-service", "flow_connection", source(api_url="http://127.0.0.1:9", **TOKEN)),
]
PLAYS = Plays("secrets", GREEN + RED)

ROLE = {
    "flow_pipeline_api_url": "{{ lookup('ansible.builtin.env', 'FLOW_EMULATOR') }}/{{ inventory_hostname }}",
    "flow_pipeline_api_token": given("TOKEN"),
    **{f"flow_pipeline_{name}": value for name, value in PIPELINE.items()},
}
ROLE_FAULTS = [
    {"instance": host, **answer("test_source", listed("SOURCE", "URL", "TOKEN"))}
    for host in ("role-refused", "role-refused-one")
]
ROLE_HOSTS: dict[str, dict[str, Any]] = {
    "role": ROLE,
    "role-one": {**ROLE, "flow_in_one_task": True},
    "role-refused": ROLE,
    "role-refused-one": {**ROLE, "flow_in_one_task": True},
    "role-wrong": {**ROLE, "flow_pipeline_source": {**WITH_URL, "port": "many"}},
    "role-wrong-list": {**ROLE, "flow_pipeline_tables": [{"database": "mydb"}]},
    "role-wrong-one": {**ROLE, "flow_pipeline_source": {**WITH_URL, "port": 0}, "flow_in_one_task": True},
}


ROLE_SAMPLE = ("role", "role-refused-one")


@contextmanager
def watched_processes() -> Iterator[set[str]]:
    """Collect the command lines of all processes until the block ends."""
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                except OSError:
                    continue

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join(WATCH_SECONDS)


def _prepare(emulator: Emulator) -> None:
    database = f"sqlite:///{emulator.folder}/data"
    hosts = {
        HOST: {"url": f"{database}/source.db", "user": USER, "password": SECRETS["SOURCE"]},
        "destination-secret.demo": {
            "url": f"{database}/destination.db",
            "user": USER,
            "password": SECRETS["DESTINATION"],
        },
    }
    emulator.control("PUT", "hosts", hosts)
    emulator.control("PUT", "licences", {SECRETS["LICENSE"]: {"expires_on": "2099-01-01", "units": 1}})


def _play(shared: Path, way: str) -> dict[str, Any]:
    """Play everything with -vvvv --diff; return the runs and every place where a secret could remain."""

    def make() -> dict[str, Any]:
        with running(shared / f"emulator-secrets-{way}", "--verbose") as emulator, watched_processes() as processes:
            _prepare(emulator)
            prepare(emulator, PLAYS.played(way))
            marks = {f"MARK_{name}": secret for name, secret in SECRETS.items()}
            folder = shared / f"secrets-{way}"
            log = {"ANSIBLE_LOG_PATH": str(folder / "ansible.log"), "SINGLESTORE_FLOW_API_RETRIES": "0"}
            ansible = Ansible(folder, emulator, way == WORKER, "-vvvv", {**marks, **log})
            run = played_by(ansible, PLAYS.played(way))
            record = (folder / "record.json").read_text()
            emulator.control("PUT", "faults", ROLE_FAULTS)
            hosts = {host: ROLE_HOSTS[host] for host in ROLE_HOSTS if way != SAMPLE or host in ROLE_SAMPLE}
            role = ansible.run("singlestore.flow.pipeline", "--diff", hosts=hosts)
            for instance in ("whole", "role", "role-one"):
                emulator.operations(instance)
            places = {
                "output": run.output,
                "output of the role": role.output,
                "results": record,
                "files": _files(folder),
                "journal": json.dumps(emulator.control("GET", "journal"), ensure_ascii=False),
                "operations": json.dumps(emulator.control("GET", "operations"), ensure_ascii=False),
                "log": emulator.log.read_text(),
                "processes": "\n".join(sorted(processes)),
            }
            return {"run": run.to_json(), "role": role.to_json(), "places": places}

    played: dict[str, Any] = once(shared, f"secrets-{way}", make)
    return played


def _files(folder: Path) -> str:
    """Return the names and contents of the files in a folder, where the collection is only a link."""
    own = [file for file in sorted(folder.rglob("*")) if "collections" not in file.relative_to(folder).parts]
    files = [file for file in own if file.is_file() and not file.is_symlink()]
    return "\n".join(f"{file}\n{file.read_bytes().decode(errors='replace')}" for file in files)


@pytest.fixture(scope="module")
def played(shared: Path, way: str) -> dict[str, Any]:
    """The run of everything in each way."""
    return _play(shared, way)


def by_name(scenario: Scenario) -> Any:
    """Return a scenario as a test's parameter."""
    return pytest.param(scenario, id=scenario.name, marks=PLAYS.marks(scenario.name))


PLACES = ("output", "output of the role", "results", "files", "journal", "operations", "log", "processes")


@pytest.mark.sampled
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_appears(played: dict[str, Any], name: str, place: str) -> None:
    """No form of a secret appears anywhere."""
    text = played["places"][place]
    assert len(text) > 0
    for form in spellings(SECRETS[name]):
        at = text.find(form)
        assert at < 0, f"{name} as {form!r} in: {text[max(0, at - 300) : at + 100]}"


def test_search_finds_each_form() -> None:
    """The search finds each form in the service's echo."""
    said = echo(*SECRETS)
    for secret in SECRETS.values():
        assert len({form for form in spellings(secret) if form in said}) >= 2


@pytest.mark.parametrize("scenario", [by_name(scenario) for scenario in GREEN])
def test_secrets_were_used(played: dict[str, Any], scenario: Scenario) -> None:
    """The secrets were really used for connections and licenses."""
    run = Run.from_json(played["run"])
    assert [run.one(scenario.name, task).outcome for task in ("check", "real", "shown")] == ["ok"] * 3


@pytest.mark.parametrize("scenario", [by_name(scenario) for scenario in RED])
def test_failures_have_their_kind(played: dict[str, Any], scenario: Scenario) -> None:
    """The expected failures happened, each with its kind and without a traceback."""
    found = Run.from_json(played["run"]).one(scenario.name, "real")
    assert found.outcome == "failed"
    assert found.result["failure"]["kind"]
    assert "MODULE FAILURE" not in found.result["msg"]


ECHOED = [scenario for scenario in RED if any(NEEDED in str(fault.get("body")) for fault in scenario.faults)]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(scenario.name, marks=PLAYS.marks(scenario.name))
        for scenario in ECHOED
        if scenario.name != "test-in-html"
    ],
)
def test_messages_stay_readable(played: dict[str, Any], name: str) -> None:
    """Host, user and message stay readable in the service's echo."""
    message = Run.from_json(played["run"]).one(name, "real").result["msg"]
    assert f"{NEEDED} {USER} at {HOST}" in message


def test_results_stay_readable(played: dict[str, Any]) -> None:
    """A saved connection shows everything except its secrets."""
    run = Run.from_json(played["run"])
    shown = run.one("saved-url", "real").result["connection"]
    assert (shown["host"], shown["user"], shown["status"]) == (HOST, USER, "Y")
    assert re.fullmatch(r"jdbc:mysql://secret\.demo:3306/mydb\?user=app_user&password=\*+&ssl=true", shown["jdbc_url"])
    invocation = run.one("saved", "real").result["invocation"]["module_args"]
    assert (invocation["host"], invocation["user"]) == (HOST, USER)


@pytest.mark.parametrize(
    "host", [pytest.param(host, marks=[pytest.mark.sampled] if host in ROLE_SAMPLE else []) for host in ROLE_HOSTS]
)
def test_role_ends_as_expected(played: dict[str, Any], host: str) -> None:
    """The role ends as expected, and its failures are readable."""
    role = Run.from_json(played["role"])
    failed = [record for record in role.of(host) if record.outcome == "failed"]
    assert len(failed) == (0 if host in ("role", "role-one") else 1), role.output[-3000:]
    if "refused" in host:
        assert f"{NEEDED} {USER} at {HOST}" in failed[0].result["msg"]


@pytest.mark.sampled
def test_role_hides_no_task(played: dict[str, Any]) -> None:
    """No task uses no_log, so nothing is censored."""
    assert "output has been hidden" not in played["places"]["output of the role"]
