"""What a loop item can't take part in is refused, at its place, with a cure."""

from __future__ import annotations

import asyncio
import bisect
import copy
import functools
import json
import math
import operator
import os
import pickle
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from transpiler import flow
from transpiler.capture.sites import expression_of, holds_symbol
from transpiler.capture.symbols import Symbol, describe, spoken
from transpiler.diagnostics import Diagnostic, TranspileError, render
from transpiler.ir.expressions import Computed, Item, Let, Source, evaluate


def item(name: str = "user") -> Any:
    """Return a stand-in, of no type that a checker knows."""
    return Symbol(Item(name))


def refused(use: Callable[[Any], object]) -> Diagnostic:
    with pytest.raises(TranspileError) as caught:
        use(item())
    (found,) = caught.value.diagnostics
    return found


def match_text(x: Any) -> bool:
    match x:
        case "admin":
            return True
        case _:
            return False


def match_class(x: Any) -> bool:
    match x:
        case str():
            return True
        case _:
            return False


@functools.singledispatch
def dispatched(x: object) -> str:
    return "object"


@dispatched.register
def _(x: str) -> str:
    return "str"


def entered(x: Any) -> None:
    with x:
        raise AssertionError("it has been entered")


def extended(x: Any) -> object:
    x += "_db"
    return x


DECIDES: list[Callable[[Any], object]] = [
    lambda x: 1 if x else 2,
    lambda x: x and 1,
    lambda x: x or 1,
    lambda x: not x,
    lambda x: bool(x),
    lambda x: any([x]),
    lambda x: len(x),
    lambda x: x == "a",
    lambda x: x == "a",
    lambda x: x != "a",
    lambda x: x < 3,
    lambda x: x > 3,
    lambda x: x >= 3,
    lambda x: "a" in x,
    lambda x: x in ["a"],
    lambda x: ["a"].index(x),
    lambda x: sorted([x, 1]),
    lambda x: max(x, 1),
    lambda x: bisect.bisect([1, 2], x),
    lambda x: isinstance(x, str),
    lambda x: isinstance(x, Sequence),
    lambda x: isinstance(x, int | str),
    match_text,
    match_class,
    dispatched,
    lambda x: json.dumps(x),
    lambda x: Path(x),
    lambda x: Counter(x),
]

ITERATES: list[Callable[[Any], object]] = [
    lambda x: [*x],
    lambda x: list(x),
    lambda x: [y for y in x],  # noqa: C416
    lambda x: max(x),
    lambda x: ",".join(x),
    lambda x: print(*x),
    lambda x: [].extend(x),
    lambda x: iter(x),
]

ESCAPES: list[Callable[[Any], object]] = [
    lambda x: f"{x}",
    lambda x: f"{x:>10}",
    lambda x: f"{x!r}",
    lambda x: f"{x!s}",
    lambda x: str(x),
    lambda x: repr(x),
    lambda x: "%s" % x,  # noqa: UP031
    lambda x: "{}".format(x),  # noqa: UP032
    lambda x: str([x]),
    lambda x: dict(x),
    lambda x: pickle.dumps(x),
    lambda x: os.fspath(x),
    lambda x: open(x),  # noqa: SIM115
    lambda x: x + "a",
    lambda x: "a" + x,
    lambda x: x % 2,
    lambda x: 2**x,
    lambda x: -x,
    lambda x: ~x,
    lambda x: abs(x),
    lambda x: x | {},
    lambda x: round(x),
    lambda x: math.floor(x),
    lambda x: math.sqrt(x),
    lambda x: divmod(x, 2),
    lambda x: int(x),
    lambda x: float(x),
    lambda x: range(x),
    lambda x: "ab"[x],
    lambda x: operator.index(x),
    lambda x: bytes(x),
    lambda x: x.name,
    lambda x: x.upper(),
    lambda x: getattr(x, "name"),  # noqa: B009
    lambda x: hasattr(x, "name"),
    lambda x: setattr(x, "name", 1),
    lambda x: x["a"],
    lambda x: operator.setitem(x, "a", 1),
    lambda x: x(),
    lambda x: {x},
    lambda x: {x: 1},
    lambda x: {"a": 1}[x],
    lambda x: hash(x),
    lambda x: functools.cache(lambda y: y)(x),
    entered,
    extended,
]


@pytest.mark.parametrize("use", DECIDES)
def test_python_can_not_decide_by_it(use: Callable[[Any], object]) -> None:
    found = refused(use)
    # "a" in x may be answered by going through it.
    assert found.code == "FLOW201"
    assert found.message.startswith("the loop item user is ")
    assert "flow.when(" in found.hint or "flow.switch(" in found.hint
    assert found.span.path == __file__


