# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands in for a module that runs as an ordinary one: says which Python runs it."""

from __future__ import annotations

import sys

from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec={"api_url": {"type": "str"}, "api_retries": {"type": "int"}})
    module.exit_json(python=sys.executable)


if __name__ == "__main__":
    main()
