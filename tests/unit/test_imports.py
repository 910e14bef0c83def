# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which file may import which: the rooms of the house, held by reading the imports."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.layout import (
    EMULATOR,
    MODULES,
    PLUGINS,
    UTILS,
    imports,
    parsed,
)

SHELLS = {"_client", "_pace", "_run"}
"""The files with effects; every other one is pure."""
PURE = [name for name in UTILS if name not in SHELLS]
EFFECTS = {
    "asyncio",
    "concurrent",
    "datetime",
    "http",
    "io",
    "locale",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "platform",
    "random",
    "secrets",
    "shutil",
    "signal",
    "socket",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "uuid",
}
EXITS = {"AnsibleModule", "check_mode", "fail_json", "exit_json"}


def utility(name: str) -> Path:
    """Return a file of module_utils."""
    return PLUGINS / "module_utils" / f"{name}.py"


def words(path: Path) -> set[str]:
    """Return every identifier that a file uses."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.add(value)
    return found


def resources() -> set[str]:
    """Return the files that a module hands to the runner."""
    return {
        name[1:]
        for module in MODULES
        for name in imports(PLUGINS / "modules" / f"{module}.py")
        if name.startswith("._")
    } - SHELLS


@pytest.mark.parametrize("name", PURE)
def test_pure_files(name: str) -> None:
    """The standard library without clock, environment and effects, and pure files beside it."""
    for imported in imports(utility(name)):
        top = imported.partition(".")[0]
        if imported.startswith("."):
            assert imported[1:] in PURE, imported
        else:
            assert top in sys.stdlib_module_names, imported
            assert top not in EFFECTS, imported
            assert imported not in ("urllib.request", "urllib.error"), imported
    assert not words(utility(name)) & {"open", "print", "input", "environ", "getenv"}


@pytest.mark.parametrize("name", UTILS)
def test_only_the_client_speaks_http(name: str) -> None:
    """requests and urllib3 are imported in one file."""
    tops = {imported.partition(".")[0] for imported in imports(utility(name))}
    assert (name == "_client") == bool(tops & {"requests", "urllib3"})
    assert "ansible.module_utils.urls" not in set(imports(utility(name)))


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.py")), ids=lambda path: path.stem)
def test_only_the_runner_exits(path: Path) -> None:
    """One file knows AnsibleModule, check mode and how to leave."""
    assert (path == utility("_run")) == bool(words(path) & EXITS)


def test_client_and_runner_know_no_resource() -> None:
    """Resource files are passed in."""
    assert resources() == {"_connection", "_license", "_schedule", "_table", "_extract", "_info", "_pipeline"}
    for shell in SHELLS:
        assert not {f".{name}" for name in resources()} & set(imports(utility(shell)))
    assert "ansible" not in {name.partition(".")[0] for name in imports(utility("_client"))}
    assert "._run" not in set(imports(utility("_client")))


def test_imports_go_downward() -> None:
    """No circle: each file can be understood from those below it."""
    left = {name: {imported[1:] for imported in imports(utility(name)) if imported.startswith("._")} for name in UTILS}
    while left:
        lowest = {name for name, needs in left.items() if not needs & set(left)}
        assert lowest, f"a circle among {sorted(left)}"
        left = {name: needs for name, needs in left.items() if name not in lowest}


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_one_call(name: str) -> None:
    """A module imports its resource file and the runner, and calls it."""
    path = PLUGINS / "modules" / f"{name}.py"
    beside = {imported for imported in imports(path) if imported != "__future__"}
    assert len(beside) == 2
    assert "._run" in beside
    (main,) = [node for node in parsed(path).body if isinstance(node, ast.FunctionDef)]
    assert main.name == "main"
    assert len(main.body) == 2


@pytest.mark.parametrize("path", sorted(EMULATOR.rglob("*.py")), ids=lambda path: path.stem)
def test_emulator_knows_nothing_of_the_plugins(path: Path) -> None:
    """Client and server cannot share a mistake."""
    assert not [
        name for name in imports(path) if name.startswith("ansible") or "plugins" in name or name == ".module_utils"
    ]
    assert "ansible_collections" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted([*PLUGINS.rglob("*.py"), *EMULATOR.rglob("*.py")]), ids=lambda path: path.stem)
def test_every_file_says_whose_it_is(path: Path) -> None:
    """Licence, postponed annotations and a docstring."""
    text = path.read_text(encoding="utf-8")
    assert "# Copyright: (c) 2026, the singlestore.flow authors" in text
    assert "# SPDX-License-Identifier: GPL-3.0-or-later" in text
    assert "__future__" in set(imports(path))
    assert ast.get_docstring(parsed(path))
