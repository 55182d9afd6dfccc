"""What a step's arguments and functions have that no script can: told without one."""

from __future__ import annotations

from transpiler.diagnostics import TranspileError, placed, report
from transpiler.frontend.callables import Inline, find_callable
from transpiler.frontend.spelling import check_body, spell, spell_source
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Given
from transpiler.ir.walk import nodes
from transpiler.source import Span


def report_unwritable(step: ir.Node) -> None:
    """Report what can't be written out below a step that no script comes of.

    A script reports the same and more when it is made. This is for a file in which
    something else is wrong, so that all of it is told at once.
    """
    for node in nodes(step):
        try:
            _find(node)
        except TranspileError as error:
            report(placed(error, node.span))
        for argument in node.arguments if isinstance(node, ir.Call) else ():
            try:
                _spell(argument.value, node.span)
            except TranspileError as error:
                report(error)


def _find(node: ir.Node) -> None:
    if isinstance(node, ir.Call):
        found = find_callable(node.function)
        if isinstance(found, Inline):
            check_body(found.body)
            spell_source(found.body)


def _spell(expression: Expression, span: Span) -> None:
    source = expression.source if isinstance(expression, Given) else None
    if source is not None and source.calls:
        # It is evaluated once per run, as it stands.
        spell_source(source)
    else:
        spell(expression, span)
