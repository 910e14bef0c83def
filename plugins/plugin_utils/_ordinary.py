# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only an ordinary module can do, and so whether a task can run in Ansible's own process. Pure."""

from __future__ import annotations

import os
from dataclasses import dataclass

LOCAL = ("local", "ansible.builtin.local", "ansible.legacy.local")
UNASKED = ("auto", "auto_silent", "auto_legacy", "auto_legacy_silent")
"""Values of the interpreter's setting that leave the choice to Ansible."""


@dataclass(frozen=True)
class Circumstances:
    """What a task asks for, and the Python that Ansible runs on."""

    connection: str
    interpreter: str
    own_interpreter: str
    platform: str
    switched_on: bool = True
    become: bool = False
    asynchronous: bool = False
    environment: bool = False
    keeps_files: bool = False

    @property
    def local(self) -> bool:
        """Whether the task runs on the host of Ansible itself."""
        return self.connection in LOCAL

    @property
    def interpreter_unasked(self) -> bool:
        """Whether no interpreter was asked for."""
        return self.interpreter in UNASKED


def needs_ordinary_module(task: Circumstances) -> bool:
    """Whether anything is asked for that Ansible's own process cannot give."""
    return (
        not task.switched_on
        or not task.local
        or task.become
        or task.asynchronous
        or task.environment
        or task.keeps_files
        # Forked processes die there as soon as they look for a proxy.
        or task.platform == "darwin"
        or not (task.interpreter_unasked or same_interpreter(task.interpreter, task.own_interpreter))
    )


def same_interpreter(one: str, other: str) -> bool:
    """Whether two paths are names of one interpreter in one environment.

    A virtual environment's python is a link to another environment's: its folder tells them apart.
    """
    return os.path.isabs(one) and _place(one) == _place(other)


def _place(path: str) -> tuple[str, str]:
    return os.path.realpath(os.path.dirname(path)), os.path.realpath(path)
