"""The plan: what the workflow does, in words, for its docstring and `--plan`."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import replace
from typing import assert_never

from transpiler.frontend.spelling import spell
from transpiler.ir import nodes as ir
from transpiler.ir.backoff import delay_before
from transpiler.ir.expressions import Expression, Given, Item, Let
from transpiler.ir.walk import nodes
from transpiler.lowering.leaves import call, negated, operand
from transpiler.lowering.naming import element_words, received_name
from transpiler.lowering.scope import Scope
from transpiler.lowering.states import child_of, state_of
from transpiler.lowering.unit import Unit
from transpiler.script.names import Names, identifier

WIDTH = 86


class _ItemNames(dict[Item | Let, str]):
    """Calls every item what the author calls it, and a call of it as it was written."""

    def __init__(self, unit: Unit) -> None:
        super().__init__()
        self.unit = unit

    def __missing__(self, item: Item | Let) -> str:
        if isinstance(item, Item):
            return item.name
        source = item.value.source
        assert source is not None
        return self.unit.write_source(source, self)


def plan(unit: Unit) -> list[str]:
    """Return the plan's lines: numbered, and then the constructors that it calls."""
    state, kind = state_of(unit.workflow.step, unit)
    scope = Scope(unit, state, kind, Names(), _ItemNames(unit))
    lines = _numbered(unit.workflow.step, scope, "  ")
    known: set[tuple[Item, ...]] = set()
    for node in nodes(unit.workflow.step):
        if isinstance(node, ir.Composite) and node.parameters not in known:
            known.add(node.parameters)
            if node.parameters:
                names = ", ".join(item.name for item in node.parameters)
                lines += ["", f"  {identifier(node.function.name)}({names})"]
                lines += _numbered(node.step, scope, "    ", of_function=True)
    return lines


def _numbered(
    step: ir.Step, scope: Scope, indent: str, *, of_function: bool = False
) -> list[str]:
    lines: list[str] = []
    parts = _flat(step)
    match parts:
        case [ir.Using(resource, inner)] | [ir.Spawn(resource, inner)]:
            # All of it is on a state of its own: that is a heading.
            name, kind = child_of(inner, scope.unit)
            word = "using" if isinstance(parts[0], ir.Using) else "on"
            head = f"{word} {_extract(resource, scope)}"
            inside = replace(scope, state=name, state_type=kind)
            below = _numbered(inner, inside, f"{indent}  ")
            return [*_wrapped(head, indent, f"{indent}  "), *below]
        case [ir.Logged() | ir.Traced() as only]:
            head = _observed(only, scope)
            below = _numbered(only.step, scope, f"{indent}  ")
            return [*_wrapped(head, indent, f"{indent}  "), *below]
        case [ir.Named(inner=inner)] if of_function:
            # A function's name says the same.
            return _numbered(inner, scope, indent)
    for number, part in enumerate(parts, start=1):
        head, *rest = _step(part, scope) or ["nothing"]
        label = f"{number}. "
        lines += _wrapped(head, f"{indent}{label}", indent + " " * len(label))
        for line in rest:
            inner = indent + " " * len(label) + line[: len(line) - len(line.lstrip())]
            lines += _wrapped(line.lstrip(), inner, f"{inner}  ")
    return lines


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    flat = " ".join(text.split())
    return textwrap.wrap(
        flat,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )


def _flat(step: ir.Step) -> list[ir.Step]:
    """Return the steps that a reader sees one after another."""
    match step:
        case ir.Do(steps=steps, join_errors=False):
            return [part for inner in steps for part in _flat(inner)]
        case ir.InSerial(providers=providers, join_errors=False) if providers[1:]:
            each = (replace(step, providers=(provider,)) for provider in providers)
            return [part for inner in each for part in _flat(inner)]
        case ir.InSerial(providers=(ir.Steps(steps=steps),), join_errors=False):
            return [part for inner in steps for part in _flat(inner)]
        case ir.Composite(step=inner, parameters=()):
            return _flat(inner)
        case _:
            return [step]


def _inside(step: ir.Step, scope: Scope) -> list[str]:
    return [f"  {line}" for part in _flat(step) for line in _step(part, scope)]


