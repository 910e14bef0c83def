# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What went wrong, as one sentence without a secret, a statement or a row in it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.exc import DBAPIError


def sentence(problem: BaseException, *, hide: Iterable[str | None] = ()) -> str:
    """Give the database's own words for a failure, `hide` blanked.

    SQLAlchemy's text is left out: it repeats the statement and its values.
    """
    cause = problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem
    words = cause.args[1] if len(cause.args) > 1 and isinstance(cause.args[1], str) else str(cause)
    text = (words.strip().splitlines() or [type(cause).__name__])[0]
    for secret in hide:
        if secret:
            text = text.replace(secret, "***")
    return text
