# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the program's files, {name: text} as JSON in base64."""

from __future__ import annotations

import base64
import json
from pathlib import Path

FOLDER = Path(__file__).absolute().parent
FILES = [FOLDER / "requirements.txt", *sorted((FOLDER / "flow_emulator").rglob("*.py"))]
TEXTS = {str(file.relative_to(FOLDER)): file.read_text(encoding="utf-8") for file in FILES}
print(base64.b64encode(json.dumps(TEXTS).encode()).decode())
