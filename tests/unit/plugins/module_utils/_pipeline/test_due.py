# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which extract is due: the rows of its table, and what a task must not forget."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._pipeline.due import (
    Due,
    Evidence,
    Selection,
    due,
    together,
)
from hypothesis import given
from hypothesis import strategies as st

ONE, TWO = ("db", "one"), ("db", "two")
UNREAD = Selection(None, None)


def decided(*selections: Selection, **evidence: Any) -> tuple[str | None, bool]:
    """Return the operation that is due, and whether auto starts it; it has a reason."""
    found = due(Evidence(selections=dict(zip((ONE, TWO), selections)), **evidence), (ONE, TWO)[: len(selections)])
    assert bool(found.operation) == bool(found.reason) == bool(found.sentence())
    return found.operation, found.starts


SAVED, MOVED = {"first_saved": ("source",)}, {"moved": ("destination",)}


@pytest.mark.parametrize("evidence", [{}, SAVED, MOVED, {**SAVED, **MOVED}])
def test_first_selection_makes_full_due(evidence: Any) -> None:
    """Nothing was selected before, and now something is."""
    assert decided(Selection(0, 2, 2), **evidence) == ("full", True)
    assert decided(Selection(0, 0), Selection(0, 1, 1), **evidence) == ("full", True)


@pytest.mark.parametrize("selection", [Selection(2, 2), Selection(2, 3, 1), Selection(3, 2)])
def test_first_saved_connection_makes_full_due(selection: Selection) -> None:
    """Something is selected already."""
    assert decided(selection, **SAVED) == ("full", True)
    assert decided(selection, **SAVED, **MOVED) == ("full", True)


def test_added_tables_make_syncnew_due() -> None:
    """Some were selected before, here or in another described schema; also if as many were removed."""
    assert decided(Selection(1, 2, 1)) == ("syncnew", True)
    assert decided(Selection(1, 1, 1)) == ("syncnew", True)
    assert decided(Selection(0, 1, 1), Selection(1, 1)) == ("syncnew", True)
    assert decided(Selection(1, 2, 1), **MOVED) == ("syncnew", True)


def test_moved_connection_starts_nothing() -> None:
    """But full is due."""
    assert decided(Selection(2, 2), **MOVED) == ("full", False)
    assert decided(Selection(2, 1), **MOVED) == ("full", False)


def test_otherwise_nothing_is_due() -> None:
    """No tables added, none selected, or none described."""
    assert decided(Selection(2, 2)) == decided(Selection(2, 1)) == decided(UNREAD) == (None, False)
    assert decided(Selection(2, 0), **SAVED, **MOVED) == (None, False)
    assert decided(**SAVED, **MOVED) == (None, False)


def test_unread_selection_makes_full_possible() -> None:
    """After a save that may make it due, and nothing is started."""
    for evidence in (SAVED, MOVED):
        found = due(Evidence(**evidence), [ONE])
        assert (found.operation, found.starts, found.certain) == ("full", False, False)
        assert "may still be due" in found.sentence()


def test_sentence_says_why_and_how() -> None:
    """It names the option and the role's variable."""
    assert Due().sentence() == ""
    assert due(Evidence(moved=("source",), selections={ONE: Selection(1, 1)}), [ONE]).sentence() == (
        "The extract full is still due, because the source now points elsewhere. "
        "Start it with extract: full (in the role, flow_pipeline_extract: full)."
    )


SELECTIONS = st.builds(
    lambda before, added, removed: Selection(before, before + added - min(removed, before), added),
    *[st.integers(0, 3)] * 3,
)
EVIDENCE = st.builds(
    Evidence,
    st.sampled_from([(), ("source",), ("source", "destination")]),
    st.sampled_from([(), ("destination",)]),
    st.dictionaries(st.sampled_from([ONE, TWO]), SELECTIONS | st.just(UNREAD)),
)


@given(EVIDENCE)
def test_evidence_survives_a_result(evidence: Evidence) -> None:
    """It is passed from task to task as JSON."""
    assert Evidence.from_json(json.loads(json.dumps(evidence.to_json()))) == evidence


@given(EVIDENCE, EVIDENCE, EVIDENCE)
def test_evidence_adds_up(one: Evidence, two: Evidence, three: Evidence) -> None:
    """In any grouping, and nothing adds nothing."""
    assert together(together(one, two), three) == together(one, together(two, three)) == together(one, two, three)
    assert together(one, Evidence()) == one == together(Evidence(), one)


def test_selections_of_a_schema_add_up() -> None:
    """From the first state to the last one, with all that was added on the way."""
    first, then, other = Selection(1, 3, 2), Selection(3, 2, 1), Selection(0, 4, 4)
    assert together(Evidence(selections={ONE: first}), Evidence(selections={TWO: other, ONE: then})) == Evidence(
        selections={ONE: Selection(1, 2, 3), TWO: other}
    )


def test_added_tables_are_loaded() -> None:
    """The rest stays as it was found."""
    found = Evidence(("source",), ("destination",), {ONE: Selection(1, 3, 2)})
    assert found.with_added_loaded() == Evidence(("source",), ("destination",), {ONE: Selection(1, 3, 0)})


@given(EVIDENCE)
def test_what_starts_is_certain_and_selected(evidence: Evidence) -> None:
    """An extract is started only where the tables are known and some of the described ones are selected."""
    for schemas in itertools.chain([()], [(ONE,)], [(ONE, TWO)]):
        found = due(evidence, schemas)
        if found.starts:
            assert found.certain
            assert any(evidence.selections.get(schema, UNREAD).after for schema in schemas)
        assert bool(found.operation) == bool(found.reason) == bool(found.sentence())
