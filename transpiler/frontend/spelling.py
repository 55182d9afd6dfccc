"""How an argument is written in the script: as its author did, or as a literal.

The author's expression stands where it is exact. A name that was local there is put in
as what it stood for; a name of a module is kept, and said to be one that is needed. The
rest is a literal that gives the same value, or a diagnostic.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MemberDescriptorType, ModuleType
from typing import Any

import libcst as cst

from transpiler.capture.files import source_file
from transpiler.capture.markers import Leaf
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import TranspileError, placed, refuse
from transpiler.frontend.constants import constant_of
from transpiler.frontend.fstrings import code
from transpiler.frontend.in_place import stays, stays_as_items
from transpiler.frontend.literals import Unwritable, literal
from transpiler.frontend.parts import misuse
from transpiler.frontend.references import (
    free_names,
    free_paths,
    parse_expression,
    substitute,
)
from transpiler.frontend.secrets import variable_in
from transpiler.interpret import observing
from transpiler.ir.errors import ERRORS, FLOW
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Item,
    Let,
    Source,
    evaluate,
    parsed,
)
from transpiler.source import NOWHERE, Span

Name = Item | Let | tuple[str, str | None]
"""A loop item, or a name of a module: (module, name), or (module, None) for itself."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """An expression as text, and what the names in it stand for in the script."""

    text: str
    names: Mapping[str, Name] = field(default_factory=dict)


def spell(expression: Expression, span: Span = NOWHERE) -> Spelled:
    """Write an expression out.

    Raises TranspileError where no text means the same; `span` says where if the
    expression has no place of its own.
    """
    match expression:
        case Item(name) | Let(name):
            return Spelled(name, {name: expression})
        case Computed(source):
            return _spell_source(source)
        case Given(value, source):
            # _spell_source refuses __file__, which _is_exact takes for bound nowhere.
            if source and ("__file__" in source.reads or _is_exact(source, value)):
                return _spell_source(source)
            return _spell_value(value, source, source.span if source else span)


def spell_source(source: Source) -> Spelled:
    """Write an expression out as its author did, calls and all."""
    return _spell_source(source)


def _spell_source(source: Source) -> Spelled:
    names: dict[str, Name] = {}
    replacements: dict[str, str] = {}
    for name, inner in sorted(source.names.items()):
        parts = _attributes(name, inner, source)
        if parts is not None:
            replacements |= {p: _joined(s, names) for p, s in parts.items()}
            continue
        spelled = spell(inner, source.span)
        text = _joined(spelled, names)
        if text != name:
            replacements[name] = text
    ours = _flows(source)
    for path, flows in ours.items():
        replacements[path] = _joined(Spelled(flows, {flows: (FLOW, flows)}), names)
    hidden = {path.partition(".")[0] for path in ours if not _reads(source, path)}
    for name in sorted(source.reads - source.names.keys() - hidden):
        for path in _paths(name, source) if name in source.globals else ():
            text = _joined(Spelled(path, {path: _meaning(path, source)}), names)
            if text != path:
                replacements[path] = text
        if name == "__file__":
            raise refuse(
                "FLOW207",
                "__file__ is another file in the script",
                span=name_span(source, name),
                hint="find the file in the step, from the working directory or the "
                "state",
            )
    items = frozenset(n for n, x in names.items() if isinstance(x, (Item, Let)))
    try:
        text = substitute(source.text, replacements)
    except TranspileError as error:
        raise placed(error, source.span) from None
    return Spelled(bound_early(text, items), names)


def _attributes(
    name: str, inner: Expression, source: Source
) -> dict[str, Spelled] | None:
    """Return what is read of a local name that stands for an object, each spelled.

    Of `f"{self.region}-{server}"` the script needs the region, and not what `self` is.
    None if more of it is needed than some attributes that it simply holds.
    """
    if not isinstance(inner, Given) or type(inner.value).__module__ == "builtins":
        return None
    found: dict[str, Spelled] = {}
    for path in free_paths(source.text):
        first, *rest = path.split(".")
        if first != name:
            continue
        value, length = inner.value, 0
        while length < len(rest) and _holds(value, rest[length]):
            value = getattr(value, rest[length])
            length += 1
            if type(value).__module__ == "builtins":
                break
        if not length or isinstance(value, Symbol):
            return None
        try:
            written = _spell_value(value, None, source.span)
        except TranspileError:
            return None
        found[".".join((first, *rest[:length]))] = written
    return found


def _holds(value: Any, attribute: str) -> bool:
    """Whether an object has an attribute as a value, not as something that is run."""
    kind = type(value)
    if isinstance(value, (type, ModuleType, enum.Enum)) or "__getattr__" in dir(kind):
        return False
    if attribute in getattr(value, "__dict__", {}):
        return not hasattr(getattr(kind, attribute, None), "__set__")
    found = getattr(kind, attribute, None)
    slot = isinstance(found, MemberDescriptorType) and hasattr(value, attribute)
    return slot or attribute in getattr(kind, "_fields", ())


def check_body(source: Source) -> None:
    """Refuse a part of a workflow in a lambda's body, which runs."""
    for path in sorted(free_paths(source.text)):
        first, *rest = path.split(".")
        found = (
            None if first in source.names else misuse((first, *rest), source.globals)
        )
        if found is not None:
            span = name_span(source, first)
            raise refuse(found.code, found.message, span=span, hint=found.hint)


