# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep the bytecode of what the plugins import.

Ansible keeps the bytecode of a plugin in ``__pycache__``, but compiles what the plugin imports from its collection
anew in each process. Here, that takes as long as all the rest of a task.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader

COLLECTION = __name__.partition(".plugins.")[0]


class Finder(MetaPathFinder):
    """Finds the Python files of this collection, where Ansible has found their folders, for Python's own loader."""

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """Return the spec of a file; None for a folder and for everything else, which Ansible finds."""
        if not fullname.startswith(f"{COLLECTION}.plugins."):
            return None
        specs = (_files(folder).find_spec(fullname) for folder in path or ())
        return next((spec for spec in specs if spec and spec.loader), None)


@cache
def _files(folder: str) -> FileFinder:
    """Return the finder of a folder's files, which lists it once, and again if it has changed."""
    return FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES))


@contextmanager
def bytecode_kept() -> Iterator[None]:
    """Import what is imported meanwhile from its bytecode, and write that where it is missing or old."""
    finder = Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
