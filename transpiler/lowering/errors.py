"""Errors: attempts in a loop, and best effort."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any, assert_never

from transpiler.capture.settled import is_fixed
from transpiler.ir import nodes as ir
from transpiler.ir.backoff import LONGEST, steps_until
from transpiler.ir.expressions import Expression, Given
from transpiler.lowering.leaves import call, negated, operand
from transpiler.lowering.limits import sleeping
from transpiler.lowering.precedence import (
    compared,
    factor,
    plus_one,
    subtrahend,
    summand,
)
from transpiler.lowering.scope import Scope, caught, with_comments
from transpiler.script.model import (
    Attempts,
    Block,
    Body,
    Handler,
    If,
    Line,
    Statement,
    Try,
)


@dataclass(frozen=True, slots=True)
class _Loop:
    """The names of a retry's loop, and the up_to that bounds it: the first of `asked`.

    Where some number is known only when the script starts, others are asked, too.
    """

    scope: Scope
    attempt: str
    error: str
    delay: str
    asked: tuple[ir.UpTo, ...]

    @property
    def limit(self) -> ir.UpTo | None:
        """The up_to that bounds the loop, if there is one."""
        return self.asked[0] if self.asked else None

    @property
    def calls(self) -> float:
        """How many calls there are at most, as far as that is known."""
        known = [_number(p.attempts) for p in self.asked if is_fixed(p.attempts)]
        return min(known, default=inf)

    def log(self, rest: str, *arguments: str) -> Line:
        """Return the log line of a failed attempt."""
        of, parts = "", [self.attempt]
        if self.limit is not None:
            most = self.scope.write(self.limit.attempts)
            if is_fixed(self.limit.attempts) and not most.isidentifier():
                of = f" of {_number(self.limit.attempts)}"
            else:
                of = " of %d"
                parts.append(most)
        given = ", ".join((*parts, self.error, *arguments))
        text = f'"attempt %d{of}: %s; again{rest}"'
        return Line(f"{self.scope.unit.log}.warning({text}, {given})")


def lower_retry(node: ir.Retry, scope: Scope) -> Body:
    """Lower a retry: a loop over attempts, whose except branch asks the policies."""
    comments = tuple(c for p in node.policies for c in scope.comments(p.span))
    limits = _limits(node.policies)
    first = limits[0] if limits else None
    if first and node.policies[0] is first and _is_once(first):
        # There is nothing to repeat.
        return with_comments(scope.lower(node.step, 0), comments)
    # A retry inside this one counts in a variable of its own.
    with scope.using("attempt") as (attempt,):
        asked = scope.asked
        body = scope.lower(node.step, 2)
        if not body:
            return ()
        in_time = scope.in_time
        with scope.using("error", "delay") as (error, delay):
            loop_names = _Loop(scope, attempt, error, delay, limits)
            handler = _reaction(node, loop_names, asked)
        # What follows the loop follows an attempt that succeeded.
        scope.take_time(in_time)
        if first is None:
            attempts = f"{scope.unit.need('itertools', 'count')}(1)"
        else:
            attempts = f"range(1, {plus_one(scope.write(first.attempts))})"
        for each in limits:
            if not is_fixed(each.attempts):
                scope.unit.require(scope.write(each.attempts), 1)
        loop = Attempts(attempt, attempts, body, handler)
    return (Block((loop,), comments),)


def _is_once(policy: ir.UpTo) -> bool:
    return is_fixed(policy.attempts) and bool(_number(policy.attempts) == 1)


def _limits(policies: tuple[ir.Policy, ...]) -> tuple[ir.UpTo, ...]:
    """Return the up_to that declines first, as a higher one never gets to.

    Which one that is may be known only when the script starts: then all that it may be.
    """
    limits = [policy for policy in policies if isinstance(policy, ir.UpTo)]
    late = [policy for policy in limits if not is_fixed(policy.attempts)]
    known = [policy for policy in limits if policy not in late]
    known.sort(key=lambda policy: _number(policy.attempts))
    return (*late, *known[:1])


def _reaction(node: ir.Retry, loop: _Loop, asked: int) -> Handler:
    """Return the except branch: the policies in the order written.

    `asked` says in how many places the time limit was asked before the `try`.
    """
    scope = loop.scope
    statements = [*scope.passing(asked, node.on.types, loop.error)]
    scope.take_time()
    for policy in node.policies:
        match policy:
            case ir.UpTo():
                if policy in loop.asked:
                    test = f"{loop.attempt} == {compared(scope.write(policy.attempts))}"
                    _raise_if(test, statements)
            case ir.OnlyIf(check=check):
                test = negated(call(ir.Call(check), scope, loop.error))
                _raise_if(test, statements)
                scope.take_time()
            case ir.Backoff():
                statements += _sleep(policy, loop)
            case _:
                assert_never(policy)
    # The next attempt starts.
    statements += scope.starting_in_branch()
    if not any(isinstance(policy, ir.Backoff) for policy in node.policies):
        statements.append(loop.log(""))
    types = scope.write(node.on.written)
    return Handler(types, (Block(tuple(statements)),), loop.error)


def _raise_if(test: str, statements: list[Statement]) -> None:
    """Re-raise if a test holds; one `if` for two such tests behind each other."""
    reraise: Body = (Block((Line("raise"),)),)
    match statements:
        case [*_, If(other, body, ())] if body == reraise:
            tests = (operand(other, of_and=False), operand(test, of_and=False))
            statements[-1] = If(" or ".join(tests), reraise)
        case _:
            statements.append(If(test, reraise))


def _sleep(policy: ir.Backoff, loop: _Loop) -> list[Statement]:
    """Return the statements of a backoff: the delay, a word in the log, the sleep."""
    scope = loop.scope
    late = _is_late(policy)
    if policy.multiplier is None and policy.jitter is None and late:
        if policy.max_delay is None:
            written = scope.write(policy.base)
            return [loop.log(" in %g s", written), *sleeping(written, scope)]
    elif policy.multiplier is None and policy.jitter is None:
        shortest = policy.base
        if policy.max_delay and _number(policy.max_delay) < _number(policy.base):
            shortest = policy.max_delay
        return [
            loop.log(f" in {_number(shortest):g} s"),
            *sleeping(scope.write(shortest), scope),
        ]
    return [
        *(Line(f"{loop.delay} = {value}") for value in _delays(policy, loop)),
        loop.log(" in %.3g s" if late else f" in %.{_digits(policy)}f s", loop.delay),
        *sleeping(loop.delay, scope),
    ]


def _is_late(policy: ir.Backoff) -> bool:
    """Whether a delay or its cap is known only when the script starts."""
    bounds = (policy.base, *([policy.max_delay] if policy.max_delay else []))
    return not all(map(is_fixed, bounds))


def _digits(policy: ir.Backoff) -> int:
    """Return how many digits tell the first delay from none."""
    base = _number(policy.base)
    digits = 1
    while 0 < base < 10**-digits and digits < 3:
        digits += 1
    return digits


def _delays(policy: ir.Backoff, loop: _Loop) -> list[str]:
    """Return what `delay` is set to, one assignment after another."""
    scope, delay = loop.scope, loop.delay
    value = scope.write(policy.base)
    values = []
    if policy.multiplier is not None:
        value = _growth(policy, loop)
    if policy.jitter is not None:
        uniform = f"{scope.unit.need('random')}.uniform"
        if _number(policy.jitter) == "full":
            value = f"{uniform}(0, {value})"
        else:
            if policy.multiplier is not None:
                values.append(value)
                value = delay
            low, high = _spread(policy.jitter, scope)
            value = factor(value)
            value = f"{uniform}({value} * {low}, {value} * {high})"
    if policy.max_delay is not None:
        cap = scope.write(policy.max_delay)
        if len(value) > 60:
            values.append(value)
            value = delay
        value = f"min({cap}, {value})"
    return [*values, value]


def _spread(jitter: Expression, scope: Scope) -> tuple[str, str]:
    """Return the factors of the shortest delay and the longest."""
    part, number = scope.write(jitter), _number(jitter)
    if part == repr(number):
        factors = repr(1 - number), repr(1 + number)
        # 1 - 0.9 is 0.09999999999999998: nobody writes that.
        if all(len(factor) <= len(part) + 1 for factor in factors):
            return factors
    return f"(1 - {subtrahend(part)})", f"(1 + {summand(part)})"


def _growth(policy: ir.Backoff, loop: _Loop) -> str:
    """Return `base * multiplier ** (attempt - 1)`, so that it never overflows."""
    assert policy.multiplier is not None
    fixed, multiplier = is_fixed(policy.base), _number(policy.multiplier)
    # Of a base that is not known, a millisecond may grow as long as it would.
    base = _number(policy.base) if fixed else 0.001
    if base == 0:
        return loop.scope.write(policy.base)
    ceiling = LONGEST
    if policy.max_delay is not None and policy.jitter is None and not _is_late(policy):
        # Without jitter the cap hides all growth above it, so growth may end there.
        ceiling = min(LONGEST, max(_number(policy.max_delay), base))
    exponent = f"({loop.attempt} - 1)"
    longest = steps_until(base, multiplier, LONGEST)
    if longest is not None and loop.calls - 1 > longest:
        last = steps_until(base, multiplier, ceiling)
        exponent = f"min({loop.attempt} - 1, {last})"
    power = f"{factor(_whole(policy.multiplier, loop.scope))} ** {exponent}"
    return (
        power
        if base == 1 and fixed
        else f"{factor(loop.scope.write(policy.base))} * {power}"
    )


def _whole(expression: Expression, scope: Scope) -> str:
    """Write a number without a needless `.0`."""
    written, value = scope.write(expression), _number(expression)
    spelled_out = written == repr(value)
    return str(int(value)) if spelled_out and float(value).is_integer() else written


def lower_ignore_error(node: ir.IgnoreError, scope: Scope) -> Body:
    """Lower best effort: a try whose except branch logs, and goes on."""
    asked = scope.asked
    body = scope.lower(node.step)
    scope.take_time()
    if not body:
        return ()
    text = '"best effort failed, going on", exc_info=True'
    warning = Line(f"{scope.unit.log}.warning({text})")
    error = caught(scope)
    passing = scope.passing(asked, node.on.types, error)
    handled = (Block((*passing, warning)),)
    types = scope.write(node.on.written)
    handler = Handler(types, handled, error if passing else "")
    return (Block((Try(body, (handler,)),)),)


def _number(expression: Expression) -> Any:
    """Return the value that a policy's argument has now."""
    assert isinstance(expression, Given)
    return expression.value
