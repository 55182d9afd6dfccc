"""Seeing what happens: the log and the trace of a step."""

from __future__ import annotations

from transpiler.frontend.literals import literal
from transpiler.ir import nodes as ir
from transpiler.lowering.lift import levels_below, under
from transpiler.lowering.scope import Scope
from transpiler.script.model import Block, Body, Line


def lower_logged(node: ir.Logged, scope: Scope) -> Body:
    """Lower a step that is logged: `with logged():`.

    Where no names are around it, the log is told the name of the step's function.
    """
    logged = scope.unit.support("logged")
    arguments = []
    if id(node) in scope.unit.tracking.unnamed:
        arguments.append(literal(node.title).text)
    if node.level is not None:
        arguments.append(f"level={scope.write(node.level)}")
    return under(f"{logged}({', '.join(arguments)})", _or_pass(node.step, scope))


def lower_traced(node: ir.Traced, scope: Scope) -> Body:
    """Lower a step that is traced: `with traced(...)`."""
    manager = f"{scope.unit.support('traced')}({scope.write(node.to)})"
    return under(manager, _or_pass(node.step, scope))


def _or_pass(step: ir.Step, scope: Scope) -> Body:
    return scope.lower(step, levels_below(step)) or (Block((Line("pass"),)),)
