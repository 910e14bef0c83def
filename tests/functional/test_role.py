# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role flow_pipeline and the playbook pipeline with many hosts, in steps and in one task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .batch import once, plain
from .cases import CONFIGURED, DESTINATION, LICENSE, MESSAGES, SOURCE, VARIABLES, WHERE, Sent, schedule, tables
from .emulator import KEY, PASSWORD, USER, Emulator
from .playbook import URL, Ansible, Run

CONNECTIONS = {name: VARIABLES[name] for name in ("flow_pipeline_source", "flow_pipeline_destination")}
KEYS = ("source", "destination", "tables", "schedule", "license", "extract")


@dataclass(frozen=True)
class Pipeline:
    """A host's variables, the initial state of its instance, and the operation that each of two runs starts."""

    variables: Mapping[str, Any]
    setup: tuple[Sent, ...] = ()
    first: str | None = None
    second: str | None = None


PIPELINES = {
    "everything": Pipeline(VARIABLES, first="full"),
    "pattern": Pipeline(
        {
            **CONNECTIONS,
            "flow_pipeline_license_key": KEY,
            "flow_pipeline_tables": [{**WHERE, "tables": ["off*", "payments"]}],
        },
        first="full",
    ),
    "only-schedule": Pipeline({"flow_pipeline_schedule": {"type": "auto"}}),
    "only-destination": Pipeline(
        {
            "flow_pipeline_destination": CONNECTIONS["flow_pipeline_destination"],
            "flow_pipeline_extract": "never",
        },
    ),
    "never": Pipeline({**VARIABLES, "flow_pipeline_extract": "never"}),
    "tables-added": Pipeline(
        {
            **CONNECTIONS,
            "flow_pipeline_tables": [{**WHERE, "tables": ["offices", "products"], "exclude": ["payments"]}],
        },
        CONFIGURED,
        first="syncnew",
    ),
    "aliases": Pipeline(
        {
            "flow_pipeline_source": {
                "type": "rds.mysqlc",
                "host": "source.demo",
                "uid": USER,
                "pwd": PASSWORD,
                "db": "mydb",
            },
            "flow_pipeline_schedule": {"type": "weekly", "duration": "04:00", "weekFlags": "YNNNNNN"},
            "flow_pipeline_extract": "never",
        },
    ),
    "two-schemas": Pipeline(
        {
            "flow_pipeline_tables": [
                {**WHERE, "tables": ["offices"], "state": "deselected"},
                {**WHERE, "database": "yourdb", "tables": ["off*"]},
            ]
        },
        CONFIGURED,
        first="syncnew",
    ),
    **{
        f"each-{name}": Pipeline({"flow_pipeline_extract": name}, CONFIGURED, first=name, second=name)
        for name in MESSAGES
    },
}
HOSTS = {
    f"{name}{suffix}": {**pipeline.variables, "flow_in_one_task": bool(suffix)}
    for name, pipeline in PIPELINES.items()
    for suffix in ("", "-one")
}


LEFT_TO_CHECK = ("only-schedule", "only-destination", "each-full", "each-syncnew", "each-syncstruct")
"""Pipelines that `make test` leaves out, because the others have the same steps."""


def marked(hosts: Iterable[str]) -> list[Any]:
    """Return hosts as parameters; some are left to `make check`."""
    left = [pytest.mark.exhaustive]
    return [pytest.param(host, marks=left if host.removesuffix("-one") in LEFT_TO_CHECK else ()) for host in hosts]


def chosen(session: pytest.Session) -> list[str]:
    """Return the pipelines that the selected tests are about, and those that tests name themselves."""
    params = [
        item.callspec.params
        for item in session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    hosts = {str(param["host"]).removesuffix("-one") for param in params if "host" in param}
    return [name for name in PIPELINES if name in hosts or name not in LEFT_TO_CHECK]


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, shared: Path, emulator: Emulator) -> dict[str, Run]:
    """The playbook in check mode, in a real run, and in a second real run."""
    hosts = [f"{name}{suffix}" for name in chosen(request.session) for suffix in ("", "-one")]

    def make() -> dict[str, Any]:
        for host in hosts:
            for sent in PIPELINES[host.removesuffix("-one")].setup:
                emulator.ingest(host, *sent)
        return {run: _run(shared / "role", emulator, hosts, *options) for run, options in RUNS.items()}

    return {name: Run.from_json(run) for name, run in once(shared, "role", make).items()}


