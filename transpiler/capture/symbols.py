"""The stand-in for a loop item while a body is captured.

It may be passed on, and used in expressions that `transpiler.capture.rewrite` has made
symbolic. Whatever else Python would have to know its value for is refused here, so
that nothing is silently different.
"""

from __future__ import annotations

import dis
import os
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Literal, NoReturn

from transpiler.capture.files import position_of, positions, source_file, span_at
from transpiler.diagnostics import refuse
from transpiler.ir.expressions import Computed, Expression, Given, Item, Let, Source
from transpiler.source import NOWHERE, Span

PACKAGE = __name__.partition(".")[0]

_ARITHMETIC = "add sub mul matmul truediv floordiv mod divmod pow"
_BITS = "lshift rshift and or xor"
_REFLECTED = [f"r{name}" for name in f"{_ARITHMETIC} {_BITS}".split()]
_UNARY = "neg pos abs invert round trunc floor ceil"
_ESCAPES = {
    **dict.fromkeys(f"{_ARITHMETIC} {_BITS} {_UNARY}".split(), "is calculated with"),
    **dict.fromkeys(_REFLECTED, "is calculated with"),
    **dict.fromkeys(["int", "float", "complex", "index"], "is made a number"),
    **dict.fromkeys(["bytes", "fspath"], "is made a text"),
    **dict.fromkeys(["getitem", "setitem", "delitem"], "is subscripted"),
    **dict.fromkeys(["enter", "exit", "aenter", "aexit"], "is used by a with"),
    **dict.fromkeys(["reduce", "reduce_ex"], "is pickled"),
    "call": "is called",
    "hash": "is used as a key, or in a set",
}
_BRANCHES = {
    "bool": "is branched on",
    "len": "is asked for its length",
    "contains": "is searched",
    **dict.fromkeys(["eq", "ne"], "is compared"),
    **dict.fromkeys(["lt", "le", "gt", "ge"], "is put in order"),
}


class Symbol:
    """A value that is known only when the workflow runs."""

    __slots__ = ("expression",)
    expression: Item | Let | Computed

    def __init__(self, expression: Item | Let | Computed) -> None:
        object.__setattr__(self, "expression", expression)

    # isinstance() asks for it where the type alone does not answer.
    @property  # type: ignore[misc]  # nobody may set it
    def __class__(self) -> Any:
        frame = sys._getframe(1)
        while frame.f_back and frame.f_globals.get("__name__") in ("abc", "_py_abc"):
            frame = frame.f_back
        if not is_ours(frame.f_globals):
            refuse_branch(self, "is asked for its type")
        return Symbol

    def __copy__(self) -> Symbol:
        return self

    def __deepcopy__(self, memo: object) -> Symbol:
        return self

    # Messages of ours speak of it.
    def __str__(self) -> str:
        if not is_ours(sys._getframe(1).f_globals):
            refuse_escape(self, "is made a text")
        return spoken(self)

    def __repr__(self) -> str:
        if not is_ours(sys._getframe(1).f_globals):
            refuse_escape(self, "is made a text")
        return spoken(self)

    def __format__(self, spec: str) -> str:
        if not is_ours(sys._getframe(1).f_globals):
            refuse_escape(self, "is made a text")
        return spoken(self)

    def __iter__(self) -> Iterator[Any]:
        raise refuse(
            "FLOW202",
            f"{spoken(self)} is iterated over, but is known only when the workflow "
            "runs",
            span=author_span("loops"),
            hint=_cure_of_iterating(self.expression),
        )

    def __getattr__(self, name: str) -> Any:
        # Protocol look-ups such as __array__ are answered with "no".
        if name.startswith("__"):
            raise AttributeError(name)
        refuse_escape(self, f"is asked for its attribute {name}")

    def __setattr__(self, name: str, value: object) -> None:
        refuse_escape(self, f"gets an attribute {name}")


def _refusing(
    refusal: Callable[[Symbol, str], NoReturn], what: str
) -> Callable[..., Any]:
    def method(self: Symbol, *_: object, **__: object) -> Any:
        refusal(self, what)

    return method