def _paths(name: str, source: Source) -> list[str]:
    """Return what of a global name has a name of its own in the script.

    Of `import helpers as h` that is `h.PORT`, as a script has no modules; of a
    decorated function it is `create_user.fn`, as a script has no decorators.
    """
    value = source.globals[name]
    if not isinstance(value, (ModuleType, Leaf)) or "__name__" not in source.globals:
        return [name]
    paths = (
        p.split(".") for p in free_paths(source.text) if f"{p}.".startswith(f"{name}.")
    )
    return sorted({".".join(_through_modules(value, parts)) for parts in paths})


def _through_modules(value: object, parts: list[str]) -> list[str]:
    length = 1
    while length < len(parts) and isinstance(value, ModuleType):
        value = getattr(value, parts[length], None)
        length += 1
    if isinstance(value, Leaf) and parts[length:][:1] == ["fn"]:
        length += 1
    return parts[:length]


def _flows(source: Source) -> dict[str, str]:
    """Return the dotted names of what the script defines itself: flow's errors, ..."""
    found = {}
    for path in sorted(free_paths(source.text)):
        first, *rest = path.split(".")
        value = source.globals.get(first) if first not in source.names else None
        for attribute in rest:
            value = getattr(value, attribute, None)
        if value in (*ERRORS, observing.names):
            found[path] = value.__name__
    return found


def _reads(source: Source, path: str) -> bool:
    """Whether an expression reads the first part of a path for something else."""
    first = path.partition(".")[0]
    others = free_paths(source.text) - _flows(source).keys()
    return any(other.partition(".")[0] == first for other in others)


