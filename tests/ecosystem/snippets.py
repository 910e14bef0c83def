# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The code blocks in the README and the guides, in reading order."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

MARKDOWN = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
RST = re.compile(r"^\.\. code-block:: (?P<language>[\w+-]+)\n\n(?P<text>(?:(?:    .*)?\n)+)", re.MULTILINE)
NAMED = re.compile(r"# (?P<name>[\w./-]+\.(?:yml|yaml|ini|sh))\n")


@dataclass(frozen=True)
class Block:
    """One code block; ``name`` is the file name in its first line."""

    language: str
    text: str
    name: str | None


@dataclass(frozen=True)
class Command:
    """A command of a console block, and the lines that it should print."""

    line: str
    printed: tuple[str, ...]

    @property
    def program(self) -> str:
        """Return the name of the program."""
        return self.line.split()[0]


def blocks(page: Path) -> list[Block]:
    """Return the code blocks of a page."""
    pattern = MARKDOWN if page.suffix == ".md" else RST
    found = []
    for match in pattern.finditer(page.read_text()):
        text = textwrap.dedent(match["text"]).strip("\n") + "\n"
        named = NAMED.match(text)
        found.append(Block(match["language"], text, named["name"] if named else None))
    return found


def commands(block: Block) -> list[Command]:
    """Return the commands of a console block; ``...`` stands for omitted lines."""
    found: list[Command] = []
    for line in block.text.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:], ()))
        elif line.strip() not in ("", "..."):
            last = found.pop()
            found.append(Command(last.line, (*last.printed, line)))
    return found
