"""A time limit around the statements that are being lowered.

It is written in one of two ways. Where one place asks it, that stands there: a
variable `deadline`, and `if time.monotonic() >= deadline: raise TimeoutError(...)`.
Otherwise it is a `TimeLimit`, a support definition: `limit.check()`, `limit.sleep(5)`.
A script keeps to one of the ways: the second, as soon as one of its limits needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

from transpiler.ir import nodes as ir
from transpiler.lowering.unit import Unit
from transpiler.script.model import Block, Body, If, Line, Statement


@dataclass
class Limit:
    """What the code at hand has to ask before it starts something.

    `in_time` says that no time can have passed since it was set or asked. `uses` counts
    the places that ask it; only those raise its error. `simple` says that none of them
    needs more than the first way has, for which `clock` and `message` are: the function
    of `time` that its deadline is on, and the source of a string.
    """

    unit: Unit
    variable: str
    in_time: bool
    clock: str = "monotonic"
    message: str = '""'
    uses: int = 0
    simple: bool = True

    def starting(self) -> tuple[Statement, ...]:
        """Return what goes before something that starts, and then takes its time."""
        before = () if self.in_time else (self.check(),)
        self.in_time = False
        return before

    def check(self) -> Statement:
        """Return the statement that raises if the limit has passed."""
        self.uses += 1
        self.in_time = True
        if not self.unit.limits_in_place:
            return Line(f"{self.variable}.check()")
        raised = Line(f"raise TimeoutError({self.message})")
        return If(f"{self._now()} >= {self.variable}", (Block((raised,)),))

    def sleep(self, seconds: str) -> tuple[Statement, ...]:
        """Return a sleep that ends when the limit passes, and raises then."""
        if self.unit.limits_in_place:
            left = f"{self.variable} - {self._now()}"
            sleep = f"{self.unit.need('time')}.sleep"
            return Line(f"{sleep}(max(0, min({seconds}, {left})))"), self.check()
        self.uses += 1
        self.in_time = True
        return (Line(f"{self.variable}.sleep({seconds})"),)

    def _now(self) -> str:
        return f"{self.unit.need('time')}.{self.clock}()"

    def passing(self, uses: int, on: ir.Types, error: str) -> tuple[Statement, ...]:
        """Return how an except branch begins if the limit's own error may get there.

        It does if the branch is for TimeoutError, and the limit was asked in its `try`:
        more often than `uses`, the number before.
        """
        if self.uses == uses or not catches(on):
            return ()
        self.simple = False
        self.unit.limits_asked_back = True
        reraise: Body = (Block((Line("raise"),)),)
        return (If(f"{error} in {self.variable}.raised", reraise),)

    def joining(self, uses: int, errors: str) -> tuple[Line, ...]:
        """Return what keeps the limit's own error from being joined with others."""
        if self.uses == uses:
            return ()
        self.simple = False
        self.unit.limits_asked_back = True
        let_pass = self.unit.support("let_pass")
        return (Line(f"{let_pass}({self.variable}, {errors})"),)

    @property
    def annotation(self) -> str:
        """The parameter for it of a function that asks it."""
        return f"{self.variable}: {self.unit.support('TimeLimit')}"

    def given(self) -> str:
        """Return the argument for such a function."""
        self.uses += 1
        self.simple = False
        return self.variable


def catches(on: ir.Types) -> bool:
    """Return whether an except branch for some types is one for TimeoutError, too."""
    types = on if isinstance(on, tuple) else (on,)
    return any(issubclass(TimeoutError, each) for each in types)
