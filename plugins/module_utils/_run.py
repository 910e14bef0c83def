# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one AnsibleModule file: options in, a plan sent or not, a result out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

from ._client import HAS_REQUESTS, Client
from ._errors import FlowError, InvalidError
from ._jdbc import secrets_of
from ._plan import Answers, Get, Pipeline, Plan, Resource, State
from ._redact import redactor
from ._settings import Settings
from ._settle import accepted, judged, remaining, unread


def _from_environment(name: str, **spec: Any) -> dict[str, Any]:
    return {**spec, "fallback": (env_fallback, [f"SINGLESTORE_FLOW_{name}"])}


API_OPTIONS: dict[str, Any] = {
    "api_url": _from_environment("API_URL", type="str", required=True),
    "api_token": _from_environment("API_TOKEN", type="str", no_log=True),
    "api_username": _from_environment("API_USERNAME", type="str"),
    "api_password": _from_environment("API_PASSWORD", type="str", no_log=True),
    "api_timeout": _from_environment("API_TIMEOUT", type="float", default=30),
    "api_retries": _from_environment("API_RETRIES", type="int", default=3),
    "validate_certs": _from_environment("VALIDATE_CERTS", type="bool", default=True),
    "ca_path": _from_environment("CA_PATH", type="path"),
    "client_cert": _from_environment("CLIENT_CERT", type="path"),
    "client_key": _from_environment("CLIENT_KEY", type="path"),
}
CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("api_token", "api_username")],
    "required_together": [("api_username", "api_password")],
    "required_by": {"client_key": ["client_cert"]},
}


