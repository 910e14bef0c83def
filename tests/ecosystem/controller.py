# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for an automation controller's API: the part that awx.awx uses, as strict as the real one.

It keeps objects, and validates, normalizes and masks them like a controller. It does not run jobs:
``jobs.py`` runs them from the objects kept here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

TOKEN = "controller-token"
STOP_SECONDS = 60
ENCRYPTED = "$encrypted$"

TYPES = {
    "organizations": "organization",
    "credential_types": "credential_type",
    "credentials": "credential",
    "execution_environments": "execution_environment",
    "projects": "project",
    "inventories": "inventory",
    "hosts": "host",
    "job_templates": "job_template",
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "credential_types": {"managed": False, "inputs": {}, "injectors": {}},
    "credentials": {"inputs": {}},
    "projects": {"scm_type": "", "scm_url": "", "scm_branch": "", "scm_revision": ""},
    "inventories": {"kind": "", "host_filter": None, "variables": ""},
    "hosts": {"enabled": True, "variables": ""},
    "job_templates": {"job_type": "run", "job_tags": "", "diff_mode": False, "extra_vars": ""},
}
QUESTION_TYPES = ("text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float")


class Refused(Exception):
    """An answer with status 400: a field, and what is wrong with it."""


class Controller:
    """The objects of a controller, by endpoint and number."""

    def __init__(self, playbooks: set[str]) -> None:
        self.playbooks = playbooks
        self.writes: list[tuple[str, str]] = []
        self.objects: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in TYPES}
        self.surveys: dict[int, dict[str, Any]] = {}
        self.attached: dict[int, list[int]] = {}
        self._last = 0
        self.create("organizations", {"name": "Default"})
        self.writes.clear()

    def named(self, endpoint: str, name: str) -> dict[str, Any]:
        """Return the one object of that name, with its secrets."""
        (found,) = (item for item in self.objects[endpoint].values() if item["name"] == name)
        return found

    def find(self, endpoint: str, query: dict[str, str]) -> list[dict[str, Any]]:
        """Return the objects that meet all conditions, or any of those that begin with ``or__``."""
        any_of = {name[4:]: value for name, value in query.items() if name.startswith("or__")}
        all_of = {name: value for name, value in query.items() if not name.startswith("or__")}

        def fits(item: dict[str, Any]) -> bool:
            chosen = not any_of or any(str(item.get(name)) == value for name, value in any_of.items())
            return chosen and all(str(item.get(name)) == value for name, value in all_of.items())

        return [self.shown(endpoint, item) for item in self.objects[endpoint].values() if fits(item)]

    def create(self, endpoint: str, given: dict[str, Any]) -> dict[str, Any]:
        """Create an object."""
        if not given.get("name"):
            raise Refused("name: This field is required.")
        number = self._last = self._last + 1
        item = {**DEFAULTS.get(endpoint, {}), **given, "id": number}
        self.check(endpoint, item)
        self.objects[endpoint][number] = item
        self.writes.append(("POST", endpoint))
        shown = self.shown(endpoint, item)
        if endpoint == "projects":
            shown["summary_fields"] = {"current_update": {"id": number}}
        return shown

    def update(self, endpoint: str, number: int, given: dict[str, Any]) -> dict[str, Any]:
        """Change an object; ``$encrypted$`` keeps a secret as it is."""
        kept = self.objects[endpoint][number]
        item = {**kept, **given}
        if endpoint == "credentials":
            item["inputs"] = {
                name: kept["inputs"].get(name) if value == ENCRYPTED else value
                for name, value in item["inputs"].items()
            }
        self.check(endpoint, item)
        self.objects[endpoint][number] = item
        self.writes.append(("PATCH", endpoint))
        return self.shown(endpoint, item)

    def check(self, endpoint: str, item: dict[str, Any]) -> None:
        """Validate an object and fill in defaults like a controller."""
        for name, target in (
            ("organization", "organizations"),
            ("project", "projects"),
            ("inventory", "inventories"),
            ("credential_type", "credential_types"),
            ("execution_environment", "execution_environments"),
        ):
            if item.get(name) is not None and item[name] not in self.objects[target]:
                raise Refused(f"{name}: Invalid pk '{item[name]}' - object does not exist.")
        if endpoint == "credential_types":
            check_inputs(item["inputs"])
            check_injectors(item["inputs"], item["injectors"])
        elif endpoint == "credentials":
            check_credential(self.objects["credential_types"][item["credential_type"]], item["inputs"])
        elif endpoint == "execution_environments" and not item.get("image"):
            raise Refused("image: This field is required.")
        elif endpoint == "job_templates" and item.get("playbook") not in self.playbooks:
            raise Refused("playbook: Playbook not found for project.")
        for name in ("variables", "extra_vars"):
            if item.get(name):
                json.loads(item[name])

    def attach(self, number: int, given: dict[str, Any]) -> None:
        """Attach a credential to a job template, or detach it."""
        attached = self.attached.setdefault(number, [])
        if given.get("disassociate"):
            attached.remove(given["id"])
        else:
            kinds = [self.objects["credentials"][each]["credential_type"] for each in attached]
            kind = self.objects["credentials"][given["id"]]["credential_type"]
            if kind in kinds:
                raise Refused(f"Cannot assign multiple credentials of the type {kind}.")
            attached.append(given["id"])
        self.writes.append(("POST", "job_templates/credentials"))

    def ask(self, number: int, survey: dict[str, Any]) -> None:
        """Save a survey."""
        check_survey(survey)
        self.surveys[number] = survey
        self.writes.append(("POST", "survey_spec"))

    def shown(self, endpoint: str, item: dict[str, Any]) -> dict[str, Any]:
        """Return an object in the API's form: with masked secrets and its own URL."""
        url = f"/api/v2/{endpoint}/{item['id']}/"
        shown = {**item, "type": TYPES[endpoint], "url": url, "related": {}, "summary_fields": {}}
        if endpoint == "credentials":
            secret = secrets_of(self.objects["credential_types"][item["credential_type"]])
            shown["inputs"] = {name: ENCRYPTED if name in secret else value for name, value in item["inputs"].items()}
        if endpoint == "job_templates":
            shown["related"] = {"survey_spec": f"{url}survey_spec/"}
        return shown


