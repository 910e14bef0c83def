# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that every module takes; one to one with API_OPTIONS in _run/options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The doc fragment ``singlestore.flow.api``."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - URL of the Ingest service, in the form V(http(s\)://host[:port][/prefix]).
      - C(/ingest/api/ingest) is appended unless the path already ends with it.
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_URL) is used.
    type: str
    required: true
  api_token:
    description:
      - API key of the hosted service, sent as a bearer token. Sending it over plain C(http) causes a warning.
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_TOKEN) is used.
    type: str
  api_username:
    description:
      - User for HTTP Basic authentication, for example for a reverse proxy in front of a self-managed service.
      - Cannot be used together with O(api_token).
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_USERNAME) is used.
    type: str
  api_password:
    description:
      - Password for HTTP Basic authentication.
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_PASSWORD) is used.
    type: str
  api_timeout:
    description:
      - Seconds to wait for a connection, and then for each part of the response.
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_TIMEOUT) is used.
    type: float
    default: 30
  api_retries:
    description:
      - How often to retry a read, a test or a save after a refused or dropped connection, or after a response with status 429, 502, 503 or
        504. C(Retry-After) is honored, up to 30 seconds.
      - An operation is retried only if the service cannot have received it.
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_RETRIES) is used.
    type: int
    default: 3
  validate_certs:
    description:
      - Whether to verify the certificate of the service.
      - If not set, the environment variable E(SINGLESTORE_FLOW_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the certificates of trusted certificate authorities.
      - If not set, the environment variable E(SINGLESTORE_FLOW_CA_PATH) is used.
    type: path
  client_cert:
    description:
      - File with the client certificate. It must also hold the private key unless O(client_key) is set.
      - If not set, the environment variable E(SINGLESTORE_FLOW_CLIENT_CERT) is used.
    type: path
  client_key:
    description:
      - File with the private key of the client certificate. Requires O(client_cert).
      - If not set, the environment variable E(SINGLESTORE_FLOW_CLIENT_KEY) is used.
    type: path
requirements:
  - Python 3.9 or newer
  - The Python library urllib3, on the host that runs the module
"""