def refuse_branch(symbol: Symbol, what: str) -> NoReturn:
    """Refuse that the author's Python decides something by a value not known yet."""
    text = describe(symbol.expression)
    match symbol.expression:
        case Let(value=Computed(source)) if "os" in source.globals:
            predicate = f'os.environ["{_variable(source)}"] == ...'
        case Computed():
            predicate = text
        case _:
            predicate = f"bool({text})"
    if what in ("is compared", "is matched"):
        hint = f"choose with flow.switch({text}, {{value: step}})"
    elif what == "is branched on":
        hint = f"branch with flow.when(lambda state: {predicate}, step)"
    else:
        hint = f"branch with flow.when(lambda state: ... {text} ..., step)"
    raise refuse(
        "FLOW201",
        f"{spoken(symbol)} {what}, but is known only when the workflow runs",
        span=author_span("tests"),
        hint=hint,
    )


def refuse_escape(symbol: Symbol, what: str) -> NoReturn:
    """Refuse that a value that is not known yet goes where it can't be followed."""
    raise refuse(
        "FLOW203",
        f"{spoken(symbol)} {what} here, but is known only when the workflow runs",
        span=author_span(),
        hint="write the expression as an argument of the step, or do this in the step",
    )


for _names, _refusal in ((_BRANCHES, refuse_branch), (_ESCAPES, refuse_escape)):
    for _name, _what in _names.items():
        setattr(Symbol, f"__{_name}__", _refusing(_refusal, _what))


def spoken(symbol: Symbol) -> str:
    """Return how a message speaks of a symbol."""
    match symbol.expression:
        case Item(name=name, noun=noun):
            return f"the {noun} {name}"
        case Let(value=Computed(source)) if "os" in source.globals:
            return f"the environment variable {_variable(source)}"
        case expression:
            return describe(expression)


def _variable(source: Source) -> str:
    """Return the variable that a flow.env(...) is about."""
    name = source.names["name"]
    return str(name.value) if isinstance(name, Given) else "?"


def _cure_of_iterating(expression: Expression) -> str:
    """Return what to write in the place of what goes through a value not known yet."""
    text = _inside(expression)
    frame = _author_frame()
    operation = dis.opname[frame.f_code.co_code[frame.f_lasti]]
    parts = f"name its parts one by one: {text}[0], {text}[1]"
    each = f"flow.for_each(lambda state: {text}, body)"
    if text != "..." and operation in ("UNPACK_SEQUENCE", "UNPACK_EX"):
        return parts
    if text != "..." and operation in ("LIST_EXTEND", "CALL_FUNCTION_EX"):
        return f"{parts}; {each} makes a step of each"
    return f"make a step of each element with {each}"


def _author_frame() -> FrameType:
    frame = sys._getframe(1)
    while frame.f_back and is_ours(frame.f_globals):
        frame = frame.f_back
    return frame


def _inside(expression: Expression) -> str:
    """Return what a loop over an expression would be over, if it can just be said."""
    if isinstance(expression, Computed) and expression.source.calls:
        return "..."
    return describe(expression)


def describe(expression: Expression) -> str:
    """Return an expression as a reader would know it, for messages."""
    match expression:
        case Item() | Let():
            return expression.name
        case Computed(source):
            return source.text
        case _:
            return repr(expression.value)


def author_span(part: Literal["tests", "loops"] | None = None) -> Span:
    """Return where the author's code stands now: the innermost frame not of ours.

    With a `part`, it is what the statement there decides by, or goes through.
    """
    frame = _author_frame()
    outer: FrameType | None = frame
    while outer and is_installed(outer.f_code.co_filename):
        outer = outer.f_back
    # Where there is nothing but libraries, their place is better than none.
    if outer and not is_ours(outer.f_globals):
        frame = outer
    position = positions(frame.f_code)[frame.f_lasti // 2]
    if position is None:
        return NOWHERE
    path = frame.f_code.co_filename
    file = source_file(path)
    # An instruction that branches stands where the whole statement does.
    found = getattr(file, part).get(position) if file and part else None
    return span_at(path, position_of(found) if found else position)


_LIBRARY = f"{os.path.dirname(os.__file__)}{os.sep}"


def is_installed(path: str) -> bool:
    """Return whether a file is of the standard library, or was installed."""
    return path.startswith((_LIBRARY, "<frozen ")) or "site-packages" in path


def is_ours(namespace: dict[str, Any]) -> bool:
    """Return whether a frame's globals are those of a module of this package."""
    name = namespace.get("__name__", "")
    return bool(name == PACKAGE or name.startswith(f"{PACKAGE}."))
