# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The twelve cases as data: create, modify and remove, each of them twice, in check mode and in a real run.

A case has the requests of each change and the resource after it, in the form of the API reference
and the modules' documentation; the tested code does not compute any of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import ANY

from .batch import Scenario, Task
from .emulator import KEY, OTHER_KEY, PASSWORD, USER

Sent = tuple[str, str, Any]
"""Method, path and body of a request, as the emulator's journal shows it."""
State = Mapping[str, Any]

STEPS = ("check", "real", "check again", "real again")
"""The steps of each change."""


@dataclass(frozen=True)
class Part:
    """One resource after a change: its form in a diff and in a result, and the requests that lead to it.

    ``unpredictable`` names the values that only the service knows after a write: null in check mode, and not in a diff.
    """

    key: str
    state: State
    shown: State
    reads: tuple[Sent, ...]
    tests: tuple[Sent, ...] = ()
    writes: tuple[Sent, ...] = ()
    unpredictable: tuple[str, ...] = ()

    def predictable(self, state: State) -> State:
        """Return a state in the form in which this change's diff shows it."""
        return {name: value for name, value in state.items() if name not in self.unpredictable}


def differing(before: State, after: State) -> dict[str, State]:
    """Return a diff with only what differs, of lists only the elements that do."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    found: dict[str, dict[str, Any]] = {"before": {}, "after": {}}
    for one, other, side in ((before, after, "before"), (after, before, "after")):
        for name in names:
            if name in one:
                both = isinstance(one[name], list) and isinstance(other.get(name), list)
                found[side][name] = [item for item in one[name] if item not in other[name]] if both else one[name]
    return found


@dataclass(frozen=True)
class Change:
    """One change: the task's arguments, and the expected result of each step."""

    name: str
    args: Mapping[str, Any]
    sent: Mapping[str, tuple[Sent, ...]]
    returned: Mapping[str, Any]
    null: tuple[tuple[str, str], ...]
    diff: Mapping[str, Any] | None
    changes: bool = True
    repeats: bool = False


@dataclass(frozen=True)
class Case:
    """A kind of resource and its changes, on an instance prepared by ``setup``."""

    name: str
    module: str
    changes: tuple[Change, ...]
    setup: tuple[Sent, ...] = ()

    def scenario(self) -> Scenario:
        """Return each change in its four steps."""
        tasks = [
            Task(f"{change.name}, {step}", self.module, change.args, {"check_mode": step.startswith("check")})
            for change in self.changes
            for step in STEPS
        ]
        return Scenario(self.name, tuple(tasks), self.setup)


def one(name: str, args: Mapping[str, Any], part: Part, before: State) -> Change:
    """Return a change of one resource, which is read, tested, written and read again."""
    read_again = part.reads if part.writes else ()
    return Change(
        name,
        args,
        sent={
            "check": part.reads + part.tests,
            "real": part.reads + part.tests + part.writes + read_again,
            "check again": part.reads,
            "real again": part.reads,
        },
        returned={part.key: part.shown},
        null=tuple((part.key, name) for name in part.unpredictable),
        diff=differing(part.predictable(before), part.predictable(part.state)),
        changes=bool(part.writes),
    )


def chain(*changes: tuple[str, Mapping[str, Any], Part], before: State) -> tuple[Change, ...]:
    """Return changes in sequence: the state after one is the state before the next."""
    chained = []
    for name, args, part in changes:
        chained.append(one(name, args, part, before))
        before = part.state
    return tuple(chained)


# Connections

JDBC_URL = "jdbc:mysql://source.demo:3306/mydb?user=flow&password={}"
WIRE_NAMES = {
    "host": "host",
    "port": "port",
    "user": "uid",
    "type": "type",
    "database": "db",
    "jdbc_driver": "drv",
    "jdbc_url": "url",
}


def body(settings: Mapping[str, Any], password: str = "***") -> list[dict[str, str]]:
    """Return a connection's body in the form of the API reference: host, port, uid, type, ..., pwd, pwd2."""
    values = {theirs: str(settings[ours]) for ours, theirs in WIRE_NAMES.items() if ours in settings}
    return [{"name": name, "value": value} for name, value in {**values, "pwd": password, "pwd2": password}.items()]


