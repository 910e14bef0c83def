# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Examples for properties: valid options, and possible states of a service."""

from __future__ import annotations

from typing import Any

from ansible_collections.singlestore.flow.plugins.module_utils._resources import (
    connection,
    extract,
    license,
    schedule,
    tables,
)
from ansible_collections.singlestore.flow.plugins.module_utils._resources.database_types import JDBC_TYPE, SOURCE_PORTS
from hypothesis import strategies as st

MARK = "S3cr3t"
"""A text that is in every secret of these examples, and nowhere else."""

SAFE = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
NAMES = st.one_of(
    st.sampled_from(
        ["a", "A", "a.b", "a/b", "a b", "%41", ".", "..", "*", "?", "[a]", "[!a]", "'", '"', "é", "e\u0301", "a*"]
    ),
    st.text(SAFE, min_size=1, max_size=6),
)


def given(**options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return options, any of which may be None."""
    return st.fixed_dictionaries({name: st.none() | values for name, values in options.items()})


TEXTS = st.text(SAFE, min_size=1, max_size=8).filter(lambda text: text.strip())
PASSWORDS = st.builds("{}{}{}".format, st.text(SAFE, max_size=3), st.just(MARK), st.text(SAFE, max_size=3))
URLS = st.sampled_from(
    [
        "jdbc:db2://h:50000/sales",
        f"jdbc:db2://h:50000/sales:user=u;password={MARK};",
        f"jdbc:mysql://u:{MARK}@h:3306/db?useSSL=true",
        f"jdbc:sqlserver://h:1433;password={{{MARK};}}}}{MARK}}};encrypt=true",
    ]
)


@st.composite
def connection_options(draw: st.DrawFn) -> dict[str, Any]:
    """Return valid options of flow_connection, for a save."""
    endpoint = draw(st.sampled_from(["source", "destination"]))
    options: dict[str, Any] = {
        "endpoint": endpoint,
        "state": "present",
        "host": draw(TEXTS),
        "port": draw(st.integers(1, 65535)),
        "user": draw(TEXTS),
        "password": draw(PASSWORDS),
        "database": draw(st.none() | st.text(SAFE, max_size=8)),
        "test": draw(st.booleans()),
        "update_password": draw(st.sampled_from(["auto", "on_create"])),
        "type": draw(st.none() | st.just("rds.sstorem")),
    }
    if endpoint == "source":
        options["type"] = draw(st.sampled_from([*SOURCE_PORTS, "rds.mariadb"]))
        if options["type"] == JDBC_TYPE:
            options.update(jdbc_driver=draw(TEXTS), jdbc_url=draw(URLS))
    options["extra_parameters"] = draw(
        st.dictionaries(EXTRA, PASSWORDS.filter(lambda text: "***" not in text), max_size=2)
    )
    return options


EXTRA = st.sampled_from(["charset", "key", "zone"])
READ_EXTRA = st.dictionaries(EXTRA.map("extra_parameters.{}".format), PASSWORDS | st.just("***"), max_size=3)
OWN_STATES = st.fixed_dictionaries(
    {
        "type": st.none() | st.sampled_from([*SOURCE_PORTS, "rds.sstorem"]),
        "host": st.none() | TEXTS,
        "port": st.none() | st.integers(1, 65535) | st.just("none"),
        "user": st.none() | TEXTS,
        "database": st.none() | TEXTS,
        "jdbc_driver": st.none() | TEXTS,
        "jdbc_url": st.none() | URLS,
        "status": st.sampled_from(["Y", "N", None, "?"]),
    }
)
CONNECTION_STATES = st.none() | st.builds(lambda own, extra: {**own, **extra}, OWN_STATES, READ_EXTRA)

FLAGS = st.text("YN", min_size=7, max_size=7).filter(lambda flags: "Y" in flags)
CLOCKS = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
INTERVALS = st.builds("{}h{}m{}s".format, st.integers(0, 99), st.integers(0, 99), st.integers(1, 99))


@st.composite
def schedule_options(draw: st.DrawFn) -> dict[str, Any]:
    """Return valid options of flow_schedule."""
    type_ = draw(st.sampled_from(schedule.TYPES))
    takes = schedule.TAKES[type_]
    options: dict[str, Any] = {"type": type_, "duration": None, "offset": None, "week_flags": None, "days": None}
    if "duration" in takes:
        options["duration"] = draw(INTERVALS if type_ == "periodic" else CLOCKS)
    if "offset" in takes:
        options["offset"] = draw(st.none() | st.builds("{}m".format, st.integers(0, 9999)))
    if type_ == "weekly" and draw(st.booleans()):
        options["week_flags"] = draw(FLAGS)
    elif type_ == "weekly":
        options["days"] = draw(st.lists(st.sampled_from(schedule.DAYS), min_size=1))
    return options


SCHEDULE_ANSWERS = st.fixed_dictionaries(
    {
        "type": st.sampled_from([*schedule.TYPES, "monthly"]),
        "duration": st.none() | INTERVALS | CLOCKS | st.just("odd"),
        "offset": st.none() | st.builds("{}m".format, st.integers(0, 9999)) | st.just("odd"),
        "weekFlags": st.none() | FLAGS,
        "isScheduled": st.booleans(),
    }
)
SCHEDULE_STATES = st.none() | SCHEDULE_ANSWERS.map(lambda answer: schedule.read(lambda *_segments: answer))

KEYS = PASSWORDS.filter(lambda text: not any(character.isspace() for character in text.strip()))
LICENSE_OPTIONS = st.fixed_dictionaries(
    {
        "license_key": KEYS,
        "require_valid": st.booleans(),
        "min_days_left": st.integers(0, 99),
        "today": st.sampled_from([None, "2025-08-01", "2025-09-02"]),
    }
)
STATUSES = st.sampled_from(["Expires on 01 Sep 2025 (8 units)", "Licence expired", "", "anything else"])


def license_state(status: str, key: str, options: dict[str, Any]) -> Any:
    """Return a license as it is read: without a key, with the wanted key, another one, or a masked one."""
    value = {"none": "", "same": options["license_key"].strip(), "another": "OTHER" + MARK, "masked": "**"}[key]
    answer = [{"name": "_lic_status", "value": status}, {"name": "_lic_key", "value": value}]
    return license.read(lambda *_segments: answer, license.desired(options))


@st.composite
def table_cases(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, bool]]:
    """Return valid options of flow_table, and the existing tables."""
    there = draw(st.dictionaries(NAMES, st.booleans(), min_size=1, max_size=8))
    names = st.sampled_from(sorted(there))
    options = {
        "database": "d",
        "schema": "s",
        "tables": draw(st.lists(names | st.just("*"), max_size=4)),
        "exclude": draw(st.lists(names, max_size=2)),
        "state": draw(st.sampled_from(["selected", "deselected"])),
        "exclusive": draw(st.booleans()),
        "concurrency": 4,
    }
    if options["state"] == "deselected":
        options["exclusive"] = False
    return options, there


def listing(there: dict[str, bool]) -> list[dict[str, Any]]:
    """Return tables in the form in which the service lists them."""
    return [{"name": name, "selected": selected, "id": name} for name, selected in there.items()]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Return a resource, a desired state and a current state, of any kind."""
    resource = draw(st.sampled_from([connection, schedule, license, tables, extract]))
    if resource is connection:
        return resource, connection.desired(draw(connection_options())), draw(CONNECTION_STATES)
    if resource is schedule:
        return resource, schedule.desired(draw(schedule_options())), draw(SCHEDULE_STATES)
    if resource is license:
        options = draw(LICENSE_OPTIONS)
        key = draw(st.sampled_from(["none", "same", "another", "masked"]))
        return resource, license.desired(options), license_state(draw(STATUSES), key, options)
    if resource is tables:
        options, there = draw(table_cases())
        desired = tables.desired(options)
        return resource, desired, tables.read(lambda *_segments: listing(there), desired)
    operation = draw(st.sampled_from(extract.OPERATIONS))
    return resource, extract.desired({"operation": operation, "preflight": False}), None
