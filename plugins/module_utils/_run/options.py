# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every module takes, with their environment variables; suboptions that are no dictionaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.parameters import env_fallback
from ansible.module_utils.common.validation import check_type_dict


def _from_environment(name: str, **spec: Any) -> dict[str, Any]:
    return {**spec, "fallback": (env_fallback, [f"SINGLESTORE_FLOW_{name}"])}


API_OPTIONS: dict[str, Any] = {
    "api_url": _from_environment("API_URL", type="str", required=True),
    "api_token": _from_environment("API_TOKEN", type="str", no_log=True),
    "api_username": _from_environment("API_USERNAME", type="str"),
    "api_password": _from_environment("API_PASSWORD", type="str", no_log=True),
    "api_timeout": _from_environment("API_TIMEOUT", type="float", default=30),
    "api_retries": _from_environment("API_RETRIES", type="int", default=3),
    "validate_certs": _from_environment("VALIDATE_CERTS", type="bool", default=True),
    "ca_path": _from_environment("CA_PATH", type="path"),
    "client_cert": _from_environment("CLIENT_CERT", type="path"),
    "client_key": _from_environment("CLIENT_KEY", type="path"),
}
CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("api_token", "api_username")],
    "required_together": [("api_username", "api_password")],
    "required_by": {"client_key": ["client_cert"]},
}


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


def _is_dictionary(value: Any) -> bool:
    try:
        check_type_dict(value)
    except TypeError:
        return False
    return True
