# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check that a built collection contains everything that its users need, and nothing else."""

from __future__ import annotations

import fnmatch
import subprocess
import sys
import tarfile

SHIPPED = (
    "CHANGELOG.*",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "bindep.txt",
    "requirements.txt",
    "changelogs/*",
    "docs/*",
    "extensions/eda/*",
    "meta/*",
    "playbooks/*",
    "plugins/*",
    "roles/*",
)
"""The parts of the repository that users get."""

BUILT = {"MANIFEST.json", "FILES.json"}


def complaints(held: set[str], tracked: set[str]) -> list[str]:
    """Return one line for each missing and each unwanted file."""
    wanted = {name for name in tracked if any(fnmatch.fnmatch(name, shape) for shape in SHIPPED)}
    missing = [f"missing: {name}" for name in sorted(wanted - held)]
    return missing + [f"too much: {name}" for name in sorted(held - wanted - BUILT)]


def main(tarball: str) -> int:
    """Print the complaints about a tarball and return their number."""
    with tarfile.open(tarball) as archive:
        held = {member.name for member in archive if not member.isdir()}
    listing = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True)
    found = complaints(held, set(listing.stdout.splitlines()))
    print("\n".join(found) or f"{tarball}: {len(held)} files, as they should be")
    return len(found)


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1]), 1))
