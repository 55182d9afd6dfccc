"""Arguments that read what steps change."""

from __future__ import annotations

import os
import os.path
from dataclasses import dataclass, field

from transpiler import flow

COUNTS = {"begun": 0}
LIMITS = {"parts": 3}
TOTALS = {"begun": 0}
level = 1


@dataclass
class Meter:
    """What is measured."""

    reading: int = 0

    def count(self) -> None:
        """Go up."""
        self.reading += 1


METER = Meter()


@dataclass
class Diary:
    """What was done."""

    lines: list[str] = field(init=False, default_factory=list)


@flow.step
def begin(diary: Diary) -> None:
    """Begin something: all that is counted goes up."""
    global level
    COUNTS["begun"] += 1
    METER.count()
    level += 1
    diary.lines.append(f"begin {COUNTS['begun']}")


@flow.step
def note(diary: Diary, about: str, value: object) -> None:
    """Note a value."""
    diary.lines.append(f"{about}: {value}")


@flow.step
def sum_up(diary: Diary, totals: dict[str, int]) -> None:
    """Add to what it is given."""
    totals["begun"] += COUNTS["begun"]


@flow.step
def reset(diary: Diary, counts: dict[str, int], number: int) -> None:
    """Begin to count anew."""
    global level
    counts["begun"] = METER.reading = TOTALS["begun"] = 0
    level = 1
    diary.lines.append(f"reset at {number}")


@flow.workflow
def keep_count() -> flow.Step[Diary]:
    """Count what is begun."""
    return flow.do(
        begin,
        # What they were before the first step.
        note("begun", COUNTS["begun"]),
        note("reading", METER.reading),
        note("level", level),
        sum_up(TOTALS),
        note("totals", TOTALS["begun"] + 1),
        # The dictionary itself, whatever is in it then.
        note("counts", COUNTS),
        # Nobody changes these.
        note("limit", LIMITS["parts"]),
        note("separator", os.sep),
        flow.repeat(2, flow.do(begin, note("copy", {**COUNTS}))),
        # Of an item, it is what it is in its turn.
        flow.in_serial(
            flow.for_each([1, 2], lambda n: note("more", COUNTS["begun"] + n))
        ),
        flow.ensure(begin, reset(COUNTS, level)),
    )
