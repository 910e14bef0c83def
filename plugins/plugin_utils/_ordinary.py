# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether a task can run in Ansible's own process, or needs an ordinary module. Pure."""

from __future__ import annotations

import os
from typing import NamedTuple

LOCAL = ("local", "ansible.builtin.local", "ansible.legacy.local")
UNASKED = ("auto", "auto_silent", "auto_legacy", "auto_legacy_silent")
"""Interpreter settings that leave the choice to Ansible."""


class Circumstances(NamedTuple):
    """What a task requests, and the Python that runs Ansible."""

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
        """Whether the task runs on Ansible's own host."""
        return self.connection in LOCAL

    @property
    def interpreter_unasked(self) -> bool:
        """Whether no interpreter was requested."""
        return self.interpreter in UNASKED


def needs_ordinary_module(task: Circumstances) -> bool:
    """Whether the task requests something that Ansible's own process cannot do."""
    return (
        not task.switched_on
        or not task.local
        or task.become
        or task.asynchronous
        or task.environment
        or task.keeps_files
        # On macOS, forked processes crash when they look up a proxy.
        or task.platform == "darwin"
        or not (task.interpreter_unasked or same_interpreter(task.interpreter, task.own_interpreter))
    )


def same_interpreter(one: str, other: str) -> bool:
    """Whether two paths name the same interpreter in the same environment.

    In a virtual environment, python is a link to another interpreter, so the folders are compared too.
    """
    return os.path.isabs(one) and _place(one) == _place(other)


def _place(path: str) -> tuple[str, str]:
    return os.path.realpath(os.path.dirname(path)), os.path.realpath(path)
