# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every module takes, and what the environment adds; suboptions that are no dictionaries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.validation import check_type_dict, check_type_path
from ansible.module_utils.errors import AnsibleFallbackNotFound

LOGINS = (("api_token",), ("api_username", "api_password"))
"""The ways to log in, each with its options. Ansible does not read their variables: one way excludes the other."""


def variable(name: str) -> str:
    """Return the environment variable of a shared option."""
    return f"SINGLESTORE_FLOW_{name.upper()}"


def _from_environment(name: str) -> str:
    """Return the value of an environment variable; an empty one is the same as none."""
    if value := os.environ.get(name):
        return value
    raise AnsibleFallbackNotFound


def _shared(name: str, **spec: Any) -> dict[str, Any]:
    return {**spec, "fallback": (_from_environment, [variable(name)])}


API_OPTIONS: dict[str, Any] = {
    "api_url": _shared("api_url", type="str", required=True),
    "api_token": {"type": "str", "no_log": True},
    "api_username": {"type": "str"},
    "api_password": {"type": "str", "no_log": True},
    "api_headers": {"type": "dict", "no_log": True},
    "api_timeout": _shared("api_timeout", type="float", default=30),
    "api_retries": _shared("api_retries", type="int", default=3),
    "api_wait_timeout": _shared("api_wait_timeout", type="float", default=0),
    "validate_certs": _shared("validate_certs", type="bool", default=True),
    "use_proxy": _shared("use_proxy", type="bool", default=True),
    "ca_path": _shared("ca_path", type="path"),
    "client_cert": _shared("client_cert", type="path"),
    "client_key": _shared("client_key", type="path"),
}
NO_VARIABLE = ("api_headers",)
"""The shared options that have no environment variable."""


def completed(options: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the options that Ansible has checked with what the environment adds, and a sentence that refuses them.

    An option wins over the environment, also if the two are different ways to log in, and empty text is not given.
    """
    found = {**options}
    given = [way for way in LOGINS if any(options.get(name) for name in way)]
    ways = given or [way for way in LOGINS if any(os.environ.get(variable(name)) for name in way)]
    if len(ways) > 1:
        return found, _two_ways("The options" if given else "The environment variables", str if given else variable)
    for name, spec in API_OPTIONS.items():
        if spec["type"] in ("str", "path") and not found.get(name):
            excluded = any(name in way for way in LOGINS if way not in ways)
            value = None if excluded else os.environ.get(variable(name)) or None
            found[name] = check_type_path(value) if value and spec["type"] == "path" else value
    return found, _missing(found)


def _two_ways(what: str, spelled: Callable[[str], str]) -> str:
    token, user, password = map(spelled, (*LOGINS[0], *LOGINS[1]))
    return f"{what} set two ways to log in: {token} is mutually exclusive with {user} and {password}. Set only one of them."


def _missing(options: Mapping[str, Any]) -> str:
    if not options["api_url"]:
        return f"missing required arguments: api_url. Set it, or the environment variable {variable('api_url')}."
    for name, needed in (
        ("api_username", "api_password"),
        ("api_password", "api_username"),
        ("client_key", "client_cert"),
    ):
        if options[name] and not options[needed]:
            return f"{name} is set without {needed}. Set {needed} too, as an option or as {variable(needed)}."
    return ""


def not_dictionaries(spec: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return a sentence that names the values that must be dictionaries and are not.

    Ansible's own check of options raises TypeError for some of them, such as ``source: [1]``.
    """
    names = ", ".join(place for place, _spec, value in suboptions(spec, given) if not _is_dictionary(value))
    return f"Options have a value of the wrong type: {names} must be a dictionary." if names else ""


def suboptions(spec: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    """Yield each given value that must be a dictionary: its place, such as ``tables[0]``, its own spec, and the value."""
    for name, details in spec.items():
        value = given.get(name)
        if "options" in details and isinstance(value, list) and details["type"] == "list":
            yield from ((f"{name}[{number}]", details["options"], item) for number, item in enumerate(value))
        elif "options" in details and value is not None:
            yield name, details["options"], value


def readable(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options in which dictionaries that are written as text are dictionaries, at any depth."""
    return {name: _readable(spec.get(name, {}), value) for name, value in given.items()}


def _readable(details: Mapping[str, Any], value: Any) -> Any:
    inner = details.get("options", {})
    if isinstance(value, list):
        return [_readable({"type": "dict", "options": inner}, item) if inner else item for item in value]
    if details.get("type") == "dict" and isinstance(value, str) and _is_dictionary(value):
        value = check_type_dict(value)
    return readable(inner, value) if isinstance(value, Mapping) else value


def _is_dictionary(value: Any) -> bool:
    try:
        check_type_dict(value)
    except TypeError:
        return False
    return True
