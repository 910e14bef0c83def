# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface of a pipeline for the room that runs it; this Python module itself is the object."""

from __future__ import annotations

from .due import Due, Evidence
from .options import OPTIONS
from .report import diff, result
from .steps import Done, extract_step, hints, looked_up, prepared, settled, still_due, wanted

__all__ = [
    "OPTIONS",
    "Done",
    "Due",
    "Evidence",
    "diff",
    "extract_step",
    "hints",
    "looked_up",
    "prepared",
    "result",
    "settled",
    "still_due",
    "wanted",
]
