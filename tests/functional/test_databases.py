# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role between real servers: from PostgreSQL and MariaDB into MariaDB, with a comparison of the data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flow_emulator.databases import sample

from tests.emulator.support import servers
from tests.emulator.support.checker import assert_same
from tests.emulator.support.servers import Server

from .demo_databases import SCHEMA, fill, pipeline
from .emulator import Emulator
from .playbook import Ansible

LICENSE = "DATA0-00000-00000-00000"


@pytest.fixture(scope="module", params=["postgresql", pytest.param("mariadb", marks=pytest.mark.exhaustive)])
def source(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with the sample's rows."""
    for server in servers.offered(getattr(servers, request.param)):
        fill(server)
        yield server


@pytest.fixture(scope="module")
def destination() -> Iterator[Server]:
    """An empty MariaDB server, which speaks MySQL's protocol like SingleStore."""
    yield from servers.offered(servers.mariadb)


def variables(emulator: Emulator, source: Server, destination: Server) -> dict[str, Any]:
    """Return the role's variables for a pair of servers."""
    given = {name.replace("flow_demo", "flow_pipeline"): value for name, value in pipeline(source, destination).items()}
    return {
        **given,
        "flow_pipeline_api_url": emulator.api(source.kind),
        "flow_pipeline_license_key": LICENSE,
        "flow_pipeline_schedule": {"type": "manual"},
    }


def compare(source: Server, destination: Server, table: str) -> int:
    """Compare a table's rows on both sides, column by column; return their number."""
    columns = [
        str(name)
        for (name,) in destination.run(
            "SELECT column_name FROM information_schema.columns "
            f"WHERE table_schema = '{SCHEMA}' AND table_name = '{table}' ORDER BY ordinal_position"
        )
    ]
    assert columns
    query = f"SELECT {', '.join(columns)} FROM {SCHEMA}.{table}"
    return assert_same(source.run(query), destination.run(query), columns)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name, because Ansible puts a socket there, whose path may have only 107 bytes."""
    return tmp_path_factory.mktemp("flow")


def test_role_moves_every_row(emulator: Emulator, folder: Path, source: Server, destination: Server) -> None:
    destination.run(f"DROP DATABASE IF EXISTS {SCHEMA}")
    given = variables(emulator, source, destination)
    hosts = {"flow": given}
    play = [{"hosts": "all", "gather_facts": False, "roles": ["singlestore.flow.flow_pipeline"]}]
    ansible = Ansible(folder, emulator, in_worker=True)

    first = ansible.run(play, hosts=hosts)
    assert first.code == 0, first.output
    (load,) = emulator.operations(source.kind)
    assert (load["operation"], load["state"]) == ("full", "done"), load
    assert {table: compare(source, destination, table) > 0 for table in sample.TABLES} == dict.fromkeys(
        sample.TABLES, True
    )

    again = ansible.run(play, hosts=hosts)
    assert (again.code, again.totals["flow"]["changed"]) == (0, 0), again.output

    source.run(
        f"UPDATE {SCHEMA}.customers SET city = 'Zürich ⛰' WHERE customerNumber % 7 = 0",
        f"DELETE FROM {SCHEMA}.payments WHERE customerNumber % 5 = 0",
        f"INSERT INTO {SCHEMA}.offices VALUES ('99', 'Ōsaka', '+81', '1-1', 'Japan', NULL, 'APAC')",
    )
    delta = ansible.run(play, hosts={"flow": {**given, "flow_pipeline_extract": "delta"}})
    assert delta.code == 0, delta.output
    assert emulator.operations(source.kind)[-1]["state"] == "done"
    for table in ("customers", "payments", "offices"):
        compare(source, destination, table)
