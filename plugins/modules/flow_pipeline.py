#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_pipeline: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_pipeline
short_description: Set up a whole SingleStore Flow Ingest pipeline in one task
description:
  - Sets up the source and destination connections, the license, the schedule and the table selection of one Flow Ingest instance, in this
    order. Then starts the extract that is due.
  - Does the same as the role P(singlestore.flow.flow_pipeline#role), with the same results, in one task. Use it to manage many instances.
  - Plans everything before it writes anything. All options are checked, all reads are made and all connections are tested first.
  - Parts that are left out are not managed. The run ends at the first step that fails.
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
    details: An operation named in O(extract) is started on every run. With O(source.update_password=always) or
      O(destination.update_password=always), every run saves that connection.
options:
  source:
    description: The source connection. See M(singlestore.flow.flow_connection).
    type: dict
    suboptions:
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
        description: JDBC driver class. Required together with O(source.jdbc_url) for the type V(rds.jdbcfe). Not accepted for a
          destination.
        type: str
        aliases: [drv]
      jdbc_url:
        description: JDBC URL. A password in it is masked wherever the URL is shown.
        type: str
        aliases: [url]
      extra_parameters:
        description:
          - Further parameters by name, for what a release of the service takes and this module has no option for. They are sent with
            every save and every test.
          - Values are text. They are secret, unless their names are in O(source.extra_parameters_shown).
          - A parameter that the service shows is compared. One that it shows masked or not at all cannot be compared. It is sent with
            the next save, or at once with O(source.update_password=always).
          - What the module sends itself is refused, such as C(host), C(uid) or C(db).
        type: dict
      extra_parameters_shown:
        description: Names in O(source.extra_parameters) whose values are not secret, and may be shown.
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
          - V(auto) saves the connection if none is saved yet, if a visible setting differs, or if the service reports that the saved
            connection does not work (status V(N)), for example because the password was changed in the database.
          - V(on_create) does the same but ignores the status.
          - V(always) saves the connection on every run.
        type: str
        default: auto
        choices: [auto, on_create, always]
  destination:
    description: The destination connection. See M(singlestore.flow.flow_connection).
    type: dict
    suboptions:
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
        description: JDBC driver class. Required together with O(destination.jdbc_url) for the type V(rds.jdbcfe). Not accepted for a
          destination.
        type: str
        aliases: [drv]
      jdbc_url:
        description: JDBC URL. A password in it is masked wherever the URL is shown.
        type: str
        aliases: [url]
      extra_parameters:
        description:
          - Further parameters by name, for what a release of the service takes and this module has no option for. They are sent with
            every save and every test.
          - Values are text. They are secret, unless their names are in O(destination.extra_parameters_shown).
          - A parameter that the service shows is compared. One that it shows masked or not at all cannot be compared. It is sent with
            the next save, or at once with O(destination.update_password=always).
          - What the module sends itself is refused, such as C(host), C(uid) or C(db).
        type: dict
      extra_parameters_shown:
        description: Names in O(destination.extra_parameters) whose values are not secret, and may be shown.
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
          - V(auto) saves the connection if none is saved yet, if a visible setting differs, or if the service reports that the saved
            connection does not work (status V(N)), for example because the password was changed in the database.
          - V(on_create) does the same but ignores the status.
          - V(always) saves the connection on every run.
        type: str
        default: auto
        choices: [auto, on_create, always]
  tables:
    description: The table selection, with one item per schema. See M(singlestore.flow.flow_table).
    type: list
    elements: dict
    suboptions:
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
          - O(tables[].missing) decides what happens if an entry matches nothing.
        type: list
        elements: str
        required: true
      exclude:
        description: Names or shell patterns of tables to exclude from O(tables[].tables).
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
          - What an entry of O(tables[].tables) that matches nothing does. V(fail) fails the task before anything is written, and names
            similar tables. V(warn) and V(ignore) go on with the other entries.
          - With O(tables[].state=deselected), a table that does not exist is deselected already, and this option has no effect.
        type: str
        default: fail
        choices: [fail, warn, ignore]
  schedule:
    description: The schedule. See M(singlestore.flow.flow_schedule).
    type: dict
    suboptions:
      type:
        description: Type of the schedule.
        type: str
        required: true
        choices: [manual, auto, periodic, daily, weekly]
      duration:
        description:
          - For V(periodic), the interval between runs, such as V(5m), V(1h30m), V(90s) or V(1d02h05m10s).
          - For V(daily) and V(weekly), the time of day, such as V(14:46) (in quotes) or V(14h46m).
          - Required for these types; not accepted for others.
        type: str
      offset:
        description:
          - For V(periodic), the offset from the base time in whole minutes, such as V(1m), or V(0) for none.
          - If left out, it is not managed, and a save sends it again as it was read.
        type: str
      week_flags:
        description: For V(weekly), seven letters V(Y) or V(N) from Sunday to Saturday, such as V(NYYYYYN).
        type: str
        aliases: [weekFlags]
      days:
        description: For V(weekly), the days, by name or by their first three letters, instead of O(schedule.week_flags).
        type: list
        elements: str
  license_key:
    description: The license key. See M(singlestore.flow.flow_license).
    type: str
  require_valid:
    description: Whether a license that is not valid fails the task. If V(false), it causes a warning.
    type: bool
    default: true
  min_days_left:
    description: With fewer days left than this, the license causes a warning.
    type: int
    default: 0
  extract:
    description:
      - What to start after the other steps. V(auto) starts what is due, V(never) starts nothing, and any other value is an operation that is
        started on every run.
      - V(full) is due if nothing was selected in any of the schemas in O(tables) before and now something is, or if a connection was saved
        for the first time and something of these schemas is selected. V(syncnew) is due if tables were added to those selected before.
      - If a connection now points elsewhere (type, host, port or database), V(auto) starts nothing for that. The task warns that V(full) is due.
      - Without O(tables), nothing is due.
      - If an extract that is due is not accepted, or if an earlier step fails, the task fails, says what is still due and how to start it, and
        returns RV(extract_due).
    type: str
    default: auto
    choices: [auto, never, full, syncnew, syncstruct, delta]
  preflight:
    description: Whether to check before an extract that the saved connections work and the license is valid. If not, nothing is started.
    type: bool
    default: true
  state:
    description:
      - V(present) sets up the pipeline as described.
      - V(paused) does the same with the connections and the license, sets the schedule to V(manual), and leaves the tables as they are.
        O(extract=auto) starts nothing, so that what is added later is still due.
      - V(absent) sets the schedule to V(manual) and deselects all tables of the schemas in O(tables). Connections and license stay as they
        are, because the API cannot delete them.
    type: str
    default: present
    choices: [present, paused, absent]
  steps:
    description:
      - The steps to carry out. Options of other steps are only checked.
      - With an empty list, the options are checked and nothing is sent.
    type: list
    elements: str
    default: [source, destination, license, schedule, tables, extract]
    choices: [source, destination, license, schedule, tables, extract]
  earlier:
    description:
      - Results of earlier tasks of this module for the same instance in the same run, if the steps are spread over several tasks, as in the
        role P(singlestore.flow.flow_pipeline#role). What is due is decided from all of them.
      - With empty O(steps), the task returns what the earlier tasks have returned together.
    type: list
    elements: dict
  hints:
    description: Sentences to show as warnings. The role sets this for variables that it does not know.
    type: list
    elements: str
    default: []
seealso:
  - module: singlestore.flow.flow_connection
  - module: singlestore.flow.flow_table
  - module: singlestore.flow.flow_schedule
  - module: singlestore.flow.flow_license
  - module: singlestore.flow.flow_extract
"""

EXAMPLES = r"""
- name: Copy three tables from MySQL to SingleStore and keep them in sync
  singlestore.flow.flow_pipeline:
    api_url: http://localhost:8081
    source:
      type: rds.mysqlc
      host: mysql.example.com
      user: flow
      password: "{{ vault_source_password }}"
    destination:
      host: svc-example-dml.aws-virginia-8.svc.singlestore.com
      user: admin
      password: "{{ vault_destination_password }}"
    tables:
      - database: mydb
        schema: classicmodels
        tables: [customers, orders, orderdetails]
        exclusive: true
    schedule:
      type: periodic
      duration: 5m
    license_key: "{{ vault_flow_license_key }}"

- name: Pause the pipeline
  singlestore.flow.flow_pipeline:
    api_url: http://localhost:8081
    state: paused

- name: Start only a delta
  singlestore.flow.flow_pipeline:
    api_url: http://localhost:8081
    extract: delta

- name: Stop the pipeline and deselect its tables
  singlestore.flow.flow_pipeline:
    api_url: http://localhost:8081
    tables:
      - database: mydb
        schema: classicmodels
        tables: [customers, orders, orderdetails]
    state: absent
"""

RETURN = r"""
predicted:
  description: Whether this is what a run would do, because check mode is on and something differs.
  returned: always
  type: bool
  sample: false
source:
  description: The source connection, as M(singlestore.flow.flow_connection) returns it; null if it is not managed.
  returned: always
  type: dict
destination:
  description: The destination connection, as M(singlestore.flow.flow_connection) returns it; null if it is not managed.
  returned: always
  type: dict
tables:
  description: The selection of each schema, as M(singlestore.flow.flow_table) returns it.
  returned: always
  type: list
  elements: dict
schedule:
  description: The schedule, as M(singlestore.flow.flow_schedule) returns it; null if it is not managed.
  returned: always
  type: dict
license:
  description: The license, as M(singlestore.flow.flow_license) returns it; null if it is not managed.
  returned: always
  type: dict
extract:
  description: The operation, as M(singlestore.flow.flow_extract) returns it; null if none was started.
  returned: always
  type: dict
extract_due:
  description: The extract that is due and was not started or not accepted; null if none is.
  returned: always
  type: str
  sample: full
evidence:
  description: What RV(extract_due) is decided from.
  returned: always
  type: dict
  contains:
    first_saved:
      description: Connections that were saved for the first time.
      type: list
      elements: str
      returned: always
      sample: [source]
    moved:
      description: Connections that now point elsewhere.
      type: list
      elements: str
      returned: always
      sample: []
    selections:
      description: How many tables of each schema were selected before and are selected now, and how many were added.
      type: list
      elements: dict
      returned: always
      sample: [{"database": "mydb", "schema": "classicmodels", "before": 0, "after": 3, "added": 3}]
steps:
  description: Result of each step, in order.
  returned: always
  type: list
  elements: dict
  contains:
    step:
      description: Name of the step.
      type: str
      returned: always
      sample: source
    changed:
      description: Whether the step changed something.
      type: bool
      returned: always
      sample: true
    skipped:
      description: Whether the step was skipped, because there was nothing to manage or an earlier step failed.
      type: bool
      returned: always
      sample: false
    failed:
      description: Whether the step failed.
      type: bool
      returned: always
      sample: false
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

from ansible_collections.singlestore.flow.plugins.module_utils._pipeline import whole
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run
from ansible_collections.singlestore.flow.plugins.module_utils._run.pipeline import carry_out_pipeline


def main() -> None:
    """Run the module."""
    run(whole, carry_out_pipeline)


if __name__ == "__main__":
    main()
