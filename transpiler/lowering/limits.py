"""Time limits: a deadline, and what asks it before anything starts."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace

from transpiler.capture.settled import is_fixed
from transpiler.frontend.literals import literal
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Given, parsed
from transpiler.lowering.lift import under
from transpiler.lowering.limited import Limit
from transpiler.lowering.precedence import summand
from transpiler.lowering.scope import Scope, caught
from transpiler.lowering.unit import Unit
from transpiler.script.model import Block, Body, Line, Statement


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a limit is set: by a value, which the message of its error tells, too."""

    value: str
    clock: str
    message: str
    before: tuple[Statement, ...] = ()
    taken: tuple[str, ...] = ()
    lasts: bool = False

    def in_place(self, unit: Unit) -> str:
        """Return the deadline, on the clock."""
        if self.clock == "time":
            return f"{self.value}.timestamp()"
        return f"{unit.need('time')}.monotonic() + {summand(self.value)}"

    def made(self, unit: Unit) -> str:
        """Return the TimeLimit, which is on the monotonic clock."""
        given = self.value
        if self.clock == "time":
            now = f"{unit.need('time')}.time()"
            given = f"{self.value}.timestamp() - {now}, {self.message}"
        return f"{unit.support('TimeLimit')}({given})"


def lower_with_timeout(node: ir.WithTimeout, scope: Scope) -> Body:
    """Lower a limit of so many seconds from now."""
    text = scope.write(node.seconds)
    message = _message("not done within {} s", node.seconds, text)
    # What is known only in a run may be no time at all.
    lasts = is_fixed(node.seconds)
    setting = _Setting(text, "monotonic", message or "", lasts=lasts)
    if message is None and scope.unit.limits_in_place:
        name = scope.yielding("seconds", "float")
        message = f'f"not done within {{{name}}} s"'
        before = (Line(f"{name} = {text}"),)
        setting = _Setting(name, "monotonic", message, before, (name,), lasts)
    return _lower_limited(node.step, scope, setting)


def lower_with_deadline(node: ir.WithDeadline, scope: Scope) -> Body:
    """Lower a limit that is a moment, which may have passed already."""
    text = scope.write(node.when)
    message = _message("not done by {}", node.when, text)
    if message is not None:
        return _lower_limited(node.step, scope, _Setting(text, "time", message))
    name = scope.yielding("when", "datetime")
    message = f'f"not done by {{{name}}}"'
    before = (Line(f"{name} = {text}"),)
    setting = _Setting(name, "time", message, before, (name,))
    return _lower_limited(node.step, scope, setting)


def _lower_limited(step: ir.Step, scope: Scope, setting: _Setting) -> Body:
    unit, outer = scope.unit, scope.limit
    tells = tells_remaining(unit)
    variable = scope.yielding("limit" if outer is None else "sooner", "TimeLimit")
    if unit.limits_in_place:
        scope.names.release(variable)
        variable = scope.yielding("deadline", "float")
    in_time = setting.lasts and scope.in_time
    limit = Limit(unit, variable, in_time, setting.clock, setting.message)
    body = replace(scope, limit=limit).lower(step, 1 if tells else 0)
    for name in (variable, *setting.taken):
        scope.names.release(name)
    unit.limits.append(limit.simple and limit.uses <= 1 and not (outer or tells))
    if outer is not None:
        outer.uses += limit.uses
        outer.in_time = limit.in_time
    if not any(block.statements for block in body) or not (limit.uses or tells):
        # Nothing asks it: it has no effect.
        return body
    if unit.limits_in_place:
        value = setting.in_place(unit)
    elif outer is None:
        value = setting.made(unit)
    else:
        # Where nothing else asks the outer one, this still needs it.
        outer.uses = max(outer.uses, 1)
        made = f"{outer.variable}, {setting.made(unit)}"
        value = f"min({made}, key=lambda each: each.deadline)"
    start = (*setting.before, Line(f"{variable} = {value}"))
    if tells:
        limited_by = unit.support("limited_by")
        told = under(f"{limited_by}({variable})", body)
        return (Block((*start, *told[0].statements), told[0].comments),)
    first, *rest = body
    if first.comments:
        return (Block(start), *body)
    return (Block((*start, *first.statements)), *rest)


def tells_remaining(unit: Unit) -> bool:
    """Return whether steps ask how long they have."""
    return "remaining" in unit.bundle.prelude


def lower_unlimited(step: ir.Step, scope: Scope, deeper: int = 1) -> Body:
    """Lower a cleanup: it runs, even when the limit around it has passed."""
    outside = replace(scope, limit=None)
    if scope.limit is None or not tells_remaining(scope.unit):
        return outside.lower(step, deeper)
    body = outside.lower(step, deeper + 1)
    if not any(block.statements for block in body):
        return ()
    limited_by = scope.unit.support("limited_by")
    return under(f"{limited_by}(None)", body)


