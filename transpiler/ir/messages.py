"""The messages of errors that a workflow itself makes."""

from __future__ import annotations

from transpiler.diagnostics import TranspileError, refuse
from transpiler.ir import nodes as ir


def group_message(node: ir.Do | ir.InSerial | ir.InParallel) -> str:
    """Return the message of the group of errors that a node joins.

    It names the function that failed where all steps are calls of one.
    """
    names = {_name(step) for step in _steps(node)}
    name = names.pop() if len(names) == 1 else None
    return f"{name} failed" if name else "steps failed"


def _steps(node: ir.Do | ir.InSerial | ir.InParallel) -> list[ir.Step]:
    if isinstance(node, ir.Do):
        return list(node.steps)
    return [step for provider in node.providers for step in _provided(provider)]


def _provided(provider: ir.Provider) -> list[ir.Step]:
    match provider:
        case ir.Steps(steps=steps):
            return list(steps)
        case ir.ForEach(body=body):
            return [body]
        case ir.Named(inner=inner):
            return _provided(inner)


def _name(step: ir.Step) -> str | None:
    match step:
        case ir.Call(function=function) | ir.Composite(function=function):
            return None if function.name == "<lambda>" else function.name
        case ir.Named(inner=inner):
            return _name(inner)
        case ir.Logged(step=step) | ir.Traced(step=step):
            return _name(step)
        case _:
            return None


def misplaced_map(node: ir.Map) -> TranspileError:
    """Return the refusal of a map_ whose steps nothing runs."""
    return refuse(
        "FLOW101",
        "the steps that map_ makes stand where a value belongs",
        span=node.span,
        hint="give flow.from_(items, flow.map_(body)) to flow.in_serial or "
        "flow.in_parallel",
    )
