"""Run the author's constructors so that expressions over loop items become symbolic.

A body such as `lambda user: create(user, f"{user}_db", names[user])` is called once,
with a stand-in for the item. Python would evaluate its arguments with that stand-in,
and most expressions can't be evaluated so (`names[user]` looks it up there and then).
So the body is compiled again from its source, with every expression that reads a local
name and builds no step wrapped in a call of `_defer`: where one of those names is
symbolic, the expression is kept as it was written, else it is evaluated as ever. Calls
of the author's own functions go through `_call`, which does the same to them and
records which constructor made a step. Positions stay those of the source.
"""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Callable, Iterable
from functools import partial
from inspect import signature
from types import CodeType, FunctionType, MethodType
from typing import Any

from transpiler.capture.files import (
    Position,
    function_node,
    lambda_node,
    per_code,
    position_of,
    source_file,
    span_at,
)
from transpiler.capture.functions import contents, describe_function
from transpiler.capture.markers import Built, Leaf
from transpiler.capture.sites import expression_of, holds_symbol
from transpiler.capture.symbols import Symbol, is_installed, is_ours
from transpiler.diagnostics import refuse
from transpiler.ir.expressions import LATE, Computed, Source, calls, free_names
from transpiler.ir.nodes import Composite

FACTORY = "__flowc_factory__"
BODY = "__flowc_body__"
DEFER = "__flowc_defer__"
CALL = "__flowc_call__"
TRIED = "__flowc_tried__"
UNKNOWN = object()


