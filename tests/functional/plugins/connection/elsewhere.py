# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that works like the local one under another name."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: elsewhere
short_description: A local connection under another name
description: Stands for a host that is not the controller.
extends_documentation_fragment: [connection_pipelining]
"""


class Connection(Local):
    """A connection that might lead to another host."""

    transport = "elsewhere"
