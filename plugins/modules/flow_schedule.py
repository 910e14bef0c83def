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
  - An empty value is the same as an option that is left out.
  - Durations are compared by value, so C(5m), C(300s) and C(0d00h05m00s) are equal.
author:
  - The singlestore.flow authors (@singlestore-flow)
version_added: 1.0.0
extends_documentation_fragment:
  - singlestore.flow.api
  - singlestore.flow.attributes
  - singlestore.flow.attributes.changes
options:
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
    description: For V(weekly), the days, by name or by their first three letters, instead of O(week_flags).
    type: list
    elements: str
notes:
  - Whether the scheduler is switched on is run state, not configuration. The module returns it but never changes it.
"""

EXAMPLES = r"""
- name: Transfer every five minutes
  singlestore.flow.flow_schedule:
    api_url: http://localhost:8081
    type: periodic
    duration: 5m
    offset: 1m

- name: Transfer on working days at 14:45
  singlestore.flow.flow_schedule:
    api_url: http://localhost:8081
    type: weekly
    duration: "14:45"
    days: [mon, tue, wed, thu, fri]

- name: Transfer only on request
  singlestore.flow.flow_schedule:
    api_url: http://localhost:8081
    type: manual
"""

RETURN = r"""
predicted:
  description: Whether this is what a run would do, because check mode is on and something differs.
  returned: always
  type: bool
  sample: false
schedule:
  description: The schedule after the run; in check mode, the predicted schedule.
  returned: success
  type: dict
  contains:
    type:
      description: Type of the schedule.
      type: str
      returned: always
      sample: weekly
    duration:
      description: Interval or time of day, in the format of the API reference; null if the type has none.
      type: str
      returned: always
      sample: 14h45m
    offset:
      description: Offset from the base time.
      type: str
      returned: always
      sample: 0d00h00m
    week_flags:
      description: The days as letters from Sunday to Saturday; null if the type has none.
      type: str
      returned: always
      sample: NYYYYYN
    days:
      description: The days by name; null if the type has none.
      type: list
      elements: str
      returned: always
      sample: [monday, tuesday, wednesday, thursday, friday]
    is_scheduled:
      description: Whether the scheduler is switched on; null if this is unknown or cannot be predicted.
      type: bool
      returned: always
      sample: true
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

from ansible_collections.singlestore.flow.plugins.module_utils._resources import schedule
from ansible_collections.singlestore.flow.plugins.module_utils._run.module import run


def main() -> None:
    """Run the module."""
    run(schedule)


if __name__ == "__main__":
    main()
