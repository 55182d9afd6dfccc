"""The syntax of the author's files, each parsed once, found again by position."""

from __future__ import annotations

import ast
import linecache
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Concatenate, ParamSpec, TypeVar

from transpiler.capture.changing import (
    Called,
    changed_by_functions,
    changed_names,
)
from transpiler.source import Span, character_column

P = ParamSpec("P")
T = TypeVar("T")
N = TypeVar("N", bound=ast.AST)

Position = tuple[int, int, int, int]
"""First line, last line, first and last column in UTF-8 bytes, as code objects tell."""


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """An author's file: its lines as bytes, and its nodes by their position.

    `tests` has what an `if` and its like decide by, `loops` what a comprehension goes
    through, by the position of the whole. `looped` are the names that any loop goes
    through, `constants` those that are bound once and never changed. `values` are what
    the module assigns to a name that it binds only there; `imported` says of a name
    from which module it is (with dots, if relative), and as what. `rebound` are the
    names that functions declare to be global, `changed` those whose values functions
    change in place; `called` says of a name which of its methods functions call.
    """

    path: str
    lines: tuple[bytes, ...]
    calls: dict[Position, ast.Call]
    functions: dict[int, list[ast.FunctionDef | ast.AsyncFunctionDef]]
    lambdas: dict[int, list[ast.Lambda]]
    tests: dict[Position, ast.expr]
    loops: dict[Position, ast.expr]
    bound_once: frozenset[str]
    constants: frozenset[str]
    looped: frozenset[str]
    values: dict[str, ast.expr]
    imported: dict[str, tuple[str, str]]
    rebound: frozenset[str]
    changed: frozenset[str]
    called: Called

    def slice(self, position: Position) -> str:
        """Return the exact source of an expression."""
        first, last, begin, end = position
        lines = list(self.lines[first - 1 : last])
        # The end first: on a single line, cutting the beginning moves the end.
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][begin:]
        return b"".join(lines).decode()


def source_file(path: str) -> SourceFile | None:
    """Return the parsed file, or None where it can't be read (a REPL, `exec`)."""
    lines = linecache.getlines(path)
    known = _files.get(path)
    # linecache keeps one list per file until the file is read anew.
    if known is None or known[0] is not lines:
        known = _files[path] = lines, _parse(path, lines)
    return known[1]


_files: dict[str, tuple[list[str], SourceFile | None]] = {}


