#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_pipeline: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_pipeline
short_description: Set up a whole pipeline of SingleStore Flow Ingest in one task
description:
  - Brings the source and destination connections, the table selection, the schedule and the licence of one Flow Ingest instance into
    the given state, in this order, and then starts the extract that is due.
  - Does what the role P(singlestore.flow.flow_pipeline#role) does, with the same results, in one task. That makes it the choice for fleets.
  - Every option is checked before anything is sent. What is not given is not managed. The first step that fails ends the run.
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
    details: An operation named in O(extract) is started at every run; with C(update_password) V(always) every run saves.
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
        description: JDBC driver class. Needed together with O(source.jdbc_url) for the type V(rds.jdbcfe); refused for a destination.
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
        description: JDBC driver class. Needed together with O(destination.jdbc_url) for the type V(rds.jdbcfe); refused for a destination.
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
  tables:
    description: The table selection, one item for each schema. See M(singlestore.flow.flow_table).
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
          - Names or shell patterns. A name that exists wins over its reading as a pattern.
          - One that matches nothing fails before anything is written.
        type: list
        elements: str
        required: true
      exclude:
        description: Names or shell patterns of tables to leave out of O(tables[].tables).
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
  schedule:
    description: The schedule. See M(singlestore.flow.flow_schedule).
    type: dict
    suboptions:
      type:
        description: When to run.
        type: str
        required: true
        choices: [manual, auto, periodic, daily, weekly]
      duration:
        description:
          - For V(periodic), the interval between runs, such as V(5m), V(1h30m), V(90s) or V(1d02h05m10s).
          - For V(daily) and V(weekly), the time of day, such as V(14:46) (in quotes) or V(14h46m).
          - Required for these types and refused for the others.
        type: str
      offset:
        description: For V(periodic), the offset from the base time in whole minutes, such as V(1m). Left out, it is not managed.
        type: str
      week_flags:
        description: For V(weekly), seven letters V(Y) or V(N) from Sunday to Saturday, such as V(NYYYYYN).
        type: str
        aliases: [weekFlags]
      days:
        description: For V(weekly), the days by name or first three letters, instead of O(schedule.week_flags).
        type: list
        elements: str
  license_key:
    description: The licence key. See M(singlestore.flow.flow_license).
    type: str
  extract:
    description:
      - V(auto) starts V(full) once a connection was saved for the first time, else V(syncnew) once tables were added, else nothing.
      - V(never) starts nothing. An operation is started at every run.
      - The service does not tell whether anything was ever extracted. If a first run broke off between the connections and the extract,
        V(auto) does not make up for it; ask for V(full) once.
    type: str
    default: auto
    choices: [auto, never, full, syncnew, syncstruct, delta]
seealso:
  - module: singlestore.flow.flow_connection
  - module: singlestore.flow.flow_table
  - module: singlestore.flow.flow_schedule
  - module: singlestore.flow.flow_license
  - module: singlestore.flow.flow_extract
"""

EXAMPLES = r"""
- name: Copy three tables from MySQL into SingleStore and keep them in step
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

- name: Only bring the changes now
  singlestore.flow.flow_pipeline:
    api_url: http://localhost:8081
    extract: delta
"""

RETURN = r"""
source:
  description: The source connection, as M(singlestore.flow.flow_connection) returns it; null where it is not managed.
  returned: always
  type: dict
destination:
  description: The destination connection, as M(singlestore.flow.flow_connection) returns it; null where it is not managed.
  returned: always
  type: dict
tables:
  description: The selection of each schema, as M(singlestore.flow.flow_table) returns it.
  returned: always
  type: list
  elements: dict
schedule:
  description: The schedule, as M(singlestore.flow.flow_schedule) returns it; null where it is not managed.
  returned: always
  type: dict
license:
  description: The licence, as M(singlestore.flow.flow_license) returns it; null where it is not managed.
  returned: always
  type: dict
extract:
  description: The operation, as M(singlestore.flow.flow_extract) returns it; null where none was due.
  returned: always
  type: dict
steps:
  description: What became of each step, in order.
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
      description: Whether it changed something.
      type: bool
      returned: always
      sample: true
    skipped:
      description: Whether there was nothing to manage, or an earlier step had failed.
      type: bool
      returned: always
      sample: false
    failed:
      description: Whether it failed.
      type: bool
      returned: always
      sample: false
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

from ansible_collections.singlestore.flow.plugins.module_utils._pipeline import steps
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run
from ansible_collections.singlestore.flow.plugins.module_utils._run.task import carry_out_pipeline


def main() -> None:
    """Run the module."""
    run(steps, carry_out_pipeline)


if __name__ == "__main__":
    main()
