# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source and the destination connection: conn-src and conn-dst in the API reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._change.errors import InvalidError
from .._change.payload import said_to
from .._change.plan import Answers, Get, Plan, Request, State
from .._change.urls import MASK, blanked
from . import parameters
from .database_types import DESTINATION_PORT, DESTINATION_TYPE, JDBC_TYPE, SOURCE_PORTS, listing, suggestion
from .parameters import NAMES

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
    "extra_parameters": {"type": "dict", "no_log": True},
    "extra_parameters_shown": {"type": "list", "elements": "str", "default": []},
    "test": {"type": "bool", "default": True},
    "update_password": {
        "type": "str",
        "default": "auto",
        "choices": ["auto", "on_create", "always"],
        "no_log": False,
    },
}

REQUIRED = ("type", "host", "port", "user")
PLACE = ("type", "host", "port", "database")
"""The settings that decide which database a connection leads to."""

ROTATED = (
    "If the password of the user was changed in the database, set the new one as password: "
    "update_password auto (the default) or always then saves it."
)


class Connection(NamedTuple):
    """The desired connection; a setting that is not in ``settings`` is not managed.

    The values of extra parameters are secret, except those whose names are ``revealed``.
    """

    endpoint: str
    settings: Mapping[str, Any]
    password: str | None
    test: bool
    save: bool
    update_password: str
    revealed: tuple[str, ...] = ()

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
        raise InvalidError(
            f"port is required: the type {given['type']} has no default port. Set port from 1 to 65535"
            f"{_meant(endpoint, given['type'])}."
        )
    return Connection(
        endpoint=endpoint,
        settings={**given, **parameters.checked(options.get("extra_parameters") or {})},
        password=options.get("password"),
        test=options["test"] or options["state"] == "tested",
        save=options["state"] == "present",
        update_password=options["update_password"],
        revealed=tuple(options.get("extra_parameters_shown") or ()),
    )


def _meant(endpoint: str, type_: str) -> str:
    """Return which type an unknown one may have been meant to be, as the end of a sentence."""
    question = "" if _is_known(endpoint, type_) else suggestion(type_, endpoint)
    return f"; {question}?" if question else ""


def _is_known(endpoint: str, type_: str) -> bool:
    return type_ in (SOURCE_PORTS if endpoint == "source" else (DESTINATION_TYPE,))


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
    if "." not in given["type"]:
        known = f"The types of a source are {listing()}" if endpoint == "source" else "It is the default"
        question = suggestion(given["type"], endpoint) or "types look like rds.mysqlc"
        raise InvalidError(f"type is '{given['type']}', which is not a type: {question}? {known}.")
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
    state = parameters.read(get(segment), f"/{segment}")
    return state if any(state[name] for name in NAMES) else None


def plan(desired: Connection, current: State, /) -> Plan:
    """Compare, and plan the test and the one PATCH that saves everything.

    The service never returns a password, so ``update_password`` decides whether it is sent. What is not managed is
    sent again as it was read, because the service may replace the whole connection.
    """
    kept = parameters.sendable(current or {}) if desired.save else {}
    wanted = {**kept, **desired.settings}
    needed = _reasons(desired, current) if desired.save else ["state is tested"]
    if needed:
        _require(desired, wanted, current, needed)
    body = parameters.body(wanted, desired.password)
    more: dict[str, Any] = {
        "conflict": f"{_advice(desired)} {ROTATED}",
        "secrets": parameters.secrets(kept, desired.revealed),
    }
    tests = (Request("POST", (desired.segment, "test"), body, **more),) if needed and desired.test else ()
    before = _displayed(desired, current)
    warnings = _warnings(desired, current, saving=bool(needed) and desired.save)
    if not desired.save or not needed:
        return Plan(before, before, tests=tests, warnings=warnings)
    status = "Y" if desired.test else None
    given = {name: value if value != "" else None for name, value in wanted.items()}
    after = _displayed(desired, {**(current or {}), **given, "status": status}) or {}
    # A new extra parameter need not read back: the service may not show it.
    expected = (set(wanted) & set(NAMES)) | {name for name in before or () if parameters.is_extra(name)}
    return Plan(
        before=before,
        after=after,
        requests=(Request("PATCH", (desired.segment,), body, **more),),
        tests=tests,
        wanted={name: after.get(name) for name in sorted(expected)},
        unknown=frozenset() if desired.test else frozenset({"status", "working"}),
        warnings=warnings,
    )