def _step(step: ir.Step, scope: Scope) -> list[str]:
    match step:
        case ir.Call():
            return [_called(step, scope)]
        case ir.Do(steps=steps, join_errors=True):
            lines = [line for inner in steps for line in _inside(inner, scope)]
            return ["each of these, errors joined", *lines] if lines else []
        case ir.InSerial(providers=providers, join_errors=True):
            lines = [line for p in providers for line in _provider(p, scope)]
            head = "each of these, errors joined"
            return [head, *(f"  {line}" for line in lines)] if lines else []
        case ir.Do() | ir.Composite(parameters=()):
            return [line for part in _flat(step) for line in _step(part, scope)]
        case ir.Composite(function=function, arguments=arguments):
            given = ", ".join(scope.write(value) for _, value in arguments)
            return [f"{identifier(function.name)}({given})"]
        case ir.Named(name=name, inner=ir.Logged() as inner):
            head = f"{_words(name)}, {_observed(inner, scope)}:"
            return [head, *_inside(inner.step, scope)]
        case ir.Named(name=name, inner=inner):
            return [f"{_words(name)}:", *_inside(inner, scope)]
        case ir.InSerial(providers=providers):
            return [line for p in providers for line in _provider(p, scope)]
        case ir.InParallel():
            return _parallel(step, scope)
        case ir.When():
            return _when(step, scope)
        case ir.Retry():
            return [_retry(step, scope), *_inside(step.step, scope)]
        case ir.IgnoreError(step=inner):
            return [f"best effort{_on(step.on, scope)}", *_inside(inner, scope)]
        case ir.While():
            return [_while(step, scope), *_inside(step.step, scope)]
        case ir.Repeat(times=times, step=inner):
            lines = _inside(inner, scope)
            return [f"{scope.write(times)} times", *lines] if lines else []
        case ir.Sleep(seconds=seconds):
            return [f"sleep {scope.write(seconds)} s"]
        case ir.Switch():
            return _switch(step, scope)
        case ir.OnError():
            return _on_error(step, scope)
        case ir.WithTimeout(seconds=seconds, step=inner):
            return _limited(f"within {scope.write(seconds)} s", inner, scope)
        case ir.WithDeadline(when=when, step=inner):
            return _limited(f"by {scope.write(when)}", inner, scope)
        case ir.RecoverPanics(step=inner):
            return ["recovering panics", *_inside(inner, scope)]
        case ir.Ensure(step=inner, cleanup=cleanup):
            lines = _step_or_more(inner, scope)
            if not lines:
                return _step_or_more(cleanup, scope)
            return [*lines, *_ensured(cleanup, scope)]
        case ir.Spawn(derive=derive, step=inner):
            return _on_child("on", derive, inner, scope)
        case ir.Using(resource=resource, step=inner):
            return _on_child("using", resource, inner, scope)
        case ir.Logged(step=inner) | ir.Traced(step=inner):
            return [_observed(step, scope), *_inside(inner, scope)]
        case ir.Pipeline(extract, transforms, consume):
            parts = [_extract(extract, scope)]
            parts += [_transform(transform, scope) for transform in transforms]
            return [_series(*parts, _consume(consume, scope))]
        case _:
            assert_never(step)


def _observed(node: ir.Logged | ir.Traced, scope: Scope) -> str:
    match node:
        case ir.Traced(to=to):
            return f"traced to {_words(to)}"
        case ir.Logged(level=level):
            at = _words(level).removeprefix("logging.") if level else ""
            return f"logged at {at}" if at else "logged"


def _while(node: ir.While, scope: Scope) -> str:
    match node.predicate:
        case ir.Not(predicate=predicate):
            return f"until {_test(predicate, scope)}"
        case predicate:
            return f"while {_test(predicate, scope)}"


def _limited(words: str, step: ir.Step, scope: Scope) -> list[str]:
    match _step_or_more(step, scope):
        case [head, *rest] if len(_flat(step)) == 1:
            return [f"{words}, {head}", *rest]
        case lines:
            return [words, *(f"  {line}" for line in lines)]


