# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the output of a task may show of its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._change.secrets import CENSORED, inline_secrets, secret_values, unknown_values
from .._change.urls import blanked, distinct, is_url
from .options import readable

RESULTS = ("earlier",)
"""Options that are results of other tasks, which have shown them. Results that contained them would double with each task."""


def known_secrets(spec: Mapping[str, Any], *given: Mapping[str, Any]) -> set[str]:
    """Return the texts of options that no output may show.

    What the environment sets counts as soon as it is among the options; see ``completed``.
    """
    found: set[str] = set()
    for options in (readable(spec, options) for options in given):
        found.update(secret_values(spec, options), inline_secrets(options))
        found.update(filter(distinct, unknown_values(spec, options)))
        # Without a scheme, it does not look like a URL.
        found.update(inline_secrets(f"//{options.get('api_url')}"))
    return found


def presentable(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options without the values of misspelled names, without RESULTS, and with blanked URLs.

    Secret options keep their values, because Ansible hides them in its own words.
    """
    details = {known: spec[name] for name in spec for known in (name, *spec[name].get("aliases", ()))}
    return {
        name: _presentable(details[name].get("options"), value) if name in details else _censored(value)
        for name, value in readable(spec, given).items()
        if name not in RESULTS
    }


def _presentable(inner: Mapping[str, Any] | None, value: Any) -> Any:
    if isinstance(value, list):
        return [_presentable(inner, item) for item in value]
    if isinstance(value, Mapping):
        return presentable(inner, value) if inner else {name: _presentable(None, item) for name, item in value.items()}
    return blanked(value) if isinstance(value, str) and is_url(value) else value


def _censored(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else CENSORED
