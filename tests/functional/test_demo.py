# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: the first run loads rows into the destination, and the second run has nothing to do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from .emulator import Emulator
from .playbook import Ansible, Run


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Iterator[list[Run]]:
    """Two runs of the demo in a separate folder; its emulator is stopped at the end."""
    folder = tmp_path_factory.mktemp("demo")
    ansible = Ansible(folder, emulator, in_worker=True)
    options = ("--extra-vars", f"flow_demo_dir={folder / 'data'}")
    try:
        yield [ansible.run("singlestore.flow.demo", *options) for _time in range(2)]
    finally:
        stopped = ansible.run("singlestore.flow.demo", *options, "--extra-vars", "flow_demo_state=stopped")
        assert stopped.code == 0, stopped.output


def test_demo_succeeds(demo: list[Run]) -> None:
    """Both runs succeed."""
    assert [run.code for run in demo] == [0, 0], demo[0].output + demo[1].output


def test_second_run_changes_nothing(demo: list[Run]) -> None:
    """The first run changes something, and the second reports changed=0."""
    first, second = (run.totals["localhost"]["changed"] for run in demo)
    assert first > 0
    assert second == 0


def test_rows_are_shown(demo: list[Run]) -> None:
    """Eight tables are shown, with as many rows in the destination as in the source."""
    for run in demo:
        rows = re.findall(r'"(\w+) +(\d+) +(\d+)', run.output)
        assert len(rows) == 8, run.output
        assert all(int(source) == int(destination) > 0 for _table, source, destination in rows)