def _switch(node: ir.Switch, scope: Scope) -> list[str]:
    lines = [f"by {_extract(node.subject, scope)}"]
    for case in node.cases:
        lines += [f"  {scope.write(case.value)}:"]
        lines += [f"  {line}" for line in _inside(case.step, scope)]
    if node.otherwise is not None:
        lines += ["  otherwise:"]
        lines += [f"  {line}" for line in _inside(node.otherwise, scope)]
    return lines


def _on_error(node: ir.OnError, scope: Scope) -> list[str]:
    lines: list[str] = []
    for handler in node.handlers:
        if isinstance(handler, ir.HandlerFunction):
            lines += _decision(handler, scope)
            continue
        types = (_on(handler.on, scope) or " on any error")[1:]
        match _step_or_more(handler.step, scope) if handler.step else []:
            case []:
                lines.append(f"{types}, go on")
            case [only]:
                lines.append(f"{types}, {only}")
            case several:
                lines += [f"{types}:", *(f"  {line}" for line in several)]
    return [*lines, *_inside(node.step, scope)]


def _decision(node: ir.HandlerFunction, scope: Scope) -> list[str]:
    """Return the lines of a handler function: what it may decide to do."""
    found: list[list[str]] = []
    for outcome in node.outcomes:
        lines = _step_or_more(outcome.step, scope) if outcome.step else ["go on"]
        if lines not in found:
            found.append(lines)
    error = node.items[1].name
    called = "" if node.name == "<lambda>" else f", {node.name}({error})"
    if not found:
        return [f"on any error{called}"]
    if len(found) == 1 and len(found[0]) == 1:
        return [f"on any error{called or ', '}{': ' if called else ''}{found[0][0]}"]
    lines = [f"on any error{called}:"]
    for index, each in enumerate(found):
        word = "or" if index else "either"
        if len(found) == 1:
            lines += [f"    {line}" for line in each]
        elif len(each) == 1:
            lines.append(f"    {word} {each[0]}")
        else:
            lines += [f"    {word}", *(f"      {line}" for line in each)]
    return lines


def _ensured(cleanup: ir.Step, scope: Scope) -> list[str]:
    match _step_or_more(cleanup, scope):
        case []:
            return []
        case [only]:
            return [f"whatever happens: {only}"]
        case lines:
            return ["whatever happens", *(f"  {line}" for line in lines)]


def _step_or_more(step: ir.Step, scope: Scope) -> list[str]:
    return [line for part in _flat(step) for line in _step(part, scope)]


def _on_child(word: str, source: ir.Extract, step: ir.Step, scope: Scope) -> list[str]:
    """Return the lines of a child state: what derives it, and what is done to it."""
    name, kind = child_of(step, scope.unit)
    inside = replace(scope, state=name, state_type=kind)
    return [f"{word} {_extract(source, scope)}", *_inside(step, inside)]


def _provider(node: ir.Provider, scope: Scope) -> list[str]:
    match node:
        case ir.Steps(steps=steps):
            return [line for step in steps for line in _step(step, scope)]
        case ir.ForEach(body=body):
            return [_loop(node, scope), *_inside(body, scope)]
        case ir.Named(name=name, inner=inner):
            lines = _provider(inner, scope)
            return [f"{_words(name)}:", *(f"  {line}" for line in lines)]
        case _:
            assert_never(node)


def _loop(node: ir.ForEach, scope: Scope) -> str:
    return f"for each {node.item.name} in {_extract(node.items, scope)}"


def _parallel(node: ir.InParallel, scope: Scope) -> list[str]:
    limit = "" if node.limit is None else f", {scope.write(node.limit)} at a time"
    match node.providers:
        case (ir.ForEach() as only,):
            joined = ", errors joined" if node.join_errors else ""
            head = f"in parallel{limit}, {_loop(only, scope)}{joined}"
            return [head, *_inside(only.body, scope)]
        case providers:
            lines = [line for p in providers for line in _provider(p, scope)]
            limit += ", errors joined" if node.join_errors else ""
            return [f"in parallel{limit}", *(f"  {line}" for line in lines)]


def _when(node: ir.When, scope: Scope) -> list[str]:
    match node.predicate:
        case ir.Not(predicate=predicate):
            head = f"unless {_test(predicate, scope)}"
        case predicate:
            head = f"when {_test(predicate, scope)}"
    lines = [head, *_inside(node.step, scope)]
    if node.otherwise is not None:
        lines += ["otherwise", *_inside(node.otherwise, scope)]
    return lines


