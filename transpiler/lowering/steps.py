"""Every kind of step, and what lowers it."""

from __future__ import annotations

from typing import assert_never

from transpiler.ir import nodes as ir
from transpiler.lowering.conditions import lower_switch, lower_when
from transpiler.lowering.data import lower_pipeline
from transpiler.lowering.depth import is_too_deep
from transpiler.lowering.errors import lower_ignore_error, lower_retry
from transpiler.lowering.handling import (
    lower_ensure,
    lower_on_error,
    lower_recover_panics,
)
from transpiler.lowering.leaves import call
from transpiler.lowering.lift import levels_below, lift_step, noting
from transpiler.lowering.limits import (
    asking,
    lower_with_deadline,
    lower_with_timeout,
    starts_first,
)
from transpiler.lowering.loops import lower_repeat, lower_sleep, lower_while
from transpiler.lowering.observe import lower_logged, lower_traced
from transpiler.lowering.parallel import lower_in_parallel
from transpiler.lowering.resources import lower_spawn, lower_using
from transpiler.lowering.scope import Scope, with_comments
from transpiler.lowering.sequence import lower_do, lower_in_serial
from transpiler.script.model import Block, Body, Line


def lower_step(node: ir.Step, scope: Scope) -> Body:
    """Lower a step to blocks of statements, below the comments that stand above it."""
    comments = scope.comments(node.span)
    if isinstance(node, (ir.When, ir.While)):
        comments += scope.comments(node.predicate.span)
    check = None
    if scope.limit and not scope.in_time and starts_first(node):
        check = scope.limit.check()
    mark = scope.names.mark
    if is_too_deep(node, scope.depth):
        body = _called(node, scope)
    else:
        body = _lowered(node, scope)
    # What follows does not read the variables of this step.
    scope.release_since(mark)
    return asking(check, with_comments(body, comments))


def _lowered(node: ir.Step, scope: Scope) -> Body:
    match node:
        case ir.Call():
            scope.take_time()
            return (Block((Line(call(node, scope, scope.state)),)),)
        case ir.Do():
            return lower_do(node, scope)
        case ir.InSerial():
            return lower_in_serial(node, scope)
        case ir.InParallel():
            return lower_in_parallel(node, scope)
        case ir.When():
            return lower_when(node, scope)
        case ir.While():
            return lower_while(node, scope)
        case ir.Repeat():
            return lower_repeat(node, scope)
        case ir.Sleep():
            return lower_sleep(node, scope)
        case ir.Switch():
            return lower_switch(node, scope)
        case ir.Retry():
            return lower_retry(node, scope)
        case ir.IgnoreError():
            return lower_ignore_error(node, scope)
        case ir.OnError():
            return lower_on_error(node, scope)
        case ir.RecoverPanics():
            return lower_recover_panics(node, scope)
        case ir.Ensure():
            return lower_ensure(node, scope)
        case ir.WithTimeout():
            return lower_with_timeout(node, scope)
        case ir.WithDeadline():
            return lower_with_deadline(node, scope)
        case ir.Spawn():
            return lower_spawn(node, scope)
        case ir.Using():
            return lower_using(node, scope)
        case ir.Logged():
            return lower_logged(node, scope)
        case ir.Traced():
            return lower_traced(node, scope)
        case ir.Pipeline():
            return lower_pipeline(node, scope)
        case ir.Named(name=name, inner=inner):
            return noting(name, scope.lower(inner, levels_below(inner)), scope)
        case ir.Composite(step=step, parameters=parameters):
            return _called(node, scope) if parameters else scope.lower(step, 0)
        case _:
            assert_never(node)


def _called(node: ir.Step, scope: Scope) -> Body:
    name, arguments = lift_step(node, scope)
    return (Block((Line(f"{name}({', '.join(arguments)})"),)),)
