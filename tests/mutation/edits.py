# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Edits of the role and the playbooks: each is made in a copy, and the tests that should notice are run.

``python -m tests.mutation.edits playbooks/demo.yml`` takes a file alone, ``--only uri/timeout`` the edits with
this in their names, and ``--list`` shows them. What no test notices must be in edits.yml with its reason; at
least nine of ten are noticed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
KNOWN = Path(__file__).with_name("edits.yml")
LOG = Path("../log")
OPTIONS = [
    *("-qx", "-p", "no:cacheprovider", "-m", "not exhaustive", "--timeout=300", "--basetemp=../tmp"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # what is imported before pytest starts
]
ENDS = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
"""How pytest may end; interrupted where the tests cannot be collected."""
WIRING = "tests/functional/wiring"
TESTS: dict[str, list[str]] = {
    "roles/flow_pipeline/meta/argument_specs.yml": [
        "tests/unit/test_documentation.py::test_role_has_the_options_of_flow_pipeline",
    ],
    "playbooks/vars/awx.yml": [f"{WIRING}/test_awx_vars.py", f"{WIRING}/test_awx_setup.py"],
    "playbooks/awx_setup.yml": [f"{WIRING}/test_awx_setup.py"],
    "playbooks/demo.yml": [f"{WIRING}/test_demo_playbook.py"],
    "playbooks/pipeline.yml": [f"{WIRING}/test_pipeline_playbook.py"],
    "roles/flow_pipeline/vars/main.yml": [f"{WIRING}/test_role_tasks.py"],
    "roles/flow_pipeline/tasks/main.yml": [f"{WIRING}/test_role_tasks.py", f"{WIRING}/test_pipeline_playbook.py"],
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


def text_of(file: str) -> str:
    """Return what a file of the project says."""
    return (ROOT / file).read_text(encoding="utf-8")


def edits(file: str, text: str) -> Iterator[Edit]:
    """Yield every edit of a file: each entry dropped, each value changed."""
    yield from _of_node(file, text, yaml.compose(text, Loader=yaml.SafeLoader), "")


def _of_node(file: str, text: str, node: yaml.Node, where: str) -> Iterator[Edit]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if _is_for_people(node, key, value):
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


def _is_for_people(node: yaml.MappingNode, key: yaml.Node, value: yaml.Node) -> bool:
    if isinstance(value, yaml.MappingNode):
        return all(inner.value in WORDS for inner, _value in value.value)
    return key.value in WORDS or (key.value == "name" and _is_task(node))


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


def changed(text: str, edit: Edit) -> str | None:
    """Return a file's text with an edit, or None if it is then not YAML, or means the same."""
    new = text[: edit.start] + edit.new + text[edit.end :]
    try:
        same = _tree(new) == _tree(text)
    except yaml.YAMLError:
        return None
    return None if same else new


@cache
def _tree(text: str) -> str:
    return yaml.serialize(yaml.compose(text, Loader=yaml.CSafeLoader), Dumper=yaml.CSafeDumper)


def copy(folder: Path) -> Path:
    """Make a copy of the tree that tests run in."""
    tree = folder / "tree"
    subprocess.run([sys.executable, ROOT / "tests/tools/copy_tree.py", tree], cwd=ROOT, check=True)
    link = tree / ".venv/collections/ansible_collections/singlestore/flow"
    link.parent.mkdir(parents=True)
    link.symlink_to(tree)
    return tree


def tried(edit: Edit) -> bool:
    """Make an edit in this folder's tree, run its tests until one fails, and take it back; return whether one did."""
    file = Path(edit.file)
    kept = file.read_text(encoding="utf-8")
    file.write_text(changed(kept, edit) or kept, encoding="utf-8")
    try:
        return _fail(TESTS[edit.file])
    finally:
        file.write_text(kept, encoding="utf-8")


def _fail(tests: list[str]) -> bool:
    """Whether tests fail; they have a process of their own, which need not import what this one has imported."""
    child = os.fork()
    if child:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in ENDS, LOG.read_text(encoding="utf-8")
        return code != pytest.ExitCode.OK
    code = int(pytest.ExitCode.INTERNAL_ERROR)
    try:
        log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        code = _pytest(tests)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _pytest(tests: list[str]) -> int:
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(Path(".venv/collections").resolve())
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != ROOT]
    for module in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[module]
    return pytest.main([*OPTIONS, *tests])


def _settle(trees: SimpleQueue[Path]) -> None:
    """Have a process work in a tree that it has alone."""
    os.chdir(trees.get())


def noticed(todo: list[Edit], processes: int) -> dict[Edit, bool]:
    """Try edits side by side; return which were noticed, by tests that pass where there is none."""
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    for slow in ("ansible.template", "ansible.plugins.filter.core", "ansible.module_utils.common.arg_spec", "requests"):
        import_module(slow)
    with tempfile.TemporaryDirectory() as folder:
        trees: SimpleQueue[Path] = get_context("fork").SimpleQueue()
        for number in range(processes):
            trees.put(copy(Path(folder).resolve() / str(number)))
        with get_context("fork").Pool(processes, _settle, (trees,)) as pool:
            wanted = {test: None for edit in todo for test in TESTS[edit.file]}
            assert not pool.apply(_fail, (list(wanted),)), "The tests fail without an edit"
            verdicts = {}
            for edit, was in zip(todo, pool.imap(tried, todo), strict=True):
                verdicts[edit] = was
                print(f"{'noticed    ' if was else 'NOT noticed'} {edit.name}", flush=True)
    return verdicts


def report(verdicts: dict[Edit, bool]) -> list[str]:
    """Return what is wrong: an edit that is neither noticed nor listed, a line that need not be there, too many of them."""
    listed = {entry["edit"]: entry["reason"] for entry in yaml.safe_load(KNOWN.read_text(encoding="utf-8")) or ()}
    unnoticed = {edit.name for edit, was in verdicts.items() if not was}
    print(f"{len(verdicts)} edits, {len(verdicts) - len(unnoticed)} noticed, {len(unnoticed)} not")
    there = {edit.name for file in TESTS for edit in edits(file, text_of(file))}
    there -= {edit.name for edit, was in verdicts.items() if was}
    wrong = [f"not noticed, and not listed: {name}" for name in sorted(unnoticed - set(listed))]
    wrong += [f"listed, and noticed or gone: {name}" for name in listed if name not in there]
    wrong += [f"without a reason: {name}" for name, reason in listed.items() if not reason]
    if 10 * len(unnoticed) > len(verdicts):
        wrong.append("fewer than nine of ten are noticed")
    return wrong


def main() -> int:
    """Try every edit, and say what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.edits", description=__doc__)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="", metavar="REGEX", help="take the edits with this in their names")
    parser.add_argument("--list", action="store_true", help="show the edits and make none")
    parser.add_argument("files", nargs="*", default=list(TESTS), metavar="FILE")
    arguments = parser.parse_args()
    texts = {file: text_of(file) for file in arguments.files}
    found = [edit for file, text in texts.items() for edit in edits(file, text) if re.search(arguments.only, edit.name)]
    todo = [edit for edit in found if changed(texts[edit.file], edit) is not None]
    if arguments.list:
        print("\n".join(edit.name for edit in todo))
        return 0
    wrong = report(noticed(todo, arguments.processes))
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
