# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line. It needs the standard library alone until it serves, so that it can say what is missing."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from . import __version__, daemon

OLDEST = (3, 11)
KEYS = "FLOW_EMULATOR_API_KEYS"
PROGRAM = "python -m flow_emulator"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        result = options.run(options)
    except daemon.CannotRun as problem:
        print(f"flow_emulator: {problem}", file=sys.stderr)
        return 1
    return int(result or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="An emulator of SingleStore Flow's Ingest API."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser("serve", help="serve in the foreground")
    serve.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="the state and the sample databases (default: a temporary folder)",
    )
    serve.add_argument(
        "--url-file", type=Path, metavar="FILE", help="written once it listens: the base URL"
    )
    serve.set_defaults(run=_serve)
    start = commands.add_parser(
        "start", help="serve in the background, unless that is done already; prints JSON"
    )
    start.set_defaults(run=_start)
    for command in (serve, start):
        _serving_options(command)
    stop = commands.add_parser("stop", help="stop what start has started; prints JSON")
    stop.set_defaults(run=_stop)
    status = commands.add_parser("status", help="whether it runs, and where; prints JSON")
    status.set_defaults(run=_status)
    for command in (start, stop, status):
        command.add_argument(
            "--data", type=Path, required=True, metavar="DIR", help="the data folder"
        )
    start.add_argument("--check", action="store_true", help="only say what would be done")
    stop.add_argument("--check", action="store_true", help="only say what would be done")
    check = commands.add_parser(
        "check", help="whether this interpreter can run the emulator; prints JSON"
    )
    check.set_defaults(run=_check)
    openapi = commands.add_parser("openapi", help="print the OpenAPI document")
    openapi.add_argument("--hosted", action="store_true", help="that of the hosted face")
    openapi.set_defaults(run=_openapi)
    sample = commands.add_parser("sample", help="write the sample databases")
    sample.add_argument("folder", type=Path)
    sample.set_defaults(run=_sample)
    return parser


def _serving_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)"
    )
    command.add_argument(
        "--port",
        type=int,
        default=8081,
        help="0 takes a free one and keeps to it (default: %(default)s)",
    )
    command.add_argument(
        "--tls-cert", type=Path, metavar="FILE", help="serve HTTPS with this certificate"
    )
    command.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key")
    command.add_argument(
        "--hosted", action="store_true", help="the hosted face: bearer keys, no licence endpoint"
    )
    command.add_argument(
        "--api-key",
        action="append",
        default=[],
        metavar="KEY",
        help=f"a key of the hosted face; better in ${KEYS}, which ps does not show",
    )
    command.add_argument(
        "--idle-timeout",
        type=float,
        default=0,
        metavar="SECONDS",
        help="stop when unused for so long (0: never)",
    )
    command.add_argument("--verbose", action="store_true", help="log each request's line")


def _serve(options: argparse.Namespace) -> int:
    _require()
    from . import service

    keys = _keys(options)
    if options.data is not None:
        return service.serve(options, keys=keys)
    with tempfile.TemporaryDirectory(prefix="flow-emulator-") as folder:
        options.data = Path(folder)
        return service.serve(options, keys=keys)


def _start(options: argparse.Namespace) -> None:
    _require()
    os.environ[KEYS] = " ".join(_keys(options))
    _print(daemon.start(options, keys=_keys(options), check=options.check))


def _stop(options: argparse.Namespace) -> None:
    _print(daemon.stop(options.data, check=options.check))


def _status(options: argparse.Namespace) -> None:
    _print(daemon.status(options.data))


def _check(options: argparse.Namespace) -> int:
    missing = _missing()
    ready = sys.version_info >= OLDEST and not missing
    _print(
        {
            "python": sys.version.split()[0],
            "executable": sys.executable,
            "missing": missing,
            "ready": ready,
        }
    )
    return 0


def _openapi(options: argparse.Namespace) -> None:
    _require()
    from . import app

    _print(app.openapi(hosted=options.hosted))


def _sample(options: argparse.Namespace) -> None:
    _require()
    from . import sample

    options.folder.mkdir(parents=True, exist_ok=True)
    sample.create(options.folder)


def _keys(options: argparse.Namespace) -> list[str]:
    return [*options.api_key, *os.environ.get(KEYS, "").split()]


def _require() -> None:
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise daemon.CannotRun(
            f"it needs Python {wanted} or newer, and this is Python {sys.version.split()[0]} ({sys.executable})."
        )
    if missing := _missing():
        requirements = Path(__file__).resolve().parents[1] / "requirements.txt"
        raise daemon.CannotRun(
            f"{sys.executable} has no {', '.join(missing)}: run {sys.executable} -m pip install -r {requirements}"
        )


def _missing() -> list[str]:
    from importlib.util import find_spec

    needed = ("fastapi", "pydantic", "uvicorn", "httptools", "sqlalchemy", "pymysql", "psycopg")
    return [name for name in needed if find_spec(name) is None]


def _print(value: object) -> None:
    print(json.dumps(value, indent=2))


if __name__ == "__main__":
    sys.exit(main())
