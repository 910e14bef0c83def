# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A value other than the default for each option of each module, and what it sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .scenarios import KEY


@dataclass(frozen=True)
class Sample:
    """A value of an option; ``sends`` is what the service gets only with this value.

    It is compared with a task that has ``instead``, or without the option. ``beside`` holds the other
    options that the option needs.
    """

    value: Any
    sends: str = ""
    instead: Any = None
    beside: Mapping[str, Any] = field(default_factory=dict)


def pair(name: str, value: str) -> str:
    """Return a setting in the form of the API reference, for the body of a connection or a license."""
    return f'{{"name": "{name}", "value": "{value}"}}'


API: dict[str, Sample] = {
    "api_url": Sample("{url}/prefix", "/prefix/ingest/api/ingest/", instead="{url}"),
    "api_token": Sample("t0k3n", "Bearer t0k3n"),
    "api_username": Sample("me", "Basic bWU6cGFzcw==", instead="you", beside={"api_password": "pass"}),
    "api_password": Sample("pass", "Basic bWU6cGFzcw==", instead="word", beside={"api_username": "me"}),
    "api_timeout": Sample(7.5, "timeout=7.5"),
    "api_headers": Sample({"X-Tenant": "t3nant"}, "x-tenant: t3nant"),
    "api_retries": Sample(0),
    "api_wait_timeout": Sample(60, beside={"api_retries": 0}),
    "use_proxy": Sample(False),
    "validate_certs": Sample(False, "cert_reqs=CERT_NONE"),
    "ca_path": Sample(__file__, f"ca_certs={__file__!r}"),
    "client_cert": Sample(__file__, f"cert_file={__file__!r}"),
    "client_key": Sample(__file__, f"key_file={__file__!r}", beside={"client_cert": __file__}),
}

CONNECTION: dict[str, Sample] = {
    "endpoint": Sample("destination", "/conn-dst", instead="source"),
    "state": Sample("tested"),
    "type": Sample("rds.pgres", pair("type", "rds.pgres"), instead="rds.mysqlc"),
    "host": Sample("elsewhere", pair("host", "elsewhere"), instead="db"),
    "port": Sample(3307, pair("port", "3307")),
    "user": Sample("someone", pair("uid", "someone"), instead="admin"),
    "password": Sample("another", pair("pwd", "another"), instead="secret"),
    "database": Sample("sales", pair("db", "sales")),
    "jdbc_driver": Sample("org.example.Driver", pair("drv", "org.example.Driver")),
    "jdbc_url": Sample("jdbc:x://h/d", pair("url", "jdbc:x://h/d")),
    "extra_parameters": Sample({"charset": "utf8"}, pair("charset", "utf8")),
    "extra_parameters_shown": Sample(["charset"], beside={"extra_parameters": {"charset": "utf8"}}),
    "test": Sample(False),
    "update_password": Sample("always"),
}

SCHEDULE: dict[str, Sample] = {
    "type": Sample("auto", '"type": "auto"', instead="manual"),
    "duration": Sample("7m", '"duration": "0d00h07m00s"', instead="6m", beside={"type": "periodic"}),
    "offset": Sample("1m", '"offset": "0d00h01m"', beside={"type": "periodic", "duration": "5m"}),
    "week_flags": Sample(
        "YNNNNNN", '"weekFlags": "YNNNNNN"', instead="NNNNNNY", beside={"type": "weekly", "duration": "14:46"}
    ),
    "days": Sample(["mon"], '"weekFlags": "NYNNNNN"', instead=["tue"], beside={"type": "weekly", "duration": "14:46"}),
}

TABLE: dict[str, Sample] = {
    "database": Sample("warehouse", "/list-db/warehouse/shop", instead="db"),
    "schema": Sample("archive", "/list-db/db/archive", instead="shop"),
    "tables": Sample(["orders"], "/config-tab/db/shop/orders", instead=["offices"]),
    "exclude": Sample(["orders"], beside={"tables": ["*"]}),
    "state": Sample("deselected", '{"select": "N"}'),
    "exclusive": Sample(True, '{"select": "N"}'),
    "concurrency": Sample(3, "maxsize=3"),
    "missing": Sample("ignore", instead="warn", beside={"tables": ["customers", "gone"]}),
}

LICENSE: dict[str, Sample] = {
    "license_key": Sample("AAAAA-99999", pair("_lic_key", "AAAAA-99999"), instead=KEY),
    "require_valid": Sample(False),
    "min_days_left": Sample(99999),
}

EARLIER = {
    "schedule": {"type": "auto"},
    "tables": [],
    "steps": [],
    "predicted": False,
    "evidence": {"first_saved": [], "moved": [], "selections": []},
}
"""What an earlier task of a run has returned."""

MODULES: dict[str, dict[str, Any]] = {
    "flow_connection": CONNECTION,
    "flow_extract": {
        "operation": Sample("delta", "/ops/extract/delta", instead="full"),
        "preflight": Sample(False),
    },
    "flow_info": {
        "gather": Sample(["schedule"]),
        "tables": {"database": TABLE["database"], "schema": TABLE["schema"]},
    },
    "flow_license": LICENSE,
    "flow_pipeline": {
        "source": {name: sample for name, sample in CONNECTION.items() if name != "endpoint"},
        "destination": {
            name: sample for name, sample in CONNECTION.items() if name not in ("endpoint", "jdbc_driver", "jdbc_url")
        },
        "tables": TABLE,
        "schedule": SCHEDULE,
        **LICENSE,
        "require_valid": Sample(False, beside={"license_key": KEY}),
        "min_days_left": Sample(99999, beside={"license_key": KEY}),
        "extract": Sample("delta", "/ops/extract/delta", instead="syncnew"),
        "preflight": Sample(False, beside={"extract": "full"}),
        "state": Sample("paused", '"type": "manual"', beside={"schedule": {"type": "auto"}}),
        "steps": Sample(["source"], beside={"destination": {"host": "elsewhere", "user": "u", "password": "p"}}),
        "earlier": Sample([EARLIER], beside={"steps": [], "extract": "full"}),
        "hints": Sample(["a hint"], beside={"extract": "full"}),
    },
    "flow_schedule": SCHEDULE,
    "flow_table": TABLE,
}
"""The samples of an option's suboptions."""

TASKS: dict[str, dict[str, Any]] = {
    "flow_connection": {
        "endpoint": "source",
        "type": "rds.mysqlc",
        "host": "db",
        "user": "admin",
        "password": "secret",
    },
    "flow_extract": {"operation": "full"},
    "flow_info": {},
    "flow_license": {"license_key": KEY},
    "flow_pipeline": {},
    "flow_schedule": {"type": "manual"},
    "flow_table": {"database": "db", "schema": "shop", "tables": ["customers"]},
}
"""The other options of each module's task, which the prepared service already has."""

HOLDERS: dict[tuple[str, str], dict[str, Any]] = {
    ("flow_info", "tables"): {"database": "db", "schema": "shop"},
    ("flow_pipeline", "source"): {
        name: TASKS["flow_connection"][name] for name in ("type", "host", "user", "password")
    },
    ("flow_pipeline", "destination"): {"type": "rds.sstorem", "host": "s2", "user": "admin", "password": "secret"},
    ("flow_pipeline", "tables"): TASKS["flow_table"],
    ("flow_pipeline", "schedule"): TASKS["flow_schedule"],
}
"""The same for an option with suboptions."""
