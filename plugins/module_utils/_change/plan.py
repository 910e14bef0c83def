# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change as data: requests, plans, and what differs. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Optional
from urllib.parse import quote

State = Optional[dict[str, Any]]
"""A resource as it was read; None if the service has nothing saved."""

Answers = list[Any]
"""The parsed answers to a plan's tests and requests, in order."""

Get = Callable[..., Any]
"""``get(*segments)``: the parsed JSON answer, ``{}`` if it is empty, None for 404."""


def encode_path(segments: tuple[str, ...]) -> str:
    """Return ``/a/b`` with each segment percent-encoded, even ``.`` and ``..``."""
    return "".join(
        "/" + (segment.replace(".", "%2E") if segment in (".", "..") else quote(segment, safe=""))
        for segment in segments
    )


class Request(NamedTuple):
    """One request to send.

    ``operation`` marks a request that must never be sent twice. ``subject`` is the part of the
    resource that it writes (a table's name), or empty for the whole resource. ``conflict`` is what
    to do if the service answers with status 409. ``secrets`` are secrets in the body that no option
    of the task contains, because they were read from the service.
    """

    method: str
    segments: tuple[str, ...]
    body: Any = None
    operation: bool = False
    subject: str = ""
    conflict: str = ""
    secrets: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path below the base URL, percent-encoded."""
        return encode_path(self.segments)


class Plan(NamedTuple):
    """What a task will do.

    ``before`` and ``after`` are the whole resource, and ``requests`` lead from one to the other.
    ``tests`` save nothing and are sent first, even in check mode. ``wanted`` holds the settings
    that must read back as given. ``unknown`` names the keys of ``after`` that cannot be predicted.
    ``pending`` says why the plan cannot be carried out yet; such a plan is only for check mode.
    """

    before: State
    after: State
    requests: tuple[Request, ...] = ()
    tests: tuple[Request, ...] = ()
    wanted: Mapping[str, Any] = MappingProxyType({})
    unknown: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    pending: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the plan changes anything."""
        return bool(self.requests)

    @property
    def visible(self) -> bool:
        """Whether a read can show that the plan was carried out."""
        return bool(difference(self.before or {}, self.wanted))

    def diff(self, found: State = None) -> dict[str, dict[str, Any]]:
        """Return ``{before, after}`` with only what differs, also when only check mode runs.

        ``found`` is what was read instead of ``after``, as far as it is shown, when something went wrong.
        """
        after = {name: (found or {}).get(name, value) for name, value in (self.after or {}).items()}
        old, new = narrowed(self.before, after, self.unknown)
        return {"before": old, "after": new}


MANY = 20
"""A diff lists as many added and removed names, and counts more of them."""


def narrowed(
    before: State, after: State, unknown: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both states with only what differs and is known, and of lists only the elements that differ."""
    old, new = before or {}, after or {}
    keys = [key for key in {**old, **new} if key not in unknown and old.get(key) != new.get(key)]
    pairs = {key: _narrowed(old.get(key), new.get(key)) for key in keys}
    return {key: pair[0] for key, pair in pairs.items() if key in old}, {
        key: pair[1] for key, pair in pairs.items() if key in new
    }


def _narrowed(old: Any, new: Any) -> tuple[Any, Any]:
    if not (isinstance(old, list) and isinstance(new, list)):
        return old, new
    was, now = set(old), set(new)
    removed, added = [item for item in old if item not in now], [item for item in new if item not in was]
    if len(removed) + len(added) > MANY:
        return f"{len(old)}", f"+{len(added)} -{len(removed)}"
    return removed, added


def difference(current: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return ``{key: (wanted, current)}`` for each wanted key whose current value differs."""
    return {key: (value, current.get(key)) for key, value in wanted.items() if current.get(key) != value}
