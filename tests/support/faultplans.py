"""What to let go wrong in a workflow: every leaf call, with every kind of error."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product
from random import Random
from typing import TypeGuard, TypeVar

from support.pools import FIFO
from support.records import FLIP, Fault, Outcome
from support.states import variants
from support.tempos import limits_of, tempos
from support.worlds import Lab, Situation
from transpiler.ir import nodes as ir
from transpiler.ir.errors import Exhausted
from transpiler.ir.walk import nodes, walk
from transpiler.verify.errors import InjectedError, InjectedGroup

T = TypeVar("T")

MOST_CALLS = 40
"""So many calls of a run are each let fail; golden cases are shorter."""

SEEDS = (FIFO, 1, 2)


@dataclass(frozen=True)
class Thoroughness:
    """How many situations of each kind are compared for one state and schedule."""

    singles: int
    pairs: int
    slow: int


EXHAUSTIVE = Thoroughness(10_000, 20, 150)
"""For the state as it is by default, and the plainest schedule."""

SAMPLED = Thoroughness(15, 5, 15)


def situations(lab: Lab) -> Iterator[Situation]:
    """Yield every situation to compare: no fault, one fault, some pairs of faults."""
    parallel = any(isinstance(node, ir.InParallel) for node in nodes(lab.workflow))
    kinds = error_types(lab)
    seeds = SEEDS if parallel else (FIFO,)
    for number, (state, seed) in enumerate(product(variants(lab.state_type), seeds)):
        limits = SAMPLED if number else EXHAUSTIVE
        start = Situation(state, (), seed)
        yield start
        undisturbed = lab.interpret(start)
        singles = list(faults(undisturbed, kinds))
        for fault in _some(singles, limits.singles):
            yield Situation(state, (fault,), seed)
        yield from islice(pairs(lab, start, undisturbed, kinds), limits.pairs)
        late = [
            replace(start, tempo=tempo)
            for tempo in tempos(limits_of(lab.workflow), len(undisturbed.calls))
        ]
        yield from late if limits is EXHAUSTIVE else _some(late, limits.slow)
        yield from _some(list(failing_late(lab, late, kinds)), limits.slow)


def _some(every: list[T], most: int) -> list[T]:
    """Return all of them, or a sample that is the same in every run."""
    return every if len(every) <= most else Random(len(every)).sample(every, most)


def failing_late(
    lab: Lab, late: list[Situation], kinds: list[type[BaseException]]
) -> Iterator[Situation]:
    """Yield situations in which time limits pass with one fault more."""
    chance = Random(len(late))
    for situation in late:
        for fault in faults(lab.interpret(situation), [*kinds, TimeoutError]):
            # At the slow call everything that may happen to it, elsewhere a sample.
            if fault.at == situation.tempo.at or chance.random() < 0.1:
                yield replace(situation, faults=(fault,))


def error_types(lab: Lab) -> list[type[BaseException]]:
    """Return the error types that matter to a workflow, and some that do not."""
    found: dict[type[BaseException], None] = {}
    for part in walk(lab.workflow):
        if isinstance(part, ir.Exceptions):
            types = part.types if isinstance(part.types, tuple) else (part.types,)
            found.update(dict.fromkeys(t for t in types if t is not Exception))
        if isinstance(part, ir.Collect):
            found[Exhausted] = None
        if isinstance(part, ir.HandlerFunction):
            # It looks at the error itself.
            known = {**vars(builtins), **part.fn.__globals__}
            named = [known.get(name) for name in sorted(part.reads)]
            found.update(dict.fromkeys(t for t in named if _is_error(t)))
    if found.pop(ExceptionGroup, True) is None:
        found[InjectedGroup] = None
    return [*filter(_takes_a_message, found), InjectedError, SystemExit]


def _is_error(value: object) -> TypeGuard[type[BaseException]]:
    return isinstance(value, type) and issubclass(value, Exception)


def faults(run: Outcome, kinds: list[type[BaseException]]) -> Iterator[Fault]:
    """Yield each single fault of a run."""
    for at in range(min(len(run.calls), MOST_CALLS)):
        for kind in kinds:
            yield Fault(at, kind)
        yield Fault(at, kinds[0], forever=True)
        if at < len(run.results) and isinstance(run.results[at], bool):
            yield Fault(at, FLIP)


def pairs(
    lab: Lab, start: Situation, run: Outcome, kinds: list[type[BaseException]]
) -> Iterator[Situation]:
    """Yield pairs of faults, the second of which comes after the first."""
    chance = Random(len(run.calls))
    recoverable = [kind for kind in kinds if issubclass(kind, Exception)]
    while run.calls:
        first = Fault(chance.randrange(len(run.calls)), chance.choice(recoverable))
        after = lab.interpret(Situation(start.state, (first,), start.seed))
        left = len(after.calls) - first.at - 1
        if left < 1:
            # Nothing came after it: a fault that comes before shows no more.
            second = Fault(first.at, kinds[-1])
        else:
            at = first.at + 1 + chance.randrange(left)
            second = Fault(at, chance.choice(kinds), chance.random() < 0.2)
        yield Situation(start.state, (first, second), start.seed)


def _takes_a_message(kind: type[BaseException]) -> bool:
    try:
        kind("injected")
    except TypeError:
        return False
    return True
