"""How messages speak of values, and what cures one that stands in the wrong place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from types import FunctionType
from typing import Any

from transpiler.capture.markers import Built, Leaf
from transpiler.capture.symbols import Symbol, describe
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed

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


def shown(value: object) -> str:
    """Return a value as the author would write it, if that is short, and its type."""
    kind = type(value).__name__
    if value is None:
        return "None"
    if isinstance(value, _SCALARS) and len(repr(value)) <= 40:
        return f"{value!r} ({kind})"
    if isinstance(value, _CONTAINERS) and not value:
        return f"{value!r} ({kind})"
    return f"{_article(kind)} {kind}"


def article(kind: type[Any]) -> str:
    """Return a kind's name in lower case with its article: "an extract"."""
    name = kind.__name__.lower()
    return f"{_article(name)} {name}"


def _article(word: str) -> str:
    return "an" if word[0] in "aeiouAEIOU" else "a"


def cure(kind: type[Any], value: object, operands: Iterable[str]) -> str:
    """Return the edit that makes a value serve as a kind, as far as that is known."""
    if isinstance(value, Symbol):
        return _cure_of_symbol(kind, value)
    wanted = kind.__name__
    given = getattr(value, "kind", type(value)).__name__
    name = getattr(value, "__name__", "")
    known = _CURES.get((wanted, given))
    if known:
        return known
    if isinstance(value, (Leaf, Built)):
        return f"decorate the function of {article(kind)} with @flow.{wanted.lower()}"
    if value is None:
        return "if a function should have made it, let it return what it makes"
    if isinstance(value, (list, tuple, set)) or inspect.isgenerator(value):
        return "put a * before it: its elements are given one by one"
    if wanted == "Predicate" and isinstance(value, bool):
        return (
            "give a function of the state: lambda state: ...; what is known now can be "
            "decided by an if of Python's"
        )
    if isinstance(value, type):
        return f"give {article(kind)}, or a function that takes {_listed(operands)}"
    if callable(value):
        return _cure_of_function(kind, value, name, operands)
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
    kind: type[Any], value: Callable[..., Any], name: str, operands: Iterable[str]
) -> str:
    expected = _listed(operands)
    serves = f"a function that serves as {article(kind)} takes {expected}"
    try:
        taken = [
            p.name
            for p in inspect.signature(value).parameters.values()
            if p.default is p.empty
        ]
    except (TypeError, ValueError):
        return f"{serves}: write lambda {expected}: ..."
    if isinstance(value, FunctionType) and name != "<lambda>":
        decorated = f"decorate it with @flow.{kind.__name__.lower()} and call it here"
        if len(taken) > len(list(operands)):
            return f"{serves}, and this one ({', '.join(taken)}): {decorated}"
    takes = ", ".join(taken) or "nothing"
    return f"{serves}, and this one {takes}"


def _listed(operands: Iterable[str]) -> str:
    return ", ".join(operands)


_PROVIDED = "put it into flow.in_serial(...) or flow.in_parallel(...)"
_READ = "give what it reads to a consume: flow.with_(extract, consume)"
_CURES = {
    ("Step", "Provider"): _PROVIDED,
    ("Step", "Extract"): _READ,
    ("Step", "Consume"): "give it something: flow.with_(extract, consume)",
    ("Step", "Transform"): "put it between: flow.pipeline(extract, transform, consume)",
    ("Step", "Predicate"): "let it decide on a step: flow.when(predicate, step)",
    ("Step", "Policy"): "policies come after the step: flow.retry(step, policy)",
    (
        "Step",
        "Fallback",
    ): "it handles errors: flow.on_error(step, flow.fallback_to(...))",
    ("Transform", "Consume"): "a consume comes last: flow.pipeline(extract, consume)",
    ("Consume", "Transform"): "after it comes a consume: flow.feed(transform, consume)",
    ("Extract", "Provider"): _PROVIDED,
    ("Predicate", "Extract"): "decorate its function with @flow.predicate, or compare "
    "what it reads: lambda state: ...",
}
