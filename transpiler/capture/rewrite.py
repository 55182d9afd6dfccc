"""Run the author's constructors so that expressions over loop items become symbolic.

A body such as `lambda user: create(user, f"{user}_db", names[user])` is called once,
with a stand-in for the item. Python would evaluate its arguments with that, which most
expressions don't bear (`names[user]` looks it up there and then).
So the body is compiled again from its source, with every expression that reads a local
name and builds no step wrapped in a call of `_defer`: where one of those names is
symbolic, the expression is kept as it was written, else it is evaluated as ever. Calls
of the author's own functions go through `_call`, which does the same to them and
records which constructor made a step. Positions stay those of the source.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable
from functools import partial
from inspect import signature
from types import CodeType, FunctionType, MethodType
from typing import Any

from transpiler.capture.comprehensions import apart
from transpiler.capture.files import (
    Position,
    copied,
    function_node,
    lambda_node,
    per_code,
    placed,
    position_of,
)
from transpiler.capture.functions import contents, describe_function
from transpiler.capture.judging import (
    UNKNOWN,
    builds,
    holds_built,
    is_authors,
    is_compound,
    is_display,
    is_late,
    is_of_flow,
    is_plain,
)
from transpiler.capture.keeping import DROPPED, TRIED, keep, keep_symbol, keeping
from transpiler.capture.markers import Built, Leaf
from transpiler.capture.sites import expression_of, holds_symbol
from transpiler.capture.symbols import Symbol, refuse_branch
from transpiler.ir.expressions import LATE, free_names
from transpiler.ir.nodes import Composite

FACTORY = "__flowc_factory__"
BODY = "__flowc_body__"
DEFER = "__flowc_defer__"
CALL = "__flowc_call__"
# Marks of an expression: a method of a local name; what a match statement is about.
OWNER = "__flowc_owner__"
MATCHED = "__flowc_matched__"


def build(fn: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    """Call a constructor of the author's, perhaps with items among its arguments.

    What it returns is returned. A step is wrapped in the `Composite` that says which
    constructor made it, unless that is a lambda. What isn't an author's function with
    a source that can be read is called as it is.
    """
    if isinstance(fn, partial):
        return build(fn.func, *fn.args, *args, **{**fn.keywords, **keywords})
    function = fn.__func__ if isinstance(fn, MethodType) else fn
    if not isinstance(function, FunctionType) or not is_authors(function):
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
    arguments = tuple((n, expression_of(x)) for n, x in bound.arguments.items())
    made_by = describe_function(fn)
    return result.made_by(lambda x: Composite(made_by, arguments, x, span=x.span))


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
    node = copied(found)
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
    made = factory(code.co_freevars, body, code)
    return _called(made, code.co_name)


def factory(names: Iterable[str], body: list[ast.stmt], code: CodeType) -> CodeType:
    """Compile a function that gives `body`, rewritten `code`, its free names."""
    given = [DEFER, CALL, *names]
    parameters = ast.arguments([], [ast.arg(x) for x in given], None, [], [], None, [])
    factory = ast.FunctionDef(FACTORY, parameters, body, [])
    vars(factory)["type_params"] = []  # Required from 3.12 on, and unknown before.
    module = ast.fix_missing_locations(ast.Module([factory], []))
    # This file's own `annotations` future is not the author's.
    flags = code.co_flags & annotations.compiler_flag
    made: CodeType = compile(module, code.co_filename, "exec", flags, True)
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
        self.statement: ast.expr | None = None

    def visit(self, node: ast.AST) -> Any:
        match node:
            case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef():
                return node
            case ast.ClassDef():
                return node
            case ast.Expr(value=value):
                # Nothing uses what this evaluates to.
                self.statement = value
                return self.generic_visit(node)
            case ast.Match(subject=ast.Name(id=name) as subject) if name in self.local:
                # Patterns of classes and of sequences would just not match.
                self.generic_visit(node)
                node.subject = self.defer(subject, MATCHED)
                return node
            case ast.Call():
                return self.visit_call(node)
            case ast.expr() if self.may_defer(node, assume=is_plain(node)):
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
        return apart(node)

    def visit_call(self, node: ast.Call) -> ast.expr:
        callee = self.resolve(node.func)
        if builds(callee) is False and self.may_defer(node, assume=False):
            return self.defer(node)
        reads_local = bool(free_names(node) & self.local)
        here = self.defer_arguments(node, ast.Constant(None))
        values = isinstance(callee, Leaf)
        node.args = [self.argument(x, values=values) for x in node.args]
        for keyword in node.keywords:
            keyword.value = self.argument(keyword.value, values=values)
        if is_of_flow(callee) or not (reads_local or builds(callee) is not False):
            return node
        node.args = [self.callee(node.func), *here, *node.args]
        node.func = ast.Name(CALL, ast.Load())
        return placed(node, node)

    def callee(self, node: ast.expr) -> Any:
        """Rewrite what is called: a method may change what a local name holds."""
        match node:
            case ast.Attribute(value=ast.Name(id=name)) if name in self.local:
                return self.defer(node, OWNER)
            case _:
                return self.visit(node)

    def argument(self, node: ast.expr, *, values: bool) -> Any:
        """Rewrite an argument; `values` says that its callee takes no steps."""
        if isinstance(node, ast.Starred):
            node.value = self.visit(node.value)
            return node
        if values and is_compound(node) and self.may_defer(node, assume=True):
            return self.defer(node)
        return self.visit(node)

    def may_defer(self, node: ast.expr, *, assume: bool) -> bool:
        """Whether an expression reads a local name and builds no step.

        `assume` says what a call that can't be told is taken for: one of a value.
        """
        loads = isinstance(getattr(node, "ctx", None), (ast.Load, type(None)))
        if not (is_compound(node) and loads):
            return False
        late = self.late and is_late(node, self.resolve)
        if not (late or free_names(node) & self.local):
            return False
        if is_display(node) and not assume:
            return False
        for child in ast.walk(node):
            match child:
                case ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom():
                    return False
                case ast.Call(func=func):
                    made = builds(self.resolve(func))
                    if made or (made is None and not assume):
                        return False
        return True

    def defer(self, node: ast.expr, *marks: str) -> ast.expr:
        arguments = self.defer_arguments(node, node, *marks)
        return placed(ast.Call(ast.Name(DEFER, ast.Load()), arguments, []), node)

    def defer_arguments(
        self, node: ast.expr, body: ast.expr, *marks: str
    ) -> list[ast.expr]:
        """Return what `_defer` takes: a thunk, the place, the local names it reads.

        Among the names are marks that say where the expression stands.
        """
        names = sorted(free_names(node) & self.local)
        names += [LATE] if self.late else []
        values = ast.Dict(
            [ast.Constant(name) for name in names],
            [ast.Name(name, ast.Load()) for name in names],
        )
        marks += (TRIED,) * self.tried + (DROPPED,) * (node is self.statement)
        for mark in marks:
            values.keys.append(ast.Constant(mark))
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
        return keep_symbol(here, position, names)
    with keeping() as inside:
        result = build(fn, *args, **keywords)
    names.pop(DROPPED, None)  # It has been called, for what it does to other things.
    symbolic = any(map(holds_symbol, (*args, *keywords.values())))
    # Given an item and no builder of steps, it was a function of values after all.
    if symbolic and not holds_built(result):
        return keep_symbol(here, position, names)
    keep(*inside)
    return result


def _defer(thunk: FunctionType, position: Position, names: dict[str, Any]) -> Any:
    """Stand in for an expression in rewritten code: keep it if a name is symbolic."""
    owner, matched = names.pop(OWNER, False), names.pop(MATCHED, False)
    if matched and isinstance(thunk(), Symbol):
        refuse_branch(thunk(), "is matched")
    if any(isinstance(x, Symbol) if owner else holds_symbol(x) for x in names.values()):
        return keep_symbol(thunk, position, names)
    return thunk()
