"""Steps with parameters of every kind."""

from __future__ import annotations

import os
import os.path
from collections import ChainMap
from dataclasses import dataclass, field

from transpiler import flow

SIZES = [1, 2]
NAMES = {"size": 3}


@dataclass
class Log:
    """What was called."""

    lines: list[str] = field(init=False, default_factory=list)


@flow.step
def call(log: Log, what: str, /, size: int = 0, *more: object, **named: object) -> None:
    """Write down what it is given."""
    log.lines.append(f"{what} {size} {more} {sorted(named.items())}")


def double(number: int) -> int:
    """Return twice as much."""
    return number * 2


@flow.workflow
def call_all() -> flow.Step[Log]:
    """Call it in all ways."""
    least = -2
    kinds = dict[str, list[int] | None]
    settings = ChainMap({"a": 1}, {"b": 2})
    return flow.do(
        call("defaults"),
        call("positions", 1, 2, 3),
        call("keywords", size=1, other=2),
        # The name of a positional-only parameter is free for one of the others.
        call("both", 1, what=2),
        call("stars", *SIZES, **NAMES) if len(SIZES) > 3 else call("stars", *SIZES),
        call("separator", 1, os.sep, os.path.sep),
        call("types", 1, kinds, int | str),
        call("values", 1, settings),
        call("calls", double(least), double(number=least) + least),
        flow.in_serial(
            flow.for_each([1, 2], lambda n: call("item", double(n), f"{n}/{least}"))
        ),
    )