def _test(node: ir.Predicate, scope: Scope) -> str:
    match node:
        case ir.Call():
            return _called(node, scope)
        case ir.Not(predicate=predicate):
            return negated(_test(predicate, scope))
        case ir.And(predicates=predicates):
            tests = [operand(_test(p, scope)) for p in predicates]
            return " and ".join(tests) or "True"
        case ir.Or(predicates=predicates):
            tests = [operand(_test(p, scope), of_and=False) for p in predicates]
            return " or ".join(tests) or "False"
        case ir.Named(inner=inner):
            return _test(inner, scope)
        case _:
            assert_never(node)


def _retry(node: ir.Retry, scope: Scope) -> str:
    return f"retry{_on(node.on, scope)}, " + ", ".join(
        _policy(policy, scope) for policy in node.policies
    )


def _policy(policy: ir.Policy, scope: Scope) -> str:
    match policy:
        case ir.UpTo(attempts=attempts):
            one = isinstance(attempts, Given) and attempts.value == 1
            return f"{scope.write(attempts)} attempt{'' if one else 's'}"
        case ir.OnlyIf(check=check):
            return f"only if {call(ir.Call(check), scope, 'error')}"
        case ir.Backoff():
            return _backoff(policy, scope)
        case _:
            assert_never(policy)


def _backoff(policy: ir.Backoff, scope: Scope) -> str:
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


def _on(on: ir.Exceptions, scope: Scope) -> str:
    if on.types is Exception:
        return ""
    names = scope.write(on.written).strip("()").rstrip(",").split(",")
    return " on " + " or ".join(name.strip() for name in names)


def _extract(node: ir.Extract, scope: Scope) -> str:
    match node:
        case ir.Call():
            return _called(node, scope)
        case ir.Value(value=value):
            return scope.write(value)
        case ir.From(extract=extract, transforms=transforms):
            parts = [_extract(extract, scope)]
            parts += [_transform(transform, scope) for transform in transforms]
            return _series(*parts)
        case ir.Collect(extract=extract):
            one = _extract(extract, scope)
            return f"all of ({one})" if " -> " in one else f"all of {one}"
        case ir.Named(inner=inner):
            return _extract(inner, scope)
        case _:
            assert_never(node)


def _transform(node: ir.Transform, scope: Scope, given: str = "") -> str:
    match node:
        case ir.Call():
            return _called(node, scope, given)
        case ir.Chain(transforms=transforms):
            return _series(*(_transform(t, scope) for t in transforms))
        case ir.Render(transform=inner):
            name = element_words(inner)
            return f"for each {name}: {_transform(inner, scope, received_name(inner))}"
        case ir.Flatten():
            return "flattened"
        case ir.Named(inner=inner):
            return _transform(inner, scope, given)
        case ir.Map():
            return "steps"
        case _:
            assert_never(node)


def _consume(node: ir.Consume, scope: Scope, given: str = "") -> str:
    match node:
        case ir.Call():
            return _called(node, scope, given)
        case ir.Feed(transforms, consume):
            parts = [_transform(transform, scope) for transform in transforms]
            return _series(*parts, _consume(consume, scope))
        case ir.Apply(consume=inner):
            name = element_words(inner)
            return f"for each {name}: {_consume(inner, scope, received_name(inner))}"
        case ir.Named(inner=inner):
            return _consume(inner, scope, given)
        case _:
            assert_never(node)


def _series(*parts: str) -> str:
    """Return the way of a value; a part that does nothing is left out."""
    return " -> ".join(filter(None, parts))


def _called(node: ir.Call, scope: Scope, given: str = "") -> str:
    """Return a leaf's call without the state; a lambda stands there as it is."""
    if node.function.name != "<lambda>":
        return call(node, scope, given) if given else call(node, scope)
    return call(node, scope, scope.state, received_name(node))


def _words(name: Expression) -> str:
    text = spell(name.value if isinstance(name, Let) else name).text
    tree = ast.parse(f"({text}\n)", mode="eval").body
    if isinstance(tree, (ast.Constant, ast.JoinedStr)):
        return text.removeprefix("f").strip("\"'")
    return text
