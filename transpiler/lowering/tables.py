"""Long lists of constants that loops run over: constants of the script's module."""

from __future__ import annotations

from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given
from transpiler.lowering.data import Value
from transpiler.lowering.items import items_expression
from transpiler.lowering.naming import table_name
from transpiler.lowering.scope import Scope
from transpiler.passes.folding.columns import is_fixed

LONG = 16
"""A longer list stands above the workflow, so that its loop can be seen."""


def looped_over(
    node: ir.ForEach, scope: Scope, *, named: str = "", keep: bool = False
) -> Value:
    """Return what a loop runs over; see `items_expression`."""
    written = long_table(node)
    if written is None:
        return items_expression(node.items, scope, node.item, named=named, keep=keep)
    unit = scope.unit
    text = scope.write(written)
    key = "table", text
    if key not in unit.lifted:
        name = unit.lifted[key] = unit.fresh(table_name(node))
        unit.definitions.append(f"{name} = {text}")
    return Value(unit.lifted[key])


def long_table(node: ir.ForEach) -> Given | None:
    """Return what a loop runs over if it is a long list that no module has."""
    match node.items:
        case ir.Value(Given(list() as rows, source) as written) if len(rows) > LONG:
            local = source is None or bool(source.names)
            return written if local and all(map(is_fixed, rows)) else None
        case _:
            return None