def connection(
    endpoint: str, settings: Mapping[str, Any], *, kept: Mapping[str, Any] | None = None, tested: bool = True
) -> Part:
    """A saved connection to an embedded host; ``settings`` are sent, and ``kept`` were saved before and are sent again."""
    path = "/conn-src" if endpoint == "source" else "/conn-dst"
    sent = {"host": f"{endpoint}.demo", "user": USER, **settings}
    if "jdbc_url" in sent:
        sent["jdbc_url"] = sent["jdbc_url"].replace(PASSWORD, "***")
    values = {**sent, **(kept or {})}
    state = {"endpoint": endpoint, **{name: values.get(name) or None for name in WIRE_NAMES}}
    state |= {"status": "Y", "working": True}
    return Part(
        "connection",
        state,
        state,
        reads=(("GET", path, None),),
        tests=(("POST", f"{path}/test", body(values)),) if tested else (),
        writes=(("PATCH", path, body(values)),),
        unpredictable=() if tested else ("status", "working"),
    )


def connection_args(endpoint: str, settings: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a task's arguments for the embedded host of an endpoint."""
    return {
        "endpoint": endpoint,
        "host": f"{endpoint}.demo",
        "user": USER,
        "password": PASSWORD,
        **settings,
        **more,
    }


def connection_case(
    name: str,
    endpoint: str,
    *changes: tuple[Mapping[str, Any], Mapping[str, Any]],
    test: bool | None = None,
    saved: Mapping[str, Any] | None = None,
) -> Case:
    """A case of a connection; each change has the given options and the defaults that are sent with them."""
    parts = []
    more = {} if test is None else {"test": test}
    for number, (given, defaults) in enumerate(changes):
        kept = {key: value for key, value in (saved or {}).items() if key not in given}
        part = connection(endpoint, {**given, **defaults}, kept=kept, tested=test is not False)
        parts.append((("create", "modify", "remove")[number], connection_args(endpoint, given, **more), part))
    before: State = {}
    setup: tuple[Sent, ...] = ()
    if saved:
        before = connection(endpoint, saved).state
        values = {"host": f"{endpoint}.demo", "user": USER, **saved}
        setup = (("PATCH", "/conn-src" if endpoint == "source" else "/conn-dst", body(values, PASSWORD)),)
    return Case(name, "flow_connection", chain(*parts, before=before), setup)


def family_case(type_: str, other: str, port: int | None, **settings: Any) -> Case:
    """A source of one family: saved, changed to another type and port, and changed back."""
    needed = {} if port else {"port": 4040}
    default = {"port": port} if port else {}
    return connection_case(
        f"source-{type_.partition('.')[2]}",
        "source",
        ({"type": type_, **settings, **needed}, default),
        ({"type": other, **settings, "port": 5050}, {}),
        ({"type": type_, **settings, **needed}, default),
    )


CONNECTIONS = (
    family_case("rds.oracle11lm", "rds.oraclets", 1521),
    family_case("rds.mscdcm", "rds.msfull", 1433),
    family_case("rds.mysqlc", "rds.mysql", 3306),
    family_case("rds.pgres", "rds.mysql", 5432),
    family_case("rds.mongo", "rds.mongoatlas", None),
    connection_case(
        "source-jdbc",
        "source",
        *(
            (
                {
                    "type": "rds.jdbcfe",
                    "port": 3306,
                    "jdbc_driver": driver,
                    "jdbc_url": JDBC_URL.format(PASSWORD) + more,
                },
                {},
            )
            for driver, more in (
                ("com.mysql.cj.jdbc.Driver", ""),
                ("com.mysql.cj.jdbc.Driver", "&useSSL=true"),
                ("org.mariadb.jdbc.Driver", "&useSSL=true"),
            )
        ),
    ),
    connection_case(
        "source-database-managed",
        "source",
        ({"type": "rds.mysqlc", "database": "mydb"}, {"port": 3306}),
        ({"type": "rds.mysqlc", "database": "yourdb"}, {"port": 3306}),
        ({"type": "rds.mysqlc", "database": ""}, {"port": 3306}),
    ),
    connection_case(
        "source-database-unmanaged",
        "source",
        ({"type": "rds.mysqlc", "port": 3307}, {}),
        ({"type": "rds.mysql", "port": 3307}, {}),
        saved={"type": "rds.mysqlc", "port": 3306, "database": "mydb"},
    ),
    connection_case(
        "source-untested",
        "source",
        ({"type": "rds.mysqlc"}, {"port": 3306}),
        ({"type": "rds.mysqlc", "port": 3308}, {}),
        test=False,
    ),
    connection_case(
        "destination",
        "destination",
        ({}, {"type": "rds.sstorem", "port": 3306}),
        ({"port": 3309}, {"type": "rds.sstorem"}),
        ({}, {"type": "rds.sstorem", "port": 3306}),
    ),
    connection_case(
        "destination-database",
        "destination",
        ({"database": "copy"}, {"type": "rds.sstorem", "port": 3306}),
        ({"database": "other"}, {"type": "rds.sstorem", "port": 3306}),
        ({"database": ""}, {"type": "rds.sstorem", "port": 3306}),
    ),
)

# Licenses

NO_LICENSE = {"status": "Licence expired", "valid": False, "expires_on": None, "units": None, "product_id": ANY}


def license(status: str, expires_on: str, units: int, *, judged: bool = True) -> Part:
    """A license whose key is saved."""
    read = ("GET", "/config-var/licence", None)
    shown = {"status": status, "valid": True, "expires_on": expires_on, "units": units, "product_id": ANY}
    return Part(
        "license",
        {**shown, "license_key": "as given"},
        shown,
        reads=(read,),
        writes=(("PATCH", "/config-var/licence", [{"name": "_lic_key", "value": "***"}]),),
        unpredictable=("status", "expires_on", "units") if judged else ("status", "expires_on", "units", "valid"),
    )


def license_case(name: str, *, require_valid: bool) -> Case:
    """A license key, and another one."""
    first = license("Expires on 31 Jan 2099 (4 units)", "2099-01-31", 4, judged=require_valid)
    second = license("Expires on 01 Dec 2098 (16 units)", "2098-12-01", 16, judged=require_valid)
    create, modify = chain(
        ("create", {"license_key": KEY, "require_valid": require_valid}, first),
        ("modify", {"license_key": OTHER_KEY, "require_valid": require_valid}, second),
        before={**NO_LICENSE, "license_key": "none"},
    )
    keys = {"before": "another", "after": "as given"}
    diff = {side: {**modify.diff[side], "license_key": keys[side]} for side in keys}
    return Case(name, "flow_license", (create, Change(**{**vars(modify), "diff": diff})))


# Schedules


def schedule(sent: Mapping[str, str], *, days: Sequence[str] | None = None) -> Part:
    """A schedule; ``sent`` is the body of the request that saves it."""
    state = {
        "type": sent["type"],
        "duration": sent.get("duration"),
        "offset": sent.get("offset", "0d00h00m"),
        "week_flags": sent.get("weekFlags"),
        "days": days,
        "is_scheduled": sent["type"] != "manual",
    }
    read = ("GET", "/config-sched", None)
    return Part(
        "schedule",
        state,
        state,
        reads=(read,),
        writes=(("PATCH", "/config-sched", sent),),
        unpredictable=("is_scheduled",),
    )


MANUAL = schedule({"type": "manual"})
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def schedule_case(name: str, *changes: tuple[Mapping[str, Any], Part], saved: Part = MANUAL) -> Case:
    """A schedule, another one of its type, and one that equals having none."""
    named = [(kind, args, part) for kind, (args, part) in zip(("create", "modify", "remove"), changes, strict=False)]
    return Case(name, "flow_schedule", chain(*named, before=saved.state), setup=saved.writes)


SCHEDULES = (
    schedule_case("schedule-manual", ({"type": "manual"}, MANUAL), saved=schedule({"type": "auto"})),
    schedule_case(
        "schedule-auto",
        ({"type": "auto"}, schedule({"type": "auto"})),
        ({"type": "periodic", "duration": "90s"}, schedule({"type": "periodic", "duration": "0d00h01m30s"})),
        ({"type": "auto"}, schedule({"type": "auto"})),
    ),
    schedule_case(
        "schedule-periodic",
        ({"type": "periodic", "duration": "5m"}, schedule({"type": "periodic", "duration": "0d00h05m00s"})),
        (
            {"type": "periodic", "duration": "1d2h5m10s", "offset": "1m"},
            schedule({"type": "periodic", "duration": "1d02h05m10s", "offset": "0d00h01m"}),
        ),
        ({"type": "manual"}, MANUAL),
    ),
    schedule_case(
        "schedule-periodic-offset-unmanaged",
        (
            {"type": "periodic", "duration": "1h"},
            schedule({"type": "periodic", "duration": "0d01h00m00s", "offset": "0d00h07m"}),
        ),
        saved=schedule({"type": "periodic", "duration": "0d00h05m00s", "offset": "0d00h07m"}),
    ),
    schedule_case(
        "schedule-daily",
        ({"type": "daily", "duration": "14:46"}, schedule({"type": "daily", "duration": "14h46m"})),
        ({"type": "daily", "duration": "4h"}, schedule({"type": "daily", "duration": "04h00m"})),
        ({"type": "manual"}, MANUAL),
    ),
    schedule_case(
        "schedule-weekly",
        (
            {"type": "weekly", "duration": "23h59m", "days": ["mon", "tuesday", "Wed", "thu", "fri"]},
            schedule({"type": "weekly", "duration": "23h59m", "weekFlags": "NYYYYYN"}, days=WORKDAYS),
        ),
        (
            {"type": "weekly", "duration": "00:00", "week_flags": "YNNNNNN"},
            schedule({"type": "weekly", "duration": "00h00m", "weekFlags": "YNNNNNN"}, days=["sunday"]),
        ),
        ({"type": "manual"}, MANUAL),
    ),
)

# Tables

ALL_TABLES = "customers employees offices orderdetails orders payments productlines products".split()
SOURCE = connection("source", {"type": "rds.mysqlc", "port": 3306})
DESTINATION = connection("destination", {"type": "rds.sstorem", "port": 3306})


def saved(endpoint: str, type_: str) -> Sent:
    """The request that saves a connection to an embedded host."""
    settings = {"host": f"{endpoint}.demo", "port": 3306, "user": USER, "type": type_}
    return ("PATCH", "/conn-src" if endpoint == "source" else "/conn-dst", body(settings, PASSWORD))


SAVE_SOURCE = saved("source", "rds.mysqlc")
SAVE_DESTINATION = saved("destination", "rds.sstorem")
SAVE_LICENSE = ("PATCH", "/config-var/licence", [{"name": "_lic_key", "value": KEY}])


def select(table: str, flag: str = "Y") -> Sent:
    """The request that selects or deselects a table."""
    return ("PATCH", f"/config-tab/mydb/classicmodels/{table}", {"select": flag})


CONFIGURED = (SAVE_SOURCE, SAVE_DESTINATION, SAVE_LICENSE, select("offices"))
"""What an extract needs."""


def tables(selected: Sequence[str], *, added: Sequence[str] = (), removed: Sequence[str] = ()) -> Part:
    """A selection, and the requests that led to it."""
    state = {"database": "mydb", "schema": "classicmodels", "selected": list(selected)}
    writes = [select(table) for table in added] + [select(table, "N") for table in removed]
    return Part(
        "tables",
        state,
        {**state, "added": list(added), "removed": list(removed)},
        reads=(("GET", "/list-db/mydb/classicmodels", None),),
        writes=tuple(sorted(writes, key=lambda sent: sent[1])),
    )


def tables_case(name: str, *changes: tuple[Mapping[str, Any], Part], selected: Sequence[str] = ()) -> Case:
    """A selection, another one, and a smaller one."""
    where = {"database": "mydb", "schema": "classicmodels"}
    named = [
        (kind, {**where, **args}, part)
        for kind, (args, part) in zip(("create", "modify", "remove"), changes, strict=True)
    ]
    setup = (SAVE_SOURCE, *(select(table) for table in selected))
    return Case(name, "flow_table", chain(*named, before=tables(selected).state), setup)


TABLES = (
    tables_case(
        "tables-plain",
        ({"tables": ["orders", "customers"]}, tables(["customers", "orders"], added=["customers", "orders"])),
        (
            {"tables": ["customers", "employees"]},
            tables(["customers", "employees", "orders"], added=["employees"]),
        ),
        (
            {"tables": ["orders", "customers"], "state": "deselected"},
            tables(["employees"], removed=["customers", "orders"]),
        ),
    ),
    tables_case(
        "tables-pattern",
        ({"tables": ["order*"]}, tables(["orderdetails", "orders"], added=["orderdetails", "orders"])),
        (
            {"tables": ["?[mr]*"], "exclude": ["orders", "*lines"]},
            tables(["employees", "orderdetails", "orders", "products"], added=["employees", "products"]),
        ),
        (
            {"tables": ["*"], "exclude": ["order*"], "state": "deselected"},
            tables(["orderdetails", "orders"], removed=["employees", "products"]),
        ),
    ),
    tables_case(
        "tables-exclusive",
        (
            {"tables": ["customers", "offices"], "exclusive": True},
            tables(["customers", "offices"], added=["customers"], removed=["payments"]),
        ),
        (
            {"tables": ["p*"], "exclude": ["payments"], "exclusive": True},
            tables(["productlines", "products"], added=["productlines", "products"], removed=["customers", "offices"]),
        ),
        (
            {"tables": ["products"], "exclude": ["p*"], "exclusive": True},
            tables([], removed=["productlines", "products"]),
        ),
        selected=["offices", "payments"],
    ),
    tables_case(
        "tables-deselected",
        (
            {"tables": ["customers"], "state": "deselected"},
            tables(ALL_TABLES[1:], removed=["customers"]),
        ),
        (
            {"tables": ["o*", "p*"], "state": "deselected"},
            tables(["employees"], removed=[table for table in ALL_TABLES if table[0] in "op"]),
        ),
        ({"tables": ["*"], "state": "deselected"}, tables([], removed=["employees"])),
        selected=ALL_TABLES,
    ),
)

# Operations

MESSAGES = {
    "full": "Full Extract requested",
    "syncnew": "Sync New Tables requested",
    "syncstruct": "Synchronize Structure requested",
    "delta": "Delta requested",
}
LICENSE = license("Expires on 31 Jan 2099 (4 units)", "2099-01-31", 4)


def extract_case(operation: str) -> Case:
    """An operation: requested in every run, since nothing shows that it has been carried out."""
    reads = SOURCE.reads + DESTINATION.reads + LICENSE.reads
    real = (*reads, ("POST", f"/ops/extract/{operation}", None))
    change = Change(
        "create",
        {"operation": operation},
        sent={"check": reads, "real": real, "check again": reads, "real again": real},
        returned={"operation": operation, "accepted": True, "message": MESSAGES[operation]},
        null=(("accepted", ""), ("message", "")),
        diff={"before": {"requested": None}, "after": {"requested": operation}},
        repeats=True,
    )
    return Case(f"extract-{operation}", "flow_extract", (change,), CONFIGURED)


# Reads

READ_ALL = SOURCE.reads + DESTINATION.reads + LICENSE.reads + MANUAL.reads + tables([]).reads
READ_ONLY = (
    Case(
        "info",
        "flow_info",
        (
            Change(
                "read",
                {"tables": [{"database": "mydb", "schema": "classicmodels"}]},
                sent=dict.fromkeys(STEPS, READ_ALL),
                returned={
                    "flow": {
                        "source": SOURCE.shown,
                        "destination": None,
                        "license": LICENSE.shown,
                        "schedule": MANUAL.shown,
                        "tables": [
                            {
                                "database": "mydb",
                                "schema": "classicmodels",
                                "selected": ["offices"],
                                "available": ALL_TABLES,
                            }
                        ],
                    }
                },
                null=(),
                diff=None,
                changes=False,
            ),
        ),
        (SAVE_SOURCE, SAVE_LICENSE, select("offices")),
    ),
    Case(
        "connection-tested",
        "flow_connection",
        (
            Change(
                "test",
                connection_args("source", {"type": "rds.mysqlc", "state": "tested"}),
                sent=dict.fromkeys(STEPS, SOURCE.reads + SOURCE.tests),
                returned={"connection": None, "tested": True, "messages": []},
                null=(),
                diff=None,
                changes=False,
            ),
        ),
    ),
)

# Whole pipelines

WHERE = {"database": "mydb", "schema": "classicmodels"}
PIPELINE: dict[str, Any] = {
    "source": {"type": "rds.mysqlc", "host": "source.demo", "user": USER, "password": PASSWORD},
    "destination": {"host": "destination.demo", "user": USER, "password": PASSWORD},
    "tables": [{**WHERE, "tables": ["offices", "payments"]}],
    "schedule": {"type": "daily", "duration": "14:46"},
    "license_key": KEY,
}
"""The options of a whole pipeline."""
VARIABLES = {f"flow_pipeline_{name}": value for name, value in PIPELINE.items()}
"""The same as variables of the role."""

PIPELINE_KEYS = ("source", "destination", "license", "schedule", "tables")
STATE_KEYS = {"tables": "tables of mydb.classicmodels"}


def pipeline(
    name: str,
    args: Mapping[str, Any],
    parts: Mapping[str, Part],
    before: Mapping[str, State],
    *,
    operation: str | None,
    check: tuple[Sent, ...],
) -> Change:
    """A change of a whole pipeline; parts without writes stay as they were."""
    ordered = [parts[key] for key in PIPELINE_KEYS]
    # Everything is read and tested before anything is written; the tables again if the source was saved.
    real = [*check]
    for part in ordered:
        again = part.key == "tables" and parts["source"].writes
        real += (part.reads if again else ()) + part.writes + (part.reads if part.writes else ())
    if operation:
        real.append(("POST", f"/ops/extract/{operation}", None))
    null = [(key, name) for key in PIPELINE_KEYS if parts[key].writes for name in parts[key].unpredictable]
    was, after = {}, {}
    for key, part in parts.items():
        if part.writes:
            diff = differing(part.predictable(before[key]), part.predictable(part.state))
            was[STATE_KEYS.get(key, key)], after[STATE_KEYS.get(key, key)] = diff["before"], diff["after"]
    if operation:
        was["extract"], after["extract"] = {"requested": None}, {"requested": operation}
    reads = tuple(sent for part in ordered for sent in part.reads)
    extract = {"operation": operation, "accepted": True, "message": MESSAGES[operation]} if operation else None
    shown = {key: [parts[key].shown] if key == "tables" else parts[key].shown for key in PIPELINE_KEYS}
    return Change(
        name,
        args,
        sent={"check": check, "real": tuple(real), "check again": reads, "real again": reads},
        returned={**shown, "extract": extract},
        null=(*null, *((("extract", "accepted"), ("extract", "message")) if operation else ())),
        diff={"before": was, "after": after},
    )


def unchanged(part: Part) -> Part:
    """The same resource, with nothing to do."""
    shown = {**part.shown, **({"added": [], "removed": []} if part.key == "tables" else {})}
    return Part(part.key, part.state, shown, part.reads)


def pipeline_case() -> Case:
    """A pipeline that is set up on an unconfigured instance, changed, and loses its tables."""
    first = {
        "source": SOURCE,
        "destination": DESTINATION,
        "tables": tables(["offices", "payments"], added=["offices", "payments"]),
        "schedule": schedule({"type": "daily", "duration": "14h46m"}),
        "license": LICENSE,
    }
    nothing: dict[str, State] = {
        "source": {},
        "destination": {},
        "tables": tables([]).state,
        "schedule": MANUAL.state,
        "license": {**NO_LICENSE, "license_key": "none"},
    }
    planned = SOURCE.reads + DESTINATION.reads + LICENSE.reads + MANUAL.reads + SOURCE.tests + DESTINATION.tests
    create = pipeline("create", PIPELINE, first, nothing, operation="full", check=planned)
    more = {
        **PIPELINE,
        "tables": [{**WHERE, "tables": ["offices", "products"], "exclusive": True}],
        "schedule": {"type": "manual"},
    }
    second = {
        **{key: unchanged(part) for key, part in first.items()},
        "tables": tables(["offices", "products"], added=["products"], removed=["payments"]),
        "schedule": MANUAL,
    }
    reads = SOURCE.reads + DESTINATION.reads + LICENSE.reads + MANUAL.reads + tables([]).reads
    modify = pipeline(
        "modify", more, second, {key: part.state for key, part in first.items()}, operation="syncnew", check=reads
    )
    less = {
        **more,
        "tables": [{**WHERE, "tables": ["*"], "state": "deselected"}],
    }
    third = {
        **{key: unchanged(part) for key, part in second.items()},
        "tables": tables([], removed=["offices", "products"]),
    }
    remove = pipeline(
        "remove", less, third, {key: part.state for key, part in second.items()}, operation=None, check=reads
    )
    return Case("pipeline", "flow_pipeline", (create, modify, remove))


CASES = (
    *CONNECTIONS,
    license_case("license", require_valid=True),
    license_case("license-unjudged", require_valid=False),
    *SCHEDULES,
    *TABLES,
    *(extract_case(operation) for operation in MESSAGES),
    *READ_ONLY,
    pipeline_case(),
)
