"""Handling errors: except branches, and finally."""

from __future__ import annotations

from functools import partial

from transpiler.ir import nodes as ir
from transpiler.lowering.deciding import lower_decision
from transpiler.lowering.lift import lower_in_branch
from transpiler.lowering.limits import in_branches, lower_unlimited, passing_of
from transpiler.lowering.scope import Scope, caught
from transpiler.script.model import Block, Body, Handler, Line, Try


def lower_on_error(node: ir.OnError, scope: Scope) -> Body:
    """Lower handlers to except branches, in the order written: the first match wins."""
    asked = scope.asked
    body = scope.lower(node.step)
    if not body or not node.handlers:
        return body
    types = [scope.write(handler.on.written) for handler in node.handlers]
    passing = passing_of(node, scope, asked)
    errors: list[str] = []
    handled = in_branches(
        scope,
        *(
            partial(_handled, handler, scope, first, errors)
            for handler, first in zip(node.handlers, passing, strict=True)
        ),
    )
    handlers = [
        Handler(text, inside, error)
        for text, inside, error in zip(types, handled, errors, strict=True)
    ]
    return (Block((Try(body, tuple(handlers)),)),)


def _handled(
    handler: ir.Handler | ir.HandlerFunction,
    scope: Scope,
    passing: Body,
    errors: list[str],
) -> Body:
    """Return an except branch; add what it calls the error to `errors`."""
    comments = scope.comments(handler.span)
    error = caught(scope) if passing else ""
    if isinstance(handler, ir.HandlerFunction):
        error, body = lower_decision(handler, scope, error)
    else:
        body = lower_in_branch(handler.step, scope) if handler.step else ()
    errors.append(error)
    if not body:
        # No contextlib.suppress: from Python 3.12 on it looks into groups, too.
        text = '"handled, going on", exc_info=True'
        body = (Block((Line(f"{scope.unit.log}.debug({text})"),)),)
    first, *rest = (*passing, *body)
    return (Block(first.statements, (*comments, *first.comments)), *rest)


def lower_recover_panics(node: ir.RecoverPanics, scope: Scope) -> Body:
    """Lower a process exit that becomes a failure."""
    body = scope.lower(node.step)
    if not body:
        return ()
    recovered = scope.unit.support("RecoveredPanic")
    error = caught(scope)
    line = f'raise {recovered}(f"panic recovered: {{{error}}}") from {error}'
    handler = Handler("SystemExit", (Block((Line(line),)),), error)
    return (Block((Try(body, (handler,)),)),)


def lower_ensure(node: ir.Ensure, scope: Scope) -> Body:
    """Lower a cleanup that runs whatever happened."""
    body = scope.lower(node.step)
    cleanup = lower_unlimited(node.cleanup, scope)
    scope.take_time()
    if not body or not cleanup:
        return body or lower_unlimited(node.cleanup, scope, 0)
    match body:
        case (Block((Try(inner, handlers, ()),), comments),) if handlers:
            # A person writes one try with both.
            return (Block((Try(inner, handlers, cleanup),), comments),)
    return (Block((Try(body, (), cleanup),)),)
