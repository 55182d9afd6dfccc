"""What functions are called that are made of steps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from transpiler.frontend.callables import Inline, constructor_of, find_callable
from transpiler.frontend.spelling import spell
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given, Item, parsed
from transpiler.lowering.doers import doers
from transpiler.lowering.naming import received_name, value_name
from transpiler.script.names import identifier, plural

_NAMELESS = "run_branch"
MORE = "_and_more"
"""How a name ends that leaves something out."""
_LONG = 32
"""A name of three parts may be so long."""


def suggested_names(node: ir.Node) -> tuple[str, ...]:
    """Return the names that a person would give to a step's function, the best first.

    The others are for when the best is that of another thing.
    """
    match node:
        case ir.Named(name=expression, inner=inner) if not isinstance(
            expression, Given
        ):
            # The fixed words of `named(f"tenant {tenant}", ...)`.
            words = spell(expression).text.strip("f\"'").split("{")[0]
            if not words.strip():
                return suggested_names(inner)
            noun = identifier(words)
            if "_" in noun:
                return noun, f"run_{noun}"
            return noun, f"process_{noun}", f"run_{noun}"
        case _:
            best = _suggested(node)
            return best, f"run_{best}"


def _suggested(node: ir.Node) -> str:
    match node:
        case ir.Composite(function=function) if function.name != "<lambda>":
            return identifier(function.name)
        case ir.Named(name=Given(value=str(text))):
            return identifier(text)
        case ir.Named():
            return suggested_names(node)[0]
        case ir.Call():
            return _of_call(node)
        case ir.Retry(step=step):
            return f"{_done(step)}_with_retries"
        case ir.IgnoreError(step=step):
            return f"try_to_{_done(step)}"
        case ir.OnError(step=step, handlers=handlers):
            return _handled(_done(step), handlers)
        case ir.When(step=step, otherwise=None):
            return f"{_done(step)}_if_needed"
        case ir.When(step=step, otherwise=other):
            return _either((step,) if other is None else (step, other))
        case ir.Switch(cases=cases, otherwise=other):
            steps = tuple(case.step for case in cases)
            return _either((*steps, other) if other is not None else steps)
        case ir.While(predicate=predicate, step=step) if not [*doers(step)]:
            return _waiting(predicate)
        case ir.While(step=step) | ir.Repeat(step=step):
            return f"{_done(step)}_repeatedly"
        case ir.WithTimeout(step=step) | ir.WithDeadline(step=step):
            done = _suggested(step)
            return f"{done}_in_time" if done in {*doers(step)} else done
        case ir.Spawn(derive=source, step=step) | ir.Using(resource=source, step=step):
            known = isinstance(source, ir.Call) and source.function.name != "<lambda>"
            if known and len([*doers(step)]) == 1:
                # More than its only step, which has that name.
                return f"{_suggested(source)}_and_{_done(step)}"
            return _done(step)
        case ir.InSerial(providers=(provider,)) | ir.InParallel(providers=(provider,)):
            return _provided(provider)
        case ir.Pipeline():
            return _flowing(node)
        case ir.Sleep():
            return "pause"
        case _:
            return _done(node)


def _of_call(node: ir.Call) -> str:
    if node.function.name != "<lambda>":
        return identifier(node.function.name)
    constructor = constructor_of(node.function)
    if constructor is not None:
        return identifier(constructor.__name__)
    callee = find_callable(node.function)
    if isinstance(callee, Inline):
        match parsed(callee.body.text):
            case ast.Call(ast.Attribute(ast.Attribute(attr=noun), verb)):
                return identifier(f"{verb}_{noun}")
    return _NAMELESS


def _handled(done: str, handlers: Iterable[ir.Node]) -> str:
    """Return the name of what is done, and otherwise something else."""
    others = {identifier(x) for x in doers(tuple(handlers)) if x != "<lambda>"}
    if not others:
        return f"try_to_{done}"
    if len(others) == 1 and done not in others and not done.endswith(MORE):
        return f"{done}_or_{others.pop()}"
    return f"{done.removesuffix(MORE)}_with_fallback"


def _waiting(predicate: ir.Predicate) -> str:
    """Return the name of a loop that only waits: `wait_until_healthy`."""
    match predicate:
        case ir.Not(predicate=ir.Call(function=function)):
            word = "until"
        case ir.Call(function=function):
            word = "while"
        case _:
            return "wait"
    if function.name == "<lambda>":
        return "wait"
    return f"wait_{word}_{re.sub('^(is|has|are)_', '', identifier(function.name))}"


def _provided(provider: ir.Provider) -> str:
    match provider:
        case ir.ForEach():
            return _looped(provider)
        case ir.Named(inner=ir.ForEach() | ir.Named() | ir.Steps() as inner):
            return _provided(inner)
        case _:
            return _done(provider)


def _looped(loop: ir.ForEach) -> str:
    """Return the name of a loop: `upgrade_all`, `create_users`."""
    done = _done(loop.body)
    items = [part.name for part in loop.parts or (loop.item,)]
    if isinstance(loop.body, ir.Call):
        items += _parameters_for(loop.body, loop.item)
    verb, _, noun = done.rpartition("_")
    return f"{verb}_{plural(noun)}" if verb and noun in items else _all(done)


def _parameters_for(node: ir.Call, item: Item) -> list[str]:
    """Return the parameters that get an item."""
    return [x.parameter for x in node.arguments if x.value is item]


def _flowing(node: ir.Pipeline) -> str:
    """Return the name of what is done with a value: `archive_journal`."""
    done = _done(node.consume)
    if isinstance(node.consume, ir.Apply):
        return _all(done)
    known = {*doers(node.consume)} - {"<lambda>"}
    noun = value_name(node.extract) or received_name(
        (*node.transforms, node.consume)[0]
    )
    if not known or not noun or noun in done.split("_"):
        return done
    return f"{done}_from_{noun}" if "_" in done else f"{done}_{noun}"


def _done(part: object) -> str:
    """Return the name of what a part does: of three functions at most, or the first."""
    known = [identifier(x) for x in doers(part) if x != "<lambda>"]
    different = [*dict.fromkeys(known)]
    match different:
        case []:
            return _NAMELESS
        case [only]:
            return only if len(known) == 1 else _all(only)
        case [first, second] if len(known) == 2:
            return f"{first}_and_{second}"
        case [first, second, third] if len(known) == 3:
            name = f"{first}_{second}_and_{third}"
            return name if len(name) <= _LONG else f"{first}{MORE}"
        case _:
            return f"{different[0]}{MORE}"


def _all(name: str) -> str:
    return name if name.endswith("_all") else f"{name}_all"


def _either(steps: tuple[ir.Step, ...]) -> str:
    """Return the name of a choice: `serve_or_close`."""
    names = list(dict.fromkeys(name for step in steps for name in [*doers(step)][:1]))
    names = [identifier(name) for name in names if name != "<lambda>"]
    if not names:
        return _NAMELESS
    return "_or_".join(names if len(names) == 2 else [names[0], "more"][: len(names)])
