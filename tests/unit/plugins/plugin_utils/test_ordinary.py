# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What forces an ordinary module, value by value and combined; and which paths are one interpreter."""

from __future__ import annotations

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
"""Values, each of which forces an ordinary module."""
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
"""Values that do not force one."""


def test_every_condition_is_in_the_table() -> None:
    """A new condition must be added to the table."""
    assert set(ALLOWS) == set(Circumstances._fields)
    assert set(FORCES) == set(ALLOWS) - {"own_interpreter"}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in FORCES for value in FORCES[name]])
def test_value_forces_an_ordinary_module(name: str, value: Any) -> None:
    """Each of them is enough."""
    assert needs_ordinary_module(PLAIN._replace(**{name: value}))


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in ALLOWS for value in ALLOWS[name]])
def test_value_allows_ansibles_own_process(name: str, value: Any) -> None:
    """Alone, none of them forces an ordinary module."""
    assert not needs_ordinary_module(PLAIN._replace(**{name: value}))


@given(st.fixed_dictionaries({name: st.sampled_from([*ALLOWS[name], *FORCES.get(name, ())]) for name in ALLOWS}))
def test_any_forcing_value_decides(values: dict[str, Any]) -> None:
    """A combination forces an ordinary module exactly if one of its values does."""
    asking = [name for name, value in values.items() if value in FORCES.get(name, ())]
    assert needs_ordinary_module(Circumstances(**values)) == bool(asking)


@pytest.mark.parametrize("connection", ALLOWS["connection"])
def test_local_connection_is_recognized(connection: str) -> None:
    """A local connection is recognized by each of its names."""
    assert PLAIN._replace(connection=connection).local


@pytest.mark.parametrize("connection", FORCES["connection"])
def test_other_connection_is_not_local(connection: str) -> None:
    """Any other connection is, or may be, another host."""
    assert not PLAIN._replace(connection=connection).local


@pytest.mark.parametrize("interpreter", [*ALLOWS["interpreter"], *FORCES["interpreter"]])
def test_chosen_interpreter_is_recognized(interpreter: str) -> None:
    """An interpreter is asked for unless Ansible chooses it."""
    left_to_ansible = interpreter in ALLOWS["interpreter"] and interpreter != OWN
    assert PLAIN._replace(interpreter=interpreter).interpreter_unasked == left_to_ansible


# Interpreters


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder like that of an installed Python: python3.13 and its other names."""
    return _linked(tmp_path / "base" / "bin", None)


def _linked(folder: Path, origin: Path | None) -> Path:
    """Return a ``bin`` folder: one python, a file or a link to the origin's, and two links to it."""
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
def test_names_in_one_environment_are_one_interpreter(base: Path, tmp_path: Path, one: str, other: str) -> None:
    """All names in one environment are one interpreter; another environment of the same Python is another one."""
    environment = _linked(tmp_path / "environment" / "bin", base)
    another = _linked(tmp_path / "another" / "bin", base)
    for folder in (base, environment):
        assert same_interpreter(str(folder / one), str(folder / other))
    for folder in (base, another):
        assert not same_interpreter(str(environment / one), str(folder / other))
        assert not same_interpreter(str(folder / one), str(environment / other))


def test_environment_by_another_path_is_the_same_interpreter(base: Path, tmp_path: Path) -> None:
    """A link to an environment's folder, and a path with ``..``, lead to the same interpreter."""
    environment = _linked(tmp_path / "environment" / "bin", base)
    (tmp_path / "link").symlink_to(tmp_path / "environment")
    own = str(environment / "python")
    assert same_interpreter(str(tmp_path / "link" / "bin" / "python3"), own)
    assert same_interpreter(f"{tmp_path}/environment/../environment/bin/python", own)


def test_another_version_is_another_interpreter(base: Path, tmp_path: Path) -> None:
    """Two versions in the same folder are two interpreters."""
    (base / "python3.12").write_text("#!/bin/sh\n")
    assert not same_interpreter(str(base / "python3.12"), str(base / "python3.13"))


@pytest.mark.parametrize("asked", ["python", "python3", "bin/python", "./python", "", "none", "/nowhere/bin/python"])
def test_unknown_name_is_another_interpreter(base: Path, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative or unknown name is another interpreter, even if its folder exists."""
    monkeypatch.chdir(base)
    assert not same_interpreter(asked, str(base / "python"))
