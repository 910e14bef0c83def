# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Serving a data folder in the foreground: lock it, listen, then announce the URL."""

from __future__ import annotations

import argparse
import signal
import socket
import sys

from ..http import server
from ..state.versions import Unusable
from ..work.service import Service
from . import folder
from .folder import CannotRun
from .options import fingerprint


def serve(options: argparse.Namespace, *, keys: list[str]) -> None:
    """Serve until told to stop. Raises CannotRun."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    chosen = _options(options)
    with folder.locked(options.data):
        listening = _listen(options)
        url = server.base_url(chosen, listening)
        try:
            service = Service(options.data, hosted=options.hosted, keys=tuple(keys))
        except Unusable as problem:
            raise CannotRun(str(problem)) from None

        def ready() -> None:
            port = listening.getsockname()[1]
            folder.announce(options.data, url=url, port=port, fingerprint=fingerprint(options, keys=keys))
            if options.url_file is not None:
                folder.write_whole(options.url_file, url)
            print(f"The emulator listens on {url}", file=sys.stderr, flush=True)

        server.run(service, chosen, listening, ready)


def _options(options: argparse.Namespace) -> server.Options:
    if (options.tls_cert is None) != (options.tls_key is None):
        raise CannotRun("--tls-cert and --tls-key go together.")
    return server.Options(
        host=options.host,
        port=options.port,
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        idle_timeout=options.idle_timeout,
        verbose=options.verbose,
    )


def _listen(options: argparse.Namespace) -> socket.socket:
    remembered = folder.remembered_port(options.data) if options.port == 0 else 0
    if remembered:
        try:
            return server.listen(options.host, remembered)
        except OSError:
            pass
    try:
        return server.listen(options.host, options.port)
    except (OSError, OverflowError) as problem:
        where = f"port {options.port} of {options.host}"
        raise CannotRun(
            f"it cannot listen on {where}: {problem}. Choose another port, or 0 for any free one."
        ) from None
