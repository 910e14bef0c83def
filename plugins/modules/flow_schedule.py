#!/usr/bin/python

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module flow_schedule: documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flow_schedule
short_description: Set the schedule of SingleStore Flow Ingest
description:
  - Sets when a Flow Ingest instance transfers data.
  - Durations are compared by meaning, so C(5m), C(300s) and C(0d00h05m00s) are the same.
author:
  - The singlestore.flow authors (@singlestore-flow)
version_added: 1.0.0
extends_documentation_fragment:
  - singlestore.flow.api
  - singlestore.flow.attributes
  - singlestore.flow.attributes.changes
options:
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
    description: For V(weekly), the days by name or first three letters, instead of O(week_flags).
    type: list
    elements: str
notes:
  - Whether the scheduler is switched on is run state, not configuration. It is returned and never changed.
"""

EXAMPLES = r"""
- name: Transfer every five minutes
  singlestore.flow.flow_schedule:
    api_url: http://localhost:8081
    type: periodic
    duration: 5m
    offset: 1m

- name: Transfer on working days at a quarter to three
  singlestore.flow.flow_schedule:
    api_url: http://localhost:8081
    type: weekly
    duration: "14:45"
    days: [mon, tue, wed, thu, fri]

- name: Transfer only when asked to
  singlestore.flow.flow_schedule:
    api_url: http://localhost:8081
    type: manual
"""

RETURN = r"""
schedule:
  description: The schedule after the run, in check mode as it would be.
  returned: success
  type: dict
  contains:
    type:
      description: When it runs.
      type: str
      returned: always
      sample: weekly
    duration:
      description: Interval or time of day, in the form of the API reference; null where the type takes none.
      type: str
      returned: always
      sample: 14h45m
    offset:
      description: Offset from the base time.
      type: str
      returned: always
      sample: 0d00h00m
    week_flags:
      description: The days as letters from Sunday to Saturday; null where the type takes none.
      type: str
      returned: always
      sample: NYYYYYN
    days:
      description: The days by name; null where the type takes none.
      type: list
      elements: str
      returned: always
      sample: [monday, tuesday, wednesday, thursday, friday]
    is_scheduled:
      description: Whether the scheduler is switched on; null where that cannot be predicted.
      type: bool
      returned: always
      sample: true
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import schedule
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(schedule)


if __name__ == "__main__":
    main()
