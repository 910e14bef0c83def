#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_extract: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_extract
short_description: Start an operation of SingleStore Flow Ingest
description:
  - Starts a full extract, the loading of new tables, a synchronization of structure or a delta.
  - The service says that it has accepted an operation, and nothing tells when it has ended.
  - An operation is never sent twice. If its answer is lost, the task fails with RV(failure.kind=unknown_outcome).
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
    details: Predicts that the operation would be sent, after the same preflight.
  idempotent:
    support: none
    details: Every run starts the operation.
options:
  operation:
    description:
      - V(full) extracts and loads all selected tables.
      - V(syncnew) extracts and loads the tables that were added since.
      - V(syncstruct) brings changes of the structure to the destination.
      - V(delta) brings the changes of the data since the last load.
    type: str
    required: true
    choices: [full, syncnew, syncstruct, delta]
  preflight:
    description: Fail before sending if a saved connection is missing or not working, or if the licence is not valid.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Load everything for the first time
  singlestore.flow.flow_extract:
    api_url: http://localhost:8081
    operation: full

- name: Bring the changes since then
  singlestore.flow.flow_extract:
    api_url: http://localhost:8081
    operation: delta
"""

RETURN = r"""
operation:
  description: The operation.
  returned: success
  type: str
  sample: full
accepted:
  description: Whether the service has accepted it; null in check mode.
  returned: success
  type: bool
  sample: true
message:
  description: What the service said; null in check mode.
  returned: success
  type: str
  sample: Full Extract requested
failure:
  description: What went wrong, for decisions in a playbook.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(invalid) is a bad value, and nothing was sent that writes; V(unreachable) and V(timeout) are no connection and no answer;
          V(auth) is 401 or 403, V(http) another error status, V(response) an answer that cannot be read; V(refused) is a no of the
          service; V(not_converged) is written but reads back different; V(unknown_outcome) is sent without an answer, so that it may
          have happened.
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
      description: The HTTP status of the answer, if there was one.
      type: int
      returned: always
      sample: 200
    messages:
      description: What the service said.
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
