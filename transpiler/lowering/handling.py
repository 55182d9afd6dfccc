"""Handling errors: except branches, and finally."""

from __future__ import annotations

from transpiler.ir import nodes as ir
from transpiler.lowering.scope import Scope, caught
from transpiler.script.model import Block, Body, Handler, Line, Try, With


def lower_on_error(node: ir.OnError, scope: Scope) -> Body:
    """Lower handlers to except branches, in the order written: the first match wins."""
    body = scope.lower(node.step)
    if not body or not node.handlers:
        return body
    types = [scope.write(handler.on.written) for handler in node.handlers]
    if all(handler.step is None for handler in node.handlers):
        # Nothing to do about any of them: a person suppresses them.
        suppress = scope.unit.need("contextlib", "suppress")
        names = ", ".join(text.strip("()").rstrip(",") for text in types)
        return (Block((With((f"{suppress}({names})",), body),)),)
    handlers = [
        Handler(text, _handled(handler, scope))
        for text, handler in zip(types, node.handlers, strict=True)
    ]
    return (Block((Try(body, tuple(handlers)),)),)


def _handled(handler: ir.Handler, scope: Scope) -> Body:
    comments = scope.comments(handler.span)
    body = scope.lower(handler.step) if handler.step else ()
    first, *rest = body or (Block((Line("pass"),)),)
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
    cleanup = scope.lower(node.cleanup)
    if not body or not cleanup:
        return body or scope.lower(node.cleanup, 0)
    match body:
        case (Block((Try(inner, handlers, ()),), comments),) if handlers:
            # A person writes one try with both.
            return (Block((Try(inner, handlers, cleanup),), comments),)
    return (Block((Try(body, (), cleanup),)),)
