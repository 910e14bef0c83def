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
      - If not set or empty, the environment variable E(SINGLESTORE_FLOW_API_URL) is used. The same holds for the other options that are
        texts or paths.
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
      - Cannot be used together with O(api_token). If one of the two ways to log in is set as options, the other one is not taken from the
        environment.
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_USERNAME) is used.
    type: str
  api_password:
    description:
      - Password for HTTP Basic authentication.
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_PASSWORD) is used.
    type: str
  api_headers:
    description:
      - More headers to send with every request, for example for an API gateway in front of the service. The values are text or numbers, and
        are treated as secrets. Headers that are null or empty are not sent.
      - Headers that the modules set themselves, such as C(Authorization), C(Content-Type) and C(Host), are refused.
      - Sending them over plain C(http) causes a warning.
    type: dict
    version_added: 2.0.0
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
  api_wait_timeout:
    description:
      - How many seconds to wait for a service that is starting, that is, one that refuses connections or answers with status 502 or 503,
        before the first read counts as failed. Once the service has answered, this option has no effect.
      - If not set, the environment variable E(SINGLESTORE_FLOW_API_WAIT_TIMEOUT) is used.
    type: float
    default: 0
    version_added: 2.0.0
  validate_certs:
    description:
      - Whether to verify the certificate of the service. If V(false), a task over C(https) causes a warning.
      - If not set, the environment variable E(SINGLESTORE_FLOW_VALIDATE_CERTS) is used.
    type: bool
    default: true
  use_proxy:
    description:
      - Whether to use the proxies that the environment variables C(http_proxy), C(https_proxy), C(all_proxy) and C(no_proxy) set. The message
        of a failure names the proxy that was used.
      - If not set, the environment variable E(SINGLESTORE_FLOW_USE_PROXY) is used.
    type: bool
    default: true
    version_added: 2.0.0
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
