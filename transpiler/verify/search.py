"""Go through the paths of a workflow, those with the fewest surprises first.

Every run tells which decisions it came to; a path that is one decision longer takes
another option at one of those behind the last that it changes. So each path is met
once, and the first difference that is found is among the shortest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from transpiler.verify.choices import USUAL, Decision, Path, faults_of
from transpiler.verify.pools import ORDER
from transpiler.verify.run import Outcome
from transpiler.verify.worlds import Limits, Worlds

SMALL = 1000
"""A workflow with so few paths is gone through whole, however many the faults."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A path on which workflow and script are not the same."""

    path: Path
    decisions: tuple[Decision, ...]
    workflow: Outcome
    script: Outcome


Bound = Literal["none", "faults", "paths", "path"]
"""What kept it from looking further: nothing, as all was seen; the faults on a path;
the number of paths; or that only one path was asked for."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of comparing a workflow with a script.

    `compared` paths were equal. `surprises` says up to how many decisions that are not
    as usual every path was compared; `parallel`, whether there were any branches.
    """

    compared: int
    bound: Bound
    limits: Limits
    surprises: int = 0
    parallel: bool = False
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A path to compare. What is longer decides otherwise from decision `place` on."""

    path: Path
    place: int = 0
    faults: int = 0


def explore(
    worlds: Worlds, progress: Callable[[int, int], None] = lambda *_: None
) -> Result:
    """Compare a workflow with its script on every path that the limits allow."""
    limits, compared, parallel, surprises = worlds.limits, 0, False, 0
    level, beyond = [Waiting(USUAL)], list[Waiting]()
    while level:
        left = limits.paths - compared
        enough = len(level) > left
        if enough:
            # Not all of them: those that chance picks.
            Random(limits.seed).shuffle(level)
        longer: list[Waiting] = []
        for waiting in level[:left]:
            progress(compared, limits.paths)
            difference, decisions = _compare(worlds, waiting.path)
            if difference is not None:
                difference = shortened(worlds, difference)
                return Result(
                    compared, "paths", limits, surprises, parallel, difference
                )
            compared += 1
            parallel |= any(d.key.startswith(ORDER) for d in decisions)
            longer += () if enough else _longer(waiting, decisions)
        if enough:
            return Result(compared, "paths", limits, surprises, parallel)
        surprises = len(level[0].path)
        level = [each for each in longer if each.faults <= limits.faults]
        beyond += [each for each in longer if each.faults > limits.faults]
    return _beyond(worlds, beyond, Result(compared, "faults", limits, 0, parallel))


def _beyond(worlds: Worlds, waiting: list[Waiting], result: Result) -> Result:
    """Compare also what has more faults than was asked for, if it is not much."""
    compared = result.compared
    while waiting:
        if compared + len(waiting) > min(SMALL, result.limits.paths):
            return result
        each = waiting.pop()
        difference, decisions = _compare(worlds, each.path)
        if difference is not None:
            return replace(result, difference=shortened(worlds, difference))
        compared += 1
        waiting += _longer(each, decisions)
    return replace(result, compared=compared, bound="none")


def _longer(waiting: Waiting, decisions: list[Decision]) -> Iterator[Waiting]:
    """Yield the paths that take one more decision otherwise, behind the last one."""
    faults = faults_of(decisions)
    for place in range(waiting.place, len(decisions)):
        decision = decisions[place]
        for taken in range(1, len(decision.options)):
            path = {**waiting.path, decision.key: taken}
            more = decision.options[taken].faults
            yield Waiting(path, place + 1, faults + more)


def _compare(worlds: Worlds, path: Path) -> tuple[Difference | None, list[Decision]]:
    expected, decisions = worlds.interpret(path)
    found = worlds.execute(path)
    if found == expected:
        return None, decisions
    return Difference(path, tuple(decisions), expected, found), decisions


def shortened(worlds: Worlds, found: Difference) -> Difference:
    """Return the difference on the shortest path that one path can be cut down to."""
    shorter = True
    while shorter:
        shorter = False
        for key in found.path:
            path = {k: taken for k, taken in found.path.items() if k != key}
            again, _ = _compare(worlds, path)
            if again is not None:
                found, shorter = again, True
                break
    return found


def encoded(difference: Difference) -> str:
    """Return a path as the command line takes it: `12:1,15:2`."""
    numbers = {d.key: number for number, d in enumerate(difference.decisions)}
    taken = [(numbers[k], t) for k, t in difference.path.items() if k in numbers]
    return ",".join(f"{number}:{option}" for number, option in sorted(taken)) or "0:0"


def decoded(worlds: Worlds, text: str) -> Path:
    """Return the path that `encoded` wrote.

    Raises ValueError if it is none of this workflow.
    """
    path: dict[str, int] = {}
    for part in text.split(","):
        number, colon, taken = part.partition(":")
        if not (colon and number.isdecimal() and taken.isdecimal()):
            raise ValueError(f"{part!r} is not NUMBER:OPTION")
        _, decisions = worlds.interpret(path)
        if int(number) >= len(decisions):
            raise ValueError(f"there is no decision {number} in that run")
        decision = decisions[int(number)]
        if int(taken) >= len(decision.options):
            raise ValueError(
                f"decision {number} has no option {taken}, in this script; one that "
                "catches other errors may have had it: verify without a path"
            )
        if int(taken):
            path[decision.key] = int(taken)
    return path


def replayed(worlds: Worlds, path: Path) -> Result:
    """Compare on a single path."""
    found, _ = _compare(worlds, path)
    equal = 0 if found else 1
    return Result(equal, "path", worlds.limits, difference=found)