def secrets_of(credential_type: dict[str, Any]) -> set[str]:
    """Return the names of a credential type's secret fields."""
    return {field["id"] for field in credential_type["inputs"].get("fields", ()) if field.get("secret")}


def check_inputs(inputs: dict[str, Any]) -> None:
    """Refuse fields that a credential type cannot have; a field without a type is a string."""
    known = set("id label type format choices help_text multiline secret ask_at_runtime default".split())
    for field in inputs.get("fields", ()):
        if set(field) - known or not {"id", "label"} <= set(field) or field["id"] == "tower":
            raise Refused(f"inputs: {field} is not valid")
        field.setdefault("type", "string")
        if field["type"] == "boolean" and {"choices", "multiline", "format", "secret"} & set(field):
            raise Refused(f"inputs: {field} is not valid for a boolean")
    names = [field["id"] for field in inputs.get("fields", ())]
    if len(set(names)) < len(names) or set(inputs.get("required", ())) - set(names):
        raise Refused("inputs: names must be unique, and what is required must be there")


def check_injectors(inputs: dict[str, Any], injectors: dict[str, Any]) -> None:
    """Refuse injectors that use unknown inputs."""
    if set(injectors) - {"file", "env", "extra_vars"}:
        raise Refused(f"injectors: {sorted(injectors)}")
    if any(name.startswith("ANSIBLE_") for name in injectors.get("env", ())):
        raise Refused("injectors: environment variables that may affect Ansible are not allowed")
    example: dict[str, Any] = {field["id"]: "EXAMPLE" for field in inputs.get("fields", ())}
    files = {label.partition(".")[2]: "EXAMPLE" for label in injectors.get("file", ())}
    example["tower"] = {"filename": files.get("", files)}
    sandbox = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    for name, template in (pair for kind in injectors.values() for pair in kind.items()):
        try:
            sandbox.from_string(template).render(example)
        except (jinja2.TemplateError, TypeError) as error:
            raise Refused(f"injectors: {name}: {error}") from None


