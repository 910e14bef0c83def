# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection's settings under our names and under the service's, with the parameters that only the service knows.

Such an extra parameter is a setting whose name starts with ``extra_parameters.``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._change.errors import InvalidError
from .._change.payload import named_values, other_values
from .._change.urls import MASK, masked_as, secrets_of

NAMES = {
    "host": "host",
    "port": "port",
    "user": "uid",
    "type": "type",
    "database": "db",
    "jdbc_driver": "drv",
    "jdbc_url": "url",
}
"""Our names for the settings, and those of the API reference."""

EXTRA = "extra_parameters."
NOT_SETTINGS = ("pwd", "pwd2", "status", "id")
"""What the service shows with a connection that is either secret or its own."""

LONG = 6
"""How long a value must be to be taken for a secret if nobody has said so."""

ANOTHER = f"{MASK} (another value)"


def is_extra(name: str) -> bool:
    """Whether a setting is an extra parameter."""
    return name.startswith(EXTRA)


def checked(given: Mapping[str, Any]) -> dict[str, str]:
    """Return extra parameters as settings; raise InvalidError for a name or value that cannot be one."""
    ours = {theirs: name for name, theirs in NAMES.items()}
    for name, value in given.items():
        known = name.strip().lower()
        if not known:
            raise InvalidError("extra_parameters contains an empty name.")
        if known in ours:
            raise InvalidError(f"extra_parameters contains {name}, which the module itself sends. Set {ours[known]}.")
        if known in ("pwd", "pwd2"):
            raise InvalidError(f"extra_parameters contains {name}, which the module itself sends. Set password.")
        if known in NOT_SETTINGS:
            raise InvalidError(f"extra_parameters contains {name}, which the service sets itself. Leave it out.")
        if isinstance(value, bool) or not isinstance(value, (str, int, float, type(None))):
            raise InvalidError(f"{EXTRA}{name} is not text. Write it in quotes, as the service spells it.")
        if MASK in str(value):
            raise InvalidError(f"{EXTRA}{name} contains the mask '{MASK}' in place of a value. Set the real value.")
    return {EXTRA + name: str(value) for name, value in given.items() if value is not None}


def read(answer: Any, path: str) -> dict[str, Any]:
    """Return all settings of a connection as the service shows it, and its ``status``.

    Of our own settings, those that are not shown are None.
    """
    values = named_values(answer, path, (*NAMES.values(), "status"))
    extra = other_values(answer, (*NAMES.values(), *NOT_SETTINGS))
    return {**settings({**values, **extra}), "status": values.get("status")}


def settings(values: Mapping[str, str]) -> dict[str, Any]:
    """Return values under the service's names as settings; an empty value is the same as none."""
    ours: dict[str, Any] = {name: values.get(theirs) or None for name, theirs in NAMES.items()}
    port = (ours["port"] or "").strip()
    ours["port"] = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else ours["port"]
    others = set(values) - {*NAMES.values(), *NOT_SETTINGS}
    return {**ours, **{EXTRA + name: values[name] for name in sorted(others) if values[name]}}


def sent(values: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """Return the settings in the body of a save."""
    given = {item["name"]: item["value"] for item in values}
    found = settings(given)
    return {name: found[name] for name in found if is_extra(name) or NAMES[name] in given}


def body(wanted: Mapping[str, Any], password: str | None) -> list[dict[str, str]]:
    """Return settings in the form of the API reference."""
    values = {NAMES.get(name) or name[len(EXTRA) :]: str(value) for name, value in wanted.items()}
    if password is not None:
        values.update(pwd=password, pwd2=password)
    return [{"name": name, "value": value} for name, value in values.items()]


def masked(value: Any) -> bool:
    """Whether the service shows a value with a mask, so that it can be neither compared nor sent again."""
    return MASK in str(value)


def sendable(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that were read and can be sent again."""
    return {
        name: value
        for name, value in state.items()
        if (name in NAMES or is_extra(name)) and value is not None and not masked(value)
    }


def secrets(kept: Mapping[str, Any], revealed: Iterable[str]) -> tuple[str, ...]:
    """Return the secrets in settings that are sent again. Short values are probably none, and part of other words."""
    shown = {EXTRA + name for name in revealed}
    extra = {value for name, value in kept.items() if is_extra(name) and name not in shown and len(value) >= LONG}
    return tuple(sorted(extra.union(secrets_of(str(kept.get("jdbc_url") or "")))))


def differing(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Return the wanted settings that differ, as far as the service shows them."""
    return [name for name, value in wanted.items() if _differs(name, value, found.get(name))]


def _differs(name: str, wanted: Any, found: Any) -> bool:
    if is_extra(name):
        return (found is not None or not wanted) and not masked(found) and (wanted or None) != found
    if name == "jdbc_url" and found:
        return bool(masked_as(wanted, found) != found)
    # An empty database is the same as none: the service does not show its name.
    return bool((None if wanted == "" else wanted) != found)


def displayed(state: Mapping[str, Any], wanted: Mapping[str, Any], revealed: Iterable[str]) -> dict[str, Any]:
    """Return the extra parameters of a state, with a mask for each that is not to be shown."""
    found = {name: value for name, value in state.items() if is_extra(name) and value}
    kept = {EXTRA + name for name in revealed}
    return {
        name: value if name in kept else ANOTHER if name in wanted and _differs(name, wanted[name], value) else MASK
        for name, value in found.items()
    }
