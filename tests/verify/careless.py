"""Mistakes in the lowering: each as a careless change of it would make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from transpiler.ir import nodes as ir
from transpiler.lowering.resources import lower_spawn


@dataclass(frozen=True)
class Careless:
    """A change of the lowering: the function `name` of a module does something else.

    `wrong` is called with the original and its arguments.
    """

    what: str
    case: str
    module: str
    name: str
    wrong: Callable[..., Any]

    def __str__(self) -> str:
        return f"{self.case}: {self.what}"


def _with_node(**changes: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return what calls the original with another node."""

    def wrong(original: Any, node: Any, *rest: Any) -> Any:
        new = {name: change(getattr(node, name)) for name, change in changes.items()}
        return original(replace(node, **new), *rest)

    return wrong


def _backwards(parts: Any) -> Any:
    return parts[::-1]


def _without_last(parts: Any) -> Any:
    return parts[:-1]


def _body(original: Any, name: Any, body: Any, *rest: Any) -> Any:
    return body


LOWERING = "transpiler.lowering"
STEPS = f"{LOWERING}.steps"

CARELESS = [
    Careless(
        "an attempt less",
        "retry",
        f"{LOWERING}.errors",
        "plus_one",
        lambda original, written: written,
    ),
    Careless(
        "nothing is raised at the end",
        "retry",
        f"{LOWERING}.errors",
        "_raise_if",
        lambda original, test, statements: None,
    ),
    Careless(
        "policies the other way round",
        "retry_order",
        STEPS,
        "lower_retry",
        _with_node(policies=_backwards),
    ),
    Careless(
        "a step is dropped", "do", STEPS, "lower_do", _with_node(steps=_without_last)
    ),
    Careless(
        "errors are not joined",
        "do_join_errors",
        STEPS,
        "lower_do",
        _with_node(join_errors=lambda _: False),
    ),
    Careless(
        "branches change places",
        "in_parallel_join_errors",
        STEPS,
        "lower_in_parallel",
        _with_node(providers=_backwards),
    ),
    Careless(
        "the limit is forgotten",
        "in_parallel_for_each",
        STEPS,
        "lower_in_parallel",
        _with_node(limit=lambda _: None),
    ),
    Careless(
        "handlers change places",
        "on_error_mapping",
        STEPS,
        "lower_on_error",
        _with_node(handlers=_backwards),
    ),
    Careless(
        "the cleanup is part of the step",
        "ensure",
        STEPS,
        "lower_ensure",
        lambda original, node, scope: scope.lower(ir.Do((node.step, node.cleanup))),
    ),
    Careless("names are not noted", "named", STEPS, "noting", _body),
    Careless(
        "what is otherwise is forgotten",
        "when",
        STEPS,
        "lower_when",
        _with_node(otherwise=lambda _: None),
    ),
    Careless(
        "a resource is not entered",
        "nested_using",
        STEPS,
        "lower_using",
        lambda original, node, scope: lower_spawn(
            ir.Spawn(node.resource, node.step), scope
        ),
    ),
    Careless(
        "a limit's own error is handled",
        "with_timeout_nested",
        f"{LOWERING}.handling",
        "passing_of",
        lambda original, node, scope, asked: [() for _ in node.handlers],
    ),
    Careless(
        "a time limit is none",
        "with_timeout",
        STEPS,
        "lower_with_timeout",
        lambda original, node, scope: scope.lower(node.step, 0),
    ),
    Careless(
        "conditions are not negated",
        "while",
        f"{LOWERING}.conditions",
        "negated",
        lambda original, test: test,
    ),
]
