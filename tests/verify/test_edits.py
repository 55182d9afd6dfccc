"""Edits of scripts by hand: those that change what it means are found, others are not.

edits/*.diff has them.
"""

from __future__ import annotations

import pytest
from edits import FLEET, Edit, edits
from verifying import verified

from support.cases import remembering_black
from transpiler import transpile_file
from transpiler.frontend.load import loaded
from transpiler.pipeline import translated
from transpiler.verify import Limits, encoded, replay

PATHS = 400
"""So many are compared where nothing differs."""

MOST = 3000
"""A change has to be found within so many, as the mutations of test_mutations.py."""

CHANGING = edits("changing.diff")
UNCHANGING = edits("unchanging.diff")


def edited(edit: Edit) -> str:
    with remembering_black():
        return edit.made_in(transpile_file(FLEET, edit.workflow))


def test_there_are_enough() -> None:
    assert len(set(map(str, CHANGING))) >= 80
    assert len(set(map(str, UNCHANGING))) >= 30


@pytest.mark.parametrize("edit", CHANGING, ids=str)
def test_a_change_of_meaning_is_found_and_had_again(edit: Edit) -> None:
    script = edited(edit)
    difference = verified(FLEET, script, edit.workflow, paths=MOST).difference
    assert difference is not None, "it survives"
    with loaded(FLEET) as module, remembering_black():
        made = translated(module.entry_point(edit.workflow))
        again = replay(made, script, Limits(), "x.py", encoded(difference)).difference
    assert again is not None
    assert (again.workflow, again.script) == (difference.workflow, difference.script)


@pytest.mark.parametrize("edit", UNCHANGING, ids=str)
def test_no_change_of_meaning_is_none(edit: Edit) -> None:
    result = verified(FLEET, edited(edit), edit.workflow, paths=PATHS)
    assert result.difference is None
