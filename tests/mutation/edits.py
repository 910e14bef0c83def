# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Edits of the role and the playbooks: each is made in a copy, and the tests that should notice are run.

``python -m tests.mutation.edits playbooks/demo.yml`` takes a file alone, ``--list`` shows the edits. What no
test notices must be in edits.yml with its reason; at least nine of ten are noticed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import yaml

ROOT = Path(__file__).resolve().parents[2]
KNOWN = Path(__file__).with_name("edits.yml")
SECONDS = 300
WIRING = "tests/functional/wiring"
TESTS: dict[str, list[list[str]]] = {
    "roles/flow_pipeline/tasks/main.yml": [
        [f"{WIRING}/test_role_options.py"],
        [f"{WIRING}/test_role_decisions.py"],
        [f"{WIRING}/test_pipeline_playbook.py", "-k", "test_tag"],
    ],
    "roles/flow_pipeline/defaults/main.yml": [[f"{WIRING}/test_role_decisions.py"]],
    "roles/flow_pipeline/meta/argument_specs.yml": [["tests/unit/test_documentation.py", "-k", "role"]],
    "playbooks/pipeline.yml": [[f"{WIRING}/test_pipeline_playbook.py"]],
    "playbooks/demo.yml": [[f"{WIRING}/test_demo_playbook.py"]],
    "playbooks/awx_setup.yml": [[f"{WIRING}/test_awx_setup.py"]],
    "playbooks/vars/awx.yml": [[f"{WIRING}/test_awx_setup.py"]],
}
"""For each file the tests that should notice, the quickest first."""
WORDS = {"author", "description", "fail_msg", "label", "quiet", "question_description", "question_name"} | {
    "short_description",
    "version_added",
}
"""What is for people to read."""
SWAPS = (
    (r" \| default\([^()]*\)", ""),
    (r"\bnot ", ""),
    (r"\band\b", "or"),
    (r"\bor\b", "and"),
    (r"==", "!="),
    (r"!=", "=="),
    (r"> 0", ">= 0"),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"'full'", "'delta'"),
    (r"'never'", "'full'"),
    (r"\bsource\b", "destination"),
    (r"\bdestination\b", "source"),
    (r"\busername\b", "password"),
    (r"\bpassword\b", "username"),
)
"""Small changes inside a value."""


@dataclass(frozen=True)
class Edit:
    """One change of a file: from one character to another, something else."""

    file: str
    what: str
    start: int
    end: int
    new: str

    @property
    def name(self) -> str:
        """How it is listed."""
        return f"{self.file}: {self.what}"


def edits(file: str) -> Iterator[Edit]:
    """Yield every edit of a file: each entry dropped, each value changed."""
    text = (ROOT / file).read_text(encoding="utf-8")
    yield from _of_node(file, text, yaml.compose(text, Loader=yaml.SafeLoader), "")


