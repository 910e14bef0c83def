# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A table with every type for each kind of source server, with edge cases and random rows."""

from __future__ import annotations

import random

POSTGRESQL = {
    "id": "", "si": "", "i": "", "bi": "", "n": "wide", "nu": "wide", "nn": "decimal", "r": "", "dp": "",
    "d": "moment", "t": "moment", "tz": "", "ts": "moment", "tstz": "moment", "iv": "", "tx": "", "vc": "", "ch": "", "b": "",
    "j": "json", "jb": "json", "bo": "", "m": "", "u": "", "ip": "", "cd": "", "mac": "", "ia": "json",
    "ta": "json", "na": "json", "mny": "wide", "bt": "", "vb": "", "x": "", "pt": "", "rg": "", "dom": "",
    "o": "", "gen": "",
}  # fmt: skip
"""Columns and how the checker reads them; "wide" are decimals that SQLite keeps as text."""

_AS_TEXT = {"d", "t", "tz", "ts", "tstz", "iv", "u", "ip", "cd", "mac", "bt", "vb", "x", "pt", "rg", "j", "jb"}
_JSON = {"ia", "ta", "na"}


def _postgresql_spelt(name: str) -> str:
    if name == "tstz":
        return "(tstz AT TIME ZONE 'UTC')::text"
    if name in _JSON:
        return f"to_json({name})::text"
    if name == "mny":
        return "mny::numeric"
    if name == "r":
        return "r::double precision"
    return f"{name}::text" if name in _AS_TEXT else name


POSTGRESQL_SPELT = ", ".join(_postgresql_spelt(name) for name in POSTGRESQL)


def postgresql(schema: str) -> list[str]:
    """Return the statements that create a table with every type."""
    return [
        f"CREATE TYPE {schema}.mood AS ENUM ('sad', 'ok', 'very happy')",
        f"CREATE DOMAIN {schema}.positive AS int CHECK (value > 0)",
        f"""CREATE TABLE {schema}.everything (
        id bigint PRIMARY KEY, si smallint, i int NOT NULL DEFAULT 7, bi bigint, n numeric(38,18), nu numeric,
        nn numeric(70,2), r real, dp double precision, d date, t time, tz timetz, ts timestamp, tstz timestamptz,
        iv interval, tx text, vc varchar(30) DEFAULT 'it''s', ch char(5), b bytea, j json, jb jsonb,
        bo boolean DEFAULT true, m {schema}.mood DEFAULT 'ok', u uuid, ip inet, cd cidr, mac macaddr, ia int[],
        ta text[], na numeric[], mny money, bt bit(4), vb bit varying(8), x xml, pt point, rg int4range,
        dom {schema}.positive, o oid, gen int GENERATED ALWAYS AS (si + 1) STORED, UNIQUE (vc), UNIQUE (i, id))""",
        f"""INSERT INTO {schema}.everything (id, si, i, bi, n, nu, nn, r, dp, d, t, tz, ts, tstz, iv, tx, vc, ch, b,
        j, jb, bo, m, u, ip, cd, mac, ia, ta, na, mny, bt, vb, x, pt, rg, dom, o) VALUES
        (-9223372036854775808, -32768, -2147483648, 9223372036854775807, 12345678901234567890.123456789012345678,
        0.1234567890123456789, {"9" * 68}.99, 0.1, 0.1, '1000-01-01', '24:00:00', '23:59:59.999999+14',
        '9999-12-31 23:59:59.999999', '2024-07-01 00:00:00.123456+05:30', '1 year 2 mons 3 days 04:05:06.7',
        'text 東京 🙂', 'x%y', 'ab', '\\x00ff27', '{{"a" : 1.10, "ü": "🙂"}}', '{{"b":[1,2,null]}}', true,
        'very happy', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03',
        '{{1,NULL,3}}', '{{"a","b,c",null}}', '{{1.10,2}}', '$12.34', '1010', '101', '<a/>', '(1,2)', '[1,5)', 3,
        4294967295)""",
        f"INSERT INTO {schema}.everything (id, i, vc, bo, m) VALUES (0, 1, NULL, NULL, NULL)",
        *_drawn_postgresql(schema),
    ]