def _message(text: str, expression: Expression, written: str) -> str | None:
    """Return the source of a message; None if the expression can't stand in one."""
    tree = parsed(written)
    if _is_known(tree) and isinstance(expression, Given):
        return literal(text.format(expression.value)).text
    if all(isinstance(x, (ast.Name, ast.Attribute, ast.Load)) for x in ast.walk(tree)):
        return f'f"{text.format("{" + written + "}")}"'
    return None


def _is_known(tree: ast.expr) -> bool:
    """Whether an expression reads nothing that may be another value in a run."""
    allowed = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop)
    return all(isinstance(x, allowed) for x in ast.walk(tree))


def starts_first(node: ir.Step) -> bool:
    """Return whether the first thing that a step does is to start something.

    So the limit is asked before the step as a whole; what has a name or a cleanup has
    begun by then, and a branch, or a function that others call, asks for itself.
    """
    match node:
        case ir.Call() | ir.When() | ir.While():
            return True
        case ir.Do(steps=(first, *_), join_errors=False):
            return starts_first(first)
        case ir.InSerial(providers=(first, *_), join_errors=False):
            match first:
                case ir.Steps(steps=(step, *_)):
                    return starts_first(step)
                case ir.ForEach(items=items):
                    return _reads_first(items)
            return False
        case ir.Composite(step=step, parameters=()):
            return starts_first(step)
        case (
            ir.Retry(step=step)
            | ir.IgnoreError(step=step)
            | ir.OnError(step=step)
            | ir.RecoverPanics(step=step)
            # A deadline inside may have passed sooner, and then the error is its own.
            | ir.WithTimeout(seconds=Given(), step=step)
        ):
            return starts_first(step)
        case ir.Switch(subject=first) | ir.Spawn(derive=first):
            return _reads_first(first)
        case ir.Using(resource=first) | ir.Pipeline(extract=first):
            return _reads_first(first)
        case _:
            return False


def _reads_first(node: ir.Extract) -> bool:
    match node:
        case ir.Call():
            return True
        case ir.From(extract=extract):
            return _reads_first(extract)
        case _:
            return False


def ends_asked(node: ir.Step) -> bool:
    """Return whether a step ends in a sleep, behind which the limit is asked."""
    match node:
        case ir.Sleep():
            return True
        case ir.Do(steps=(*_, last), join_errors=False):
            return ends_asked(last)
        case ir.Composite(step=step, parameters=()) | ir.Named(inner=step):
            return ends_asked(step)
        case _:
            return False


def asking(check: Statement | None, body: Body) -> Body:
    """Put what asks the limit before a body."""
    if check is None or not body:
        return body
    if body[0].comments or not isinstance(check, Line):
        return (Block((check,)), *body)
    return (Block((check, *body[0].statements)), *body[1:])


def asking_again(body: Body, scope: Scope, asked: int) -> Body:
    """Ask the limit at the end of a loop's body, whose test starts once more.

    `asked` says in how many places the limit was asked before: a loop that only waits
    for something asks it, too.
    """
    if scope.limit is None or (scope.limit.in_time and scope.asked > asked):
        return body
    check = scope.limit.check()
    if body and body[-1].is_plain and isinstance(check, Line):
        *rest, last = body
        return (*rest, Block((*last.statements, check), last.comments))
    return (*body, Block((check,)))


def sleeping(seconds: str, scope: Scope) -> tuple[Statement, ...]:
    """Return a sleep; inside of a limit it ends with it."""
    if scope.limit is not None:
        return scope.limit.sleep(seconds)
    return (Line(f"{scope.unit.need('time')}.sleep({seconds})"),)


def passing_of(node: ir.OnError, scope: Scope, asked: int) -> list[Body]:
    """Return how each except branch begins: one of them lets the limit's error pass.

    `asked` says in how many places the limit was asked before the `try`.
    """
    found: list[Body] = []
    for handler in node.handlers:
        # Only the first that catches TimeoutError gets to see it.
        first = scope.passing(asked, handler.on.types, caught(scope))
        found.append((Block(first),) if first and not any(found) else ())
    return found


def in_branches(scope: Scope, *lower: Callable[[], Body]) -> list[Body]:
    """Lower except branches: each begins after something that took time failed."""
    in_time, asked = scope.in_time, scope.asked
    scope.take_time()
    bodies = scope.alternatives(*lower)
    scope.take_time(in_time and scope.in_time)
    if scope.limit is not None and scope.asked > asked:
        # The error that is handled becomes the context of the limit's.
        scope.limit.simple = False
    return bodies
