# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every scenario of every test file that is played in the shared run."""

from __future__ import annotations

from . import cases
from .emulator import Emulator

ALL = [*(case.scenario() for case in cases.CASES)]


def prepare(emulator: Emulator) -> None:
    """Give the emulator what the scenarios expect of it as a whole."""
