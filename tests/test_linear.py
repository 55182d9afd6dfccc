"""Each further step costs a build as much as the one before.

Calls of functions are counted, not time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import black
import pytest

from transpiler import transpile_file

HEAD = '''\
"""A workflow of many steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Box:
    """A state."""

    items: list[str] = field(default_factory=list)


@flow.step
def put(box: Box, item: object, count: int = 0) -> None:
    """Put something into it."""
    box.items.append(f"{item} {count}")


def swap(item: str, count: int) -> flow.Step[Box]:
    """Put two things into it."""
    return flow.do(put(item, count), flow.retry(put(f"{item}!")))


def wrap(step: flow.Step[Box]) -> flow.Step[Box]:
    """Put something else into it before."""
    return flow.do(put("else"), step)


def closure(item: str):
    def run(box: Box) -> None:
        box.items.append(item)

    return run


@flow.workflow
def pack() -> flow.Step[Box]:
    """Pack a box."""
'''

SHAPES = {
    "calls": 'put("n{i}", {i})',
    "calls with calls": "put(str({i}))",
    "composites": 'swap("n{i}", {i})',
    "closures": 'closure("n{i}")',
    "retries": 'flow.retry(put("n{i}", {i}))',
    "names": 'flow.named("n{i}", put({i}))',
    "limits": "flow.with_timeout({i} + 1, put({i}))",
    "loops": 'flow.in_serial(flow.for_each(["a{i}", "b"], lambda x: put(x, {i})))',
    "branches": "flow.in_parallel(put({i}), put(-1))",
}
COMBINATORS = ("flow.do({})", "flow.in_parallel({})", "flow.do({}, join_errors=True)")


@pytest.mark.parametrize("shape", SHAPES)
def test_steps_that_are_written_out(shape: str, tmp_path: Path) -> None:
    def body(count: int) -> str:
        steps = (f"    {SHAPES[shape].format(i=i)},\n" for i in range(count))
        return f"return flow.do(\n{''.join(steps)})"

    assert growth(body, tmp_path) < 1.03


@pytest.mark.parametrize("combinator", COMBINATORS)
def test_combinators_of_many(combinator: str, tmp_path: Path) -> None:
    def body(count: int) -> str:
        return (
            f"return {combinator.format(', '.join(f'put({i})' for i in range(count)))}"
        )

    assert growth(body, tmp_path) < 1.03


@pytest.mark.parametrize(
    "shape", ["put(f'{i}', i)", "put([i, str(i)])", "swap('x', i)"]
)
def test_steps_that_a_loop_builds(shape: str, tmp_path: Path) -> None:
    def body(count: int) -> str:
        return f"return flow.do(*[{shape} for i in range({count})])"

    assert growth(body, tmp_path) < 1.03


def test_constructors_in_constructors(tmp_path: Path) -> None:
    def body(count: int) -> str:
        nested = "wrap(" * count + "put(0)" + ")" * count
        return f"return flow.when(lambda box: True, {nested})"

    _calls(body(4), tmp_path, 4)
    once, twice = (_calls(body(n), tmp_path, n) for n in (8, 16))
    assert twice < 4 * once


def growth(body: Callable[[int], str], folder: Path) -> float:
    """Return what the third hundred of steps costs, to what the second one does."""
    # The first build of all imports modules.
    _calls(body(10), folder, 10)
    one, two, three = (_calls(body(n), folder, n) for n in (100, 200, 300))
    return (three - two) / (two - one)


def _calls(body: str, folder: Path, count: int) -> int:
    """Count the calls of Python and C functions that a build makes, but for black's."""
    path = folder / f"workflow_{count}.py"
    indented = body.replace("\n", "\n    ")
    path.write_text(f"{HEAD}    {indented}\n", encoding="utf-8")
    calls = 0

    def count_call(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(black, "format_str", lambda text, *, mode: text)
        before = sys.getprofile()
        sys.setprofile(count_call)
        try:
            transpile_file(path)
        finally:
            sys.setprofile(before)
    return calls