RUNS = {"check": ("--check", "--diff"), "real": ("--diff",), "again": ()}


def _run(folder: Path, emulator: Emulator, hosts: Iterable[str], *options: str) -> dict[str, Any]:
    emulator.control("DELETE", "journal")
    run = Ansible(folder, emulator, in_worker=True).run(
        "singlestore.flow.pipeline", *options, "--forks", "4", hosts={host: {**URL, **HOSTS[host]} for host in hosts}
    )
    for host in hosts:
        emulator.operations(host)
    return run.to_json()


def resources(run: Run, host: str) -> dict[str, Any]:
    """Return the result of the role or the module for each resource."""
    if host.endswith("-one"):
        kept = run.one(host, "Set up the pipeline in one task")
    else:
        (kept,) = [record for record in run.of(host) if record.task.endswith("Say what is still due")]
    return {key: kept.result[key] for key in KEYS}


def written(run: Run, host: str) -> list[Sent]:
    """Return the requests other than reads, with the selections sorted, because they are sent in parallel."""
    found = [sent for sent in run.requests(host) if sent[0] != "GET"]
    return sorted(found, key=lambda sent: sent[1] if "config-tab" in sent[1] else "/conn-z")


EVERY = pytest.mark.parametrize("host", marked(HOSTS))


@EVERY
@pytest.mark.parametrize("name", RUNS)
def test_run_succeeds(runs: dict[str, Run], host: str, name: str) -> None:
    """Every run succeeds, also on an unconfigured instance and in check mode."""
    totals = runs[name].totals[host]
    assert (totals["failures"], totals["unreachable"]) == (0, 0), runs[name].output[-4000:]


@EVERY
def test_check_mode_writes_nothing(runs: dict[str, Run], host: str) -> None:
    """Check mode sends only reads and connection tests."""
    assert [sent for sent in written(runs["check"], host) if not sent[1].endswith("/test")] == []


@EVERY
def test_check_mode_predicts_the_changes(runs: dict[str, Run], host: str) -> None:
    """Check mode reports as many changed tasks as the real run."""
    assert runs["check"].totals[host]["changed"] == runs["real"].totals[host]["changed"]


@EVERY
def test_second_run_changes_nothing(runs: dict[str, Run], host: str) -> None:
    """Only an operation that is asked for runs again."""
    pipeline = PIPELINES[host.removesuffix("-one")]
    assert runs["again"].totals[host]["changed"] == (1 if pipeline.second else 0)
    assert len(written(runs["again"], host)) == (1 if pipeline.second else 0)


@EVERY
def test_due_extract_is_started(runs: dict[str, Run], host: str) -> None:
    """Full is due after the first save of a connection, syncnew after new tables, else what is asked for or nothing."""
    pipeline = PIPELINES[host.removesuffix("-one")]
    for name, operation in (("check", pipeline.first), ("real", pipeline.first), ("again", pipeline.second)):
        sent = [path for method, path, _body in runs[name].requests(host) if "/ops/extract/" in path]
        assert sent == ([f"/ops/extract/{operation}"] if operation and name != "check" else [])
        extract = resources(runs[name], host)["extract"]
        assert extract is None or extract["operation"] == operation
        assert (extract is None) == (operation is None)


@pytest.mark.parametrize("host", ["everything", "everything-one"])
def test_check_mode_predicts_every_step(runs: dict[str, Run], host: str) -> None:
    """On an unconfigured instance, check mode returns each resource like the real run."""
    expected = {
        "source": SOURCE.shown,
        "destination": DESTINATION.shown,
        "tables": [tables(["offices", "payments"], added=["offices", "payments"]).shown],
        "schedule": schedule({"type": "daily", "duration": "14h46m"}).shown,
        "license": LICENSE.shown,
        "extract": {"operation": "full", "accepted": True, "message": MESSAGES["full"]},
    }
    assert resources(runs["real"], host) == expected
    unknown = {"status": None, "expires_on": None, "units": None}
    assert resources(runs["check"], host) == {
        **expected,
        "schedule": {**expected["schedule"], "is_scheduled": None},
        "license": {**LICENSE.shown, **unknown},
        "extract": {"operation": "full", "accepted": None, "message": None},
    }


