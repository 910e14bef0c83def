# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folders of the collection and the imports of their files, read without importing them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = ROOT / "plugins"
EMULATOR = ROOT / "roles" / "flow_emulator" / "files" / "flow_emulator"


def stems(folder: Path) -> set[str]:
    """Return the names of the Python files in a folder."""
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


MODULES = sorted(stems(PLUGINS / "modules"))


def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@dataclass(frozen=True)
class Tree:
    """A tree of Python files and the dotted name of its root."""

    root: Path
    package: str

    def files(self) -> list[Path]:
        """Return the Python files of the tree."""
        return sorted(self.root.rglob("*.py"))

    def room(self, path: Path) -> str:
        """Return a file's room: its folder below the root, or below ``module_utils``."""
        parts = [part for part in path.relative_to(self.root).with_suffix("").parts if part != "module_utils"]
        return parts[0]

    def imports(self, path: Path) -> Iterator[str]:
        """Yield a file's imports as absolute dotted names, down to the file for those in the tree."""
        own = [*self.package.split("."), *path.relative_to(self.root).with_suffix("").parts]
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                beside = own[: -node.level] if node.level else []
                origin = ".".join([*beside, *([node.module] if node.module else [])])
                yield from {self._file_or(origin, alias.name) for alias in node.names}

    def _file_or(self, origin: str, name: str) -> str:
        found = self.path(f"{origin}.{name}")
        return f"{origin}.{name}" if found else origin

    def path(self, dotted: str) -> Path | None:
        """Return the file of the tree that a dotted name refers to, if any."""
        if not f"{dotted}.".startswith(f"{self.package}."):
            return None
        place = self.root.joinpath(*dotted[len(self.package) + 1 :].split("."))
        return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


TREES = {
    "Plugins": Tree(PLUGINS, "ansible_collections.singlestore.flow.plugins"),
    "Emulator": Tree(EMULATOR, "flow_emulator"),
}
"""The trees by their heading in docs/ARCHITECTURE.md."""
