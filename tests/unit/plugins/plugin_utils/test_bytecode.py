# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bytecode of what plugins import is kept."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.singlestore.flow.plugins.plugin_utils._bytecode import COLLECTION, Finder, bytecode_kept
from ansible_collections.singlestore.flow.tests.unit.support.layout import PLUGINS

LOADS = f"""
import sys
from ansible.plugins.loader import {{kind}}_loader as loader, init_plugin_loader

compiled = []
sys.addaudithook(lambda event, about: compiled.append(str(about[1])) if event == "compile" else None)
init_plugin_loader()
assert loader.get("{COLLECTION.partition(".")[2]}.{{name}}", class_only=True)
print("\\n".join(compiled))
"""


def compiled(folder: Path, kind: str, name: str) -> set[str]:
    """Load a plugin in a new process; return the files of the rooms that were compiled."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    program = LOADS.format(kind=kind, name=name)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**env, "ANSIBLE_COLLECTIONS_PATH": str(folder)},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return {
        line for line in done.stdout.splitlines() if "module_utils" in line and COLLECTION.replace(".", "/") in line
    }


@pytest.mark.parametrize(
    ("kind", "name"), [("action", "flow_pipeline"), ("lookup", "pipeline_options"), ("filter", "pipeline_steps")]
)
def test_second_process_compiles_nothing(tmp_path: Path, kind: str, name: str) -> None:
    """Unless a file has changed."""
    plugins = tmp_path / COLLECTION.replace(".", "/") / "plugins"
    shutil.copytree(PLUGINS, plugins, ignore=shutil.ignore_patterns("__pycache__"))
    assert len(compiled(tmp_path, kind, name)) > 10
    assert compiled(tmp_path, kind, name) == set()
    changed = plugins / "module_utils/_change/errors.py"
    changed.write_text(f"{changed.read_text(encoding='utf-8')}\n# changed\n", encoding="utf-8")
    assert [Path(file).name for file in compiled(tmp_path, kind, name)] == ["errors.py"]


@pytest.mark.parametrize(
    "name", ["json", "ansible.errors", f"{COLLECTION}.plugins.module_utils._change", f"{COLLECTION}.plugins.missing"]
)
def test_only_files_of_this_collection_are_found(name: str) -> None:
    """Everything else, folders too, is left to Ansible."""
    assert Finder().find_spec(name, [str(PLUGINS), str(PLUGINS / "module_utils")]) is None


def test_file_is_found_where_ansible_found_its_folder(tmp_path: Path) -> None:
    """In the first folder that has it."""
    folders = [str(tmp_path), str(PLUGINS / "module_utils/_change")]
    spec = Finder().find_spec(f"{COLLECTION}.plugins.module_utils._change.errors", folders)
    assert spec is not None
    assert spec.origin == str(PLUGINS / "module_utils/_change/errors.py")
    assert Finder().find_spec(f"{COLLECTION}.plugins.module_utils._change.errors", None) is None


def test_import_system_is_left_as_it_was() -> None:
    """Also if an import fails."""
    before = list(sys.meta_path)
    with contextlib.suppress(ImportError), bytecode_kept():
        assert isinstance(sys.meta_path[0], Finder)
        raise ImportError
    assert sys.meta_path == before
