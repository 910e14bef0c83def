# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A schema with ten times the tables takes about ten times the work, not a hundred times."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.secrets import redactor
from ansible_collections.singlestore.flow.plugins.module_utils._resources import tables

FEW, MANY = 5_000, 50_000
SECRETS = ("pa55word-source", "pa55word-destination", "ABCDE-FGHIJ-KLMNO-PQRST")

Options = dict[str, Any]


def name(number: int) -> str:
    """Return a table's name."""
    return f"table_{number:06}"


def cpu_of(count: int, options: Callable[[int], Options]) -> float:
    """Return the CPU seconds from the service's list to a redacted result and diff, the best of three."""
    listed = [{"name": name(number), "selected": number % 2 == 0} for number in range(count)]
    given = {"database": "d", "schema": "s", "exclude": [], "state": "selected", "exclusive": True, **options(count)}
    used = []
    for _attempt in range(3):
        started = time.process_time()
        desired = tables.desired({**given, "concurrency": 8})
        current = tables.read(lambda *_segments: listed, desired)
        plan = tables.plan(desired, current)
        unmet = tables.unmet(desired, plan, current)
        result = tables.result(desired, plan, current, [])
        redactor(SECRETS)({**result, "diff": plan.diff()})
        used.append(time.process_time() - started)
        assert len(plan.requests) == len(unmet) > count // 4
    return min(used)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "options",
    [
        lambda _count: {"tables": ["*"]},
        lambda count: {"tables": [name(number) for number in range(count)]},
        lambda count: {"tables": ["*"], "exclude": [name(number) for number in range(0, count, 2)]},
        lambda _count: {"tables": ["*"], "state": "deselected", "exclusive": False},
    ],
    ids=["pattern", "names", "excluded names", "deselected"],
)
def test_work_grows_linearly(options: Callable[[int], Options]) -> None:
    """Ten times the tables take at most thirty times the CPU."""
    assert cpu_of(MANY, options) < 30 * cpu_of(FEW, options)
