"""The plan: what the workflow does, in words, for its docstring and `--plan`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given, Item, Let
from transpiler.ir.walk import nodes
from transpiler.lowering.items import length_of, variables
from transpiler.lowering.scope import Scope
from transpiler.lowering.states import child_of, state_of
from transpiler.lowering.tables import long_table, looped_over
from transpiler.lowering.unit import Unit
from transpiler.lowering.wording import (
    call_words,
    consume_words,
    extract_words,
    name_words,
    retry_words,
    series_words,
    test_words,
    transform_words,
    types_words,
)
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
                lines += ["", f"  {_function_of(node, unit)}({names})"]
                lines += _numbered(node.step, scope, "    ", of_function=True)
    return lines


def _function_of(node: ir.Composite, unit: Unit) -> str:
    """Return what a constructor's function is called; two may come from one."""
    made = (unit.lifted.get((node.parameters, limited)) for limited in (False, True))
    # One that is called inside of a time limit and outside has two, one named plainly.
    return min(filter(None, made), key=len, default=identifier(node.function.name))


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
            head = f"{word} {extract_words(resource, scope)}"
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
            return [call_words(step, scope)]
        case ir.Do(steps=steps, join_errors=True):
            lines = [line for inner in steps for line in _inside(inner, scope)]
            return ["each of these, errors joined", *lines] if lines else []
        case ir.InSerial(providers=providers, join_errors=True):
            lines = [line for p in providers for line in _provider(p, scope)]
            head = "each of these, errors joined"
            return [head, *(f"  {line}" for line in lines)] if lines else []
        case ir.Do() | ir.Composite(parameters=()):
            return [line for part in _flat(step) for line in _step(part, scope)]
        case ir.Composite(arguments=arguments):
            given = ", ".join(scope.write(value) for _, value in arguments)
            return [f"{_function_of(step, scope.unit)}({given})"]
        case ir.Named(name=name, inner=ir.Logged() as inner):
            head = f"{name_words(name)}, {_observed(inner, scope)}:"
            return [head, *_inside(inner.step, scope)]
        case ir.Named(name=name, inner=inner):
            return [f"{name_words(name)}:", *_inside(inner, scope)]
        case ir.InSerial(providers=providers):
            return [line for p in providers for line in _provider(p, scope)]
        case ir.InParallel():
            return _parallel(step, scope)
        case ir.When():
            return _when(step, scope)
        case ir.Retry():
            return [retry_words(step, scope), *_inside(step.step, scope)]
        case ir.IgnoreError(step=inner):
            return [f"best effort{types_words(step.on, scope)}", *_inside(inner, scope)]
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
            parts = [extract_words(extract, scope)]
            parts += [transform_words(transform, scope) for transform in transforms]
            return [series_words(*parts, consume_words(consume, scope))]
        case _:
            assert_never(step)


def _observed(node: ir.Logged | ir.Traced, scope: Scope) -> str:
    match node:
        case ir.Traced(to=to):
            return f"traced to {name_words(to)}"
        case ir.Logged(level=level):
            at = name_words(level).removeprefix("logging.") if level else ""
            return f"logged at {at}" if at else "logged"


def _while(node: ir.While, scope: Scope) -> str:
    match node.predicate:
        case ir.Not(predicate=predicate):
            return f"until {test_words(predicate, scope)}"
        case predicate:
            return f"while {test_words(predicate, scope)}"


def _limited(words: str, step: ir.Step, scope: Scope) -> list[str]:
    match _step_or_more(step, scope):
        case [head, *rest] if len(_flat(step)) == 1:
            return [f"{words}, {head}", *rest]
        case lines:
            return [words, *(f"  {line}" for line in lines)]


def _switch(node: ir.Switch, scope: Scope) -> list[str]:
    lines = [f"by {extract_words(node.subject, scope)}"]
    for case in node.cases:
        lines += [f"  {scope.write(case.value)}:"]
        lines += [f"  {line}" for line in _inside(case.step, scope)]
    otherwise = _inside(node.otherwise, scope) if node.otherwise else []
    if otherwise:
        lines += ["  otherwise:", *(f"  {line}" for line in otherwise)]
    return lines