class FlowModule(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule whose every failure has the contract's shape and whose every output is free of secrets."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(argument_spec={**API_OPTIONS, **options}, supports_check_mode=True, **CONSTRAINTS)

    def _load_params(self) -> None:
        # The earliest moment at which they are known: validation and the system log come after it.
        super()._load_params()
        self.no_log_values.update(_inline_secrets(self.params))

    def client(self, *, concurrency: int) -> Client:
        """Return the client that the ``api_*`` options describe, or leave with what is wrong with them."""
        if not HAS_REQUESTS:
            self.fail_json(msg=missing_required_lib("requests"))
        try:
            settings = Settings.from_options(self.params)
            self.warn_all(settings.warnings())
            return Client(settings, concurrency=concurrency)
        except FlowError as error:
            self.fail(error)

    def exit_json(self, **result: Any) -> NoReturn:
        """Leave with a result."""
        super().exit_json(**self._redacted(result))
        raise AssertionError("exit_json returned")

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Leave with a failure; what Ansible itself refuses is an invalid option."""
        result.setdefault("failure", InvalidError(msg).failure())
        super().fail_json(**self._redacted({**result, "msg": msg}))
        raise AssertionError("fail_json returned")

    def fail(self, error: FlowError, **result: Any) -> NoReturn:
        """Leave with one of our errors."""
        self.fail_json(msg=error.message, failure=error.failure(), **result)

    def warn_all(self, warnings: tuple[str, ...]) -> None:
        """Show warnings, without secrets."""
        for warning in warnings:
            self.warn(self._redacted(warning))

    def _redacted(self, value: Any) -> Any:
        return redactor(self.no_log_values)(value)


def _inline_secrets(value: Any) -> Iterator[str]:
    """Yield the passwords inside URLs, at any depth of the options and however mistyped their names."""
    if isinstance(value, str) and ("://" in value or value.startswith("jdbc:")):
        yield from secrets_of(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _inline_secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _inline_secrets(item)


@dataclass(frozen=True)
class Outcome:
    """What became of a resource; ``error`` is set when it failed after something had been sent that writes."""

    plan: Plan
    result: dict[str, Any]
    error: FlowError | None = None


class Reads:
    """The GETs of one task: a resource that was read is remembered, until it is read again after a write."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._answers: dict[tuple[str, ...], Any] = {}

    def get(self, *segments: str) -> Any:
        """Return an answer, from memory if there is one."""
        if segments not in self._answers:
            self.get_again(*segments)
        return self._answers[segments]

    def get_again(self, *segments: str) -> Any:
        """Return a fresh answer, and remember it."""
        self._answers[segments] = self._get(*segments)
        return self._answers[segments]


def run(resource: Resource[Any]) -> None:
    """Run a module that manages one resource."""
    module = FlowModule(resource.OPTIONS)
    try:
        desired = resource.desired(module.params)
        with module.client(concurrency=module.params.get("concurrency") or 1) as client:
            outcome = apply(resource, desired, client, Reads(client.get), module)
    except FlowError as error:
        module.fail(error)
    shown = {"changed": outcome.plan.changed, **outcome.result}
    if module._diff and outcome.plan.after is not None:
        shown["diff"] = outcome.plan.diff()
    if outcome.error:
        module.fail(outcome.error, **shown)
    module.exit_json(**shown)


def run_pipeline(pipeline: Pipeline) -> None:
    """Run the module that manages a whole pipeline: one step after the other, until one fails."""
    module = FlowModule(pipeline.OPTIONS)
    done: list[Any] = []
    failed: tuple[str, FlowError] | None = None
    try:
        steps = pipeline.steps(module.params)
    except FlowError as error:
        module.fail(error)
    with module.client(concurrency=pipeline.concurrency(module.params)) as client:
        reads = Reads(client.get)
        for step in pipeline.walk(module.params, steps, done, predicted=module.check_mode):
            try:
                outcome = apply(step.resource, step.desired, client, reads, module)
            except FlowError as error:
                failed = (step.name, error)
                break
            done.append(pipeline.Done(step, outcome.plan, outcome.result))
            if outcome.error:
                failed = (step.name, outcome.error)
                break
    shown = pipeline.result(done, failed[0] if failed else None)
    if module._diff:
        shown["diff"] = pipeline.diff(done)
    if failed:
        name, cause = failed
        module.fail(cause.restated(type(cause), f"{name}: {cause.message}"), **shown)
    module.exit_json(**shown)


def apply(resource: Resource[Any], desired: Any, client: Client, reads: Reads, module: FlowModule) -> Outcome:
    """Read, plan, test, send unless in check mode, and read again; warn on the way."""
    current = resource.read(reads.get, desired)
    plan = resource.plan(desired, current)
    module.warn_all(plan.warnings)
    if plan.pending and not module.check_mode:
        raise InvalidError(plan.pending)
    answers = [accepted(request, client.send(request)) for request in plan.tests]
    if module.check_mode and plan.requests:
        return Outcome(plan, resource.result(desired, plan, plan.after, answers))
    error = None
    if plan.requests:
        outcomes = [judged(*sent) for sent in zip(plan.requests, client.send_all(plan.requests))]
        answers += outcomes
        current, error = _settle(resource, desired, plan, current, reads, outcomes)
    if error is None:
        module.warn_all(resource.remarks(desired, current))
    return Outcome(plan, resource.result(desired, plan, current, answers), error)


def _settle(
    resource: Resource[Any], desired: Any, plan: Plan, previous: State, reads: Reads, outcomes: Answers
) -> tuple[State, FlowError | None]:
    """Read what was written, and return the state with the error that remains, if any."""
    failed = [(request, error) for request, error in zip(plan.requests, outcomes) if isinstance(error, FlowError)]
    if plan.requests[0].operation:
        return plan.after, failed[0][1] if failed else None
    if failed and not plan.requests[0].subject and not failed[0][1].uncertain:
        return plan.before, failed[0][1]
    try:
        current = resource.read(reads.get_again, desired)
        unmet = resource.unmet(desired, plan, current)
    except FlowError as error:
        return plan.before, unread(error, failed)
    return current, remaining(plan, failed, unmet, moved=current != previous)
