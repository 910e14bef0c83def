# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands in for the module uri: writes down what it is given, and answers what FLOW_ANSWERS has for the URL.

The URL begins with ``http://emulator/`` and the host. It imports nothing of Ansible's, which hands it a file of arguments then: WANT_JSON.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Run the module."""
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    call = {
        "host": given["url"].split("/")[3],
        "action": "uri",
        "args": {name: value for name, value in given.items() if not name.startswith("_ansible_")},
        "tags": [],
        "connection": "",
        "check": given["_ansible_check_mode"],
        "diff": given["_ansible_diff"],
    }
    with open(os.environ["FLOW_RECORD"], "a", encoding="utf-8") as record:
        record.write(json.dumps(call) + "\n")
    answer = json.loads(os.environ["FLOW_ANSWERS"]).get(call["args"]["url"])
    print(json.dumps({"skipped": True} if call["check"] else {"json": answer}))


main()
