"""Which paths are gone through, how they are told, and how one is had again."""

from __future__ import annotations

from pathlib import Path

import pytest
from verifying import verified

from support.cases import remembering_black
from transpiler.frontend.load import loaded
from transpiler.pipeline import translated
from transpiler.verify import Limits, encoded, opened, replay, summary, told
from transpiler.verify.search import decoded

HEADER = '''\
from dataclasses import dataclass

from transpiler import flow


@dataclass
class State:
    name: str = "x"


@flow.step
def work(state: State, what: object) -> None:
    raise AssertionError("bodies do not run")


@flow.predicate
def ready(state: State) -> bool:
    raise AssertionError("bodies do not run")


@flow.extract
def items(state: State) -> list[str]:
    raise AssertionError("bodies do not run")


@flow.workflow
def job() -> flow.Step[State]:
    """Do a job."""
    return '''


EIGHT = ", ".join(f"flow.ignore_error(work({name!r}))" for name in "abcdefgh")
EIGHT = f"flow.do({EIGHT})"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    return tmp_path


def workflow(folder: Path, step: str) -> Path:
    path = folder / "workflow.py"
    path.write_text(f"{HEADER}{step}\n", encoding="utf-8")
    return path


def script(path: Path) -> str:
    with loaded(path) as module, remembering_black():
        return translated(module.entry_point()).text


def test_every_outcome_of_a_single_step(folder: Path) -> None:
    """It returns, raises an error, or ends the process."""
    result = verified(workflow(folder, 'work("a")'))
    assert (result.compared, result.bound) == (3, "none")
    assert summary(result) == "3 of 3 fault paths equal (all there are)"


def test_what_is_all_is_counted_by_hand(folder: Path) -> None:
    """Of two steps, the second one runs only if the first one returned: 2 + 3."""
    result = verified(workflow(folder, 'flow.do(work("a"), work("b"))'))
    assert result.compared == 5
    # A predicate: false ends it; true, the step; or it raises in one of two ways.
    result = verified(workflow(folder, 'flow.when(ready, work("a"))'))
    assert result.compared == 1 + 3 + 2


def test_what_is_small_is_gone_through_whole(folder: Path) -> None:
    """Whatever the faults: eight steps, each returns or fails, or ends the process."""
    result = verified(workflow(folder, EIGHT), faults=1)
    assert (result.compared, result.bound) == (2**8 + 2**8 - 1, "none")


def test_faults_bound_what_is_large(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transpiler.verify.search.SMALL", 0)
    step = EIGHT
    few = verified(workflow(folder, step), faults=1)
    more = verified(workflow(folder, step), faults=2)
    assert (few.compared, few.bound) == (1 + 8 + 8, "faults")
    # One fault, or an ignored one and then another.
    assert (more.compared, more.bound) == (17 + 2 * (7 * 8 // 2), "faults")
    assert "17 of 17 fault paths equal (faults <= 1)" in summary(few)


def test_it_stops_after_so_many_paths_and_says_so(folder: Path) -> None:
    step = EIGHT
    result = verified(workflow(folder, step), paths=20)
    assert (result.compared, result.bound, result.surprises) == (20, "paths", 1)
    assert summary(result) == (
        "20 fault paths equal (stopped at --max-paths 20: all with at most 1 surprise,"
        " and some with more)"
    )


def test_orders_of_branches_are_gone_through(folder: Path) -> None:
    """Three orders; in each, either, both or none of the branches fail or exit."""
    result = verified(workflow(folder, 'flow.in_parallel(work("a"), work("b"))'))
    assert result.bound == "none"
    assert "3 orders per parallel block" in summary(result)


def test_how_many_elements_there_are(folder: Path) -> None:
    path = workflow(folder, "flow.in_serial(flow.for_each(items, lambda i: work(i)))")
    wrong = script(path).replace(
        "for i in list(items(state)):", "for i in list(items(state))[:1]:"
    )
    difference = verified(path, wrong).difference
    assert difference is not None
    assert told(difference)[0] == "when nothing goes wrong:"


def test_depth_says_how_far_loops_go(folder: Path) -> None:
    step = 'flow.while_(ready, work("a"))'
    shallow = verified(workflow(folder, step), depth=2)
    deep = verified(workflow(folder, step), depth=5)
    assert shallow.bound == deep.bound == "none"
    assert shallow.compared < deep.compared


def test_the_same_seed_is_the_same_search(folder: Path) -> None:
    step = EIGHT
    path = workflow(folder, step)
    wrong = script(path).replace(
        'work(state, "h")',
        'work(state, "h")\n        if getattr(state, "x", 0): pass',
    )
    one, other = (verified(path, wrong, paths=30, seed=4) for _ in range(2))
    assert one == other


def test_a_difference_is_told_on_its_shortest_path(folder: Path) -> None:
    three = 'flow.ignore_error(work("a")), flow.ignore_error(work("b")), work("c")'
    path = workflow(folder, f"flow.do({three})")
    wrong = script(path).replace(
        '        work(state, "b")\n    except Exception:',
        '        work(state, "b")\n    except ZeroDivisionError:',
    )
    difference = verified(path, wrong).difference
    assert difference is not None
    lines = told(difference)
    assert lines[0] == "when work('b') raises InjectedError:"
    assert len(difference.path) == 1
    text = "\n".join(lines)
    assert "! log WARNING: work('b')" in text
    assert "raises InjectedError: work('b')" in text


def test_a_path_is_had_again(folder: Path) -> None:
    path = workflow(folder, 'flow.retry(work("a"), flow.up_to(3))')
    wrong = script(path).replace("attempt == 3", "attempt == 2")
    difference = verified(path, wrong).difference
    assert difference is not None
    again = encoded(difference)
    with loaded(path) as module, remembering_black():
        made = translated(module.entry_point())
        found = replay(made, wrong, Limits(), "x.py", again)
        assert found.difference is not None
        assert found.difference.script == difference.script
        assert replay(made, made.text, Limits(), "x.py", again).difference is None
        with opened(made, made.text, Limits(), "x.py") as worlds:
            for text in ("", "1", "a:b", "99:1", "0:77"):
                with pytest.raises(ValueError, match="is not|there is no|has no"):
                    decoded(worlds, text)
