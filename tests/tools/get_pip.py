# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install pip from the wheel that comes with Python.

ansible-test downloads a script for this unless its cache has one. With this one in the cache, it
needs only the package index that pip is configured for.
"""

from __future__ import annotations

import ensurepip
import sys
from pathlib import Path

wheel = next((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
sys.path.insert(0, str(wheel))

from pip._internal.cli.main import main  # noqa: E402

arguments = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--upgrade", *arguments]))
