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
  - Reads the connections, the licence, the schedule and the table selection of a Flow Ingest instance. Never changes anything.
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
    description: What to read.
    type: list
    elements: str
    choices: [source, destination, license, schedule]
    default: [source, destination, license, schedule]
  tables:
    description: The schemas whose table selection to read.
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

- name: Show the product ID that a licence key is issued for
  ansible.builtin.debug:
    msg: "{{ current.flow.license.product_id }}"
"""

RETURN = r"""
flow:
  description: What was read; null for what is not configured, does not exist there or was not asked for.
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
      description: The licence, as M(singlestore.flow.flow_license) returns it.
      type: dict
      returned: always
    schedule:
      description: The schedule, as M(singlestore.flow.flow_schedule) returns it.
      type: dict
      returned: always
    tables:
      description: The table selection of each schema that was asked for.
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
          description: The tables that are selected, sorted; null where there is no such schema.
          type: list
          elements: str
          returned: always
          sample: [customers]
        available:
          description: All tables, sorted; null where there is no such schema.
          type: list
          elements: str
          returned: always
          sample: [customers, employees, offices]
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import info
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(info)


if __name__ == "__main__":
    main()
