# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of `serve`: on the command line, for a background process, and as a fingerprint."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from pathlib import Path

from .folder import CannotRun

PACKAGE = Path(__file__).absolute().parents[1]


def add_to(command: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    option = command.add_argument
    option("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    option(
        "--port",
        type=int,
        default=8081,
        help="the port to listen on; 0 picks a free one and keeps it (default: %(default)s)",
    )
    option("--tls-cert", type=_readable, metavar="FILE", help="serve HTTPS with this certificate")
    option("--tls-key", type=_readable, metavar="FILE", help="its private key")
    option("--hosted", action="store_true", help="the hosted face: bearer keys, no license endpoint")
    option("--api-key", action="append", default=[], metavar="KEY", help="a key of the hosted face")
    option(
        "--api-key-file", type=path, metavar="FILE", help="a file of such keys, one per line, which ps does not show"
    )
    option(
        "--idle-timeout",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="stop after this long without a request (0: never)",
    )
    option("--verbose", action="store_true", help="log each request")


def keys_of(options: argparse.Namespace, *, check: bool = False) -> list[str]:
    """Return the API keys; with `check`, their file need not exist yet. Raises CannotRun."""
    file: Path | None = options.api_key_file
    if file is None or (check and not file.exists()):
        return list(options.api_key)
    try:
        return [*options.api_key, *file.read_text(encoding="utf-8").split()]
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotRun(f"it cannot read the API keys in {file}: {problem}") from None


def fingerprint(options: argparse.Namespace, *, keys: list[str]) -> str:
    """Return a digest of options and program; a running process with another digest must be replaced."""
    digest = hashlib.sha256()
    for name in ("host", "port", "tls_cert", "tls_key", "hosted", "idle_timeout", "verbose"):
        digest.update(f"{name}={getattr(options, name)}\0".encode())
    digest.update(json.dumps(sorted(keys)).encode())
    for file in sorted(PACKAGE.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(f"\0{file.relative_to(PACKAGE)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def arguments(options: argparse.Namespace) -> list[str]:
    """Return the options as arguments of the command `serve`."""
    words = [
        "--data",
        str(options.data.resolve()),
        "--host",
        options.host,
        "--port",
        str(options.port),
    ]
    words += ["--idle-timeout", str(options.idle_timeout)]
    for key in options.api_key:
        words += ["--api-key", key]
    for name in ("tls_cert", "tls_key", "api_key_file"):
        if getattr(options, name) is not None:
            words += [f"--{name.replace('_', '-')}", str(getattr(options, name))]
    return words + [f"--{name}" for name in ("hosted", "verbose") if getattr(options, name)]


def path(text: str) -> Path:
    """Return a path from the command line as an absolute path."""
    return Path(text).expanduser().absolute()


def _readable(text: str) -> Path:
    file = path(text)
    if not file.is_file() or not os.access(file, os.R_OK):
        raise argparse.ArgumentTypeError(f"{file} is not a readable file")
    return file