@pytest.mark.parametrize("host", ["pattern", "pattern-one"])
def test_patterns_give_a_warning(runs: dict[str, Run], host: str) -> None:
    """Before a source is saved, patterns cannot be resolved: they give a warning, and names are predicted."""
    (warning,) = set(runs["check"].warnings(host))
    assert "off*" in warning
    assert resources(runs["check"], host)["tables"][0]["added"] == ["payments"]
    assert resources(runs["real"], host)["tables"][0]["added"] == ["offices", "payments"]
    assert runs["real"].warnings(host) == []


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("host", marked(PIPELINES))
def test_one_task_sends_the_same(runs: dict[str, Run], host: str, name: str) -> None:
    """The module returns the role's resources and sends the role's requests, except for their order and repeated reads."""
    steps, one = (plain(resources(runs[name], each)) for each in (host, f"{host}-one"))
    assert steps == one
    # In one task, all tests come before the first save.
    assert sorted(written(runs[name], host), key=str) == sorted(written(runs[name], f"{host}-one"), key=str)
    reads, fewer = ([sent for sent in runs[name].requests(each) if sent[0] == "GET"] for each in (host, f"{host}-one"))
    assert {path for _method, path, _body in reads} == {path for _method, path, _body in fewer}
    assert len(fewer) <= len(reads)
    assert name == "real" or len(fewer) == len({path for _method, path, _body in fewer})


OMITTED = {
    "only-schedule": ("/config-sched",),
    "only-destination": ("/conn-dst",),
    "never": ("/conn-", "/list-db", "/config-"),
    "two-schemas": ("/list-db", "/config-tab", "/conn-", "/config-var", "/ops/extract/syncnew"),
}
"""What pipelines that omit resources may send."""


@pytest.mark.parametrize("host", marked(f"{name}{suffix}" for name in OMITTED for suffix in ("", "-one")))
def test_omitted_resources_are_not_managed(runs: dict[str, Run], host: str) -> None:
    """Omitted resources are not even read, unless an operation depends on them."""
    allowed = OMITTED[host.removesuffix("-one")]
    assert [sent for sent in runs["real"].requests(host) if not sent[1].startswith(allowed)] == []


def test_two_schemas_are_independent(runs: dict[str, Run]) -> None:
    """Each schema has its own task, and tables removed in one do not hide tables added in the other."""
    one, other = resources(runs["real"], "two-schemas")["tables"]
    assert (one["removed"], one["selected"]) == (["offices"], [])
    assert (other["database"], other["added"]) == ("yourdb", ["offices"])


# Wrong options

WRONG: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "bad-port": ({"flow_pipeline_source": {**CONNECTIONS["flow_pipeline_source"], "port": "x"}}, ("port", "int")),
    "bad-option": ({"flow_pipeline_source": {**CONNECTIONS["flow_pipeline_source"], "hots": "x"}}, ("hots",)),
    "bad-tables": ({"flow_pipeline_tables": [{"database": "mydb", "tables": ["x"]}]}, ("schema", "required")),
    "bad-list": ({"flow_pipeline_tables": "offices"}, ("tables",)),
    "bad-extract": ({"flow_pipeline_extract": "sometimes"}, ("extract", "never")),
    "bad-schedule": ({"flow_pipeline_schedule": {"type": "monthly"}}, ("type", "weekly")),
    "twice": (
        {"flow_pipeline_tables": [{**WHERE, "tables": ["offices"]}, {**WHERE, "tables": ["payments"]}]},
        ("items 1 and 2",),
    ),
    "nothing": (dict.fromkeys(VARIABLES), ("Nothing is given", "schedule")),
}


@pytest.fixture(scope="module")
def wrong(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs of the role with variables that it does not accept."""
    hosts = {host: {**URL, **VARIABLES, **variables} for host, (variables, _words) in WRONG.items()}
    return Ansible(tmp_path_factory.mktemp("wrong"), emulator, in_worker=True).run(
        "singlestore.flow.pipeline", hosts=hosts
    )


@pytest.mark.parametrize("host", WRONG)
def test_wrong_options_are_refused(wrong: Run, host: str) -> None:
    """The first task says in a sentence which option is wrong, and nothing is sent."""
    (failed,) = [record for record in wrong.of(host) if record.outcome == "failed"]
    assert failed.task.endswith("Check the variables")
    assert len(failed.result["msg"]) < 400
    assert [word for word in WRONG[host][1] if word not in str(failed.result)] == [], failed.result
    assert wrong.requests(host) == []
