# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Enforces the import tables in docs/ARCHITECTURE.md by reading the imports."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.singlestore.flow.tests.unit.support.layout import MODULES, PLUGINS, ROOT, TREES, Tree, parsed

PAGE = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
EFFECTS = set(
    "asyncio concurrent datetime http io locale logging multiprocessing os pathlib platform random secrets shutil "
    "signal socket sqlite3 ssl subprocess sys tempfile threading time urllib.error urllib.request uuid".split()
)
"""The parts of the standard library that reach the clock, the environment, files, processes, threads or the network."""
ACTS = {"open", "print", "input", "environ", "getenv"}
ROOT_PACKAGE = "__init__"
"""A tree's root, which has its version and imports nothing."""
DOZEN = 12
SCREEN = 60


@dataclass(frozen=True)
class Room:
    """One row of a table."""

    name: str
    may: frozenset[str]
    must_not: frozenset[str]
    pure: bool


def rooms(heading: str) -> dict[str, Room]:
    """Return the rooms of the table below a heading."""
    (section,) = re.findall(rf"^## {heading}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:3] == "| `"]
    found = {}
    for name, may, must_not, _why in rows:
        named, forbidden = (frozenset(re.findall(r"`([^`]+)`", cell)) for cell in (may, must_not))
        found[name.strip("`")] = Room(name.strip("`"), named, forbidden, pure="effects" in must_not)
    return found


def words(path: Path) -> set[str]:
    """Return every identifier that a file uses."""
    fields = ("id", "attr", "arg", "name")
    values = (getattr(node, field, None) for node in ast.walk(parsed(path)) for field in fields)
    return {value for value in values if isinstance(value, str)}


def effects(dotted: str) -> bool:
    """Whether a module of the standard library has effects."""
    return dotted in EFFECTS or dotted.partition(".")[0] in EFFECTS


def complaints(tree: Tree, table: dict[str, Room], path: Path) -> list[str]:
    """Return the imports and words of a file that its room does not allow."""
    room = table.get(tree.room(path), Room(ROOT_PACKAGE, frozenset(), frozenset(), pure=True))
    found = sorted(words(path) & (room.must_not | (ACTS if room.pure else frozenset())))
    for dotted in tree.imports(path):
        inside, top = tree.path(dotted), dotted.partition(".")[0]
        if inside:
            allowed = tree.room(inside) in {room.name, *room.may, ROOT_PACKAGE}
        elif top in sys.stdlib_module_names:
            allowed = top in room.may or not (room.pure and effects(dotted))
        else:
            allowed = top in room.may
        if not allowed or set(dotted.split(".")) & room.must_not:
            found.append(dotted)
    return found


@pytest.mark.parametrize("heading", TREES)
def test_every_room_is_in_the_table(heading: str) -> None:
    """The table names every room exactly once."""
    tree = TREES[heading]
    assert set(rooms(heading)) == {tree.room(path) for path in tree.files()} - {ROOT_PACKAGE}


@pytest.mark.parametrize("heading", TREES)
def test_files_import_only_what_their_rooms_may(heading: str) -> None:
    """No file imports or uses anything that the table forbids for its room."""
    tree, table = TREES[heading], rooms(heading)
    assert {path: found for path in tree.files() if (found := complaints(tree, table, path))} == {}


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("_change", "import requests"),
        ("_change", "from .._http import client"),
        ("_resources", "from datetime import date"),
        ("_resources", "from .._pipeline.steps import wanted"),
        ("_http", "from .._resources import tables"),
        ("_run", "from .._resources.tables import OPTIONS"),
        ("plugin_utils", "import ansible._internal"),
        ("plugin_utils", "from ansible.module_utils import _internal"),
        ("modules", "import requests"),
    ],
)
def test_forbidden_line_is_found(room: str, line: str, tmp_path: Path) -> None:
    """A line that the table forbids is found."""
    plugins = TREES["Plugins"]
    (first, *_rest) = (path for path in plugins.files() if plugins.room(path) == room)
    copy = tmp_path / "plugins"
    for path in plugins.files():
        target = copy / path.relative_to(plugins.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    changed = copy / first.relative_to(plugins.root)
    changed.write_text(f"{first.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    assert complaints(Tree(copy, plugins.package), rooms("Plugins"), changed)


@pytest.mark.parametrize("heading", TREES)
def test_imports_go_downward(heading: str) -> None:
    """There are no import cycles, so each file can be understood from those below it."""
    tree = TREES[heading]
    left = {path: {tree.path(dotted) for dotted in tree.imports(path)} - {path} for path in tree.files()}
    while left:
        lowest = {path for path, needs in left.items() if not needs & set(left)}
        assert lowest, f"a cycle among {sorted(map(str, left))}"
        left = {path: needs for path, needs in left.items() if path not in lowest}


@pytest.mark.parametrize("heading", TREES)
def test_folder_has_at_most_a_dozen_files(heading: str) -> None:
    """A folder fits on one screen."""
    counted = Counter(path.parent for path in TREES[heading].files() if path.stem != "__init__")
    assert {folder for folder, count in counted.items() if count > DOZEN} <= {PLUGINS / "modules", PLUGINS / "action"}


@pytest.mark.parametrize("heading", TREES)
def test_functions_fit_on_a_screen(heading: str) -> None:
    """No function is longer than a screen."""
    functions = [
        (path, node)
        for path in TREES[heading].files()
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    assert [(path, node.name) for path, node in functions if (node.end_lineno or 0) - node.lineno > SCREEN] == []


def test_each_way_to_run_is_known_to_one_file() -> None:
    """AnsibleModule and the action plugin's base class are each used in only one file."""
    knowing = {
        name: [path.relative_to(PLUGINS).as_posix() for path in TREES["Plugins"].files() if name in words(path)]
        for name in ("AnsibleModule", "NormalAction")
    }
    assert knowing == {
        "AnsibleModule": ["module_utils/_run/module.py"],
        "NormalAction": ["plugin_utils/_action.py"],
    }


def test_modules_are_one_call() -> None:
    """A module is its documentation and one call."""
    for name in MODULES:
        body = parsed(PLUGINS / "modules" / f"{name}.py").body
        functions = [(node.name, len(node.body)) for node in body if isinstance(node, ast.FunctionDef)]
        assert functions == [("main", 2)], name


@pytest.mark.parametrize("heading", TREES)
def test_files_have_license_annotations_and_docstring(heading: str) -> None:
    """Each file has a license header, postponed annotations and a docstring."""
    for path in TREES[heading].files():
        text = path.read_text(encoding="utf-8")
        assert "# Copyright: (c) 2026, the singlestore.flow authors" in text, path
        assert "# SPDX-License-Identifier: GPL-3.0-or-later" in text, path
        assert "__future__" in set(TREES[heading].imports(path)), path
        assert ast.get_docstring(parsed(path)), path
