# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source and the destination connection: conn-src and conn-dst in the API reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._change.errors import InvalidError
from .._change.payload import message_texts, named_values
from .._change.plan import Answers, Get, Plan, Request, State, difference
from .._change.urls import MASK, blanked
from .database_types import DESTINATION_PORT, DESTINATION_TYPE, JDBC_TYPE, SOURCE_PORTS

OPTIONS: dict[str, Any] = {
    "endpoint": {"type": "str", "required": True, "choices": ["source", "destination"]},
    "state": {"type": "str", "default": "present", "choices": ["present", "tested"]},
    "type": {"type": "str"},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "user": {"type": "str", "aliases": ["uid"]},
    "password": {"type": "str", "aliases": ["pwd"], "no_log": True},
    "database": {"type": "str", "aliases": ["db"]},
    "jdbc_driver": {"type": "str", "aliases": ["drv"]},
    "jdbc_url": {"type": "str", "aliases": ["url"]},
    "test": {"type": "bool", "default": True},
    "update_password": {
        "type": "str",
        "default": "auto",
        "choices": ["auto", "on_create", "always"],
        "no_log": False,
    },
}

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

REQUIRED = ("type", "host", "port", "user")


@dataclass(frozen=True)
class Connection:
    """The desired connection; a setting that is not in ``settings`` is not managed."""

    endpoint: str
    settings: Mapping[str, Any]
    password: str | None
    test: bool
    save: bool
    update_password: str

    @property
    def segment(self) -> str:
        """The first segment of the endpoint's paths."""
        return "conn-src" if self.endpoint == "source" else "conn-dst"


def desired(options: Mapping[str, Any], /) -> Connection:
    """Check the options and return those that are managed, with the default port if there is one."""
    endpoint = options["endpoint"]
    given = {name: options[name] for name in NAMES if options.get(name) is not None}
    if endpoint == "destination":
        given.setdefault("type", DESTINATION_TYPE)
    _check(endpoint, given, options.get("password"))
    port = DESTINATION_PORT if endpoint == "destination" else SOURCE_PORTS.get(given["type"])
    if port is not None:
        given.setdefault("port", port)
    if "port" not in given:
        raise InvalidError(f"port is required: the type {given['type']} has no default port. Set port from 1 to 65535.")
    return Connection(
        endpoint=endpoint,
        settings=given,
        password=options.get("password"),
        test=options["test"] or options["state"] == "tested",
        save=options["state"] == "present",
        update_password=options["update_password"],
    )


def _check(endpoint: str, given: Mapping[str, Any], password: str | None) -> None:
    if endpoint == "destination" and ("jdbc_driver" in given or "jdbc_url" in given):
        raise InvalidError(
            "jdbc_driver and jdbc_url are only for a source. A destination is SingleStore: set host and port instead."
        )
    if "type" not in given:
        raise InvalidError(f"type is required for a source: one of {', '.join(SOURCE_PORTS)}.")
    for name in ("type", "host", "user", "jdbc_driver", "jdbc_url"):
        if not str(given.get(name, "-")).strip():
            raise InvalidError(f"{name} is empty. Set a value, or leave {name} out.")
    if not 1 <= given.get("port", 1) <= 65535:
        raise InvalidError(f"port is {given['port']}; it must be a number from 1 to 65535.")
    if given["type"] == JDBC_TYPE and not ("jdbc_driver" in given and "jdbc_url" in given):
        raise InvalidError(f"The type {JDBC_TYPE} requires both jdbc_driver and jdbc_url.")
    if password is not None and not password.strip("* \t\r\n"):
        raise InvalidError(
            "password is empty, or the mask '***' that the service shows instead of a password. "
            "Set the real password, or leave password out if nothing is tested or saved."
        )
    if MASK in str(given.get("jdbc_url", "")):
        raise InvalidError("jdbc_url contains the mask '***' in place of a password. Set it with the real password.")


def read(get: Get, desired: Connection, /) -> State:
    """Read the connection (sections Get Source/Destination Database Details); None if none is saved."""
    return saved(get, desired.endpoint)


def saved(get: Get, endpoint: str) -> State:
    """Read the saved connection of an endpoint; a password in its JDBC URL is not yet masked."""
    segment = "conn-src" if endpoint == "source" else "conn-dst"
    values = named_values(get(segment), f"/{segment}", (*NAMES.values(), "status"))
    state: dict[str, Any] = {name: values.get(theirs) or None for name, theirs in NAMES.items()}
    if not any(state.values()):
        return None
    port = (state["port"] or "").strip()
    state["port"] = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else state["port"]
    return {**state, "status": values.get("status")}


