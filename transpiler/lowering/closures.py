"""Functions that a constructor returned, lifted out of it."""

from __future__ import annotations

import textwrap

import libcst as cst

from transpiler.capture.files import source_file
from transpiler.frontend.callables import Inner, parameter_annotation
from transpiler.frontend.spelling import spell_source
from transpiler.lowering.unit import Unit


def lift_inner(inner: Inner, unit: Unit) -> str:
    """Make a function of the script of one that a constructor returned.

    It is called by the constructor's name, and takes what it closed over as further
    parameters.
    """
    key = inner.fn.__code__
    if key in unit.lifted:
        return unit.lifted[key]
    name = unit.lifted[key] = unit.fresh(inner.constructor)
    tree = cst.parse_statement(_text(inner))
    assert isinstance(tree, cst.FunctionDef)
    parameters = [*tree.params.params]
    if parameters:
        parameters[-1] = parameters[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    for captured, _ in inner.captured:
        parameters.append(
            cst.Param(cst.Name(captured), cst.Annotation(_type(inner, captured, unit)))
        )
    lifted = tree.with_changes(
        name=cst.Name(name), params=tree.params.with_changes(params=parameters)
    )
    unit.definitions.append(cst.Module([lifted]).code.strip())
    return name


def _text(inner: Inner) -> str:
    path = inner.fn.__code__.co_filename
    file = source_file(path)
    assert file is not None and inner.node.end_lineno is not None
    lines = file.lines[inner.node.lineno - 1 : inner.node.end_lineno]
    return textwrap.dedent(b"".join(lines).decode())


def _type(inner: Inner, name: str, unit: Unit) -> cst.BaseExpression:
    constructor = inner.fn.__globals__.get(inner.constructor)
    found = parameter_annotation(constructor, name) if constructor else None
    text = unit.rename(spell_source(found), {}) if found else unit.need("typing", "Any")
    return cst.parse_expression(text)
