"""What a handler function returns, as statements in the place of its returns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from transpiler.frontend.handler_parts import Clause, Compound, Returned
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed, Expression, Item, Let, items_of
from transpiler.lowering.forms import Parts
from transpiler.lowering.lift import lower_in_branch, used_expressions
from transpiler.lowering.scope import Scope, comments_above
from transpiler.script import model
from transpiler.script.model import Block, Body, Line, Statement


class Writer:
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
        path, line = outcome.span.path, outcome.span.line
        # What is written here need not be written by the step.
        scope.told.update((path, known) for known, _ in comments_above(path, line, 0))
        if part.behind:
            scope.told.add((path, outcome.span.end_line))
        _, error, *_ = self.node.items
        before, inside, taken = _lets(outcome, error, scope)
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
    outcome: ir.Outcome, error: Item, scope: Scope
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
    same: dict[Let, Let] = {}
    if any(let not in stay and uses[let] for let in outcome.lets):
        # In the order in which the author has them.
        stay = {let for let in stay if not let.value.source.calls}  # type: ignore[union-attr]  # each has one
        same = _read_again([x for x in outcome.lets if uses[x]], error)
        stay -= {*same.values()}
    before: list[Statement] = []
    taken: list[str] = []
    for let in outcome.lets:
        value = scope.write(let.value)
        if let in same:
            value = scope.variables[same[let]]
        if let in stay or let in same:
            scope = replace(scope, variables={**scope.variables, let: value})
        elif uses[let]:
            scope = scope.bind(let)
            taken.append(scope.variables[let])
            before.append(Line(f"{scope.variables[let]} = {value}"))
        elif isinstance(let.value, Computed) and let.value.source.calls:
            before.append(Line(value))
    return tuple(before), scope, taken


def _read_again(lets: list[Let], error: Item) -> dict[Let, Let]:
    """Return the attributes of the error that are read again, with the first reading.

    Nothing comes between the two.
    """
    first: dict[str, Let] = {}
    again: dict[Let, Let] = {}
    for let in lets:
        source = let.value.source
        if source is None or not re.fullmatch(r"\w+(\.\w+)+", source.text):
            continue
        if source.names.get(source.text.partition(".")[0]) is error:
            earlier = first.setdefault(source.text, let)
            if earlier is not let:
                again[let] = earlier
    return again


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
