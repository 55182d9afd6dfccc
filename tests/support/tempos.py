"""How long the calls of a run take on the virtual clock, and what to let take long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given, Let
from transpiler.ir.walk import nodes

START = datetime(2026, 1, 1, 11, 59, tzinfo=UTC).timestamp()
"""When every run starts: a minute before the deadlines of the golden cases."""

MOST_STEPS = 30
"""So many calls are each let be the one during which a limit passes."""


@dataclass(frozen=True)
class Tempo:
    """How long calls take: `each` of them so many seconds, and call `at` some `more`.

    Half of it passes before the call's body runs, half of it after.
    """

    each: float = 0.0
    at: int = -1
    more: float = 0.0
    start: float = START

    def __str__(self) -> str:
        slow = f", call {self.at} {self.more:g} s more" if self.more else ""
        late = f", {self.start - START:g} s late" if self.start != START else ""
        return f"{self.each:g} s for each call{slow}{late}"

    def duration(self, call: int) -> float:
        """Return how long a call takes; calls count from 0."""
        return self.each + (self.more if call == self.at else 0.0)


def limits_of(workflow: ir.Workflow) -> list[float]:
    """Return how many seconds the time limits of a workflow last, as far as known."""
    found: dict[float, None] = {}
    for node in nodes(workflow.step):
        match node:
            case ir.WithTimeout(seconds=Given(value=seconds)):
                found[float(seconds)] = None
            case ir.WithDeadline(when=Given(value=when)):
                found[max(1.0, when.timestamp() - START)] = None
            case ir.WithDeadline(when=Let(value=Given(value=when))):
                found[max(1.0, when.timestamp() - START)] = None
            case ir.WithTimeout() | ir.WithDeadline():
                # Known only in a run: times that are likely.
                found.update(dict.fromkeys((2.5, 10.0, 60.0, 180.0)))
    return sorted(found)


def tempos(limits: Iterable[float], calls: int) -> Iterator[Tempo]:
    """Yield tempos at which each limit passes during, or just with, each call."""
    for seconds in limits:
        for at in range(min(calls, MOST_STEPS)):
            yield Tempo(at=at, more=seconds)
            yield Tempo(at=at, more=seconds + 1)
            for eighths in (3, 7):
                yield Tempo(at=at, more=seconds * eighths / 8)
            # So that it passes about here, by and by; in whole steps: floats are exact.
            yield Tempo(each=ceil(4 * seconds / (at + 1)) / 4)
        yield Tempo(start=START + seconds)
