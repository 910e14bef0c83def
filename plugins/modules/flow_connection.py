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
  - Tests and saves the connection of a Flow Ingest instance to its source database or to its destination (SingleStore).
  - The service never returns a saved password, so passwords cannot be compared. O(update_password) controls when one is sent.
  - A save sends everything, because the service may replace the whole connection. What is not managed but was read, such as the database
    or a parameter that the module does not know, is sent again as it was read.
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
    details: With O(update_password=always), every run saves the connection.
options:
  endpoint:
    description: Which of the two connections of the instance to manage.
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
      - Type of the database, such as V(rds.mysqlc) or V(rds.pgres). The collection knows the 23 source types in the API reference. Any
        other type with a dot is sent unchanged, with a warning, because new releases add types.
      - Required for a source. Defaults to V(rds.sstorem) for a destination.
    type: str
  host:
    description: Host name or address of the database server.
    type: str
  port:
    description:
      - Port of the database server.
      - Defaults to 1521 for Oracle, 1433 for SQL Server, 3306 for MySQL and SingleStore, 5432 for PostgreSQL. Required for other types.
    type: int
  user:
    description: Database user.
    type: str
    aliases: [uid]
  password:
    description:
      - Password of the database user. Required only if the connection is tested or saved.
      - The mask V(***), which the service shows instead of a password, is not accepted.
    type: str
    aliases: [pwd]
  database:
    description: Database or schema name. If left out, it is not managed. If empty, no name is set.
    type: str
    aliases: [db]
  jdbc_driver:
    description: JDBC driver class. Required together with O(jdbc_url) for the type V(rds.jdbcfe). Not accepted for a destination.
    type: str
    aliases: [drv]
  jdbc_url:
    description: JDBC URL. A password in it is masked wherever the URL is shown.
    type: str
    aliases: [url]
  extra_parameters:
    description:
      - Further parameters by name, for what a release of the service takes and this module has no option for. They are sent with every save
        and every test.
      - Values are text. They are secret, unless their names are in O(extra_parameters_shown).
      - A parameter that the service shows is compared. One that it shows masked or not at all cannot be compared. It is sent with the next
        save, or at once with O(update_password=always).
      - What the module sends itself is refused, such as C(host), C(uid) or C(db).
    type: dict
  extra_parameters_shown:
    description: Names in O(extra_parameters) whose values are not secret, and may be shown.
    type: list
    elements: str
    default: []
  test:
    description:
      - Whether to test the connection before saving it. If the test fails, nothing is saved.
      - The test also runs in check mode, because it saves nothing.
    type: bool
    default: true
  update_password:
    description:
      - V(auto) saves the connection if none is saved yet, if a visible setting differs, or if the service reports that the saved connection
        does not work (status V(N)), for example because the password was changed in the database.
      - V(on_create) does the same but ignores the status.
      - V(always) saves the connection on every run.
    type: str
    default: auto
    choices: [auto, on_create, always]
notes:
  - With O(test=false), check mode cannot predict the status of the connection and returns null.
seealso:
  - module: singlestore.flow.flow_info
"""

EXAMPLES = r"""
- name: Test and save the source connection
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

- name: Give parameters that this release of the service takes and the module has no options for
  singlestore.flow.flow_connection:
    api_url: http://localhost:8081
    endpoint: source
    type: rds.mysqlc
    host: mysql.example.com
    user: flow
    password: "{{ vault_source_password }}"
    extra_parameters:
      charset: utf8mb4
      apikey: "{{ vault_source_password }}"
    extra_parameters_shown: [charset]
"""

RETURN = r"""
predicted:
  description: Whether this is what a run would do, because check mode is on and something differs.
  returned: always
  type: bool
  sample: false
connection:
  description: The saved connection after the run; in check mode, the predicted connection. Null if nothing is saved.
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
      description: Database or schema name; null if there is none.
      type: str
      returned: always
      sample: sales
    jdbc_driver:
      description: JDBC driver class; null if there is none.
      type: str
      returned: always
      sample: com.ibm.db2.jcc.DB2Driver
    jdbc_url:
      description: JDBC URL with V(***) in place of a password; null if there is none.
      type: str
      returned: always
      sample: jdbc:db2://db2.example.com:50000/sales
    status:
      description: Status that the service reports for the saved connection, V(Y) or V(N).
      type: str
      returned: always
      sample: Y
    working:
      description: Whether the status is V(Y); null if it is unknown.
      type: bool
      returned: always
      sample: true
tested:
  description: Whether the given parameters were tested.
  returned: success
  type: bool
  sample: true
messages:
  description: Messages of the connection test.
  returned: success
  type: list
  elements: str
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import connection
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(connection)


if __name__ == "__main__":
    main()
