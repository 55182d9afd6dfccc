"""Evaluate a call among the arguments once, when a run starts.

`create(uuid4())` made one identifier when the workflow was built, for every attempt and
every loop; the script makes one per run. So the expression becomes a `Let` of the
workflow, in the order in which it is met. Where nobody could tell, it stays in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from transpiler.capture.settled import changes
from transpiler.frontend.in_place import stays, stays_as_items
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Let,
    Source,
    items_of,
    same_variable,
)
from transpiler.ir.nodes import Workflow
from transpiler.ir.walk import map_expressions, map_source, nodes
from transpiler.script.names import plural


def hoist_calls(workflow: Workflow) -> Workflow:
    """Return the workflow with every call among its arguments in its `lets`."""
    lets: dict[int, Let] = {}
    items = dict(_items(workflow.step))
    changed = frozenset(_changed(workflow.step))

    def hoist(expression: Expression, name: str) -> Expression:
        # The same object is the same evaluation: a step that is used twice.
        if id(expression) in lets:
            return lets[id(expression)]
        match expression:
            case Given(source=source) if source is not None and (
                source.calls or _reads(source, changed)
            ):
                looped = items.get(id(expression))
                if stays_as_items(expression) if looped else stays(expression):
                    return expression
                return lets.setdefault(id(expression), Let(looped or name, expression))
            case Let() if not items_of(expression.value):
                # One of the run itself: a variable of the environment is read once.
                same = (let for let in lets.values() if same_variable(let, expression))
                return lets.setdefault(id(expression), next(same, expression))
            case Computed():
                return map_source(expression, hoist)
            case Let(inner, value):
                made = map_source(value, hoist)
                if made is value or not isinstance(made, Computed):
                    return expression
                return lets.setdefault(id(expression), Let(inner, made))
            case _:
                return expression

    step = map_expressions(workflow.step, hoist)
    used = dict.fromkeys(lets.values())
    own = tuple(let for let in used if not items_of(let.value))
    return replace(workflow, step=step, lets=own)


def _items(step: ir.Step) -> Iterator[tuple[int, str]]:
    """Yield what loops run over, by identity, and what a variable of it is called."""
    for node in nodes(step):
        match node:
            case ir.ForEach(items=ir.Value(value=value), item=item):
                name = item.name.strip("_")
                yield id(value), plural(name) if name else "items"


def _changed(step: ir.Step) -> Iterator[int]:
    """Yield the identities of constants that a step changes by a parameter of its."""
    calls = [node for node in nodes(step) if isinstance(node, ir.Call)]
    for node in calls:
        for argument in node.arguments:
            match argument.value:
                case Given(value, Source(text=text)) if text.isidentifier():
                    if changes(node.function.fn, argument.parameter):
                        yield id(value)


def _reads(source: Source, changed: frozenset[int]) -> bool:
    """Whether an expression reads in a constant that a step changes."""
    if not changed or source.names or source.is_lambda or source.text.isidentifier():
        return False
    return any(id(source.globals.get(name)) in changed for name in source.reads)
