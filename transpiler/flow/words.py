"""How messages speak of values, and what cures one that stands in the wrong place."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import partial
from types import FunctionType
from typing import Any

from transpiler.capture.markers import Built, Leaf
from transpiler.capture.symbols import Symbol, describe, is_ours
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed, Let

_SCALARS = (str, bytes, int, float, complex, bool, type(None))
_CONTAINERS = (list, tuple, dict, set, frozenset)


def label(value: object) -> str:
    """Return how a message speaks of a value: by its name and its kind."""
    kind: Any = getattr(value, "kind", None) if isinstance(value, Leaf) else None
    match value:
        case Symbol():
            return str(value)
        case Leaf():
            name = kind.__name__.lower() if kind else "workflow"
            return f"the {name} {getattr(value, '__name__', '')}"
        case Built():
            return _label_of_part(value)
        case FunctionType(__name__="<lambda>"):
            return "this lambda"
        case partial():
            return f"this partial of {getattr(value.func, '__name__', 'a function')}"
        case type():
            return f"the class {value.__name__}"
        case _ if inspect.isroutine(value):
            return f"the function {value.__name__}"
        case _:
            return shown(value)


def _label_of_part(value: Built) -> str:
    kind = type(value).__name__.lower()
    node = getattr(value, "node", None)
    if isinstance(node, ir.Call) and node.function.name != "<lambda>":
        return f"the {kind} {node.function.name}()"
    return article(type(value))


def is_text(value: object) -> bool:
    """Return whether a value is read from the environment, which holds only text."""
    return isinstance(value, Symbol) and isinstance(value.expression, Let)


def shown(value: object) -> str:
    """Return a value as the author would write it, if that is short, or its type."""
    if is_text(value):
        return "flow.env(...)"
    kind = type(value)
    if kind is str and len(repr(value)) <= 40:
        return f'"{value}"' if repr(value) == f"'{value}'" else repr(value)
    if kind in _SCALARS and len(repr(value)) <= 40:
        return repr(value)
    if kind in _CONTAINERS and not value:
        return f"an empty {kind.__name__}"
    name = (
        kind.__name__.lower()
        if is_ours({"__name__": kind.__module__})
        else kind.__name__
    )
    return f"{_article(name)} {name}"


def article(kind: type[Any]) -> str:
    """Return a kind's name in lower case with its article: "an extract"."""
    name = kind.__name__.lower()
    return f"{_article(name)} {name}"


def _article(word: str) -> str:
    return "an" if word[0] in "aeiouAEIOU" else "a"


def cure(
    kind: type[Any], value: object, operands: Sequence[str], written: str = ""
) -> str:
    """Return the edit that makes a value serve as a kind, as far as that is known.

    `written` is how the author wrote the value, if that is short.
    """
    if isinstance(value, Symbol):
        return _cure_of_symbol(kind, value)
    wanted = kind.__name__
    given = getattr(value, "kind", type(value)).__name__
    known = _CURES.get((wanted, given))
    if known:
        return known.format(it=written or given.lower())
    if isinstance(value, (Leaf, Built)):
        return f"decorate the function of {article(kind)} with @flow.{wanted.lower()}"
    if value is None:
        return "if a function was to make it, let that return what it makes"
    if isinstance(value, (list, tuple, set)):
        return f"give its elements one by one: *{written or 'steps'}"
    if inspect.isgenerator(value):
        return "give its elements one by one: *(... for ...)"
    if wanted == "Predicate" and isinstance(value, bool):
        return (
            "give a function of the state: lambda state: ...; what is known now can be "
            "decided by an if of Python's"
        )
    if isinstance(value, FunctionType):
        return _cure_of_function(kind, value, operands)
    if callable(value):
        name = written or getattr(value, "__name__", "it")
        return f"call it in a function: lambda {', '.join(operands)}: {name}(...)"
    return (
        f"give {article(kind)}: call a function that is decorated with "
        f"@flow.{wanted.lower()}"
    )


def _cure_of_symbol(kind: type[Any], value: Symbol) -> str:
    text = describe(value.expression)
    if kind.__name__ == "Predicate" and isinstance(value.expression, Computed):
        return f"make it a function of the state: lambda state: {text}"
    if kind.__name__ == "Extract":
        return f"give flow.value({text}), or a function: lambda state: {text}"
    return f"pass it to a function that makes {article(kind)}"


def _cure_of_function(
    kind: type[Any], value: FunctionType, operands: Sequence[str]
) -> str:
    parameters = inspect.signature(value).parameters.values()
    taken = [p.name for p in parameters if p.default is p.empty]
    serves = (
        f"a plain function serves as {article(kind)} if it takes just "
        f"({', '.join(operands)}), but this one takes ({', '.join(taken)})"
    )
    more = taken[len(operands) :]
    if value.__name__ == "<lambda>" or not more:
        return serves
    call = f"{value.__name__}({', '.join(f'{name}=...' for name in more)})"
    return f"{serves}: decorate it with @flow.{kind.__name__.lower()}, and write {call}"


_PROVIDED = "put it into a loop: flow.in_serial(...) or flow.in_parallel(...)"
_CURES = {
    ("Step", "Provider"): _PROVIDED,
    ("Step", "Extract"): "give what it reads to a consume: flow.with_({it}, consume)",
    ("Step", "Consume"): "give it something: flow.with_(extract, {it})",
    (
        "Step",
        "Transform",
    ): "put it between others: flow.pipeline(extract, {it}, consume)",
    ("Step", "Predicate"): "let it decide on a step: flow.when({it}, step)",
    ("Step", "Policy"): "policies come after the step: flow.retry(step, {it})",
    ("Step", "Fallback"): "it handles errors: flow.on_error(step, {it})",
    ("Transform", "Consume"): "a consume comes last: flow.pipeline(extract, {it})",
    ("Consume", "Transform"): "a consume comes after it: "
    "flow.pipeline(extract, {it}, consume)",
    ("Extract", "Provider"): _PROVIDED,
    ("Predicate", "Extract"): "decorate its function with @flow.predicate, or compare "
    "what it reads: lambda state: ...",
}