def build(fn: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    """Call a constructor of the author's, perhaps with items among its arguments.

    What it returns is returned. A step is wrapped in the `Composite` that says which
    constructor made it, unless that is a lambda. What isn't an author's function with
    a source that can be read is called as it is.
    """
    function = fn.__func__ if isinstance(fn, MethodType) else fn
    if not isinstance(function, FunctionType) or not _is_authors(function):
        return fn(*args, **keywords)
    rewritten: Callable[..., Any] | None = _rewritten(function)
    if rewritten is None:
        return fn(*args, **keywords)
    if isinstance(fn, MethodType):
        rewritten = MethodType(rewritten, fn.__self__)
    result = rewritten(*args, **keywords)
    if isinstance(result, FunctionType) and result.__qualname__.startswith(FACTORY):
        # A closure is known by its constructor, whose rewritten body has another name.
        result.__qualname__ = f"{function.__qualname__}.<locals>.{result.__name__}"
    if not isinstance(result, Built) or function.__name__ == "<lambda>":
        return result
    bound = signature(fn).bind(*args, **keywords)
    bound.apply_defaults()
    arguments = tuple(
        (name, expression_of(value)) for name, value in bound.arguments.items()
    )
    made_by = describe_function(function)
    return result.made_by(
        lambda step: Composite(made_by, arguments, step, span=step.span)
    )


def _rewritten(fn: FunctionType) -> FunctionType | None:
    """Compile a function again, with its expressions made symbolic."""
    code = _compile(fn.__code__, fn.__globals__)
    return made_of(code, fn) if code else None


def made_of(code: CodeType, fn: FunctionType) -> FunctionType:
    """Return a function that is another one with other code."""
    result: FunctionType = executed(code, fn, map(contents, fn.__closure__ or ()))
    result.__defaults__ = fn.__defaults__
    result.__kwdefaults__ = fn.__kwdefaults__
    result.__name__, result.__qualname__ = fn.__name__, fn.__qualname__
    return result


def executed(code: CodeType, fn: FunctionType, values: Iterable[Any]) -> Any:
    """Return what a factory makes for a function, given the values of free names."""
    local: dict[str, Any] = {}
    # The factory is local to this dictionary; what it makes sees the author's globals.
    exec(code, fn.__globals__, local)
    return local[FACTORY](_defer, _call, *values)


@per_code
def _compile(code: CodeType, namespace: dict[str, Any]) -> CodeType | None:
    return compile_again(code, namespace, Rewriter)


def compile_again(
    code: CodeType, namespace: dict[str, Any], rewriting: type[Rewriter]
) -> CodeType | None:
    """Compile the factory of a function whose source is changed, if that is known."""
    found = lambda_node(code) if code.co_name == "<lambda>" else function_node(code)
    if found is None:
        return None
    node = copy.deepcopy(found)
    local = frozenset(code.co_varnames + code.co_cellvars + code.co_freevars)
    rewriter = rewriting(namespace, local)
    # Defaults are copied from the function; annotations are nobody's business here.
    node.args.defaults = [ast.Constant(None) for _ in node.args.defaults]
    node.args.kw_defaults = [d and ast.Constant(None) for d in node.args.kw_defaults]
    body: list[ast.stmt]
    if isinstance(node, ast.Lambda):
        node.body = rewriter.visit(node.body)
        body = [ast.Return(node)]
    else:
        node.decorator_list = []
        node.returns = None
        for arg in ast.walk(node.args):
            if isinstance(arg, ast.arg):
                arg.annotation = None
        node.body = [rewriter.visit(statement) for statement in node.body]
        # Under another name, or a constructor that calls itself would find this one.
        node.name = BODY
        body = [node, ast.Return(ast.Name(BODY, ast.Load()))]
    made = factory(code.co_freevars, body, code.co_filename)
    return _called(made, code.co_name)


def factory(names: Iterable[str], body: list[ast.stmt], path: str) -> CodeType:
    """Compile a function that gives `body` its free names."""
    given = [DEFER, CALL, *names]
    parameters = ast.arguments([], [ast.arg(x) for x in given], None, [], [], None, [])
    factory = ast.FunctionDef(FACTORY, parameters, body, [])
    # A required field from 3.12 on, and unknown before.
    vars(factory)["type_params"] = []
    module = ast.fix_missing_locations(ast.Module([factory], []))
    # This file's own `annotations` future is not the author's.
    made: CodeType = compile(module, path, "exec", dont_inherit=True)
    return made


def _called(code: CodeType, name: str) -> CodeType:
    """Give a body the name of its function again: frames and tracebacks show it."""
    inner = (_called(x, name) if isinstance(x, CodeType) else x for x in code.co_consts)
    return code.replace(
        co_consts=tuple(inner),
        co_name=name if code.co_name == BODY else code.co_name,
        co_qualname=code.co_qualname.replace(BODY, name),
    )


class Rewriter(ast.NodeTransformer):
    """Wraps what may be symbolic; leaves functions inside the function as they are."""

    def __init__(
        self, namespace: dict[str, Any], local: frozenset[str], *, late: bool = False
    ) -> None:
        self.namespace = namespace
        self.local = local
        self.late = late
        self.tried = False

    def visit(self, node: ast.AST) -> Any:
        match node:
            case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef():
                return node
            case ast.ClassDef():
                return node
            case ast.Call():
                return self.visit_call(node)
            case ast.expr() if self.may_defer(node, assume=_is_plain(node)):
                return self.defer(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self.within(node)
            case ast.Try() | ast.TryStar() if node.handlers:
                outer, self.tried = self.tried, True
                node.body = [self.visit(statement) for statement in node.body]
                self.tried = outer
                for rest in (node.handlers, node.orelse, node.finalbody):
                    rest[:] = [self.visit(part) for part in rest]
                return node
            case _:
                return self.generic_visit(node)

    def within(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> ast.expr:
        """Rewrite a comprehension that makes steps: its variables are local in it."""
        first = node.generators[0]
        first.iter = self.visit(first.iter)
        targets = (name for g in node.generators for name in ast.walk(g.target))
        bound = {name.id for name in targets if isinstance(name, ast.Name)}
        outer, self.local = self.local, self.local | bound
        for generator in node.generators:
            if generator is not first:
                generator.iter = self.visit(generator.iter)
            generator.ifs = [self.visit(test) for test in generator.ifs]
        for field in ("elt", "key", "value"):
            if hasattr(node, field):
                setattr(node, field, self.visit(getattr(node, field)))
        self.local = outer
        return node

    def visit_call(self, node: ast.Call) -> ast.expr:
        callee = self.resolve(node.func)
        if _builds(callee) is False and self.may_defer(node, assume=False):
            return self.defer(node)
        reads_local = bool(free_names(node) & self.local)
        here = self.defer_arguments(node, ast.Constant(None))
        values = isinstance(callee, Leaf)
        node.args = [self.argument(x, values=values) for x in node.args]
        for keyword in node.keywords:
            keyword.value = self.argument(keyword.value, values=values)
        if _is_ours(callee) or not (reads_local or _builds(callee) is not False):
            return node
        node.args = [self.visit(node.func), *here, *node.args]
        node.func = ast.Name(CALL, ast.Load())
        return placed(node, node)

    def argument(self, node: ast.expr, *, values: bool) -> Any:
        """Rewrite an argument; `values` says that its callee takes no steps."""
        if isinstance(node, ast.Starred):
            node.value = self.visit(node.value)
            return node
        if values and _is_compound(node) and self.may_defer(node, assume=True):
            return self.defer(node)
        return self.visit(node)

    def may_defer(self, node: ast.expr, *, assume: bool) -> bool:
        """Whether an expression reads a local name and builds no step.

        `assume` says what a call that can't be told is taken for: one of a value.
        """
        if not _is_compound(node) or not isinstance(
            getattr(node, "ctx", None), (ast.Load, type(None))
        ):
            return False
        if not (free_names(node) & self.local or (self.late and calls(node))):
            return False
        if _is_display(node) and not assume:
            return False
        for child in ast.walk(node):
            match child:
                case ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom():
                    return False
                case ast.Call(func=func):
                    builds = _builds(self.resolve(func))
                    if builds or (builds is None and not assume):
                        return False
        return True

    def defer(self, node: ast.expr) -> ast.expr:
        arguments = self.defer_arguments(node, node)
        return placed(ast.Call(ast.Name(DEFER, ast.Load()), arguments, []), node)

    def defer_arguments(self, node: ast.expr, body: ast.expr) -> list[ast.expr]:
        """Return what `_defer` takes: a thunk, the place, the local names it reads."""
        names = sorted(free_names(node) & self.local)
        names += [LATE] if self.late else []
        values = ast.Dict(
            [ast.Constant(name) for name in names],
            [ast.Name(name, ast.Load()) for name in names],
        )
        if self.tried:
            values.keys.append(ast.Constant(TRIED))
            values.values.append(ast.Constant(True))
        nothing = ast.arguments([], [], None, [], [], None, [])
        return [ast.Lambda(nothing, body), _constant(position_of(node)), values]

    def resolve(self, node: ast.expr) -> Any:
        """Return what a global dotted name stands for now, or UNKNOWN."""
        match node:
            case ast.Name(id=name) if name in self.local:
                return UNKNOWN
            case ast.Name(id=name):
                return self.namespace.get(name, getattr(builtins, name, UNKNOWN))
            case ast.Attribute(value=value, attr=attribute):
                owner = self.resolve(value)
                return UNKNOWN if owner is UNKNOWN else getattr(owner, attribute, None)
            case ast.Subscript(value=value):
                return self.resolve(value)
            case ast.Constant(value=value):
                return value
            case ast.JoinedStr():
                return ""
            case _:
                return UNKNOWN


def _constant(position: Position) -> ast.expr:
    return ast.Tuple([ast.Constant(x) for x in position], ast.Load())


def placed(made: ast.expr, at: ast.expr) -> ast.expr:
    """Give what was made the place of what it stands for: carets are drawn by it."""
    for child in ast.walk(made):
        if isinstance(child, ast.expr) and not hasattr(child, "lineno"):
            ast.copy_location(child, at)
    return ast.copy_location(made, at)


def _is_compound(node: ast.expr) -> bool:
    return not isinstance(node, (ast.Name, ast.Constant, ast.Starred, ast.Lambda))


def _is_display(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.Set))


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression can't have a step as its value, nor hold one."""
    match node:
        case ast.JoinedStr() | ast.Compare():
            return True
        case ast.BinOp(left=left, right=right):
            return any(
                isinstance(x, (ast.Constant, ast.JoinedStr)) for x in (left, right)
            )
        case _:
            return False


def _is_ours(value: object) -> bool:
    names = (getattr(value, "__module__", None), type(value).__module__)
    return any(is_ours({"__name__": name or ""}) for name in names)


def _builds(callee: object) -> bool | None:
    """Whether calling this builds a step: yes, no, or None where it can't be told."""
    if callee is UNKNOWN:
        return None
    if _is_ours(callee) or callee is partial:
        return True
    if isinstance(callee, MethodType):
        callee = callee.__func__
    if not isinstance(callee, FunctionType) or not _is_authors(callee):
        return False
    annotation = callee.__annotations__.get("return", UNKNOWN)
    if annotation is UNKNOWN:
        return None
    text = annotation if isinstance(annotation, str) else repr(annotation)
    return any(kind in text for kind in _KINDS)


# A function that takes a state serves as a step.
_KINDS = (
    "Callable",
    "Step",
    "Extract",
    "Transform",
    "Consume",
    "Predicate",
    "Provider",
    "Policy",
)


def _is_authors(fn: FunctionType) -> bool:
    path = fn.__code__.co_filename
    installed = is_installed(path) or is_ours(fn.__globals__)
    return not installed and source_file(path) is not None


def _call(
    fn: Any,
    here: FunctionType,
    position: Position,
    names: dict[str, Any],
    /,
    *args: Any,
    **keywords: Any,
) -> Any:
    """Stand in for a call in rewritten code whose callee may be a constructor.

    `here` is a function of the same place, which tells its file and its globals.
    """
    if isinstance(fn, Symbol):
        return _symbol(here, position, names)
    result = build(fn, *args, **keywords)
    symbolic = any(map(holds_symbol, (*args, *keywords.values())))
    # Given an item and no builder of steps, it was a function of values after all.
    if symbolic and not _holds_built(result):
        return _symbol(here, position, names)
    return result


def _defer(thunk: FunctionType, position: Position, names: dict[str, Any]) -> Any:
    """Stand in for an expression in rewritten code: keep it if a name is symbolic."""
    if any(map(holds_symbol, names.values())):
        return _symbol(thunk, position, names)
    return thunk()


def _symbol(here: FunctionType, position: Position, names: dict[str, Any]) -> Symbol:
    path = here.__code__.co_filename
    file = source_file(path)
    assert file is not None
    text, span = file.slice(position), span_at(path, position)
    if TRIED in names:
        raise refuse(
            "FLOW203",
            f"{text} stands in a try, whose except would never see it fail: it is "
            "evaluated when the workflow runs",
            span=span,
            hint="do this in the step, or in a function that it calls",
        )
    bound = {name: expression_of(value) for name, value in names.items()}
    return Symbol(Computed(Source(text, here.__globals__, bound, span)))


def _holds_built(value: Any) -> bool:
    match value:
        case Built() | Leaf():
            return True
        case list() | tuple():
            return any(map(_holds_built, value))
        case dict():
            return any(map(_holds_built, value.values()))
        case _:
            return callable(value)