def _of_node(file: str, text: str, node: yaml.Node, where: str) -> Iterator[Edit]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in WORDS or (key.value == "name" and _is_task(node)):
                continue
            path = f"{where}/{key.value}"
            if not node.flow_style:
                yield Edit(file, f"drop {path}", *_lines(text, key, value), "")
            yield from _of_node(file, text, value, path)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _of_node(file, text, item, f"{where}/{_label(item, number)}")
    elif isinstance(node, yaml.ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        for pattern, new in SWAPS:
            for number, found in enumerate(re.finditer(pattern, text[start:end])):
                what = f"{where}: {found[0].strip()} -> {new or 'nothing'}{f' ({number})' if number else ''}"
                yield Edit(file, what, start + found.start(), start + found.end(), new)


def _is_task(node: yaml.MappingNode) -> bool:
    return any(key.value == "hosts" or "." in key.value for key, _value in node.value)


def _label(item: yaml.Node, number: int) -> str:
    """Return what an item of a list is called."""
    if isinstance(item, yaml.MappingNode):
        for key, value in item.value:
            if key.value in ("name", "id", "variable"):
                return str(value.value)
    return str(number)


def _lines(text: str, key: yaml.Node, value: yaml.Node) -> tuple[int, int]:
    """Return from where to where an entry reaches; of the first in a list, the dash stays."""
    start = key.start_mark.index
    end = max(value.end_mark.index, key.end_mark.index)
    # The end of a block is where the next token is; what is between belongs to that.
    end = start + len(text[start:end].rstrip())
    return start, end


def changed(edit: Edit) -> str | None:
    """Return a file's text with an edit, or None where it is no YAML then, or says the same."""
    text = (ROOT / edit.file).read_text(encoding="utf-8")
    new = text[: edit.start] + edit.new + text[edit.end :]
    try:
        same = _tree(new) == _tree(text)
    except yaml.YAMLError:
        return None
    return None if same else new


def _tree(text: str) -> str:
    return yaml.serialize(yaml.compose(text, Loader=yaml.SafeLoader))


def copy(folder: Path) -> Path:
    """Make a copy of the tree that tests run in."""
    tree = folder / "tree"
    subprocess.run([sys.executable, ROOT / "tests/tools/copy_tree.py", tree], cwd=ROOT, check=True)
    link = tree / ".venv/collections/ansible_collections/singlestore/flow"
    link.parent.mkdir(parents=True)
    link.symlink_to(tree)
    return tree


def noticed(tree: Path, tests: list[str]) -> bool:
    """Whether tests fail in a tree."""
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tree / ".venv/collections")}
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return True
    assert done.returncode in (0, 1), done.stdout.decode() + done.stderr.decode()
    return done.returncode == 1


def tried(edit: Edit, trees: SimpleQueue[Path]) -> bool:
    """Make an edit in a tree that is free, run its tests, and take it back; return whether it was noticed."""
    tree = trees.get()
    file = tree / edit.file
    kept = file.read_text(encoding="utf-8")
    try:
        file.write_text(changed(edit) or kept, encoding="utf-8")
        return any(noticed(tree, tests) for tests in TESTS[edit.file])
    finally:
        file.write_text(kept, encoding="utf-8")
        trees.put(tree)


def report(found: dict[Edit, bool]) -> list[str]:
    """Return what is wrong: an edit that is neither noticed nor listed, one that need not be listed, too many of them."""
    known = {entry["edit"]: entry["reason"] for entry in yaml.safe_load(KNOWN.read_text(encoding="utf-8")) or ()}
    unnoticed = [edit.name for edit, was in found.items() if not was]
    print(f"{len(found)} edits, {len(found) - len(unnoticed)} noticed, {len(unnoticed)} not")
    wrong = [f"not noticed: {name}" for name in unnoticed if name not in known]
    wrong += [f"noticed, but listed in {KNOWN.name}: {e.name}" for e, was in found.items() if was and e.name in known]
    wrong += [f"without a reason: {name}" for name, reason in known.items() if not reason]
    if 10 * len(unnoticed) > len(found):
        wrong.append("fewer than nine of ten are noticed")
    return wrong


def main() -> int:
    """Try every edit, and say what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.edits", description=__doc__)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="show the edits and make none")
    parser.add_argument("files", nargs="*", default=list(TESTS), metavar="FILE")
    arguments = parser.parse_args()
    todo = [edit for file in arguments.files for edit in edits(file) if changed(edit) is not None]
    if arguments.list:
        print("\n".join(edit.name for edit in todo))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(arguments.processes):
            trees.put(copy(Path(folder) / str(number)))
        found = {}
        with ThreadPoolExecutor(arguments.processes) as pool:
            for edit, was in zip(todo, pool.map(lambda edit: tried(edit, trees), todo), strict=True):
                found[edit] = was
                print(f"{'noticed    ' if was else 'NOT noticed'} {edit.name}", flush=True)
    wrong = report(found)
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
