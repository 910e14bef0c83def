# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option, choice, alias and environment variable of the argument specs changes what is sent or decided."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import combinations, count, islice
from types import MappingProxyType
from typing import Any
from unittest import mock

import pytest
import urllib3
from ansible_collections.singlestore.flow.plugins.module_utils._http import wire
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.options import STEPS
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import API_OPTIONS, NO_VARIABLE
from ansible_collections.singlestore.flow.tests.unit.support import samples
from ansible_collections.singlestore.flow.tests.unit.support.flow import Flow
from ansible_collections.singlestore.flow.tests.unit.support.layout import MODULES
from ansible_collections.singlestore.flow.tests.unit.support.modules import resource_of, run
from ansible_collections.singlestore.flow.tests.unit.support.samples import HOLDERS, TASKS, Sample
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import KEY
from ansible_collections.singlestore.flow.tests.unit.support.server import Received, Reply, Server, http

pytestmark = pytest.mark.usefixtures("sleeps")

Path = tuple[str, ...]
"""A module, perhaps an option that holds options, and an option."""

BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("type", "periodic"): {"duration": "5m"},
    ("type", "daily"): {"duration": "05:00"},
    ("type", "weekly"): {"duration": "05:00", "days": ["mon"]},
    **{("missing", choice): {"tables": ["customers", "gone"]} for choice in ("fail", "warn", "ignore")},
    **{
        ("extract", choice): {"tables": [{"database": "db", "schema": "shop", "tables": ["orders"]}]}
        for choice in ("auto", "never")
    },
    **{
        ("steps", choice): {name: HOLDERS["flow_pipeline", name] for name in ("source", "destination", "schedule")}
        | {"tables": [HOLDERS["flow_pipeline", "tables"]], "license_key": KEY, "extract": "full"}
        for choice in STEPS
    },
    **{
        ("state", choice): {"schedule": {"type": "auto"}, "tables": [HOLDERS["flow_pipeline", "tables"]]}
        for choice in ("present", "paused", "absent")
    },
}
"""Options that choices need."""
REFUSED = {("flow_pipeline", "destination", name) for name in ("jdbc_driver", "jdbc_url")}
"""Options that exist only to be refused."""

NO_ENVIRONMENT: Mapping[str, str] = MappingProxyType({})


# Options and samples