def _drawn_postgresql(schema: str) -> list[str]:
    draw = random.Random(7)
    made = []
    for number in range(1, 201):
        whole, part = draw.getrandbits(60), draw.randrange(10**18)
        day = f"{draw.randint(1900, 2100)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
        clock = f"{draw.randrange(24):02d}:{draw.randrange(60):02d}:59.{draw.randrange(10**6):06d}"
        letters = "".join(chr(draw.choice([65, 228, 0x4E2D, 0x1F642, 0x627])) for _letter in range(9))
        made.append(
            f"INSERT INTO {schema}.everything (id, i, n, nu, r, dp, d, t, ts, tstz, tx, vc, b, bo) VALUES "
            f"({number}, {draw.getrandbits(31)}, -{whole}.{part:018d}, 0.{part:018d}, {draw.random()}, "
            f"{draw.uniform(-1e300, 1e300)!r}, '{day}', '{clock}', '{day} {clock}', "
            f"'{day} {clock}{draw.choice(['+00', '-08', '+05:45'])}', '{letters * 50}', '{number} {letters}', "
            f"'\\x{draw.randbytes(40).hex()}', {draw.choice(['true', 'false', 'NULL'])})"
        )
    return made


MYSQL = {
    "id": "", "k": "", "ti": "", "tb": "", "tu": "", "mi": "", "iu": "", "bu": "wide", "de": "wide", "f": "",
    "db": "", "bt": "decimal", "b5": "", "y": "", "d": "moment", "dt": "moment", "dt6": "moment", "ts": "moment", "ti2": "moment", "ti6": "moment",
    "c": "", "vc": "", "vb": "", "bi": "", "tt": "", "tx": "", "bl": "", "en": "", "st": "", "js": "json",
    "vcol": "",
}  # fmt: skip

_MYSQL_AS_TEXT = {"d", "dt", "dt6", "ti2", "ti6"}


def _mysql_spelt(name: str) -> str:
    if name in _MYSQL_AS_TEXT:
        return f"CAST({name} AS char)"
    if name in ("bt", "b5"):
        return f"{name} + 0"
    return f"{name} + 0e0" if name == "f" else name


MYSQL_SPELT = ", ".join(_mysql_spelt(name) for name in MYSQL)


def mysql(schema: str) -> list[str]:
    """Return the statements that create a table with every type."""
    return [
        f"""CREATE TABLE {schema}.everything (
        id bigint, k varchar(20), ti tinyint, tb tinyint(1), tu tinyint unsigned, mi mediumint unsigned,
        iu int unsigned zerofill, bu bigint unsigned, de decimal(65,30), f float, db double, bt bit(64), b5 bit(5),
        y year, d date, dt datetime(3), dt6 datetime(6), ts timestamp NULL, ti2 time, ti6 time(6), c char(10),
        vc varchar(200) CHARSET latin1 DEFAULT 'a', vb varbinary(200), bi binary(4), tt tinytext, tx text, bl blob,
        en enum('a', 'b''c', ''), st set('x', 'y', 'z'), js json, vcol int AS (ti + 1) VIRTUAL,
        PRIMARY KEY (id, k), UNIQUE (bu), UNIQUE KEY pre (tx(10))) CHARSET utf8mb4""",
        "SET SESSION sql_mode = ''",
        "SET SESSION time_zone = '+00:00'",
        f"""INSERT INTO {schema}.everything VALUES (9223372036854775807, 'Ä 🙂', -128, 1, 255, 16777215, 4294967295,
        18446744073709551615, -{"1" * 35}.{"9" * 30}, 16777217.5, 1.7976931348623157e308, x'ffffffffffffffff', b'10101',
        2155, '0000-00-00', '2020-02-29 10:00:00.123', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07',
        '-838:59:59', '-00:00:01.5', 'ab ', 'é€', x'00ff27', 'ab', '', 'tx %s', x'00', 'b''c', 'x,z',
        '{{"a": 1.10, "ü": "🙂"}}', DEFAULT)""",
        f"INSERT INTO {schema}.everything (id, k, vc) VALUES (0, '', NULL)",
        *_drawn_mysql(schema),
    ]


def _drawn_mysql(schema: str) -> list[str]:
    draw = random.Random(9)
    made = []
    for number in range(1, 201):
        day = f"{draw.randint(1971, 2037)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
        clock = f"{draw.randrange(24):02d}:{draw.randrange(60):02d}:59.{draw.randrange(10**6):06d}"
        made.append(
            f"INSERT INTO {schema}.everything (id, k, ti, bu, de, f, db, bt, d, dt6, ts, ti6, vb, tx) VALUES "
            f"({number}, 'k{number}', {draw.randint(-128, 126)}, {draw.getrandbits(63) * 2 + 1}, "
            f"{draw.getrandbits(90)}.{draw.getrandbits(60)}, {draw.uniform(-1e30, 1e30)!r}, "
            f"{draw.uniform(-1e300, 1e300)!r}, {draw.getrandbits(64)}, '{day}', '{day} {clock}', "
            f"'{day} {clock[:8]}', '{draw.choice(['', '-'])}{draw.randrange(838)}:{clock[3:]}', "
            f"x'{draw.randbytes(40).hex()}', '{number} {'🙂ü' * 20}')"
        )
    return made