def _reasons(desired: Connection, current: State) -> list[str]:
    if current is None:
        return ["nothing is saved yet"]
    reasons = [f"{name} differs" for name in parameters.differing(desired.settings, current)]
    if desired.update_password == "always":
        reasons.append("update_password is always")
    elif desired.update_password == "auto" and current["status"] == "N":
        reasons.append("the saved connection does not work (status N)")
    return reasons


def _require(desired: Connection, wanted: Mapping[str, Any], current: State, reasons: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in wanted]
    missing += ["password"] if desired.password is None else []
    if missing:
        verb = "save" if desired.save else "test"
        raise InvalidError(
            f"{' and '.join(missing)} must be set to {verb} the {desired.endpoint} connection "
            f"({', '.join(reasons)}). Nothing was tested or saved."
        )
    url = (current or {}).get("jdbc_url")
    if desired.save and desired.endpoint == "source" and parameters.masked(url) and "jdbc_url" not in wanted:
        _require_url(desired, current or {}, reasons)


def _require_url(desired: Connection, current: Mapping[str, Any], reasons: list[str]) -> None:
    if desired.settings["type"] != current["type"]:
        return  # what another type needed is no longer needed
    raise InvalidError(
        f"jdbc_url must be set to save the source connection ({', '.join(reasons)}): the service shows the saved one "
        f"with a mask ({blanked(current['jdbc_url'])}), so that it cannot be sent again and might be lost. "
        "Nothing was tested or saved."
    )


def _advice(desired: Connection) -> str:
    return (
        f"The service does not accept this {desired.endpoint} connection. Check the options and the log of the service."
    )


def _warnings(desired: Connection, current: State, *, saving: bool) -> tuple[str, ...]:
    found = []
    type_ = desired.settings["type"]
    if not _is_known(desired.endpoint, type_):
        found.append(
            f"The API reference does not list the type '{type_}' for a {desired.endpoint}. It is sent unchanged"
            f"{_meant(desired.endpoint, type_) or '.'}"
        )
    if not desired.save or current is None:
        return tuple(found)
    extra = [name for name in {**current, **desired.settings} if parameters.is_extra(name)]
    hidden = [name for name in extra if current.get(name) is None and desired.settings[name]]
    if hidden and not saving:
        found.append(
            f"The service does not show {', '.join(hidden)}, so that it cannot be compared. "
            "It is sent with the next save, or at once with update_password always."
        )
    unsent = [name for name in extra if parameters.masked(current.get(name)) and name not in desired.settings]
    if unsent and saving:
        found.append(
            f"The service shows {', '.join(unsent)} with a mask, so that it cannot be sent again. "
            "If the service loses it, set it in extra_parameters."
        )
    return tuple(found)


def _displayed(desired: Connection, state: State) -> State:
    """Return the connection as a diff shows it: with the extra parameters, but not their secret values."""
    shown = public(desired.endpoint, state)
    if shown is None or state is None:
        return None
    return {**shown, **parameters.displayed(state, desired.settings, desired.revealed)}


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


def moved(before: State, after: State) -> bool:
    """Whether a connection, as modules show it, leads to another database than before."""
    if before is None or after is None:
        return False
    return any(before[name] != after[name] for name in PLACE)


def unmet(desired: Connection, plan: Plan, current: State, /) -> dict[str, str]:
    """Compare what was written with what reads back; passwords cannot be compared."""
    if not plan.requests:
        return {}
    sent = {**parameters.sent(plan.requests[0].body), **desired.settings}
    found = _displayed(desired, current) or {}
    explained = {}
    for name in dict.fromkeys((*plan.wanted, *sent)):
        if not parameters.is_extra(name):
            if plan.wanted[name] != found.get(name):
                explained[name] = f"{name} was saved as {plan.wanted[name]!r} but reads back as {found.get(name)!r}"
        elif name in plan.wanted and sent.get(name) != "" and name not in found:
            explained[name] = f"{name} was saved before, and is lost"
        elif name in sent and parameters.differing({name: sent[name]}, current or {}):
            explained[name] = f"{name} was saved, but another value reads back"
    return explained


def remarks(desired: Connection, current: State, /) -> tuple[str, ...]:
    """Warn about a saved connection that does not work."""
    if not desired.save or current is None or current["status"] != "N":
        return ()
    return (
        f"The {desired.endpoint} connection to {current['host']} is saved, but the service reports that it does not "
        f"work (status N). {ROTATED}",
    )


def result(desired: Connection, plan: Plan, current: State, answers: Answers, /) -> dict[str, Any]:
    """Return ``{connection, tested, messages}``."""
    return {
        "connection": public(desired.endpoint, current),
        "tested": bool(plan.tests),
        "messages": list(said_to(plan.tests[0], answers[0])) if plan.tests and answers else [],
    }
