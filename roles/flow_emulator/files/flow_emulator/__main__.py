# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line. It needs only the standard library until it serves, so that it can say what is missing."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import __version__
from .process import daemon, interpreter
from .process.folder import CannotRun, status
from .process.options import add_to, keys_of, path


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except CannotRun as problem:
        print(f"flow_emulator: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m flow_emulator", description="An emulator of SingleStore Flow's Ingest API."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = _command(commands, _serve, "serve", "serve in the foreground")
    serve.add_argument(
        "--data", type=path, metavar="DIR", help="keep state and samples here (default: a temporary folder)"
    )
    serve.add_argument("--url-file", type=Path, metavar="FILE", help="write the base URL to this file once it listens")
    add_to(serve)
    start = _command(commands, _start, "start", "serve in the background, unless that is running; prints JSON")
    add_to(start)
    start.add_argument("--install", action="store_true", help="install missing libraries into the data folder")
    stop = _command(commands, _stop, "stop", "stop what start started; prints JSON")
    running = _command(commands, _status, "status", "show whether it runs, and where; prints JSON")
    for command in (start, stop, running):
        command.add_argument("--data", type=path, required=True, metavar="DIR", help="the data folder")
    for command in (start, stop):
        command.add_argument("--check", action="store_true", help="only show what would be done")
    openapi = _command(commands, _openapi, "openapi", "print the OpenAPI document")
    openapi.add_argument("--hosted", action="store_true", help="the document of the hosted face")
    _command(commands, _sample, "sample", "write the sample databases").add_argument("folder", type=path)
    return parser


def _serve(options: argparse.Namespace) -> None:
    interpreter.require()
    from .process import serving

    keys = keys_of(options)
    if options.data is not None:
        serving.serve(options, keys=keys)
        return
    with tempfile.TemporaryDirectory(prefix="flow-emulator-") as folder:
        options.data = Path(folder)
        serving.serve(options, keys=keys)


def _start(options: argparse.Namespace) -> None:
    python = interpreter.ready(options.data)
    if python is None and not options.install:
        interpreter.require()
    if python is None and options.check:
        _print({"changed": True, "running": False, "url": None, "pid": None})
        return
    installed = python is None
    found = daemon.start(
        options,
        python=python or interpreter.make(options.data),
        keys=keys_of(options, check=options.check),
        check=options.check,
    )
    _print({**found, "changed": found["changed"] or installed})


def _stop(options: argparse.Namespace) -> None:
    _print(daemon.stop(options.data, check=options.check))


def _status(options: argparse.Namespace) -> None:
    _print(status(options.data))


def _openapi(options: argparse.Namespace) -> None:
    interpreter.require()
    from .http import application

    _print(application.openapi(hosted=options.hosted))


def _sample(options: argparse.Namespace) -> None:
    interpreter.require()
    from .databases import sample

    options.folder.mkdir(parents=True, exist_ok=True)
    sample.create(options.folder)


def _command(commands: Any, run: Callable[..., None], name: str, about: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    command.set_defaults(run=run)
    return command


def _print(value: object) -> None:
    print(json.dumps(value, indent=2))


if __name__ == "__main__":
    sys.exit(main())
