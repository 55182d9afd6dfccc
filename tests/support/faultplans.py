"""What to let go wrong in a workflow: every leaf call, with every kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from random import Random

from support.pools import FIFO
from support.records import FLIP, Fault, InjectedError, Outcome
from support.states import variants
from support.tempos import limits_of, tempos
from support.worlds import Lab, Situation
from transpiler.ir import nodes as ir
from transpiler.ir.walk import nodes, walk

MOST_CALLS = 40
"""So many calls of a run are each let fail; golden cases are shorter."""

PAIRS = 40
SEEDS = (FIFO, 1, 2)


def situations(lab: Lab) -> Iterator[Situation]:
    """Yield every situation to compare: no fault, one fault, some pairs of faults."""
    parallel = any(isinstance(node, ir.InParallel) for node in nodes(lab.workflow))
    kinds = error_types(lab)
    for state in variants(lab.state_type):
        for seed in SEEDS if parallel else (FIFO,):
            start = Situation(state, (), seed)
            yield start
            undisturbed = lab.interpret(start)
            for fault in faults(undisturbed, kinds):
                yield Situation(state, (fault,), seed)
            yield from islice(pairs(lab, start, undisturbed, kinds), PAIRS)
            yield from slow(lab, start, undisturbed, kinds)


def slow(
    lab: Lab, start: Situation, run: Outcome, kinds: list[type[BaseException]]
) -> Iterator[Situation]:
    """Yield situations in which time limits pass: alone, and with something failing."""
    chance = Random(len(run.calls))
    for tempo in tempos(limits_of(lab.workflow), len(run.calls)):
        late = replace(start, tempo=tempo)
        yield late
        for fault in faults(lab.interpret(late), [*kinds, TimeoutError]):
            # At the slow call everything that may happen to it, elsewhere a sample.
            if fault.at == tempo.at or chance.random() < 0.1:
                yield replace(late, faults=(fault,))


def error_types(lab: Lab) -> list[type[BaseException]]:
    """Return the error types that matter to a workflow, and some that do not."""
    found: dict[type[BaseException], None] = {}
    for part in walk(lab.workflow):
        if isinstance(part, ir.Exceptions):
            types = part.types if isinstance(part.types, tuple) else (part.types,)
            found.update(dict.fromkeys(t for t in types if t is not Exception))
    return [*filter(_takes_a_message, found), InjectedError, SystemExit]


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
