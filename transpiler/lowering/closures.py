"""Functions that a constructor returned, lifted out of it."""

from __future__ import annotations

import textwrap

import libcst as cst

from transpiler.capture.files import source_file
from transpiler.frontend.callables import Inner, parameter_annotation
from transpiler.lowering.unit import Unit


def lift_inner(inner: Inner, operands: int, unit: Unit) -> str:
    """Make a function of the script of one that a constructor returned.

    It is called by the constructor's name, and takes what it closed over behind its
    operands: the state, and an input.
    """
    key = inner.fn.__code__
    if key in unit.lifted:
        return unit.lifted[key]
    name = unit.lifted[key] = unit.fresh(inner.constructor)
    tree = cst.parse_statement(unit.bundle.inner.get(key) or _text(inner))
    assert isinstance(tree, cst.FunctionDef)
    taken = [
        cst.Param(cst.Name(captured), cst.Annotation(_type(inner, captured, unit)))
        for captured, _ in inner.captured
    ]
    params = _with(tree.params, operands, taken)
    lifted = tree.with_changes(name=cst.Name(name), params=params)
    unit.definitions.append(cst.Module([lifted]).code.strip())
    return name


def _with(
    params: cst.Parameters, operands: int, more: list[cst.Param]
) -> cst.Parameters:
    """Put parameters behind the first ones."""
    field = "posonly_params" if params.posonly_params else "params"
    known = [*getattr(params, field)]
    made = [*known[:operands], *more, *known[operands:]]
    plain = [p.with_changes(comma=cst.MaybeSentinel.DEFAULT) for p in made]
    return params.with_changes(**{field: plain})


def _text(inner: Inner) -> str:
    path = inner.fn.__code__.co_filename
    file = source_file(path)
    assert file is not None and inner.node.end_lineno is not None
    lines = file.lines[inner.node.lineno - 1 : inner.node.end_lineno]
    return textwrap.dedent(b"".join(lines).decode())


def _type(inner: Inner, name: str, unit: Unit) -> cst.BaseExpression:
    constructor = inner.fn.__globals__.get(inner.constructor)
    found = parameter_annotation(constructor, name) if constructor else None
    return cst.parse_expression(unit.write_type(found))