def plan(desired: Connection, current: State, /) -> Plan:
    """Compare, and plan the test and the one PATCH that saves everything.

    The service never returns a password, so ``update_password`` decides whether it is sent.
    """
    body = _body(desired, current or {})
    needed = _reasons(desired, current) if desired.save else ["state is tested"]
    if needed:
        _require(desired, body, needed)
    tests = (Request("POST", (desired.segment, "test"), body),) if needed and desired.test else ()
    before = public(desired.endpoint, current)
    if not desired.save or not needed:
        return Plan(before, before, tests=tests, warnings=_warnings(desired))
    status = "Y" if desired.test else None
    after = {**(current or dict.fromkeys(NAMES)), **_wanted(desired), "status": status}
    return Plan(
        before=before,
        after=public(desired.endpoint, after),
        requests=(Request("PATCH", (desired.segment,), body),),
        tests=tests,
        wanted=_comparable(_wanted(desired)),
        unknown=frozenset() if desired.test else frozenset({"status", "working"}),
        warnings=_warnings(desired),
    )


def _wanted(desired: Connection) -> dict[str, Any]:
    # An empty database is the same as none: the service does not show its name.
    return {name: value if value != "" else None for name, value in desired.settings.items()}


def _comparable(settings: Mapping[str, Any]) -> dict[str, Any]:
    url = settings.get("jdbc_url")
    return {**settings, "jdbc_url": blanked(url)} if url else dict(settings)


def _differs(wanted: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    # If the service masks the password in a URL, only the rest can be compared.
    if MASK in str(current.get("jdbc_url") or ""):
        wanted = _comparable(wanted)
        current = _comparable(current)
    return difference(current, wanted)


def _reasons(desired: Connection, current: State) -> list[str]:
    if current is None:
        return ["nothing is saved yet"]
    reasons = [f"{name} differs" for name in _differs(_wanted(desired), current)]
    if desired.update_password == "always":
        reasons.append("update_password is always")
    elif desired.update_password == "auto" and current["status"] == "N":
        reasons.append("the saved connection does not work (status N)")
    return reasons


def _body(desired: Connection, current: Mapping[str, Any]) -> list[dict[str, str]]:
    # The API requires host, port, uid and type in every save: send unmanaged ones as they are.
    base = {name: current.get(name) for name in REQUIRED} if desired.save else {}
    settings = {**{name: value for name, value in base.items() if value is not None}, **desired.settings}
    values = {NAMES[name]: str(value) for name, value in settings.items()}
    if desired.password is not None:
        values.update(pwd=desired.password, pwd2=desired.password)
    return [{"name": name, "value": value} for name, value in values.items()]


def _require(desired: Connection, body: list[dict[str, str]], reasons: list[str]) -> None:
    present = {item["name"] for item in body}
    missing = [name for name in REQUIRED if NAMES[name] not in present]
    missing += ["password"] if "pwd" not in present else []
    if missing:
        verb = "save" if desired.save else "test"
        raise InvalidError(
            f"{' and '.join(missing)} must be set to {verb} the {desired.endpoint} connection "
            f"({', '.join(reasons)}). Nothing was tested or saved."
        )


def _warnings(desired: Connection) -> tuple[str, ...]:
    type_ = desired.settings["type"]
    known = SOURCE_PORTS if desired.endpoint == "source" else (DESTINATION_TYPE,)
    if type_ in known:
        return ()
    return (f"The API reference does not list the type '{type_}' for a {desired.endpoint}. It is sent unchanged.",)


def public(endpoint: str, state: State) -> State:
    """Return the connection as modules show it; None if none is saved."""
    if state is None:
        return None
    url = state.get("jdbc_url")
    return {
        "endpoint": endpoint,
        **{name: state.get(name) for name in ("type", "host", "port", "user", "database", "jdbc_driver")},
        "jdbc_url": blanked(url) if url else None,
        "status": state.get("status"),
        "working": None if state.get("status") is None else state["status"] == "Y",
    }


def unmet(desired: Connection, plan: Plan, current: State, /) -> dict[str, str]:
    """Compare what was written with what reads back; passwords cannot be compared."""
    shown = public(desired.endpoint, current) or {}
    return {
        name: f"{name} was saved as {wanted!r} but reads back as {found!r}"
        for name, (wanted, found) in difference(shown, plan.wanted).items()
    }


def remarks(desired: Connection, current: State, /) -> tuple[str, ...]:
    """Warn about a saved connection that does not work."""
    if not desired.save or current is None or current["status"] != "N":
        return ()
    return (
        f"The {desired.endpoint} connection to {current['host']} is saved, but the service reports that it does not work (status N).",
    )


def result(desired: Connection, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{connection, created, tested, messages}``."""
    return {
        "connection": public(desired.endpoint, current),
        "created": plan.changed and plan.before is None,
        "tested": bool(plan.tests),
        "messages": list(message_texts(answers[0])) if plan.tests and answers else [],
    }
