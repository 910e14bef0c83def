# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every module takes, with their environment variables."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.parameters import env_fallback


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
