"""What modules hold is looked at once, however it hangs together."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from transpiler.frontend.imports import locate
from transpiler.frontend.looks import Looks


@pytest.fixture
def looks(tmp_path: Path) -> Looks:
    return Looks(locate(tmp_path / "workflow.py"))


def regions() -> list[SimpleNamespace]:
    made = [SimpleNamespace(name=f"r{n}", peers=[]) for n in range(20)]
    for region in made:
        region.peers += [other for other in made if other is not region]
    return made


def test_objects_that_know_each_other(looks: Looks) -> None:
    made = regions()
    before = looks.of(made)
    assert looks.of(made) == before
    made[13].name = "changed"
    assert looks.of(made) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held["a"].append(3),
        lambda held: held.update(c=1),
        lambda held: held["b"].discard(4),
        lambda held: held["again"][0].append(3),
        lambda held: setattr(held["object"], "size", 2),
    ],
)
def test_a_change_is_seen_wherever_it_is(looks: Looks, change: Any) -> None:
    shared = [1, 2]
    held = {"a": shared, "b": {4, 5}, "again": (shared,)}
    held |= {"object": SimpleNamespace(size=1, whole=held)}
    before = looks.of(held)
    assert looks.of(held) == before
    change(held)
    assert looks.of(held) != before
