#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_extract: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_extract
short_description: Start a SingleStore Flow Ingest operation
description:
  - Starts a full extract, an extract of new tables, a structure synchronization or a delta.
  - The service only confirms that it accepted the operation. It does not report when the operation has ended.
  - An operation is never started twice. If the response is lost, the task fails with RV(failure.kind=unknown_outcome).
author:
  - The singlestore.flow authors (@singlestore-flow)
version_added: 1.0.0
extends_documentation_fragment:
  - singlestore.flow.api
  - singlestore.flow.attributes
  - singlestore.flow.attributes.changes
attributes:
  check_mode:
    support: partial
    details: Runs the same preflight, then predicts that the operation would be started.
  idempotent:
    support: none
    details: Every run starts the operation.
options:
  operation:
    description:
      - V(full) extracts and loads all selected tables.
      - V(syncnew) extracts and loads newly added tables.
      - V(syncstruct) synchronizes schema changes from the source to the destination.
      - V(delta) transfers the data that changed since the last load.
    type: str
    required: true
    choices: [full, syncnew, syncstruct, delta]
  preflight:
    description: Whether to fail without starting anything if a saved connection is missing or not working, or if the license is not valid.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Load everything for the first time
  singlestore.flow.flow_extract:
    api_url: http://localhost:8081
    operation: full

- name: Load the changes since then
  singlestore.flow.flow_extract:
    api_url: http://localhost:8081
    operation: delta
"""

RETURN = r"""
predicted:
  description: Whether this is what a run would do, because check mode is on and something differs.
  returned: always
  type: bool
  sample: false
operation:
  description: The operation that was started; in check mode, the one that would be started.
  returned: success
  type: str
  sample: full
accepted:
  description: Whether the service accepted the operation; null in check mode.
  returned: success
  type: bool
  sample: true
message:
  description: Message of the service; null in check mode.
  returned: success
  type: str
  sample: Full Extract requested
failure:
  description: What went wrong, in a form that a playbook can evaluate.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(missing_library) means that the Python interpreter that runs the module lacks a library.
        - V(invalid) means that a value is wrong or missing. Nothing was written.
        - V(unreachable) means that the connection to the service failed. V(timeout) means that no response came in time.
        - V(auth) means status 401 or 403. V(http) means another error status. V(response) means a response that cannot be read.
        - V(refused) means that the service refused the request.
        - V(not_converged) means that the values that read back differ from those written.
        - V(unknown_outcome) means that a request was sent without a usable response, so it may have taken effect.
      type: str
      returned: always
      sample: refused
    method:
      description: The method of the request, if one was sent.
      type: str
      returned: always
      sample: POST
    path:
      description: The path of the request below the base URL, if one was sent.
      type: str
      returned: always
      sample: /conn-src/test
    status:
      description: The HTTP status of the response, if there was one.
      type: int
      returned: always
      sample: 200
    messages:
      description: Messages of the service.
      type: list
      elements: str
      returned: always
      sample: ["Error: Driver not found for rds."]
"""

from ansible_collections.singlestore.flow.plugins.module_utils._resources import extract
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(extract)


if __name__ == "__main__":
    main()