def _on_error(node: ir.OnError, scope: Scope) -> list[str]:
    lines: list[str] = []
    for handler in node.handlers:
        if isinstance(handler, ir.HandlerFunction):
            lines += _decision(handler, scope)
            continue
        types = (types_words(handler.on, scope) or " on any error")[1:]
        match _step_or_more(handler.step, scope) if handler.step else []:
            case []:
                lines.append(f"{types}, go on")
            case [only]:
                lines.append(f"{types}, {only}")
            case several:
                # Deeper than what may fail, which comes next.
                lines += [f"{types}:", *(f"    {line}" for line in several)]
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
    return [f"{word} {extract_words(source, scope)}", *_inside(step, inside)]


def _provider(node: ir.Provider, scope: Scope) -> list[str]:
    match node:
        case ir.Steps(steps=steps):
            return [line for step in steps for line in _step(step, scope)]
        case ir.ForEach(body=body):
            return [_loop(node, scope), *_inside(body, scope)]
        case ir.Named(name=name, inner=inner):
            lines = _provider(inner, scope)
            return [f"{name_words(name)}:", *(f"  {line}" for line in lines)]
        case _:
            assert_never(node)


def _loop(node: ir.ForEach, scope: Scope) -> str:
    names = ", ".join(item.name for item in variables(node))
    match node.items:
        case ir.Value(Given(range() as turns, None)) if names == "_":
            return f"{len(turns):,} times"
    if long_table(node) is not None:
        return f"for each {names} in {looped_over(node, scope).text}, {_count(node)}"
    words = extract_words(node.items, scope)
    match node.items:
        case ir.Value(Given(list(), None)) if len(words) > WIDTH // 2:
            return f"for each {names}, {_count(node)}"
    return f"for each {names} in {words}"


def _count(node: ir.ForEach) -> str:
    return f"{length_of(node.items) or 0:,} in all"


def _parallel(node: ir.InParallel, scope: Scope) -> list[str]:
    limit = "" if node.limit is None else f", {scope.write(node.limit)} at a time"
    match node.providers:
        case (ir.ForEach() as only,):
            joined = ", errors joined" if node.join_errors else ""
            head = f"in parallel{limit}, {_loop(only, scope)}{joined}"
            return [head, *_inside(only.body, scope)]
        case providers:
            branches = [b for p in providers for b in _branches(p, scope)]
            lines = [line for lines, _ in branches for line in lines]
            if any(several for _, several in branches):
                # Where does one end, and the next begin?
                bulleted = (_bulleted(lines) for lines, _ in branches)
                lines = [line for lines in bulleted for line in lines]
            limit += ", errors joined" if node.join_errors else ""
            return [f"in parallel{limit}", *(f"  {line}" for line in lines)]


def _branches(node: ir.Provider, scope: Scope) -> Iterator[tuple[list[str], bool]]:
    """Yield the lines of each branch, and whether it is several steps."""
    match node:
        case ir.Steps(steps=steps):
            for step in steps:
                yield _step_or_more(step, scope), len(_flat(step)) > 1
        case _:
            yield _provider(node, scope), False


def _bulleted(lines: list[str]) -> list[str]:
    return [f"{'  ' if index else '- '}{line}" for index, line in enumerate(lines)]


def _when(node: ir.When, scope: Scope) -> list[str]:
    words = test_words(node.predicate, scope)
    head = f"when {words}"
    if isinstance(node.predicate, ir.Not):
        unless = test_words(node.predicate.predicate, scope)
        # Nobody says "unless not".
        head = head if unless.startswith("not ") else f"unless {unless}"
    lines = [head, *_inside(node.step, scope)]
    otherwise = _inside(node.otherwise, scope) if node.otherwise else []
    if otherwise:
        lines += ["otherwise", *otherwise]
    return lines
