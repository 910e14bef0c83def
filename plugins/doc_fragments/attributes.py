# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of what every module supports."""

from __future__ import annotations


class ModuleDocFragment:
    """The doc fragments ``singlestore.flow.attributes`` and ``singlestore.flow.attributes.changes``."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/singlestore.flow.flow) in C(module_defaults) to set O(ignore:api_url) once for all modules.
    support: full
    membership:
      - singlestore.flow.flow
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
"""

    CHANGES = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode. It then returns what would change, and writes nothing.
    support: full
  diff_mode:
    description: Returns what has changed, or what would change in check mode, without secrets.
    support: full
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
"""
