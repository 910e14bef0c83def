# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where things are: the folders of the collection, read and not imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = ROOT / "plugins"
EMULATOR = ROOT / "roles" / "flow_emulator" / "files" / "flow_emulator"


def stems(folder: Path) -> set[str]:
    """Return the names of the Python files in a folder."""
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


MODULES = sorted(stems(PLUGINS / "modules"))
UTILS = sorted(stems(PLUGINS / "module_utils"))


def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Yield what a file imports, as dotted names; ``._plan`` for what is beside it."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            if node.module and origin.startswith((".", "ansible_collections.singlestore.flow.plugins.m")):
                inside = "." + origin.rpartition(".")[2]
                yield from [f".{alias.name}" for alias in node.names] if inside in (".module_utils",) else [inside]
            elif node.level:
                yield from (f".{alias.name}" for alias in node.names)
            else:
                yield origin
