# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a failed task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._change.errors import FlowError, InvalidError


def failed(error: FlowError, shown: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the result of a failed task, in the shape that every module returns."""
    return {**(shown or {}), "failed": True, "msg": error.message, "failure": error.failure()}


def refused_by_ansible(message: str) -> dict[str, Any]:
    """Return the result of a task whose options Ansible did not accept."""
    return failed(InvalidError(message))
