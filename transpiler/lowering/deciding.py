"""Handler functions: an except branch with the author's statements, or a function."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from transpiler.frontend.handler_parts import (
    Clause,
    Compound,
    Returned,
    handler_parts,
)
from transpiler.frontend.handlers import (
    HandlerText,
    handler_globals,
    handler_text,
)
from transpiler.frontend.scopes import walk
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed, Expression, Item, Let, items_of
from transpiler.ir.walk import nodes
from transpiler.lowering.forms import (
    Parts,
    branch_form,
    function_form,
    levels,
    simplified,
)
from transpiler.lowering.lift import (
    annotation_of,
    free_items,
    limit_of,
    limit_parameter,
    lower_in_branch,
    used_expressions,
    within_limit,
)
from transpiler.lowering.scope import CAUGHT, DEEPEST, UNKNOWN, Scope
from transpiler.script import model
from transpiler.script.model import Block, Body, Function, Line, Statement
from transpiler.script.names import Names, identifier

WIDTH = 88


def lower_decision(
    node: ir.HandlerFunction, scope: Scope, error: str
) -> tuple[str, Body]:
    """Lower a handler function to an except branch: what it calls the error, its body.

    It bears the name `error` if there is one, else the author's. Where the statements
    can't stand in the branch, they are a function that it calls.
    """
    wanted = node.items[1].name
    variable = error or scope.yielding(wanted, CAUGHT)
    scope.names.take(variable)
    scope.kinds[variable] = CAUGHT
    branch = scope.deeper(1)
    body = _in_place(node, branch, variable)
    used = bool(error) or _mentions_error(node)
    if body is None:
        body, used = _called(node, branch, variable), True
    scope.names.release(variable)
    return variable if used else "", body


def _mentions_error(node: ir.HandlerFunction) -> bool:
    """Whether the script's branch reads the error."""
    _, error, *_ = node.items
    return handler_text(node).mentions(error.name) or any(
        error in _needed(expression)
        for outcome in node.outcomes
        for expression in (
            *(let.value for let in outcome.lets),
            *used_expressions(outcome.step),
        )
    )


def _needed(expression: Expression) -> frozenset[Item | Let]:
    """Return the items that the text of an expression reads."""
    if not isinstance(expression, Computed):
        return items_of(expression)
    source = expression.source
    read = (x for name, x in source.names.items() if name in source.reads)
    return frozenset().union(*map(_needed, read))


# In the except branch


def _in_place(node: ir.HandlerFunction, scope: Scope, error: str) -> Body | None:
    """Return the statements as they stand in an except branch, if they can."""
    text = handler_text(node)
    if (
        _uses(node, scope) > 1
        or any(n in scope.kinds or not scope.is_free(n) for n in text.bound)
        or not _may_stand_in_branch(text, node, scope)
    ):
        return None
    names = {n: n for n in text.bound}
    inside = _with_items(node, scope, scope.state, error, names)
    form = branch_form(_parts(node, inside))
    if form is None:
        return None
    form = simplified(form, _nothings(node))
    if scope.depth + levels(form) > DEEPEST or _repeats(form):
        return None
    for name in text.bound:
        scope.fresh(name, UNKNOWN)
    return _Writer(node).body(form, inside)


def _uses(node: ir.HandlerFunction, scope: Scope) -> int:
    """Return in how many places of the workflow a handler function is used."""
    return len(
        {
            id(part)
            for part in nodes(scope.unit.workflow.step)
            if isinstance(part, ir.OnError)
            for handler in part.handlers
            if isinstance(handler, ir.HandlerFunction) and handler.items == node.items
        }
    )


def _may_stand_in_branch(
    text: HandlerText, node: ir.HandlerFunction, scope: Scope
) -> bool:
    """Whether statements mean the same in an except branch, and linters like them."""
    lines = cst.Module([]).code_for_node(text.function).splitlines()
    if any(len(line) + 4 * scope.depth > WIDTH and "#" in line for line in lines):
        return False
    caught = {id(x) for h in walk(text.function) if _is_caught(h) for x in walk(h)}
    for part in walk(text.function.body):
        match part:
            case cst.FunctionDef() | cst.ClassDef():
                return False
            case cst.Raise(exc=cst.Name(value=name)) if name == node.items[1].name:
                pass
            case cst.Raise(exc=exc, cause=None) if exc and id(part) not in caught:
                # There a new error would want its cause, which changes it.
                return False
    return True


