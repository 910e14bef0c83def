# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the stand-in's job templates with ansible-runner, and injects credentials like a controller."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ansible_runner
import yaml
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tests.ecosystem.controller import Controller
from tests.ecosystem.world import Ansible

SANDBOX = ImmutableSandboxedEnvironment()


@dataclass(frozen=True)
class Job:
    """How a job ended, and its whole output."""

    status: str
    stats: Mapping[str, Any]
    shown: str


def launch(
    controller: Controller, template: str, answers: Mapping[str, str], *, project: Path, folder: Path, ansible: Ansible
) -> Job:
    """Run a job template with the answers to its survey, in a separate private data folder."""
    job = controller.named("job_templates", template)
    data = folder / "private"
    shutil.copytree(project, data / "project")
    (data / "inventory").mkdir()
    (data / "inventory" / "hosts.yml").write_text(yaml.safe_dump(inventory_of(controller, job["inventory"])))
    (data / "env").mkdir()
    environment, arguments = injected(controller, controller.attached.get(job["id"], []), data / "env")
    arguments += ["--extra-vars", json.dumps(dict(answers))]
    arguments += ["--check"] if job["job_type"] == "check" else []
    arguments += ["--diff"] if job["diff_mode"] else []
    arguments += ["--tags", job["job_tags"]] if job["job_tags"] else []
    runner = ansible_runner.run(
        private_data_dir=str(data),
        playbook=job["playbook"],
        cmdline=" ".join(map(quoted, arguments)),
        envvars={**ansible.environment, **environment},
        quiet=True,
        settings={"suppress_env_files": True},
    )
    assert runner.rc is not None
    events = "".join(map(json.dumps, runner.events))
    with runner.stdout as stdout:
        return Job(runner.status, runner.stats or {}, events + stdout.read())


def quoted(argument: str) -> str:
    """Return an argument in the form of ansible-runner's command line."""
    return f"'{argument}'" if " " in argument else argument


def inventory_of(controller: Controller, number: int) -> dict[str, Any]:
    """Return an inventory in the form of a controller's inventory script."""
    hosts = [host for host in controller.objects["hosts"].values() if host["inventory"] == number]
    variables = controller.objects["inventories"][number]["variables"]
    return {
        "all": {
            "hosts": {host["name"]: json.loads(host["variables"] or "{}") for host in hosts},
            "vars": json.loads(variables or "{}"),
        }
    }


def injected(controller: Controller, credentials: list[int], folder: Path) -> tuple[dict[str, str], list[str]]:
    """Return the environment and arguments from credentials; their files are written to the folder."""
    environment: dict[str, str] = {}
    arguments: list[str] = []
    for number in credentials:
        credential = controller.objects["credentials"][number]
        injectors = controller.objects["credential_types"][credential["credential_type"]]["injectors"]
        values = {**credential["inputs"], "tower": SimpleNamespace(filename=SimpleNamespace())}
        for label, template in injectors.get("file", {}).items():
            file = folder / f"credential-{number}-{label}"
            file.write_text(SANDBOX.from_string(template).render(values))
            setattr(values["tower"].filename, label.partition(".")[2], str(file))
        for name, template in injectors.get("env", {}).items():
            environment[name] = SANDBOX.from_string(template).render(values)
        variables = {
            name: SANDBOX.from_string(template).render(values)
            for name, template in injectors.get("extra_vars", {}).items()
        }
        if variables:
            file = folder / f"credential-{number}-variables"
            file.write_text(yaml.safe_dump(variables))
            arguments += ["--extra-vars", f"@{file}"]
    return environment, arguments
