"""The words of the plan for what stands inside of a step: tests, values, policies."""

from __future__ import annotations

import ast
from typing import assert_never

from transpiler.frontend.spelling import spell
from transpiler.ir import nodes as ir
from transpiler.ir.backoff import delay_before
from transpiler.ir.expressions import Expression, Given, Let, parsed
from transpiler.lowering.leaves import call, negated, operand
from transpiler.lowering.naming import element_words, received_name
from transpiler.lowering.scope import Scope


def test_words(node: ir.Predicate, scope: Scope) -> str:
    """Return what a predicate asks."""
    match node:
        case ir.Call():
            return call_words(node, scope)
        case ir.Not(predicate=predicate):
            return negated(test_words(predicate, scope))
        case ir.And(predicates=predicates):
            tests = [operand(test_words(p, scope)) for p in predicates]
            return " and ".join(tests) or "True"
        case ir.Or(predicates=predicates):
            tests = [operand(test_words(p, scope), of_and=False) for p in predicates]
            return " or ".join(tests) or "False"
        case ir.Named(inner=inner):
            return test_words(inner, scope)
        case _:
            assert_never(node)


def retry_words(node: ir.Retry, scope: Scope) -> str:
    """Return how a step is tried again."""
    return f"retry{types_words(node.on, scope)}, " + ", ".join(
        policy_words(policy, scope) for policy in node.policies
    )


def policy_words(policy: ir.Policy, scope: Scope) -> str:
    """Return what a policy of a retry says."""
    match policy:
        case ir.UpTo(attempts=attempts):
            one = isinstance(attempts, Given) and scope.write(attempts) == "1"
            return f"{scope.write(attempts)} attempt{'' if one else 's'}"
        case ir.OnlyIf(check=check):
            return f"only if {call(ir.Call(check), scope, 'error')}"
        case ir.Backoff():
            return backoff_words(policy, scope)
        case _:
            assert_never(policy)


def backoff_words(policy: ir.Backoff, scope: Scope) -> str:
    """Return how long a backoff waits."""
    words = f"{scope.write(policy.base)} s apart"
    if isinstance(policy.multiplier, Given):
        grown = delay_before(1, policy.multiplier.value, 2)
        words += " and doubling" if grown == 2 else f", each {grown:g} times as long"
    if isinstance(policy.jitter, Given):
        full = policy.jitter.value == "full"
        words += " at random" if full else f", ± {policy.jitter.value:.0%}"
    if policy.max_delay is not None:
        words += f", {scope.write(policy.max_delay)} s at most"
    return words


def types_words(on: ir.Exceptions, scope: Scope) -> str:
    """Return which errors are meant: nothing if any."""
    if on.types is Exception:
        return ""
    names = scope.write(on.written).strip("()").rstrip(",").split(",")
    return " on " + " or ".join(name.strip() for name in names)


def extract_words(node: ir.Extract, scope: Scope) -> str:
    """Return where a value comes from."""
    match node:
        case ir.Call():
            return call_words(node, scope)
        case ir.Value(value=value):
            return scope.write(value)
        case ir.From(extract=extract, transforms=transforms):
            parts = [extract_words(extract, scope)]
            parts += [transform_words(transform, scope) for transform in transforms]
            return series_words(*parts)
        case ir.Collect(extract=extract):
            one = extract_words(extract, scope)
            return f"all of ({one})" if " -> " in one else f"all of {one}"
        case ir.Named(inner=inner):
            return extract_words(inner, scope)
        case _:
            assert_never(node)


def transform_words(node: ir.Transform, scope: Scope, given: str = "") -> str:
    """Return what a transform makes of a value."""
    match node:
        case ir.Call():
            return call_words(node, scope, given)
        case ir.Chain(transforms=transforms):
            return series_words(*(transform_words(t, scope) for t in transforms))
        case ir.Render(transform=inner):
            name = element_words(inner)
            words = transform_words(inner, scope, received_name(inner))
            return f"for each {name}: {words}"
        case ir.Flatten():
            return "flattened"
        case ir.Named(inner=inner):
            return transform_words(inner, scope, given)
        case ir.Map():
            return "steps"
        case _:
            assert_never(node)


def consume_words(node: ir.Consume, scope: Scope, given: str = "") -> str:
    """Return what becomes of a value."""
    match node:
        case ir.Call():
            return call_words(node, scope, given)
        case ir.Feed(transforms, consume):
            parts = [transform_words(transform, scope) for transform in transforms]
            return series_words(*parts, consume_words(consume, scope))
        case ir.Apply(consume=inner):
            name = element_words(inner)
            return (
                f"for each {name}: {consume_words(inner, scope, received_name(inner))}"
            )
        case ir.Named(inner=inner):
            return consume_words(inner, scope, given)
        case _:
            assert_never(node)


def series_words(*parts: str) -> str:
    """Return the way of a value; a part that does nothing is left out."""
    return " -> ".join(filter(None, parts))


def call_words(node: ir.Call, scope: Scope, given: str = "") -> str:
    """Return a leaf's call without the state; a lambda stands there as it is."""
    if node.function.name != "<lambda>":
        return call(node, scope, given) if given else call(node, scope)
    return call(node, scope, scope.state, received_name(node))


def name_words(name: Expression) -> str:
    """Return a name as it is read."""
    text = spell(name.value if isinstance(name, Let) else name).text
    tree = parsed(text)
    if isinstance(tree, (ast.Constant, ast.JoinedStr)):
        return text.removeprefix("f").strip("\"'")
    return text
