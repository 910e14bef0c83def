# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator of SingleStore Flow's Ingest API that really connects and really moves rows."""

from __future__ import annotations

__version__ = "2026.2"
"""The month of the API reference that this emulator follows: year, dot, month."""
