#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_license: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_license
short_description: Set the license key of SingleStore Flow Ingest
description:
  - Saves the license key of a self-managed Flow Ingest instance and checks that the service accepts it as valid.
  - The hosted service has no license to manage. M(singlestore.flow.flow_info) returns the product ID for which a key is issued.
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
    details: The service does not keep an invalid key. With O(require_valid=false), such a key is sent on every run.
options:
  license_key:
    description:
      - The license key.
      - A key that the service shows masked cannot be compared. It is then saved only if the license is not valid.
    type: str
    required: true
  require_valid:
    description:
      - Whether to fail if the license is expired or not valid after the run.
      - A license whose last day has passed is expired, whatever the service calls it.
    type: bool
    default: true
  min_days_left:
    description: If the license expires in fewer days, the task warns.
    type: int
    default: 0
notes:
  - Check mode cannot predict how the service rates a new key. It returns RV(license.status), RV(license.expires_on) and RV(license.units)
    as null.
seealso:
  - module: singlestore.flow.flow_info
"""

EXAMPLES = r"""
- name: Set the license key
  singlestore.flow.flow_license:
    api_url: http://localhost:8081
    license_key: "{{ vault_flow_license_key }}"
    min_days_left: 30
  register: flow_license

- name: Show when it expires
  ansible.builtin.debug:
    msg: "{{ flow_license.license.units }} units until {{ flow_license.license.expires_on }}"
"""

RETURN = r"""
predicted:
  description: Whether this is what a run would do, because check mode is on and something differs.
  returned: always
  type: bool
  sample: false
license:
  description: The license after the run; in check mode, the predicted license. The key is never returned.
  returned: success
  type: dict
  contains:
    status:
      description: Status in the exact words of the service.
      type: str
      returned: always
      sample: Expires on 01 Sep 2027 (8 units)
    valid:
      description: Whether the license is valid. It is not if its last day has passed.
      type: bool
      returned: always
      sample: true
    expires_on:
      description: Expiry date in ISO format; null if the status does not contain one.
      type: str
      returned: always
      sample: "2027-09-01"
    units:
      description: Number of units; null if the status does not contain one.
      type: int
      returned: always
      sample: 8
    product_id:
      description: Product ID of the instance. License keys are issued for it.
      type: str
      returned: always
      sample: IDB-AGWTC-1RX3A-HDHDS-SADHDS-HVV6G-YUYDAM
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import license
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(license)


if __name__ == "__main__":
    main()
