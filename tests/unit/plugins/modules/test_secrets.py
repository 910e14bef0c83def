# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets appear nowhere, in any module, after success or failure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.modules import run
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import (
    SCENARIOS,
    Scenario,
    Target,
    struck,
    targets,
)
from ansible_collections.singlestore.flow.tests.unit.support.server import Reply, Server, http
from ansible_collections.singlestore.flow.tests.unit.support.spellings import SPELLERS, found

SECRETS = {
    "password": "pW-m4rk&r <ä>/\"x'",
    "license_key": "L1C3N-K3YM4-RK3RX-AAAAA",
    "api_token": "t0k3n-m4rker/+=x",
    "inline": "1nl1ne!m4rker",
}
JDBC = {
    "type": "rds.jdbcfe",
    "port": 1433,
    "jdbc_driver": "com.microsoft.sqlserver.jdbc.SQLServerDriver",
    "jdbc_url": f"jdbc:sqlserver://db.example.com;user=admin;password={SECRETS['inline']};encrypt=true",
}


def marked(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario's options with secrets that can be found again."""
    options: dict[str, Any] = json.loads(json.dumps(scenario.options))
    for settings in (options, options.get("source"), options.get("destination")):
        if settings and "password" in settings:
            settings["password"] = SECRETS["password"]
    if "license_key" in options:
        options["license_key"] = SECRETS["license_key"]
    if options.get("endpoint") == "source":
        options.update(JDBC)
    if "source" in options:
        options["source"].update(JDBC)
    return {**options, "api_token": SECRETS["api_token"], "api_retries": 0}


def assert_hidden(result: dict[str, Any], secrets: Iterable[str], where: str) -> None:
    """Check that no text of a result contains a secret in any spelling."""
    for text in texts(result):
        for secret in secrets:
            assert not found(secret, text), f"{where}: {secret} in {text[:300]}"


def texts(value: Any) -> list[str]:
    """Return every text in a result, including keys."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts(part)]
    return [text for item in value for text in texts(item)] if isinstance(value, list) else []


def known(options: dict[str, Any]) -> list[str]:
    """Return the secrets in a task's options."""
    return [secret for secret in SECRETS.values() if any(secret in text for text in texts(options))]


def echoing(target: Target, status: int, secrets: list[str]) -> Any:
    """Return an answer whose messages contain every secret in every spelling."""
    spelled = (speller(secret) for secret in secrets for speller in SPELLERS.values())
    said = f"Access denied for admin at db.example.com using {' and '.join(spelled)}."
    answer: Any = {"success": False, "message": said, "messageList": [{"topic": said, "message": said}, said]}
    if target.method == "GET" and status == 200:
        answer = [
            {"name": "_lic_status", "value": said},
            {"name": said, "value": None},
            {"name": "type", "value": said},
        ]
        if target.path.startswith("/config-sched"):
            answer = {"type": said, "duration": said, "offset": said, "weekFlags": said, "isScheduled": said}
        if target.path.startswith("/list-db"):
            answer = [{"name": said, "selected": True}, {"name": "customers", "selected": False}]
    headers = (
        {"Location": f"http://elsewhere.example/?q={SPELLERS['URL, plus'](SECRETS['api_token'])}"}
        if status == 307
        else {}
    )
    return lambda _received, _honest: Reply(http(status, json.dumps(answer).encode(), headers))


@pytest.mark.parametrize("status", [200, 307, 401, 500])
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_echoed_secrets_are_not_shown(scenario: Scenario, status: int) -> None:
    """A service may echo secrets in every spelling in any answer, with success and with failure."""
    options = marked(scenario)
    for target in targets(scenario):
        with struck(scenario.flow(), target, None, echoing(target, status, known(options))) as server:
            result = run(scenario.module, {"api_url": server.url, **options})
        assert_hidden(result, known(options), f"{target} answered with {status}")
        if status in (401, 500):
            assert "admin at db.example.com" in result["msg"]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
def test_secrets_are_not_shown_after_success(scenario: Scenario, check: bool) -> None:
    """Result, diff and invocation contain no secret, and what an operator needs stays readable."""
    with Server(scenario.flow()) as server:
        result = run(scenario.module, {"api_url": server.url, **marked(scenario)}, check=check)
        info = run("flow_info", {"api_url": server.url, "api_token": SECRETS["api_token"]})
    assert not result["failed"], result["msg"]
    assert_hidden(result, SECRETS.values(), "success")
    assert_hidden(info, SECRETS.values(), "flow_info")
    if scenario.module == "flow_connection":
        assert result["invocation"]["module_args"]["host"] == scenario.options["host"]
        assert result["invocation"]["module_args"]["user"] == "admin"


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "bad port": (
        "flow_connection",
        {"endpoint": "source", "type": "rds.mysql", "port": SECRETS["password"], "password": SECRETS["password"]},
    ),
    "bad choice": ("flow_connection", {"endpoint": SECRETS["password"], "password": SECRETS["password"]}),
    "no such option": ("flow_connection", {"endpoint": "source", "pasword": "x", "password": SECRETS["password"]}),
    "key in a URL": (
        "flow_license",
        {"license_key": SECRETS["license_key"], "api_url": f"http://u:{SECRETS['inline']}@h"},
    ),
    "key in a bad URL": ("flow_license", {"license_key": "x", "api_url": f"http://u:{SECRETS['inline']}@h:99999"}),
    "URL in the wrong option": (
        "flow_connection",
        {"endpoint": "source", "type": "rds.mysql", "jdbc_ulr": JDBC["jdbc_url"]},
    ),
    "URL on a destination": ("flow_connection", {"endpoint": "destination", "jdbc_url": JDBC["jdbc_url"]}),
    "inside a dict": (
        "flow_pipeline",
        {"source": {"type": "rds.jdbcfe", "jdbc_url": JDBC["jdbc_url"], "pwd": SECRETS["password"], "port": 0}},
    ),
    "no dict": ("flow_pipeline", {"source": [JDBC["jdbc_url"]], "license_key": SECRETS["license_key"]}),
    "token and user": (
        "flow_info",
        {"api_token": SECRETS["api_token"], "api_username": "u", "api_password": SECRETS["password"]},
    ),
    "query of api_url": ("flow_info", {"api_url": f"http://h/?token={SECRETS['inline']}"}),
    "no scheme": ("flow_info", {"api_url": f"u:{SECRETS['inline']}@h"}),
    "misspelled": ("flow_connection", {"endpoint": "source", "passwrd": SECRETS["password"]}),
    "misspelled inside a dict": ("flow_pipeline", {"source": {"type": "rds.mysql", "passwrd": SECRETS["password"]}}),
    "misspelled inside a text": ("flow_pipeline", {"source": f"type=rds.mysql passwrd={SECRETS['inline']}"}),
    "misspelled in no dict": ("flow_pipeline", {"source": f"passwrd={SECRETS['inline']}", "destination": [1]}),
    "misspelled, and short": ("flow_pipeline", {"passwrd": {"is": "~~~"}}),
    "header": ("flow_info", {"api_headers": {"Host": SECRETS["api_token"]}}),
    "header in JSON": ("flow_info", {"api_headers": json.dumps({"X-Key": SECRETS["api_token"]}), "api_retries": "x"}),
    "no header": ("flow_info", {"api_headers": [SECRETS["api_token"]]}),
    "JDBC parameter": (
        "flow_connection",
        {"endpoint": "source", "type": "rds.jdbcfe", "jdbc_url": f"jdbc:x://h?AccountKey={SECRETS['inline']}&sig=~~~"},
    ),
    "token with a line break": ("flow_info", {"api_token": SECRETS["api_token"] + "\n"}),
}


