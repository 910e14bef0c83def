# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The instances' saved connections: saving, showing, opening, and their status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from ..databases.connecting import EmbeddedHost, open_destination, open_source
from ..databases.failures import CANNOT_PARSE, ConnectionFailed
from . import parameters
from .file import StateFile, same, upsert
from .schema import connection, selection
from .shared.profile import Profile

PLACE = ("type", "host", "port", "db", "url")
"""The values that decide which database a connection leads to."""


class NotSaved(Exception):
    """The instance has no such connection."""


class Connections:
    """Connections kept in the state file; the status is the result of the last use."""

    def __init__(self, file: StateFile, hosts: Mapping[str, EmbeddedHost], profile: Profile) -> None:
        self._file = file
        self._hosts = hosts
        self._profile = profile

    def shown(self, instance: str, side: str) -> list[dict[str, str]]:
        """Return the connection as it reads back; an empty list if none is saved."""
        found = self._find(instance, side)
        return [] if found is None else parameters.shown(side, *found)

    def test(self, side: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Connect with the given values alone. Raises ConnectionFailed."""
        try:
            values = parameters.parse(side, pairs, {}, any_name=self._profile.any_name)
        except parameters.InvalidConnection as problem:
            generic = problem.topic not in ("pwd", "pwd2") or problem.message.endswith(
                "required and must not be empty."
            )
            raise ConnectionFailed("db" if generic else problem.topic, _test_message(problem, generic)) from None
        self._open(side, values).dispose()

    def save(self, instance: str, side: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Save the given values over the saved ones or in their place, with the status that connecting gives.

        Raises InvalidConnection.
        """
        pairs = list(pairs)
        while True:
            base = self._saved(instance, side)
            kept = {} if self._profile.replaces else base
            values = parameters.parse(side, pairs, kept, any_name=self._profile.any_name)
            status = self._status(side, values)
            with self._file.write() as connected:
                if self._saved(instance, side, connected) != base:
                    continue
                upsert(
                    connected,
                    connection,
                    {"instance": instance, "side": side},
                    {"settings": values, "status": status},
                )
                if any(values.get(name) != base.get(name) for name in PLACE):
                    connected.execute(sa.update(selection).where(selection.c.instance == instance).values(loaded=False))
                return

    def place(self, instance: str, side: str) -> tuple[object, ...]:
        """Return a key for caching this connection's content. Raises NotSaved."""
        values = self._saved(instance, side)
        if not values:
            raise NotSaved
        settings = parameters.settings(values)
        return settings, self._hosts.get(settings.host)

    @contextmanager
    def using(self, instance: str, side: str) -> Iterator[sa.Engine]:
        """Connect through the saved connection and save whether that worked.

        Raises NotSaved, ConnectionFailed.
        """
        found = self._find(instance, side)
        if found is None:
            raise NotSaved
        values, status = found
        try:
            engine = self._open(side, values)
        except ConnectionFailed:
            self._note(instance, side, values, status, "N")
            raise
        self._note(instance, side, values, status, "Y")
        try:
            yield engine
        finally:
            engine.dispose()

    def works(self, instance: str, side: str) -> bool:
        """Whether the saved connection connects now."""
        try:
            with self.using(instance, side):
                return True
        except (NotSaved, ConnectionFailed):
            return False

    def secrets(self, instance: str) -> tuple[str, ...]:
        """Return the passwords of the instance's connections, to keep them out of messages."""
        return tuple(values["pwd"] for side in parameters.SIDES if (values := self._saved(instance, side)))

    def _open(self, side: str, values: Mapping[str, str]) -> sa.Engine:
        opener = open_source if side == "source" else open_destination
        return opener(parameters.settings(values), self._hosts)

    def _status(self, side: str, values: Mapping[str, str]) -> str:
        try:
            self._open(side, values).dispose()
        except ConnectionFailed:
            return "N"
        return "Y"

    def _note(self, instance: str, side: str, values: Mapping[str, str], before: str, now: str) -> None:
        if before == now:
            return
        key = {"instance": instance, "side": side}
        with self._file.write() as connected:
            if self._saved(instance, side, connected) == values:
                connected.execute(sa.update(connection).where(same(connection, key)).values(status=now))

    def _find(
        self, instance: str, side: str, connected: sa.Connection | None = None
    ) -> tuple[dict[str, str], str] | None:
        query = sa.select(connection.c.settings, connection.c.status).where(
            same(connection, {"instance": instance, "side": side})
        )
        if connected is not None:
            found = connected.execute(query).first()
        else:
            with self._file.read() as reading:
                found = reading.execute(query).first()
        return None if found is None else (found.settings, found.status)

    def _saved(self, instance: str, side: str, connected: sa.Connection | None = None) -> dict[str, str]:
        found = self._find(instance, side, connected)
        return {} if found is None else found[0]


def _test_message(problem: parameters.InvalidConnection, generic: bool) -> str:
    return CANNOT_PARSE if generic else problem.message