def _is_caught(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.ExceptHandler, cst.ExceptStarHandler))


def _repeats(parts: Parts) -> bool:
    """Whether one of two neighbouring branches does just what the other does."""
    for part in parts:
        if isinstance(part, Compound):
            bodies = [clause.body for clause in part.clauses]
            alike = zip(bodies[1:], bodies, strict=False)
            if any(map(_repeats, bodies)) or any(_alike(*pair) for pair in alike):
                return True
    return False


def _alike(one: Parts, other: Parts) -> bool:
    said = [
        [replace(p, outcome=0) if isinstance(p, Returned) else p for p in parts]
        for parts in (one, other)
    ]
    return said[0] == said[1]


# In a function of its own


def _called(node: ir.HandlerFunction, scope: Scope, error: str) -> Body:
    """Return the call of a function that has the statements."""
    unit = scope.unit
    free = free_items(node)
    key = (node.items, scope.limit is not None)
    if key not in unit.lifted:
        is_lambda = node.name == "<lambda>"
        wanted = "handle_error" if is_lambda else identifier(node.name)
        name = unit.lifted[key] = unit.fresh(wanted)
        if _write_function(node, scope, name, free):
            unit.limited.add(name)
    name = unit.lifted[key]
    given = [scope.state, error, *(scope.variables[item] for item in free)]
    given += limit_of(scope, name in unit.limited)
    scope.take_time()
    return (Block((Line(f"{name}({', '.join(given)})"),)),)


def _write_function(
    node: ir.HandlerFunction, scope: Scope, name: str, free: list[Item | Let]
) -> bool:
    """Write a handler's function; return whether it asks the time limit."""
    unit = scope.unit
    kind = scope.state_type or unit.need("typing", "Any")
    inside = Scope(unit, "", kind, Names())
    state, error = (inside.fresh(item.name) for item in node.items[:2])
    parameters = [f"{state}: {kind}", f"{error}: Exception"]
    for item in free:
        inside = inside.bind(item)
        annotation = annotation_of(item, node, unit)
        parameters.append(f"{inside.variables[item]}: {annotation}")
    names = {n: inside.fresh(n) for n in handler_text(node).bound}
    inside = _with_items(node, inside, state, error, names)
    inside = within_limit(inside, scope, False)
    form = simplified(function_form(_parts(node, inside)), _nothings(node))
    body = _Writer(node).body(form, inside)
    parameters += limit_parameter(inside)
    doc = "" if node.name == "<lambda>" else inspect.getdoc(node.fn) or ""
    unit.functions.append(Function(name, tuple(parameters), doc, body))
    return inside.asked > 0


# Both


def _with_items(
    node: ir.HandlerFunction,
    scope: Scope,
    state: str,
    error: str,
    names: dict[str, str],
) -> Scope:
    """Return the scope of a handler's statements, with variables for its items."""
    first, second, *local = node.items
    variables = {**scope.variables, first: state, second: error}
    variables |= {item: names.get(item.name, item.name) for item in local}
    return replace(scope, state=state, variables=variables)


def _parts(node: ir.HandlerFunction, scope: Scope) -> Parts:
    """Return a handler's statements with the names that things have in the script."""
    names = {item.name: scope.variables[item] for item in node.items}
    for name, value in (*node.captured, *node.defaults):
        if name in node.reads:
            names[name] = scope.write(value)
    found = {name: scope.unit.name_of(m, name) for m, name in handler_globals(node)}
    return handler_parts(node, names, found)


def _nothings(node: ir.HandlerFunction) -> frozenset[int]:
    """Return the outcomes that nothing is to be done about."""
    return frozenset(i for i, x in enumerate(node.outcomes) if x.step is None)


