"""Errors: attempts in a loop, and best effort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

from transpiler.ir import nodes as ir
from transpiler.ir.backoff import LONGEST, steps_until
from transpiler.ir.expressions import Expression, Given
from transpiler.lowering.leaves import call, negated, operand
from transpiler.lowering.limits import sleeping
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
    """The names of a retry's loop, and the up_to that bounds it."""

    scope: Scope
    attempt: str
    error: str
    delay: str
    limit: ir.UpTo | None

    def log(self, rest: str, *arguments: str) -> Line:
        """Return the log line of a failed attempt."""
        of = "" if self.limit is None else f" of {_number(self.limit.attempts)}"
        given = ", ".join((self.attempt, self.error, *arguments))
        text = f'"attempt %d{of}: %s; again{rest}"'
        return Line(f"{self.scope.unit.log}.warning({text}, {given})")


def lower_retry(node: ir.Retry, scope: Scope) -> Body:
    """Lower a retry: a loop over attempts, whose except branch asks the policies."""
    comments = tuple(c for p in node.policies for c in scope.comments(p.span))
    limit = _lowest(node.policies)
    if limit and _number(limit.attempts) == 1 and node.policies[0] is limit:
        # One call in all: there is nothing to repeat.
        return with_comments(scope.lower(node.step, 0), comments)
    # A retry inside this one counts in a variable of its own.
    with scope.using("attempt") as (attempt,):
        asked = scope.asked
        body = scope.lower(node.step, 2)
        if not body:
            return ()
        in_time = scope.in_time
        with scope.using("error", "delay") as (error, delay):
            loop_names = _Loop(scope, attempt, error, delay, limit)
            handler = _reaction(node, loop_names, asked)
        # What follows the loop follows an attempt that succeeded.
        scope.take_time(in_time)
        if limit is None:
            attempts = f"{scope.unit.need('itertools', 'count')}(1)"
        else:
            attempts = f"range(1, {_plus_one(limit.attempts, scope)})"
        loop = Attempts(attempt, attempts, body, handler)
    return (Block((loop,), comments),)


def _lowest(policies: tuple[ir.Policy, ...]) -> ir.UpTo | None:
    """Return the up_to that declines first; a higher one never gets to."""
    limits = [policy for policy in policies if isinstance(policy, ir.UpTo)]
    return min(limits, key=lambda policy: _number(policy.attempts), default=None)


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
                if policy is loop.limit:
                    test = f"{loop.attempt} == {scope.write(policy.attempts)}"
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
    if policy.multiplier is None and policy.jitter is None:
        shortest = policy.base
        if policy.max_delay and _number(policy.max_delay) < _number(policy.base):
            shortest = policy.max_delay
        return [
            loop.log(f" in {_number(shortest):g} s"),
            *sleeping(scope.write(shortest), scope),
        ]
    return [
        *(Line(f"{loop.delay} = {value}") for value in _delays(policy, loop)),
        loop.log(f" in %.{_digits(policy)}f s", loop.delay),
        *sleeping(loop.delay, scope),
    ]


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
    return f"(1 - {part})", f"(1 + {part})"


def _growth(policy: ir.Backoff, loop: _Loop) -> str:
    """Return `base * multiplier ** (attempt - 1)`, so that it never overflows."""
    assert policy.multiplier is not None
    base, multiplier = _number(policy.base), _number(policy.multiplier)
    if base == 0:
        return loop.scope.write(policy.base)
    ceiling = LONGEST
    if policy.max_delay is not None and policy.jitter is None:
        # Without jitter the cap hides all growth above it, so growth may end there.
        ceiling = min(LONGEST, max(_number(policy.max_delay), base))
    exponent = f"({loop.attempt} - 1)"
    longest = steps_until(base, multiplier, LONGEST)
    calls = float("inf") if loop.limit is None else _number(loop.limit.attempts)
    if longest is not None and calls - 1 > longest:
        last = steps_until(base, multiplier, ceiling)
        exponent = f"min({loop.attempt} - 1, {last})"
    power = f"{_whole(policy.multiplier, loop.scope)} ** {exponent}"
    return power if base == 1 else f"{loop.scope.write(policy.base)} * {power}"


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
    """Return the value of a policy's argument, which is always known."""
    assert isinstance(expression, Given)
    return expression.value


def _plus_one(expression: Expression, scope: Scope) -> str:
    written = scope.write(expression)
    digits = written.replace("_", "")
    return str(int(digits) + 1) if digits.isdecimal() else f"{written} + 1"
