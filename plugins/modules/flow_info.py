#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_info: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_info
short_description: Read the configuration of SingleStore Flow Ingest
description:
  - Reads the connections, the license, the schedule and the table selection of a Flow Ingest instance. It never changes anything.
author:
  - The singlestore.flow authors (@singlestore-flow)
version_added: 1.0.0
extends_documentation_fragment:
  - singlestore.flow.api
  - singlestore.flow.attributes
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
  diff_mode:
    description: Returns what has changed.
    support: N/A
    details: This module never changes anything.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
options:
  gather:
    description: Which settings to read.
    type: list
    elements: str
    choices: [source, destination, license, schedule]
    default: [source, destination, license, schedule]
  tables:
    description: Schemas whose table selection is read.
    type: list
    elements: dict
    default: []
    suboptions:
      database:
        description: Database of the source.
        type: str
        required: true
      schema:
        description: Schema of the database.
        type: str
        required: true
"""

EXAMPLES = r"""
- name: Read everything, and the tables of one schema
  singlestore.flow.flow_info:
    api_url: http://localhost:8081
    tables:
      - database: mydb
        schema: classicmodels
  register: current

- name: Show the product ID for which a license key is issued
  ansible.builtin.debug:
    msg: "{{ current.flow.license.product_id }}"

- name: Wait for a service that has just been started
  singlestore.flow.flow_info:
    api_url: http://localhost:8081
    api_wait_timeout: 120
    gather: [license]
"""

RETURN = r"""
predicted:
  description: Whether this is what a run would do, because check mode is on and something differs.
  returned: always
  type: bool
  sample: false
flow:
  description: The settings that were read. A setting is null if it is not configured, does not exist on this service or was not requested.
  returned: success
  type: dict
  contains:
    source:
      description: The source connection, as M(singlestore.flow.flow_connection) returns it.
      type: dict
      returned: always
    destination:
      description: The destination connection, as M(singlestore.flow.flow_connection) returns it.
      type: dict
      returned: always
    license:
      description: The license, as M(singlestore.flow.flow_license) returns it.
      type: dict
      returned: always
    schedule:
      description: The schedule, as M(singlestore.flow.flow_schedule) returns it.
      type: dict
      returned: always
    tables:
      description: The table selection of each requested schema.
      type: list
      elements: dict
      returned: always
      contains:
        database:
          description: Database of the source.
          type: str
          returned: always
          sample: mydb
        schema:
          description: Schema of the database.
          type: str
          returned: always
          sample: classicmodels
        selected:
          description: The selected tables, sorted; null if the schema does not exist.
          type: list
          elements: str
          returned: always
          sample: [customers]
        available:
          description: All tables, sorted; null if the schema does not exist.
          type: list
          elements: str
          returned: always
          sample: [customers, employees, offices]
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import info
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(info)


if __name__ == "__main__":
    main()