class _Writer:
    """Writes a handler's statements, with steps where it returned them."""

    def __init__(self, node: ir.HandlerFunction) -> None:
        self.node = node

    def body(self, parts: Parts, scope: Scope) -> Body:
        """Write statements."""
        blocks: list[Block] = []
        lines: list[Statement] = []

        def finish() -> None:
            while lines and lines[-1] == Line(""):
                lines.pop()
            if lines:
                blocks.append(Block(tuple(lines)))
            lines.clear()

        for part in parts:
            above = [text for text in part.above if text or lines]
            match part:
                case Returned():
                    step = self.step(part, scope)
                    behind = f"  {part.behind}" if part.behind else ""
                    if step and behind:
                        above, behind = [*above, part.behind], ""
                    if all(block.is_plain and not block.comments for block in step):
                        lines += map(Line, above)
                        lines += (s for block in step for s in block.statements)
                    else:
                        finish()
                        comments = tuple(text for text in above if text)
                        first, *others = step
                        comments += first.comments
                        blocks += [Block(first.statements, comments), *others]
                    if part.leaves:
                        lines.append(Line(f"return{behind}"))
                    elif (above or behind) and not step:
                        alone = not blocks and len(lines) == len(above)
                        word = "pass" if alone else ""
                        lines.append(Line(f"{word}{behind}".strip()))
                case Compound(clauses=clauses):
                    lines += map(Line, above)
                    written = (self.clause(c, scope.deeper(1)) for c in clauses)
                    lines.append(model.Compound(tuple(written)))
                case _:
                    lines += map(Line, (*above, part.text))
        finish()
        return tuple(blocks)

    def clause(self, clause: Clause, scope: Scope) -> model.Clause:
        body = self.body(clause.body, scope) or (Block((Line("pass"),)),)
        comment = f"  {clause.behind}" if clause.behind else ""
        return model.Clause(clause.head, body, comment)

    def step(self, part: Returned, scope: Scope) -> Body:
        """Write the step of an outcome, below what is evaluated before it."""
        if part.outcome < 0:
            return ()
        outcome = self.node.outcomes[part.outcome]
        if outcome.step is None:
            return ()
        if part.behind:
            # It is written here, not by the step.
            scope.told.add((outcome.span.path, outcome.span.end_line))
        before, inside, taken = _lets(outcome, scope)
        scope.take_time()
        body = lower_in_branch(outcome.step, inside, 0)
        scope.take_time()
        for name in taken:
            scope.names.release(name)
        if not before:
            return body
        if body and body[0].is_plain and not body[0].comments:
            return (Block((*before, *body[0].statements)), *body[1:])
        return (Block(before), *body)


def _lets(
    outcome: ir.Outcome, scope: Scope
) -> tuple[tuple[Statement, ...], Scope, list[str]]:
    """Return what is evaluated where a step is returned, and the scope behind that.

    What the first call takes, nothing comes between: it stays in the call.
    """
    uses = Counter(
        item
        for expression in (
            *used_expressions(outcome.step),
            *(let.value for let in outcome.lets),
        )
        for item in items_of(expression)
    )
    first = set(_first_arguments(outcome.step))
    inner = {x for let in outcome.lets for x in items_of(let.value)}
    stay = {x for x in outcome.lets if x in first - inner and uses[x] == 1}
    if any(let not in stay and uses[let] for let in outcome.lets):
        # In the order in which the author has them.
        stay = {let for let in stay if not let.value.source.calls}  # type: ignore[union-attr]  # each has one
    before: list[Statement] = []
    taken: list[str] = []
    for let in outcome.lets:
        value = scope.write(let.value)
        if let in stay:
            scope = replace(scope, variables={**scope.variables, let: value})
        elif uses[let]:
            scope = scope.bind(let)
            taken.append(scope.variables[let])
            before.append(Line(f"{scope.variables[let]} = {value}"))
        elif isinstance(let.value, Computed) and let.value.source.calls:
            before.append(Line(value))
    return tuple(before), scope, taken


def _first_arguments(step: ir.Step | None) -> Iterator[Expression]:
    """Yield what is evaluated first in a step: the arguments of a call, a name."""
    match step:
        case ir.Call(arguments=arguments):
            yield from (argument.value for argument in arguments)
        case ir.Do(steps=(first, *_), join_errors=False):
            yield from _first_arguments(first)
        case ir.Composite(parameters=(), step=inner):
            yield from _first_arguments(inner)
        case ir.Composite(arguments=given):
            yield from (value for _, value in given)
        case ir.Named(name=name):
            yield name