@pytest.mark.parametrize(("name", "options"), WRONG.values(), ids=WRONG)
def test_refused_secret_options_are_not_shown(name: str, options: dict[str, Any]) -> None:
    """Options refused by Ansible or the module give the kind invalid, and secret ones are not shown."""
    result = run(name, {"api_url": "http://127.0.0.1:1", **options})
    assert result["failure"]["kind"] == "invalid"
    assert_hidden(result, [*SECRETS.values(), "~~~"], "refused")
    assert result["invocation"]["module_args"]


ENVIRONMENT = {
    "token": {"API_TOKEN": SECRETS["api_token"]},
    "Basic": {"API_USERNAME": "u", "API_PASSWORD": SECRETS["password"]},
    "URL": {"API_URL": f"http://u:{SECRETS['inline']}@h"},
    "query of the URL": {"API_URL": f"http://h/?token={SECRETS['inline']}"},
    "URL without a scheme": {"API_URL": f"u:{SECRETS['inline']}@h"},
    "two ways": {"API_TOKEN": SECRETS["api_token"], "API_USERNAME": "u", "API_PASSWORD": SECRETS["password"]},
}


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_secrets_of_the_environment_are_not_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment counts as options do, also if the service repeats what it was sent."""
    for variable, value in ENVIRONMENT[name].items():
        monkeypatch.setenv(f"SINGLESTORE_FLOW_{variable}", value)
    said = " ".join(speller(secret) for secret in SECRETS.values() for speller in SPELLERS.values())
    secrets = known({**ENVIRONMENT[name]})
    with Server(lambda _received: Reply(http(401, json.dumps({"message": said}).encode()))) as server:
        result = run("flow_info", {} if "API_URL" in ENVIRONMENT[name] else {"api_url": server.url})
    assert secrets
    assert result["failure"]["kind"] == ("auth" if name in ("token", "Basic") else "invalid")
    assert_hidden(result, secrets, name)


@pytest.mark.parametrize("given", [{"X-Key": SECRETS["api_token"]}, json.dumps({"X-Key": SECRETS["api_token"]})])
def test_headers_are_not_shown(given: Any) -> None:
    """The values of headers are sent, and hidden like passwords, also if they are given as JSON."""
    with Server(
        lambda received: Reply(http(500, json.dumps({"message": received.headers["x-key"]}).encode()))
    ) as server:
        result = run("flow_info", {"api_url": server.url, "api_headers": given, "api_retries": 0})
    assert [received.headers["x-key"] for received in server.received] == [SECRETS["api_token"]]
    assert list(result["invocation"]["module_args"]["api_headers"]) == ["X-Key"]
    assert_hidden(result, [SECRETS["api_token"]], "headers")


@pytest.mark.parametrize("name", ["connection-source", "pipeline"])
def test_urls_in_the_invocation_are_blanked(name: str) -> None:
    """What an operator needs to see of a URL stays."""
    url = "jdbc:sqlserver://db;user=admin;flag=true;loginTimeout=5;encrypt=true"
    given = {"type": "rds.jdbcfe", "jdbc_url": url}
    options = {"source": given} if name == "pipeline" else {"endpoint": "source", **given}
    result = run("flow_pipeline" if name == "pipeline" else "flow_connection", {"api_url": "http://h", **options})
    shown = result["invocation"]["module_args"]
    assert (shown.get("source") or shown)["jdbc_url"] == url.replace("flag=true", "flag=***")


def test_secret_is_recognized_without_surrounding_white_space() -> None:
    """A secret is recognized without the white space around it."""
    scenario = SCENARIOS["license"]
    target = Target(method="PATCH", path="/config-var/licence", nth=0, number=1, times=1)
    options = {"license_key": f" {SECRETS['license_key']}\n", "api_retries": 0}
    with struck(scenario.flow(), target, None, echoing(target, 500, [SECRETS["license_key"]])) as server:
        result = run("flow_license", {"api_url": server.url, **options})
    assert not found(SECRETS["license_key"], json.dumps(result))