def name_span(source: Source, name: str) -> Span:
    """Return where a name stands in an expression."""
    whole = source.span
    tree = parsed(source.text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and whole.line:
            line = whole.line + node.lineno - 1
            before = source.text.split("\n")[node.lineno - 1].encode()
            column = len(before[: node.col_offset - (node.lineno == 1)].decode())
            column += whole.column if node.lineno == 1 else 0
            return Span(whole.path, line, column, line, column + len(name))
    return whole


def _meaning(name: str, source: Source) -> Name:
    value = source.globals[name.partition(".")[0]]
    if isinstance(value, ModuleType) and "__name__" not in source.globals:
        # An expression of ours, which no module holds.
        return value.__name__, None
    return source.module, name


def bound_early(text: str, items: frozenset[str]) -> str:
    """Give the lambdas in an expression the items that they read as defaults.

    Written inside a loop, they would read the loop's last item whenever they run.

    >>> bound_early("lambda line: line + user", frozenset({"user"}))
    'lambda line, *, user=user: line + user'
    """
    if "lambda" not in text or not items:
        return text
    made = parse_expression(text).visit(_EarlyBinder(items))
    assert isinstance(made, cst.BaseExpression)
    return code(made)


class _EarlyBinder(cst.CSTTransformer):
    def __init__(self, items: frozenset[str]) -> None:
        super().__init__()
        self.items = items

    def leave_Lambda(
        self, original_node: cst.Lambda, updated_node: cst.Lambda
    ) -> cst.BaseExpression:
        read = sorted(free_names(code(original_node)) & self.items)
        if not read:
            return updated_node
        params = updated_node.params
        defaults = [
            cst.Param(
                cst.Name(name),
                default=cst.Name(name),
                equal=cst.AssignEqual(
                    cst.SimpleWhitespace(""), cst.SimpleWhitespace("")
                ),
            )
            for name in read
        ]
        star = params.star_arg
        if isinstance(star, cst.MaybeSentinel):
            star = cst.ParamStar()
        made = params.with_changes(
            star_arg=star, kwonly_params=[*params.kwonly_params, *defaults]
        )
        space = cst.SimpleWhitespace(" ")
        return updated_node.with_changes(params=made, whitespace_after_lambda=space)


def _joined(part: Spelled, names: dict[str, Name]) -> str:
    """Add a part's names to those of the whole; return its text, renamed on a clash."""
    changed: dict[str, str] = {}
    for name, meaning in part.names.items():
        free, number = name, 1
        while names.get(free, meaning) != meaning:
            number += 1
            free = f"{name}_{number}"
        names[free] = meaning
        if free != name:
            changed[name] = free
    return substitute(part.text, changed) if changed else part.text


def _spell_value(value: Any, source: Source | None, span: Span) -> Spelled:
    variable = variable_in(value)
    if variable is not None:
        constant = constant_of(value)
        if constant is not None:
            return Spelled(constant[1], {constant[1]: constant})
        local = source is not None and source.names and not source.calls
        if source is not None and local and _is_bound_once(source):
            # What each of the local names holds may be a constant, or is refused.
            return _spell_source(source)
        raise refuse(
            "FLOW206",
            f"this argument holds the value of the environment variable {variable}",
            span=span,
            hint=f'pass flow.env("{variable}"), which is read when the script runs, or '
            "read it in the step",
        )
    try:
        written = literal(value)
    except Unwritable as problem:
        if source is not None and not source.calls and source.is_lambda:
            return _spell_source(source)
        raise refuse(
            "FLOW205",
            f"this argument is {problem}, which can't be written into the script",
            span=span,
            hint="make it in the step, or keep it in a constant of a module and name "
            "that in the argument",
        ) from None
    names: dict[str, Name] = {**written.imports, **written.globals}
    return Spelled(written.text, names)


def _is_bound_once(source: Source) -> bool:
    """Whether the module binds each of the names only once that an expression reads."""
    read = (source.reads - source.names.keys()) & source.globals.keys()
    file = source_file(source.span.path) if read else None
    return not read or (file is not None and read <= file.bound_once)


def _is_exact(source: Source, value: Any) -> bool:
    """Whether an expression means in the script what it meant when it was built.

    One with local names does not: they are gone. One with names that a module binds
    more than once, such as a loop's, had the value of its turn.
    """
    if source.calls:
        return stays(Given(value, source)) or stays_as_items(Given(value, source))
    if source.names or not _is_bound_once(source):
        return False
    if source.is_lambda or not source.reads & source.globals.keys():
        return True
    again = evaluate(Computed(source), {})
    return again is value or (type(again) is type(value) and bool(again == value))
