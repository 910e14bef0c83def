#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_connection: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_connection
short_description: Save and test the source or destination connection of SingleStore Flow Ingest
description:
  - Saves the connection to the source database, or to the destination (SingleStore), of a Flow Ingest instance, after testing it.
  - The service never tells a saved password. O(update_password) says when one is sent although it cannot be compared.
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
    details: With O(update_password=always) every run saves.
options:
  endpoint:
    description: Which of the two connections of the instance.
    type: str
    required: true
    choices: [source, destination]
  state:
    description:
      - V(present) saves the connection if it differs.
      - V(tested) tests the given parameters and saves nothing.
    type: str
    default: present
    choices: [present, tested]
  type:
    description:
      - Type of the database, such as V(rds.mysqlc) or V(rds.pgres). The 23 source types of the API reference are known; another
        one earns a warning and is sent as it is, since new types come with new releases.
      - Required for a source. For a destination it defaults to V(rds.sstorem).
    type: str
  host:
    description: Host name or address of the database server.
    type: str
  port:
    description:
      - Port of the database server.
      - Defaults to 1521 for Oracle, 1433 for SQL Server, 3306 for MySQL and SingleStore, 5432 for PostgreSQL. Other types need one.
    type: int
  user:
    description: Database user.
    type: str
    aliases: [uid]
  password:
    description:
      - Password of the database user. Needed only where something is tested or saved.
      - The mask V(***) that the service shows instead of a password is refused.
    type: str
    aliases: [pwd]
  database:
    description: Database or schema name. Left out, it is not managed. Empty, there is none.
    type: str
    aliases: [db]
  jdbc_driver:
    description: JDBC driver class. Needed together with O(jdbc_url) for the type V(rds.jdbcfe); refused for a destination.
    type: str
    aliases: [drv]
  jdbc_url:
    description: JDBC URL. A password inside it is blanked wherever the URL is shown.
    type: str
    aliases: [url]
  test:
    description:
      - Test the connection before it is saved; if the test fails, nothing is saved.
      - Also done in check mode, since a test saves nothing.
    type: bool
    default: true
  update_password:
    description:
      - V(auto) saves when nothing is saved yet, when a visible setting differs, or when the service says that the saved connection
        does not work (status V(N)), as after the password was changed in the database.
      - V(on_create) does the same without looking at the status.
      - V(always) saves at every run.
    type: str
    default: auto
    choices: [auto, on_create, always]
notes:
  - With O(test=false), the status of the connection after saving cannot be predicted; check mode returns it as null.
seealso:
  - module: singlestore.flow.flow_info
"""

EXAMPLES = r"""
- name: Save the source connection, after testing it
  singlestore.flow.flow_connection:
    api_url: http://localhost:8081
    endpoint: source
    type: rds.mysqlc
    host: mysql.example.com
    user: flow
    password: "{{ vault_source_password }}"

- name: Save the destination connection
  singlestore.flow.flow_connection:
    api_url: http://localhost:8081
    endpoint: destination
    host: svc-example-dml.aws-virginia-8.svc.singlestore.com
    user: admin
    password: "{{ vault_destination_password }}"

- name: Test the parameters of a source without saving anything
  singlestore.flow.flow_connection:
    api_url: http://localhost:8081
    endpoint: source
    state: tested
    type: rds.pgres
    host: postgres.example.com
    user: flow
    password: "{{ vault_source_password }}"

- name: Use any database that has a JDBC driver
  singlestore.flow.flow_connection:
    api_url: http://localhost:8081
    endpoint: source
    type: rds.jdbcfe
    host: db2.example.com
    port: 50000
    user: flow
    password: "{{ vault_source_password }}"
    jdbc_driver: com.ibm.db2.jcc.DB2Driver
    jdbc_url: jdbc:db2://db2.example.com:50000/sales

- name: Send a rotated password
  singlestore.flow.flow_connection:
    api_url: http://localhost:8081
    endpoint: source
    type: rds.mysqlc
    host: mysql.example.com
    user: flow
    password: "{{ vault_source_password }}"
    update_password: always
"""

RETURN = r"""
connection:
  description: The saved connection after the run, in check mode as it would be; null where nothing is saved.
  returned: success
  type: dict
  contains:
    endpoint:
      description: V(source) or V(destination).
      type: str
      returned: always
      sample: source
    type:
      description: Type of the database.
      type: str
      returned: always
      sample: rds.mysqlc
    host:
      description: Host of the database server.
      type: str
      returned: always
      sample: mysql.example.com
    port:
      description: Port of the database server.
      type: int
      returned: always
      sample: 3306
    user:
      description: Database user.
      type: str
      returned: always
      sample: flow
    database:
      description: Database or schema name, null where there is none.
      type: str
      returned: always
      sample: sales
    jdbc_driver:
      description: JDBC driver class, null where there is none.
      type: str
      returned: always
      sample: com.ibm.db2.jcc.DB2Driver
    jdbc_url:
      description: JDBC URL with V(***) for a password, null where there is none.
      type: str
      returned: always
      sample: jdbc:db2://db2.example.com:50000/sales
    status:
      description: What the service says of the saved connection, V(Y) or V(N).
      type: str
      returned: always
      sample: Y
    working:
      description: Whether the status is V(Y); null where it is not known.
      type: bool
      returned: always
      sample: true
created:
  description: Whether nothing was saved before.
  returned: success
  type: bool
  sample: true
tested:
  description: Whether the given parameters were tested.
  returned: success
  type: bool
  sample: true
messages:
  description: What the test said.
  returned: success
  type: list
  elements: str
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import connection
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(connection)


if __name__ == "__main__":
    main()
