#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_table: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_table
short_description: Select the tables that SingleStore Flow Ingest transfers
description:
  - Selects or deselects tables of one schema of the source, by name or shell pattern.
  - The table list is read once, and again after writing; only tables that differ are written.
author:
  - The singlestore.flow authors (@singlestore-flow)
version_added: 1.0.0
extends_documentation_fragment:
  - singlestore.flow.api
  - singlestore.flow.attributes
  - singlestore.flow.attributes.changes
options:
  database:
    description: Database of the source.
    type: str
    required: true
  schema:
    description: Schema of the database.
    type: str
    required: true
  tables:
    description:
      - Names or shell patterns. A name that exists wins over its reading as a pattern.
      - One that matches nothing fails before anything is written.
    type: list
    elements: str
    required: true
  exclude:
    description: Names or shell patterns of tables to leave out of O(tables).
    type: list
    elements: str
    default: []
  state:
    description: Whether the tables are to be selected.
    type: str
    default: selected
    choices: [selected, deselected]
  exclusive:
    description: Deselect everything of the schema that is not asked for.
    type: bool
    default: false
  concurrency:
    description: How many tables to write at the same time at the most, from 1 to 32.
    type: int
    default: 4
  source_pending:
    description:
      - Say that the source connection is itself about to change, so that the tables behind it cannot be listed yet. Names are then
        predicted and patterns announced in a warning.
      - For check mode only; outside of it the task fails.
    type: bool
    default: false
notes:
  - In check mode, on an instance without a source connection, O(source_pending) goes without saying.
"""

EXAMPLES = r"""
- name: Select three tables
  singlestore.flow.flow_table:
    api_url: http://localhost:8081
    database: mydb
    schema: classicmodels
    tables: [customers, orders, orderdetails]

- name: Select everything but the product tables, and deselect whatever else was selected
  singlestore.flow.flow_table:
    api_url: http://localhost:8081
    database: mydb
    schema: classicmodels
    tables: ["*"]
    exclude: ["product*"]
    exclusive: true

- name: Deselect one table
  singlestore.flow.flow_table:
    api_url: http://localhost:8081
    database: mydb
    schema: classicmodels
    tables: [orderdetails]
    state: deselected
"""

RETURN = r"""
tables:
  description: The selection after the run, in check mode as it would be.
  returned: success, or when some tables failed
  type: dict
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
      description: All tables of the schema that are selected, sorted.
      type: list
      elements: str
      returned: always
      sample: [customers, orderdetails, orders]
    added:
      description: Tables that were selected by this run.
      type: list
      elements: str
      returned: always
      sample: [orders]
    removed:
      description: Tables that were deselected by this run.
      type: list
      elements: str
      returned: always
      sample: []
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import tables
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(tables)


if __name__ == "__main__":
    main()