def check_credential(credential_type: dict[str, Any], inputs: dict[str, Any]) -> None:
    """Refuse inputs that the credential type does not have."""
    fields = {field["id"] for field in credential_type["inputs"].get("fields", ())}
    if set(inputs) - fields:
        raise Refused(f"inputs: {sorted(set(inputs) - fields)} are not fields of {credential_type['name']}")


def check_survey(survey: dict[str, Any]) -> None:
    """Refuse a survey that a controller would not accept."""
    if set(survey) != {"name", "description", "spec"} or not survey["spec"]:
        raise Refused("survey: name, description and questions are needed")
    for question in survey["spec"]:
        if {"type", "question_name", "variable", "required"} - set(question):
            raise Refused(f"survey: {question} lacks something")
        if question["type"] not in QUESTION_TYPES or not isinstance(question["required"], bool):
            raise Refused(f"survey: {question} has a type that is not known")
        default = question.get("default")
        if question["type"] == "multiplechoice" and default and default not in question["choices"]:
            raise Refused(f"survey: the default of {question['variable']} is not a choice")
        if not all(isinstance(choice, str) for choice in question.get("choices", ())):
            raise Refused(f"survey: the choices of {question['variable']} must be strings")


class Handler(BaseHTTPRequestHandler):
    """HTTP for the server's controller."""

    server: Server

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        self.answer("GET")

    def do_POST(self) -> None:
        self.answer("POST")

    def do_PATCH(self) -> None:
        self.answer("PATCH")

    def answer(self, method: str) -> None:
        """Answer one request."""
        length = int(self.headers.get("Content-Length") or 0)
        given = json.loads(self.rfile.read(length) or "{}")
        address = urlsplit(self.path)
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status, body = 401, {"detail": "Authentication credentials were not provided."}
        else:
            parts = address.path.removeprefix("/api/v2/").strip("/").split("/")
            with self.server.lock:
                status, body = self.route(method, parts, dict(parse_qsl(address.query)), given)
        self.reply(status, body)

    def route(self, method: str, parts: list[str], query: dict[str, str], given: Any) -> tuple[int, Any]:
        """Return the status and body of the answer."""
        controller, endpoint = self.server.controller, parts[0]
        if endpoint == "project_updates":
            return 200, {"id": int(parts[1]), "status": "successful"}
        if endpoint not in TYPES:
            return 404, {"detail": "Not found."}
        try:
            if method == "GET" and len(parts) == 1:
                return 200, listed(controller.find(endpoint, query))
            if method == "POST" and len(parts) == 1:
                return 201, controller.create(endpoint, given)
            if method == "PATCH":
                return 200, controller.update(endpoint, int(parts[1]), given)
            return below_job_template(controller, method, int(parts[1]), parts[2], given)
        except Refused as problem:
            return 400, {"detail": str(problem), "error": str(problem)}

    def reply(self, status: int, body: Any) -> None:
        """Send an answer."""
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    """A server on any free loopback port."""

    daemon_threads = True

    def __init__(self, controller: Controller) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.controller = controller
        self.lock = threading.Lock()


def listed(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a page with all results."""
    return {"count": len(items), "next": None, "previous": None, "results": items}


def below_job_template(controller: Controller, method: str, number: int, what: str, given: Any) -> tuple[int, Any]:
    """Return the status and body for a request about a job template's credentials or survey."""
    if (method, what) == ("GET", "credentials"):
        return 200, listed([{"id": each} for each in controller.attached.get(number, [])])
    if (method, what) == ("GET", "survey_spec"):
        return 200, controller.surveys.get(number, {})
    if what == "credentials":
        controller.attach(number, given)
        return 204, None
    controller.ask(number, given)
    return 200, {}


@contextmanager
def serve(controller: Controller) -> Iterator[str]:
    """Serve a controller; yield its URL."""
    server = Server(controller)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(STOP_SECONDS)
        server.server_close()
