# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the files that come on standard input, {name: text} as JSON in base64, below a folder; say whether any differed.

One process does it: Ansible's own copy takes a second or more for each file.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path


def main(folder: str, check: bool) -> None:
    """Write what differs, unless only to check."""
    changed = False
    for name, text in json.loads(base64.b64decode(sys.stdin.read())).items():
        file = Path(folder).expanduser() / name
        if not file.exists() or file.read_bytes() != text.encode():
            changed = True
            if not check:
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                file.write_bytes(text.encode())
    print(json.dumps({"changed": changed}))


main(sys.argv[1], "--check" in sys.argv)
