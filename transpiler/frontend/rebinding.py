"""What a function inside of a constructor may not do: the script has not its variables.

The function becomes one of the script's, and what it closes over becomes arguments,
written out in each call. So it can't assign such a variable, nor change what it holds,
and its defaults can't be evaluated where it is defined.
"""

from __future__ import annotations

import ast
from types import FunctionType

from transpiler.capture.changing import changed_names
from transpiler.capture.files import position_of, span_at
from transpiler.diagnostics import refuse
from transpiler.ir.expressions import Given, calls, free_names
from transpiler.ir.nodes import Function

_CHANGEABLE = (bytearray, dict, list, set)


def refuse_rebinding(
    function: Function, fn: FunctionType, node: ast.FunctionDef, constructor: str
) -> None:
    """Refuse a function that changes variables which the script does not have."""
    for statement in ast.walk(node):
        if not isinstance(statement, ast.Nonlocal):
            continue
        rebound = [n for n in statement.names if n in fn.__code__.co_freevars]
        if rebound:
            raise refuse(
                "FLOW208",
                f"{fn.__name__} rebinds {rebound[0]}, a variable of {constructor}, "
                "which is gone when the script runs",
                span=span_at(fn.__code__.co_filename, position_of(statement)),
                hint="keep what changes in the state",
            )
    refuse_changing(function, fn, node, constructor)
    placed = zip(node.args.defaults, fn.__defaults__ or (), strict=True)
    named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    values = fn.__kwdefaults__ or {}
    every = [*placed, *((x, values.get(arg.arg)) for arg, x in named if x)]
    for default, value in every:
        if not _is_exact(default, value, fn):
            raise refuse(
                "FLOW208",
                f"a default of {fn.__name__} is evaluated in {constructor}, "
                "which is gone when the script runs",
                span=span_at(fn.__code__.co_filename, position_of(default)),
                hint=f"read the variable of {constructor} in {fn.__name__} itself: it "
                "keeps the value that it has now",
            )


def refuse_changing(
    function: Function,
    fn: FunctionType,
    node: ast.FunctionDef | ast.Lambda,
    constructor: str = "",
) -> None:
    """Refuse a function that changes a list, say, which it closes over."""
    changeable = {
        name
        for name, value in function.captured
        if isinstance(value, Given) and isinstance(value.value, _CHANGEABLE)
    }
    changed = sorted(changeable & frozenset(changed_names(node)))
    if changed:
        called = "a lambda" if fn.__name__ == "<lambda>" else fn.__name__
        of = f" of {constructor}" if constructor else " around it"
        raise refuse(
            "FLOW208",
            f"{called} changes {changed[0]}, a variable{of}, which is gone when the "
            "script runs",
            span=span_at(fn.__code__.co_filename, position_of(node)),
            hint="keep what changes in the state",
        )


def _is_exact(default: ast.expr, value: object, fn: FunctionType) -> bool:
    """Whether a default means in a module what it meant inside of a constructor."""
    if calls(default) or isinstance(default, (ast.List, ast.Dict, ast.Set)):
        return False
    if not free_names(default):
        return True
    try:
        code = compile(ast.Expression(default), "<default>", "eval")
        again = eval(code, dict(fn.__globals__))
    except Exception:
        # A name of the module that is something else there.
        return False
    return again is value or (type(again) is type(value) and bool(again == value))
