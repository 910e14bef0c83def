#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_license: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_license
short_description: Set the licence key of SingleStore Flow Ingest
description:
  - Saves the licence key of a self-managed Flow Ingest instance and checks that the service takes it as valid.
  - The hosted service has no licence to manage. M(singlestore.flow.flow_info) tells the product ID that a key is issued for.
author:
  - The singlestore.flow authors (@singlestore-flow)
version_added: 1.0.0
extends_documentation_fragment:
  - singlestore.flow.api
  - singlestore.flow.attributes
  - singlestore.flow.attributes.changes
attributes:
  idempotent:
    support: partial
    details: The service keeps no key that it does not take as valid. With O(require_valid=false), such a key is sent at every run.
options:
  license_key:
    description: The licence key.
    type: str
    required: true
  require_valid:
    description: Fail when the licence that is saved in the end has expired or was refused.
    type: bool
    default: true
notes:
  - What the service makes of a new key cannot be predicted; check mode returns RV(license.status), RV(license.expires_on) and RV(license.units) as null.
seealso:
  - module: singlestore.flow.flow_info
"""

EXAMPLES = r"""
- name: Set the licence key
  singlestore.flow.flow_license:
    api_url: http://localhost:8081
    license_key: "{{ vault_flow_license_key }}"
  register: flow_license

- name: Show when it expires
  ansible.builtin.debug:
    msg: "{{ flow_license.license.units }} units until {{ flow_license.license.expires_on }}"
"""

RETURN = r"""
license:
  description: The licence after the run, in check mode as it would be. The key never comes back.
  returned: success
  type: dict
  contains:
    status:
      description: What the service says, word for word.
      type: str
      returned: always
      sample: Expires on 01 Sep 2027 (8 units)
    valid:
      description: Whether the licence is valid.
      type: bool
      returned: always
      sample: true
    expires_on:
      description: Last day, as an ISO date; null where the status tells none.
      type: str
      returned: always
      sample: "2027-09-01"
    units:
      description: Number of units; null where the status tells none.
      type: int
      returned: always
      sample: 8
    product_id:
      description: Product ID of the instance, which a key is issued for.
      type: str
      returned: always
      sample: IDB-AGWTC-1RX3A-HDHDS-SADHDS-HVV6G-YUYDAM
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import license
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(license)


if __name__ == "__main__":
    main()
