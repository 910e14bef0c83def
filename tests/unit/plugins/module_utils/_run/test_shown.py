# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which texts of the options are secret, and how options are shown."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._run.options import API_OPTIONS
from ansible_collections.singlestore.flow.plugins.module_utils._run.shown import known_secrets, presentable

INNER: dict[str, Any] = {"host": {"type": "str"}, "password": {"type": "str", "no_log": True, "aliases": ["pwd"]}}
SPEC: dict[str, Any] = {
    **API_OPTIONS,
    "source": {"type": "dict", "options": INNER},
    "tables": {"type": "list", "elements": "dict", "options": INNER},
    "parameters": {"type": "dict"},
    "jdbc_url": {"type": "str", "aliases": ["url"]},
}
URL = "jdbc:x://h?AccountKey=m4rker"
SHOWN_URL = "jdbc:x://h?AccountKey=***"


@pytest.mark.parametrize(
    ("options", "secrets"),
    [
        ({"api_token": "m4rker"}, {"m4rker"}),
        ({"api_headers": {"X-Key": "m4rker", "X-Tenant": 5}}, {"m4rker", "5"}),
        ({"api_headers": '{"X-Key": "m4rker"}'}, {"m4rker"}),
        ({"source": {"pwd": "m4rker", "host": "h"}}, {"m4rker"}),
        ({"source": "pwd=m4rker host=h"}, {"m4rker"}),
        ({"tables": [{"pwd": "m4rker"}, "pwd=other"]}, {"m4rker", "other"}),
        ({"jdbc_url": URL}, {"m4rker"}),
        ({"parameters": {"x": URL}}, {"m4rker"}),
        ({"api_url": "http://h/?sig=m4rker"}, {"m4rker"}),
        ({"api_url": "http://u:m4rker@h"}, {"m4rker"}),
        ({"api_url": "u:m4rker@h"}, {"m4rker"}),
        ({"api_url": "//u:m4rker@h"}, {"m4rker"}),
        ({"paswort": "m4rker"}, {"m4rker"}),
        ({"paswort": {"a": ["m4rker"]}}, {"m4rker"}),
        ({"source": {"passwrd": "m4rker", "host": "h"}}, {"m4rker"}),
        ({"source": "passwrd=m4rker"}, {"m4rker"}),
        ({"tables": [{"passwrd": "m4rker"}]}, {"m4rker"}),
        ({"tset": "true", "prot": 80, "state": None}, set()),
        ({"api_url": "http://h", "source": {"host": "h"}, "parameters": {"a": "b"}}, set()),
    ],
)
def test_secrets_of_options(options: dict[str, Any], secrets: set[str]) -> None:
    """Secret options, secrets in URLs, and the values of misspelled options are secret, also in text."""
    assert known_secrets(SPEC, options) == secrets
    assert known_secrets(SPEC, {}, options) == secrets


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (
            {"passwrd": "x", "source": {"passwrd": 1, "host": "h"}},
            {"passwrd": "********", "source": {"passwrd": "********", "host": "h"}},
        ),
        ({"tables": [{"pasword": ["x"], "pwd": "x"}]}, {"tables": [{"pasword": "********", "pwd": "x"}]}),
        ({"source": "passwrd=x host=h"}, {"source": {"passwrd": "********", "host": "h"}}),
        ({"wrong": None, "tset": True}, {"wrong": None, "tset": True}),
        (
            {"url": URL, "parameters": {"x": [URL], "y": 5}},
            {"url": SHOWN_URL, "parameters": {"x": [SHOWN_URL], "y": 5}},
        ),
        ({"api_url": "http://h:8081/p", "jdbc_url": None}, {"api_url": "http://h:8081/p", "jdbc_url": None}),
        ({"source": [1], "tables": "x"}, {"source": [1], "tables": "x"}),
        ({"earlier": [{"invocation": {}}], "tset": True}, {"tset": True}),
    ],
)
def test_options_are_presentable(options: dict[str, Any], shown: dict[str, Any]) -> None:
    """Values of misspelled options are hidden, and URLs blanked; everything else stays as it is."""
    assert presentable(SPEC, options) == shown
    assert presentable(SPEC, shown) == shown
