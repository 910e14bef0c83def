# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make mutation``: makes small defects in the pure rooms; one that no test notices must be listed in survivors.yml.

``python -m tests.mutation _change/plan.py`` takes a file alone, ``_change`` a room.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from .verdict import NOTICED, Survivor, change_of, complaints, listed, place_of, statuses, table

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".venv" / "mutation"
SURVIVORS = Path(__file__).with_name("survivors.yml")
FLOW = "ansible_collections/singlestore/flow"
LINKS = {
    "pyproject.toml": "pyproject.toml",
    f"{FLOW}/plugins": "plugins",
    "src/flow_emulator": "roles/flow_emulator/files/flow_emulator",
    f"mutants/{FLOW}/tests": "tests",
    "mutants/tests": "tests",
}
"""What mutmut finds where it works: code under the name that tests import, and tests beside the changed code."""


def main() -> int:
    """Run mutmut, and say what it found."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("only", nargs="*", help="a file such as _change/plan.py, or a room such as _change")
    arguments = parser.parse_args()
    _lay_out()
    patterns = [f"*.{only.removesuffix('.py').replace('/', '.')}.*" for only in arguments.only]
    command = ["mutmut", "run", "--max-children", str(arguments.processes), *patterns]
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutants"}
    if subprocess.run(command, cwd=PLACE, check=False, env=environment).returncode:
        return 1
    mutants = statuses(_said("results", "--all", "true"))
    mutants = {name: status for name, status in mutants.items() if status != "not checked"}
    survivors = {
        Survivor(place_of(name), change_of(_said("show", name)))
        for name, status in mutants.items()
        if status not in NOTICED
    }
    known = listed(yaml.safe_load(SURVIVORS.read_text(encoding="utf-8")) or ())
    wrong = complaints(mutants, survivors, known)
    print("\n\n".join(["\n".join(table(mutants, survivors)), *wrong]))
    return bool(wrong)


def _lay_out() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    for name, target in LINKS.items():
        link = PLACE / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(ROOT / target)


def _said(*arguments: str) -> str:
    return subprocess.run(["mutmut", *arguments], cwd=PLACE, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