def leaves(spec: Mapping[str, Any], *path: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every option without suboptions."""
    for name, details in spec.items():
        if "options" in details:
            yield from leaves(details["options"], *path, name)
        else:
            yield (*path, name), details


def sampled(table: Mapping[str, Any], *path: str) -> Iterator[tuple[Path, Sample]]:
    """Yield every sample."""
    for name, found in table.items():
        if isinstance(found, Sample):
            yield (*path, name), found
        else:
            yield from sampled(found, *path, name)


OPTIONS = dict(leaf for module in MODULES for leaf in leaves(resource_of(module).OPTIONS, module))
SAMPLES = dict(sampled(samples.MODULES))
API = {("flow_info", name): sample for name, sample in samples.API.items()}


def paths(found: Iterable[Path]) -> Any:
    """Return parameters of a test, named as in ``flow_pipeline.source.host``."""
    return pytest.mark.parametrize("path", [pytest.param(path, id=".".join(path)) for path in found])


# Observations


def set_up() -> Flow:
    """Return an instance in the state that the tasks ask for, with one more table."""
    flow = Flow().configured()
    flow.license["_lic_key"] = KEY
    for place in (("db", "shop"), ("warehouse", "shop"), ("db", "archive")):
        flow.tables[place] = {"customers": True, "employees": True, "offices": False, "orders": False}
    return flow


def lapsed() -> Flow:
    """Return an instance whose connections no longer work and whose license is no longer valid."""
    flow = set_up()
    for connection in flow.connections.values():
        assert connection
        connection["status"] = "N"
    flow.license["_lic_status"] = "Licence expired"
    return flow


def busy() -> Callable[[Received], Reply]:
    """Return a service that asks twice for another try."""
    flow, numbers = set_up(), count(1)
    return lambda received: Reply(http(503)) if next(numbers) <= 2 else flow(received)


SITUATIONS: tuple[tuple[Callable[[], Callable[[Received], Reply]], bool], ...] = (
    (set_up, False),
    (Flow, False),
    (lapsed, False),
    (set_up, True),
    (busy, False),
)
"""Services, each with whether the task runs in check mode."""


@dataclass(frozen=True)
class Seen:
    """The requests, how they were sent, and the result."""

    went: list[str]
    how: list[str]
    result: dict[str, Any]

    def sent(self, text: str) -> bool:
        """Whether a text is in the requests or in how they were sent."""
        return any(text in line for line in self.went + self.how)

    @property
    def invalid(self) -> bool:
        """Whether an option was refused."""
        return self.result["failed"] and bool(self.result["failure"]["kind"] == "invalid")


class Context:
    """A stand-in for the TLS context that records its arguments."""

    def __init__(self, how: set[str], cert_reqs: ssl.VerifyMode) -> None:
        self._how = how
        self.verify_mode = cert_reqs
        how.add(f"cert_reqs={cert_reqs.name}")

    def load_verify_locations(self, cafile: str) -> None:
        """Record the trusted authorities."""
        self._how.add(f"ca_certs={cafile!r}")

    def load_default_certs(self) -> None:
        """Record that the system's certificates are trusted."""
        self._how.add("ca_certs=the system's")

    def load_cert_chain(self, cert_file: str, key_file: str | None, **_more: Any) -> None:
        """Record the client certificate."""
        self._how.update((f"cert_file={cert_file!r}", f"key_file={key_file!r}"))


def extra(sent: Received) -> str:
    """Return the headers that only an option adds."""
    return " ".join(f"{name}: {value}" for name, value in sent.headers.items() if name.startswith("x-"))


def observed(
    module: str,
    options: Mapping[str, Any],
    service: Any,
    *,
    check: bool = False,
    environment: Mapping[str, str] = NO_ENVIRONMENT,
) -> Seen:
    """Run a task; ``{url}`` in its options stands for the service's URL.

    The URL has https, so that the TLS settings are used, but the requests are sent unencrypted.
    """
    how: set[str] = set()
    urlopen, plain = urllib3.PoolManager.urlopen, urllib3.PoolManager()

    def sending(manager: Any, method: str, url: str, **more: Any) -> Any:
        how.update((f"timeout={more['timeout']}", f"maxsize={manager.connection_pool_kw['maxsize']}"))
        return urlopen(plain, method, url.replace("https:", "http:"), **more)

    def proxies() -> dict[str, str]:
        how.add("proxies=used")
        return {}

    with ExitStack() as stack:
        server = stack.enter_context(Server(service))
        stack.callback(plain.clear)
        url = server.url.replace("http:", "https:")
        stack.enter_context(mock.patch.object(urllib3.PoolManager, "urlopen", sending))
        stack.enter_context(mock.patch.object(wire, "create_urllib3_context", partial(Context, how)))
        stack.enter_context(mock.patch.object(wire, "getproxies", proxies))
        variables = {name: value.format(url=url) for name, value in environment.items()}
        stack.enter_context(mock.patch.dict(os.environ, variables))
        given = {"api_url": "{url}", **options}
        if given["api_url"]:
            given["api_url"] = given["api_url"].format(url=url)
        result = run(module, {name: value for name, value in given.items() if value is not None}, check=check)
        del result["invocation"]
        went = [
            f"{sent.line} {sent.headers.get('authorization')} {json.dumps(sent.json)} {extra(sent)}"
            for sent in sorted(server.received, key=lambda sent: sent.path)
        ]
        return Seen(went, sorted(how), json.loads(json.dumps(result).replace(str(server.port), "PORT")))


def task(path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's options with a value at the path; None leaves an option out."""
    module, *inside, _name = path
    for holder in inside:
        inner = {name: value for name, value in {**HOLDERS[module, holder], **given}.items() if value is not None}
        given = {holder: [inner] if resource_of(module).OPTIONS[holder]["type"] == "list" else inner}
    return {**TASKS[module], **given}


def everywhere(path: Path, given: Mapping[str, Any], environment: Mapping[str, str] = NO_ENVIRONMENT) -> Iterator[Seen]:
    """Yield the observation in each situation."""
    for service, check in SITUATIONS:
        yield observed(path[0], task(path, given), service(), check=check, environment=environment)


# Tests


def test_every_option_has_a_sample() -> None:
    """Every option has a sample, and every sample has its option."""
    assert set(SAMPLES) == set(OPTIONS) - REFUSED
    assert set(samples.API) == set(API_OPTIONS)


@paths({**SAMPLES, **API})
def test_option_has_an_effect(path: Path) -> None:
    """A value other than the default is sent to the right place or changes a decision."""
    sample, name = {**SAMPLES, **API}[path], path[-1]
    with_it = everywhere(path, {**sample.beside, name: sample.value})
    without = everywhere(path, {**sample.beside, name: sample.instead})
    assert any(
        one != other
        and not one.invalid
        and not other.invalid
        and one.sent(sample.sends)
        and not other.sent(sample.sends)
        if sample.sends
        else one != other and not one.invalid and not other.invalid
        for one, other in zip(with_it, without)
    )


@paths(sorted(REFUSED))
def test_bad_option_is_refused(path: Path) -> None:
    """The message names the option, and nothing is sent."""
    seen = observed(path[0], task(path, {path[-1]: "x"}), set_up())
    assert seen.invalid
    assert path[-1] in seen.result["msg"]
    assert seen.went == []


@paths(path for path, details in OPTIONS.items() if "choices" in details)
def test_choices_have_different_effects(path: Path) -> None:
    """No two choices have the same effect."""
    choices, name = OPTIONS[path]["choices"], path[-1]
    as_list = OPTIONS[path]["type"] == "list"
    given = [{name: [choice] if as_list else choice, **BESIDE.get((name, choice), {})} for choice in choices]
    seen = [[*everywhere(path, each)] for each in given]
    assert [one for one, other in combinations(seen, 2) if one == other] == []


@paths(path for path, details in OPTIONS.items() if "aliases" in details)
def test_alias_has_the_same_effect(path: Path) -> None:
    """Each alias sends and decides the same as its option."""
    sample, name = SAMPLES.get(path, Sample("x")), path[-1]
    for alias in OPTIONS[path]["aliases"]:
        by_alias = everywhere(path, {**sample.beside, name: None, alias: sample.value})
        by_name = everywhere(path, {**sample.beside, name: sample.value})
        assert [*islice(by_alias, 2)] == [*islice(by_name, 2)]


@pytest.mark.parametrize("name", [name for name in API_OPTIONS if name not in NO_VARIABLE])
def test_environment_variable_has_the_same_effect(name: str) -> None:
    """The environment variable sends and decides the same as its option, and the option wins."""
    sample, path = samples.API[name], ("flow_info", name)
    environment = {f"SINGLESTORE_FLOW_{name.upper()}": str(sample.value)}
    by_option = [*everywhere(path, {**sample.beside, name: sample.value})]
    assert by_option == [*everywhere(path, {**sample.beside, name: None}, environment)]
    wrong = dict.fromkeys(environment, "9")
    assert by_option == [*everywhere(path, {**sample.beside, name: sample.value}, wrong)]
