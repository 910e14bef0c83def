# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What forces an ordinary module: a table, each line alone and all of them together; and which paths are one interpreter."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.plugin_utils._ordinary import (
    Circumstances,
    needs_ordinary_module,
    same_interpreter,
)
from hypothesis import given
from hypothesis import strategies as st

OWN = "/opt/ansible/bin/python3"
PLAIN = Circumstances(connection="local", interpreter="auto", own_interpreter=OWN, platform="linux")

FORCES: dict[str, list[Any]] = {
    "connection": ["ssh", "ansible.builtin.ssh", "community.docker.docker", "elsewhere", "Local", ""],
    "interpreter": ["/usr/bin/python3", "/opt/other/bin/python3", "python3", "/usr/bin/env python3", "", "automatic"],
    "platform": ["darwin"],
    "switched_on": [False],
    "become": [True],
    "asynchronous": [True],
    "environment": [True],
    "keeps_files": [True],
}
"""Values, each of which asks for an ordinary module by itself."""
ALLOWS: dict[str, list[Any]] = {
    "connection": ["local", "ansible.builtin.local", "ansible.legacy.local"],
    "interpreter": ["auto", "auto_silent", "auto_legacy", "auto_legacy_silent", OWN],
    "own_interpreter": [OWN],
    "platform": ["linux", "freebsd14"],
    "switched_on": [True],
    "become": [False],
    "asynchronous": [False],
    "environment": [False],
    "keeps_files": [False],
}
"""Values that do not."""


def test_every_circumstance_is_in_the_table() -> None:
    """A new one cannot be forgotten."""
    assert set(ALLOWS) == {field.name for field in fields(Circumstances)}
    assert set(FORCES) == set(ALLOWS) - {"own_interpreter"}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in FORCES for value in FORCES[name]])
def test_forces(name: str, value: Any) -> None:
    """Each alone."""
    assert needs_ordinary_module(replace(PLAIN, **{name: value}))


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in ALLOWS for value in ALLOWS[name]])
def test_allows(name: str, value: Any) -> None:
    """Each alone."""
    assert not needs_ordinary_module(replace(PLAIN, **{name: value}))


@given(st.fixed_dictionaries({name: st.sampled_from([*ALLOWS[name], *FORCES.get(name, ())]) for name in ALLOWS}))
def test_any_combination(values: dict[str, Any]) -> None:
    """An ordinary module if one of them asks for it, and only then."""
    asking = [name for name, value in values.items() if value in FORCES.get(name, ())]
    assert needs_ordinary_module(Circumstances(**values)) == bool(asking)


@pytest.mark.parametrize("connection", ALLOWS["connection"])
def test_is_local(connection: str) -> None:
    """Under each of its names."""
    assert replace(PLAIN, connection=connection).local


@pytest.mark.parametrize("connection", FORCES["connection"])
def test_is_not_local(connection: str) -> None:
    """Anything else is another host, or may be."""
    assert not replace(PLAIN, connection=connection).local


@pytest.mark.parametrize("interpreter", [*ALLOWS["interpreter"], *FORCES["interpreter"]])
def test_is_an_interpreter_asked_for(interpreter: str) -> None:
    """Unless it is left to Ansible to choose one."""
    left_to_ansible = interpreter in ALLOWS["interpreter"] and interpreter != OWN
    assert replace(PLAIN, interpreter=interpreter).interpreter_unasked == left_to_ansible


# Interpreters


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The folder of a Python as it is installed: python3.13, and its other names."""
    return _linked(tmp_path / "base" / "bin", None)


def _linked(folder: Path, origin: Path | None) -> Path:
    """Return a ``bin`` folder: one python that is a file, or leads to the origin's, and two that lead to it."""
    folder.mkdir(parents=True)
    if origin:
        (folder / "python").symlink_to(origin / "python3.13")
        names = {"python3": "python", "python3.13": "python"}
    else:
        (folder / "python3.13").write_text("#!/bin/sh\n")
        names = {"python3": "python3.13", "python": "python3"}
    for name, target in names.items():
        (folder / name).symlink_to(target)
    return folder


@pytest.mark.parametrize("one", ["python", "python3", "python3.13"])
@pytest.mark.parametrize("other", ["python", "python3", "python3.13"])
def test_names_of_one_interpreter(base: Path, tmp_path: Path, one: str, other: str) -> None:
    """All names in one environment are one interpreter; another environment's on the same base is another."""
    environment = _linked(tmp_path / "environment" / "bin", base)
    another = _linked(tmp_path / "another" / "bin", base)
    for folder in (base, environment):
        assert same_interpreter(str(folder / one), str(folder / other))
    for folder in (base, another):
        assert not same_interpreter(str(environment / one), str(folder / other))
        assert not same_interpreter(str(folder / one), str(environment / other))


def test_environment_by_another_path(base: Path, tmp_path: Path) -> None:
    """A link to the folder of an environment, and a path with detours, lead to the same interpreter."""
    environment = _linked(tmp_path / "environment" / "bin", base)
    (tmp_path / "link").symlink_to(tmp_path / "environment")
    own = str(environment / "python")
    assert same_interpreter(str(tmp_path / "link" / "bin" / "python3"), own)
    assert same_interpreter(f"{tmp_path}/environment/../environment/bin/python", own)


def test_another_python_beside_it(base: Path, tmp_path: Path) -> None:
    """Two versions in one folder are two interpreters."""
    (base / "python3.12").write_text("#!/bin/sh\n")
    assert not same_interpreter(str(base / "python3.12"), str(base / "python3.13"))


@pytest.mark.parametrize("asked", ["python", "python3", "bin/python", "./python", "", "none", "/nowhere/bin/python"])
def test_what_cannot_be_known(base: Path, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative or unknown name is another interpreter, even where its folder is at hand."""
    monkeypatch.chdir(base)
    assert not same_interpreter(asked, str(base / "python"))
