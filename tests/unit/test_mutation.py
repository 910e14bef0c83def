# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How `make mutation` reads mutmut's output."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.singlestore.flow.tests.mutation.verdict import (
    Place,
    Survivor,
    change_of,
    complaints,
    listed,
    place_of,
    statuses,
    table,
)
from ansible_collections.singlestore.flow.tests.unit.support.layout import ROOT

FLOW = "ansible_collections.singlestore.flow.plugins.module_utils"
ENCODE = f"{FLOW}._change.plan.x_encode_path__mutmut_"
KNOWN = f"{FLOW}._change.plan.xǁPlanǁ_known__mutmut_"
PACE = f"{FLOW}._http.pace.x_a__mutmut_"
DIFF = """# name: survived
--- a/plan.py
+++ b/plan.py
@@ -1,3 +1,2 @@
 def f():
-    return  g(1,
+    return g(2,
-              x)

"""
CHANGE = "- return g(1,\n+ return g(2,\n- x)"


@pytest.mark.parametrize(
    ("name", "file", "function"),
    [
        (f"{ENCODE}12", "_change/plan.py", "encode_path"),
        (f"{KNOWN}1", "_change/plan.py", "Plan._known"),
        ("flow_emulator.mapping.values.x__rounded__mutmut_3", "mapping/values.py", "_rounded"),
    ],
)
def test_place_is_file_and_function(name: str, file: str, function: str) -> None:
    """A mutant is identified by its file and function, not by its number."""
    assert place_of(name) == Place(file, function)


def test_change_keeps_changed_lines() -> None:
    """Removed and added lines of a diff are kept, with any indentation."""
    assert change_of(DIFF) == CHANGE


def test_list_needs_reasons() -> None:
    """Each entry has the changes of one place; an entry without a reason is refused."""
    entry = {"where": "_change/plan.py Plan.diff", "why": "Equivalent.", "changes": [f"{CHANGE}\n", "- a"]}
    place = Place("_change/plan.py", "Plan.diff")
    assert listed([entry]) == {Survivor(place, CHANGE), Survivor(place, "- a")}
    with pytest.raises(ValueError, match="why"):
        listed([{**entry, "why": " "}])


@pytest.mark.parametrize(
    ("old", "new", "wording"),
    [
        ('say("no such table")', 'say("XXno such tableXX")', True),
        ('say("No such table")', 'say("no such table")', True),
        ('say("No such table")', 'say("NO SUCH TABLE")', True),
        ("x = 'a b c' if a == 'b' else 'd e f'", "x = 'a b c' if a == 'b' else 'XXd e fXX'", True),
        ("f\"one of {', '.join(TYPES)}.\"", "f\"one of {'XX, XX'.join(TYPES)}.\"", True),
        ('names = ", ".join(given)', 'names = "XX, XX".join(given)', True),
        ('names = "; ".join(given)', 'names = "XX; XX".join(given)', True),
        ('names = "".join(given)', 'names = "XXXX".join(given)', False),
        ('names = "/".join(given)', 'names = "XX/XX".join(given)', False),
        ('names = ", ".join(given)', 'names = ", ".join(None)', False),
        ('names = text.split(", ")', 'names = text.split("XX, XX")', False),
        ('say("no table")', 'say("XXno tableXX")', False),
        ('say("no such table")', "say(None)", False),
        ('say("no such table")', 'say("XXXX")', False),
        ('say("no such table", a)', 'say("NO SUCH TABLE", None)', False),
        ('say("no such table", "Y")', 'say("no such table", "y")', False),
        ("x = 'a b c' if a == 'b' else 'd e f'", "x = 'a b c' if a == 'B' else 'd e f'", False),
        ('say("no such table")', "", False),
    ],
)
def test_wording_is_case_or_a_frame_around_words(old: str, new: str, wording: bool) -> None:
    """Words in another case or in XX are wording, and so is what separates names; a value or a name is not."""
    survivor = Survivor(Place("_change/plan.py", "encode_path"), f"- {old}\n+ {new}" if new else f"- {old}")
    assert survivor.is_wording == wording
    assert (complaints(MUTANTS, {survivor}, set()) == []) == wording
    assert table(MUTANTS, {survivor})[0].split()[6] == str(int(wording))


def test_list_names_existing_files() -> None:
    """Every entry of the list names an existing file, and is more than wording."""
    entries = yaml.safe_load((ROOT / "tests/mutation/survivors.yml").read_text(encoding="utf-8"))
    for survivor in listed(entries):
        assert not survivor.is_wording, survivor
        assert list(ROOT.glob(f"plugins/module_utils/{survivor.place.file}")) or list(
            ROOT.glob(f"roles/flow_emulator/files/flow_emulator/{survivor.place.file}")
        )


MUTANTS = {f"{ENCODE}{number}": "killed" for number in range(18)} | {f"{ENCODE}18": "survived", f"{PACE}1": "timeout"}
LOST = Survivor(Place("_change/plan.py", "encode_path"), CHANGE)


def test_complaints() -> None:
    """A survivor must be listed, a listed one must survive, and nine of ten must be noticed in each room."""
    assert complaints(MUTANTS, {LOST}, {LOST}) == []
    assert "not listed" in complaints(MUTANTS, {LOST}, set())[0]
    assert "noticed or gone" in complaints(MUTANTS, set(), {LOST})[0]
    elsewhere = Survivor(Place("_change/urls.py", "blanked"), CHANGE)
    assert complaints(MUTANTS, {LOST}, {LOST, elsewhere}) == []
    few = {f"{ENCODE}{number}": "killed" if number < 8 else "no tests" for number in range(10)}
    few |= {f"{PACE}{number}": "killed" for number in range(90)}
    assert complaints(few, {LOST}, {LOST}) == ["8 of 10 mutants of _change were noticed, which is less than 90%"]
    assert complaints({f"{ENCODE}{n}": "killed" if n else "survived" for n in range(10)}, {LOST}, {LOST}) == []


def test_statuses_are_counted_by_room() -> None:
    """mutmut's lines are parsed and counted by room."""
    said = "".join(f"    {name}: {status}\n" for name, status in MUTANTS.items())
    assert statuses(f"{said}\nother: line\n") == MUTANTS
    rows = [line.split() for line in table(MUTANTS, ())]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("_change", "19", "18"),
        ("_http", "1", "1"),
        ("all", "20", "19"),
    ]
