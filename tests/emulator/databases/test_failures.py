# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures: the database's own words, in one sentence, without a secret."""

from __future__ import annotations

import pytest
from flow_emulator.databases.failures import access_denied, sentence, socket_failed
from sqlalchemy.exc import DBAPIError, SQLAlchemyError


def of_a_driver(cause: BaseException) -> DBAPIError:
    """Return a failure as SQLAlchemy wraps it, with statement and values."""
    return DBAPIError("SELECT secret", {"a": "secret"}, cause)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (SQLAlchemyError("broken"), "broken"),
        (of_a_driver(OSError("no such table")), "no such table"),
        (of_a_driver(OSError(1045, "Access denied")), "Access denied"),
        (of_a_driver(ValueError("first", "second", "third")), "second"),
        (of_a_driver(ValueError("first", 2)), "('first', 2)"),
        (ValueError("\n  one\ntwo\n"), "one"),
        (of_a_driver(KeyError()), "KeyError"),
        (ValueError(" "), "ValueError"),
    ],
)
def test_failure_is_one_sentence(problem: BaseException, expected: str) -> None:
    assert sentence(problem) == expected


def test_secrets_are_blanked() -> None:
    assert sentence(ValueError("user u, password p, key k, p"), hide=(None, "", "p,", "k")) == (
        "user u, password *** ***ey ***, p"
    )


def test_wording_is_the_references() -> None:
    failed, denied = socket_failed("h", 3306), access_denied("u")
    assert (failed.topic, failed.message) == (None, "Socket fail to connect to host:address=(host=h)(port=3306). h")
    assert (denied.topic, denied.message, str(denied)) == (None, *["Access denied for user 'u'"] * 2)
