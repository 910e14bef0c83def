# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths: which instance they belong to, and what their segments mean."""

from __future__ import annotations

import pytest
from flow_emulator.http.paths import decoded, is_own, split


@pytest.mark.parametrize(
    ("raw", "own"),
    [
        ("/docs", True),
        ("/redoc", True),
        ("/openapi.json", True),
        ("/_emulator/health", True),
        ("/_emulator", False),
        ("/_emulators/x", False),
        ("/docs/x", False),
        ("/x/_emulator/health", False),
        ("/", False),
    ],
)
def test_own_path_is_recognized(raw: str, own: bool) -> None:
    assert is_own(raw) == own


@pytest.mark.parametrize(
    ("raw", "instance", "rest"),
    [
        ("/ingest/api/ingest/source", "", "/ingest/api/ingest/source"),
        ("/a/ingest/api/ingest/source", "a", "/ingest/api/ingest/source"),
        ("//a/b%2Fc%20d//ingest/api/ingest/%20", "a/b/c d", "/ingest/api/ingest/%20"),
        ("/X/ingest/api/ingest/x/ingest/api/ingest/y", "X", "/ingest/api/ingest/x/ingest/api/ingest/y"),
        ("/a/ingest/api/ingest", "", "/a/ingest/api/ingest"),
        ("/a/other", "", "/a/other"),
    ],
)
def test_instance_is_split_off(raw: str, instance: str, rest: str) -> None:
    assert split(raw) == (instance, rest)


@pytest.mark.parametrize(
    ("segment", "name"),
    [("a", "a"), ("a%2Fb%25", "a/b%"), ("%C3%A9", "é"), ("Ã©", "é"), ("+", "+"), (7, "7")],
)
def test_segment_is_decoded(segment: object, name: str) -> None:
    assert decoded(segment) == name


@pytest.mark.parametrize("segment", ["%00", "a%00b", "\0", "%FF", "%C3"])
def test_invalid_name_is_refused(segment: str) -> None:
    with pytest.raises(ValueError, match=r"^a name cannot contain a zero byte$|utf-8"):
        decoded(segment)