def _parse(path: str, lines: list[str]) -> SourceFile | None:
    if not lines:
        return None
    try:
        tree = ast.parse("".join(lines), path)
    except SyntaxError:
        return None
    calls: dict[Position, ast.Call] = {}
    functions: dict[int, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
    lambdas: dict[int, list[ast.Lambda]] = {}
    tests: dict[Position, ast.expr] = {}
    loops: dict[Position, ast.expr] = {}
    looped: set[str] = set()
    for node in ast.walk(tree):
        looped.update(_looped(node))
        match node:
            case ast.Call():
                calls[position_of(node)] = node
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                # A code object begins at its first decorator.
                line = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                functions.setdefault(line, []).append(node)
            case ast.Lambda():
                lambdas.setdefault(node.lineno, []).append(node)
            case ast.If() | ast.IfExp() | ast.While() | ast.Assert():
                tests[position_of(node)] = node.test
            case ast.UnaryOp(op=ast.Not()):
                tests[position_of(node)] = node.operand
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                loops[position_of(node)] = node.generators[0].iter
    encoded = tuple(line.encode() for line in lines)
    once = frozenset(name for name, count in _bindings(tree.body).items() if count == 1)
    constants = once - frozenset(changed_names(tree))
    values = {
        target.id: value
        for statement in tree.body
        for target, value in _assigned(statement)
        if target.id in once
    }
    return SourceFile(
        path,
        encoded,
        calls,
        functions,
        lambdas,
        tests,
        loops,
        once,
        constants,
        frozenset(looped),
        values,
        dict(found for statement in tree.body for found in _imported(statement)),
        *changed_by_functions(tree),
    )


def _imported(statement: ast.stmt) -> Iterator[tuple[str, tuple[str, str]]]:
    if isinstance(statement, ast.ImportFrom):
        module = "." * statement.level + (statement.module or "")
        for alias in statement.names:
            yield alias.asname or alias.name, (module, alias.name)


def _assigned(statement: ast.stmt) -> Iterator[tuple[ast.Name, ast.expr]]:
    """Yield a name and what is assigned to it, where that is all a statement does."""
    match statement:
        case ast.Assign(targets=[ast.Name() as target], value=value):
            yield target, value
        case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
            yield target, value


def _looped(node: ast.AST) -> Iterator[str]:
    """Yield the name that a node goes through: `X`, `X.items()`, or in `map(f, X)`."""
    match node:
        case ast.For(iter=ast.Name(name)) | ast.comprehension(iter=ast.Name(name)):
            yield name
        case ast.Call(ast.Attribute(ast.Name(name), "items")):
            yield name
        case ast.Call(ast.Name("map"), [_, ast.Name(name)]):
            yield name


def _bindings(statements: list[ast.stmt]) -> Counter[str]:
    """Count how often a module binds each name; in a loop it does so many times."""
    found: Counter[str] = Counter()
    imported: set[str] = set()
    for statement in statements:
        names: Counter[str] = Counter()
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names[name] += 1
            case ast.Import(names=aliases):
                names.update(a.asname for a in aliases if a.asname)
                # `import os` and `import os.path` bind the same.
                packages = {a.name.partition(".")[0] for a in aliases if not a.asname}
                names.update(packages - imported)
                imported |= packages
            case ast.ImportFrom(names=aliases):
                names.update(a.asname or a.name for a in aliases)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                names.update(_stored(statement))
            case ast.For() | ast.While() | ast.With():
                names.update(2 * list(_stored(statement)))
            case ast.If(body=body, orelse=otherwise):
                names = _bindings(body) | _bindings(otherwise)
            case ast.Try(body=body, handlers=handlers):
                names = _bindings(body)
                for handler in handlers:
                    names |= _bindings(handler.body)
        found.update(names)
    return found


def _stored(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id


def position_of(node: ast.expr | ast.stmt) -> Position:
    """Return a node's position in the order in which code objects tell theirs."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset


def span_at(path: str, position: Position) -> Span:
    """Turn a position in bytes into a span in characters."""
    first, last, begin, end = position
    return Span(
        path,
        first,
        character_column(path, first, begin),
        last,
        character_column(path, last, end),
    )


def per_code(
    function: Callable[Concatenate[CodeType, P], T],
) -> Callable[Concatenate[CodeType, P], T]:
    """Remember a function's result for each code object, told apart by identity.

    Code objects of different files may be equal.
    """
    known: dict[int, tuple[CodeType, T]] = {}

    def remembered(code: CodeType, /, *args: P.args, **keywords: P.kwargs) -> T:
        if id(code) not in known:
            # The code object is kept, so that its identity is not used again.
            known[id(code)] = code, function(code, *args, **keywords)
        return known[id(code)][1]

    return remembered


@per_code
def positions(code: CodeType) -> tuple[Position | None, ...]:
    """Return where each instruction stands; once per code object, as it is slow."""
    return tuple(map(_complete, code.co_positions()))


def _complete(
    position: tuple[int | None, int | None, int | None, int | None],
) -> Position | None:
    first, last, begin, end = position
    if first is None or last is None or begin is None or end is None:
        return None
    return first, last, begin, end


def lambda_node(code: CodeType) -> ast.Lambda | None:
    """Return the lambda that a code object was compiled from, if it can be told."""
    file = source_file(code.co_filename)
    if file is None:
        return None
    inner = [p for p in _body_positions(code) if p]
    found = [
        node
        for node in file.lambdas.get(code.co_firstlineno, [])
        if _arguments(node.args) == code.co_varnames[: _argument_count(code)]
        and all(_contains(node.body, position) for position in inner)
    ]
    if not inner:
        # Python 3.12 tells no place of a body that is a constant.
        found = [node for node in found if _constants(node) == repr(code.co_consts)]
    # Of nested candidates the smallest one; two beside each other both fit only
    # when neither has an instruction of its own, and then they are alike.
    return min(found, key=_size) if found else None


def _constants(node: ast.Lambda) -> str:
    """Return the constants of a lambda's code; `1`, `1.0` and `True` are not alike."""
    code, *_ = compile(ast.Expression(node), "", "eval").co_consts
    return repr(code.co_consts)


def function_node(code: CodeType) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the `def` that a code object was compiled from."""
    file = source_file(code.co_filename)
    found = file.functions.get(code.co_firstlineno, []) if file else []
    return next((node for node in found if node.name == code.co_name), None)


def _body_positions(code: CodeType) -> Iterator[Position | None]:
    # The first and last columns of a RESUME and of a cell's set-up are zero.
    return (p for p in positions(code) if p and p[2:] != (0, 0))


def _contains(node: ast.expr, position: Position) -> bool:
    first, last, begin, end = position_of(node)
    return (first, begin) <= (position[0], position[2]) and (
        position[1],
        position[3],
    ) <= (last, end)


def _size(node: ast.expr) -> tuple[int, int]:
    first, last, begin, end = position_of(node)
    return last - first, end - begin


def _argument_count(code: CodeType) -> int:
    varargs = bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)
    return code.co_argcount + code.co_kwonlyargcount + varargs


def _arguments(args: ast.arguments) -> tuple[str, ...]:
    named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    named += [arg for arg in (args.vararg, args.kwarg) if arg]
    return tuple(arg.arg for arg in named)


def placed(made: ast.expr, at: ast.expr) -> ast.expr:
    """Give what was made the place of what it stands for: carets are drawn by it."""
    for child in ast.walk(made):
        if isinstance(child, ast.expr) and not hasattr(child, "lineno"):
            ast.copy_location(child, at)
    return ast.copy_location(made, at)


def copied(node: N) -> N:
    """Return a tree of its own: copy.deepcopy takes ten times as long."""
    parts = {}
    for name, value in vars(node).items():
        if isinstance(value, ast.AST):
            value = copied(value)
        elif isinstance(value, list):
            value = [copied(x) if isinstance(x, ast.AST) else x for x in value]
        parts[name] = value
    # From Python 3.13 on, a node wants all of its fields at once.
    made = type(node)(
        **{name: parts.pop(name) for name in node._fields if name in parts}
    )
    vars(made).update(parts)
    return made
