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
  - Selects or deselects tables in one schema of the source, by name or shell pattern.
  - Reads the table list once, and again after writing. Writes only the tables that differ.
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
      - Table names or shell patterns. An entry that is the exact name of a table is never treated as a pattern.
      - O(missing) decides what happens if an entry matches nothing.
    type: list
    elements: str
    required: true
  exclude:
    description: Names or shell patterns of tables to exclude from O(tables).
    type: list
    elements: str
    default: []
  state:
    description: Whether the tables should be selected.
    type: str
    default: selected
    choices: [selected, deselected]
  exclusive:
    description: Whether to deselect all other tables in the schema.
    type: bool
    default: false
  concurrency:
    description: Maximum number of tables to write at the same time, from 1 to 32.
    type: int
    default: 4
  missing:
    description:
      - What an entry of O(tables) that matches nothing does. V(fail) fails the task before anything is written, and names similar tables.
        V(warn) and V(ignore) go on with the other entries.
      - With O(state=deselected), a table that does not exist is deselected already, and this option has no effect.
    type: str
    default: fail
    choices: [fail, warn, ignore]
notes:
  - In check mode, an instance without a source connection has no table list. Names are then predicted, and a warning lists the patterns.
"""

EXAMPLES = r"""
- name: Select three tables
  singlestore.flow.flow_table:
    api_url: http://localhost:8081
    database: mydb
    schema: classicmodels
    tables: [customers, orders, orderdetails]

- name: Select all tables except the product tables, and deselect all others
  singlestore.flow.flow_table:
    api_url: http://localhost:8081
    database: mydb
    schema: classicmodels
    tables: ["*"]
    exclude: ["product*"]
    exclusive: true

- name: Select the tables of a list, even if some of them were dropped
  singlestore.flow.flow_table:
    api_url: http://localhost:8081
    database: mydb
    schema: classicmodels
    tables: [customers, orders, offices]
    missing: warn

- name: Deselect one table
  singlestore.flow.flow_table:
    api_url: http://localhost:8081
    database: mydb
    schema: classicmodels
    tables: [orderdetails]
    state: deselected
"""

RETURN = r"""
predicted:
  description: Whether this is what a run would do, because check mode is on and something differs.
  returned: always
  type: bool
  sample: false
tables:
  description: The selection after the run; in check mode, the predicted selection.
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
      description: All selected tables of the schema, sorted.
      type: list
      elements: str
      returned: always
      sample: [customers, orderdetails, orders]
    added:
      description: Tables that this run selected.
      type: list
      elements: str
      returned: always
      sample: [orders]
    removed:
      description: Tables that this run deselected.
      type: list
      elements: str
      returned: always
      sample: []
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import tables
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(tables)


if __name__ == "__main__":
    main()
