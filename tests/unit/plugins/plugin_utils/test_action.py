# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task shows that runs in Ansible's own process."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._resources import connection
from ansible_collections.singlestore.flow.plugins.module_utils._run.task import carry_out
from ansible_collections.singlestore.flow.plugins.plugin_utils._action import Here
from ansible_collections.singlestore.flow.tests.unit.support.flow import Flow
from ansible_collections.singlestore.flow.tests.unit.support.scenarios import SOURCE
from ansible_collections.singlestore.flow.tests.unit.support.server import Server


@pytest.mark.parametrize("shown", [["charset"], "charset, more"])
def test_secret_parameters_are_hidden_and_shown_ones_are_not(shown: Any) -> None:
    """As in an ordinary module."""
    with Server(Flow()) as server:
        args = {"api_url": server.url, "endpoint": "source", **SOURCE, "extra_parameters_shown": shown}
        args["extra_parameters"] = {"key": "k3y-m4rker", "charset": "sh0wn-value"}
        place = Here(
            connection.OPTIONS,
            SimpleNamespace(resolved_action=None, action="flow_connection", args=args, check_mode=False, diff=True),
        )
        result = place.shown(carry_out(connection, place), invocation=True)
    assert not result.get("failed"), result["msg"]
    assert "k3y-m4rker" not in json.dumps(result)
    assert result["diff"]["after"]["extra_parameters.charset"] == "sh0wn-value"
    assert result["invocation"]["module_args"]["extra_parameters"]["charset"] == "sh0wn-value"
