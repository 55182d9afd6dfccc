"""Parallel blocks: a pool of threads, a future for each branch."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from transpiler.frontend.callables import Inline, find_callable
from transpiler.frontend.literals import literal
from transpiler.interpret import MOST_BRANCHES
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression
from transpiler.ir.messages import group_message
from transpiler.lowering.items import length_of, variables
from transpiler.lowering.leaves import (
    captured_arguments,
    function_name,
    written_arguments,
)
from transpiler.lowering.lift import lift_step, naming, noting_nothing
from transpiler.lowering.limits import tells_remaining
from transpiler.lowering.scope import Scope
from transpiler.lowering.tables import looped_over
from transpiler.script.model import (
    Block,
    Body,
    Line,
    Parallel,
    ParallelJoined,
    Statement,
    With,
)
from transpiler.script.names import plural

_KINDS = ("BaseException", "list[BaseException]")


def lower_in_parallel(node: ir.InParallel, scope: Scope) -> Body:
    """Lower a parallel block; without branches there is nothing to do."""
    unit = scope.unit
    match [step for provider in node.providers for step in _fixed(provider)]:
        case [ir.Node() as only] if not node.join_errors:
            # One branch runs as well without a thread.
            return scope.lower(only, 0)
    with scope.using("pool", "branches", "finished", "branch") as names:
        pool, branches, finished, branch = names
        submit = f"{pool}.submit("
        told = scope.limit is not None and tells_remaining(unit)
        if id(node) in unit.tracking.inherited or told:
            # A thread has no names around it but those that it is given.
            submit += f"{unit.need('contextvars', 'copy_context')}().run, "
        before: list[Statement] = []
        submitted: list[str] = []
        asked = scope.asked
        counts = [
            _submit(provider, scope, submit, before, submitted)
            for provider in node.providers
        ]
        scope.take_time()
        if not submitted:
            return (Block(tuple(before)),) if before else ()
        most = sum(MOST_BRANCHES if count is None else count for count in counts)
        workers = str(min(max(most, 1), MOST_BRANCHES))
        if node.limit is not None:
            workers = scope.write(node.limit)
        block: Statement
        if node.join_errors:
            # Their types are not those of other errors: a type checker minds.
            used = {scope.kinds.get(name) for name in ("error", "errors")}
            wanted = "failure" if used - {None, *_KINDS} else "error"
            error = scope.yielding(wanted, _KINDS[0])
            errors = scope.yielding(f"{wanted}s", _KINDS[1])
            scope.names.release(errors)
            scope.names.release(error)
            block = ParallelJoined(
                executor=unit.need("concurrent.futures", "ThreadPoolExecutor"),
                workers=workers,
                pool=pool,
                branches=branches,
                submitted=_display(submitted),
                branch=branch,
                wait=unit.need("concurrent.futures", "wait"),
                error=error,
                errors=errors,
                passing=scope.limit.joining(asked, errors) if scope.limit else (),
                message=literal(group_message(node)).text,
            )
            return (Block((*before, block)),)
        block = Parallel(
            executor=unit.need("concurrent.futures", "ThreadPoolExecutor"),
            workers=workers,
            pool=pool,
            branches=branches,
            submitted=_display(submitted),
            finished=finished,
            branch=branch,
            wait=unit.need("concurrent.futures", "wait"),
            first_exception=unit.need("concurrent.futures", "FIRST_EXCEPTION"),
        )
    return (Block((*before, block)),)


def _fixed(provider: ir.Provider) -> list[ir.Step | None]:
    """Return the steps of a provider; None stands for as many as there will be."""
    match provider:
        case ir.Steps(steps=steps):
            return [*steps]
        case ir.Named(inner=inner):
            # A fixed list of steps expands without error.
            return _fixed(inner)
        case _:
            return [None]


def _display(submitted: list[str]) -> str:
    if len(submitted) == 1 and submitted[0].startswith("*("):
        return f"[{submitted[0][2:-1]}]"
    if len(submitted) == 1 and "\n" not in submitted[0]:
        return f"[{submitted[0]}]"
    # One branch a line, as black keeps it where there is a trailing comma.
    return "[\n" + "".join(f"        {each},\n" for each in submitted) + "    ]"


def _submit(
    node: ir.Provider,
    scope: Scope,
    submit: str,
    before: list[Statement],
    submitted: list[str],
    names: tuple[Expression, ...] = (),
) -> int | None:
    """Add a provider's branches; return how many there are, if that is known.

    `submit` begins the call that submits one; `names` are those of the provider.
    """
    match node:
        case ir.Steps(steps=steps):
            submitted += [_branch(step, scope, submit) for step in steps]
            return len(steps)
        case ir.ForEach(items=items) if length_of(items) == 0:
            before += (s for b in noting_nothing(names, scope) for s in b.statements)
            return 0
        case ir.ForEach():
            named = naming(names, scope)
            submitted.append(_branches(node, scope, submit, before, named))
            return length_of(node.items)
        case ir.Named(name=name, inner=inner):
            names = (*names, name)
            return _submit(inner, scope, submit, before, submitted, names)
        case _:
            assert_never(node)


def _branch(step: ir.Step, scope: Scope, submit: str) -> str:
    """Return the submission of a branch: of its function, or of one made for it."""
    comments = scope.comments(step.span)
    # Its turn comes later: time may have passed then, but none passes here.
    in_time = scope.in_time
    scope.take_time()
    match step:
        case ir.Call() if not isinstance(find_callable(step.function), Inline):
            name = function_name(step.function, scope)
            arguments = [
                scope.state,
                *captured_arguments(step.function, scope),
                *written_arguments(step, scope),
            ]
            if scope.limit is not None:
                arguments = [scope.limit.given(), name, *arguments]
                name = scope.unit.support("run_within")
        case _:
            name, arguments = lift_step(step, scope)
    scope.take_time(in_time)
    # Inside the brackets of the list of branches.
    above = "".join(f"{comment}\n        " for comment in comments)
    return f"{above}{submit}{', '.join([name, *arguments])})"


def _branches(
    node: ir.ForEach, scope: Scope, submit: str, before: list[Statement], named: str
) -> str:
    """Return the submission of a branch for each item.

    What is evaluated once per item is evaluated for all of them before any runs.
    """
    items = looped_over(node, scope, named=named, keep=True)
    before += items.before
    inside = scope
    for item in variables(node):
        inside = inside.bind(item)
    targets = [", ".join(inside.variables[item] for item in variables(node))]
    sources = [items.text]
    for let in node.lets:
        value = inside.write(let.value)
        loop = f"{', '.join(targets)} in {_zipped(sources)}"
        inside = inside.bind(let)
        column = scope.fresh(plural(let.name))
        line: Statement = Line(f"{column} = [{value} for {loop}]")
        _add(line, named, before)
        targets.append(inside.variables[let])
        sources.append(column)
    submission = _branch(node.body, inside, submit)
    inside.release(*variables(node), *node.lets)
    return f"*({submission} for {', '.join(targets)} in {_zipped(sources)})"


def _add(line: Statement, named: str, before: list[Statement]) -> None:
    """Add a line, under the manager `named` that what stands before may be under."""
    match before:
        case [*_, With(managers, body) as last] if named and managers == (named,):
            *blocks, end = body
            end = replace(end, statements=(*end.statements, line))
            before[-1] = replace(last, body=(*blocks, end))
        case _:
            before.append(With((named,), (Block((line,)),)) if named else line)


def _zipped(sources: list[str]) -> str:
    return f"zip({', '.join(sources)}, strict=True)" if sources[1:] else sources[0]