@pytest.mark.parametrize("use", ITERATES)
def test_python_can_not_go_through_it(use: Callable[[Any], object]) -> None:
    found = refused(use)
    assert (found.code, found.span.path) == ("FLOW202", __file__)
    assert "flow.for_each(lambda state: user, body)" in found.hint


@pytest.mark.parametrize("use", ESCAPES)
def test_it_can_not_escape(use: Callable[[Any], object]) -> None:
    found = refused(use)
    assert (found.code, found.span.path) == ("FLOW203", __file__)
    assert found.message.startswith("the loop item user ")


@pytest.mark.parametrize(
    "use",
    [
        lambda x: asyncio.run(x),
        lambda x: next(x),
        lambda x: isinstance(x, AbstractContextManager) and x.__enter__(),
    ],
)
def test_what_else_is_tried_fails(use: Callable[[Any], object]) -> None:
    with pytest.raises((TranspileError, TypeError, AttributeError)) as caught:
        use(item())
    assert caught.value.args


def test_it_may_be_passed_on() -> None:
    symbol = item()
    assert [symbol][0] is symbol
    assert {"a": symbol}["a"] is symbol
    assert symbol is not None
    assert copy.copy(symbol) is symbol and copy.deepcopy([symbol])[0] is symbol
    assert callable(print)
    first, second = (symbol, 1)
    assert first is symbol and second == 1


def test_a_message_speaks_of_it() -> None:
    assert spoken(item()) == "the loop item user"
    text = Source("user.name", {}, {"user": Item("user")})
    assert spoken(Symbol(Computed(text))) == "user.name"
    host: Any = flow.env("DATABASE_HOST")
    assert spoken(host) == "the environment variable DATABASE_HOST"
    assert describe(host.expression) == "database_host"


def test_the_environment_is_not_called_a_loop_item() -> None:
    host: Any = flow.env("DATABASE_HOST")
    with pytest.raises(TranspileError) as caught:
        bool(host)
    (found,) = caught.value.diagnostics
    assert found.message.startswith("the environment variable DATABASE_HOST is ")
    assert 'os.environ["DATABASE_HOST"]' in found.hint


def test_carets_stand_under_the_condition() -> None:
    symbol = item()
    with pytest.raises(TranspileError) as caught:
        print(1 if symbol else 2)
    assert shown(caught.value) == ("print(1 if symbol else 2)", "symbol")
    with pytest.raises(TranspileError) as caught:
        if symbol:
            raise AssertionError
    assert shown(caught.value) == ("if symbol:", "symbol")
    with pytest.raises(TranspileError) as caught:
        print("é", [n for n in symbol])  # noqa: C416
    assert shown(caught.value)[1] == "symbol"
    with pytest.raises(TranspileError) as caught:
        print("é", f"{symbol}")
    # Python 3.11 tells the place of the whole string, later ones that of the part.
    assert shown(caught.value)[1] in ('f"{symbol}"', "{symbol}")


def shown(error: TranspileError) -> tuple[str, str]:
    """Return the line of a diagnostic, and what its carets stand under."""
    _, line, carets, *_ = render(error.diagnostics[0]).splitlines()
    begin, end = carets.index("^"), carets.rindex("^") + 1
    return line.partition("| ")[2].strip(), line[begin:end]


@pytest.mark.parametrize(
    "value",
    [
        [Symbol(Item("a")), 1],
        (1, (Symbol(Item("a")),)),
        {"k": [Symbol(Item("a"))], "l": 2},
        [{"x": (Symbol(Item("a")), "y")}],
        (Symbol(Item("a")),),
    ],
)
def test_containers_of_items_are_made_anew(value: Any) -> None:
    assert holds_symbol(value)
    expression = expression_of(value)
    bindings = dict.fromkeys(items_in(value), "A")
    assert evaluate(expression, bindings) == with_text(value)
    assert not holds_symbol(with_text(value))


def items_in(value: Any) -> list[Any]:
    match value:
        case Symbol():
            return [value.expression]
        case list() | tuple():
            return [found for each in value for found in items_in(each)]
        case dict():
            return [found for each in value.values() for found in items_in(each)]
        case _:
            return []


def with_text(value: Any) -> Any:
    match value:
        case Symbol():
            return "A"
        case list():
            return list(map(with_text, value))
        case tuple():
            return tuple(map(with_text, value))
        case dict():
            return {key: with_text(each) for key, each in value.items()}
        case _:
            return value


def test_a_let_is_described_by_its_name() -> None:
    value = Computed(Source("f(user)", {}, {"user": Item("user")}))
    assert describe(Let("name", value)) == "name"
    assert describe(value) == "f(user)"
