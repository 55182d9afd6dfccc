"""What values mean: arguments, calls of leaves, extracts, transforms, predicates."""

from __future__ import annotations

import inspect
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from types import CellType, FunctionType
from typing import Any, Self, assert_never

from transpiler.capture.functions import contents
from transpiler.interpret.arguments import copied, is_made_anew
from transpiler.interpret.limits import Limit
from transpiler.interpret.observing import part
from transpiler.ir import nodes as ir
from transpiler.ir.errors import Exhausted
from transpiler.ir.expressions import Expression, Given, Item, Let, evaluate
from transpiler.ir.messages import misplaced_map


@dataclass(frozen=True, slots=True)
class World:
    """What a run takes from outside; a test puts its own in place."""

    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Values:
    """Evaluates nodes.

    `bindings` are the values of the loop items around them, `limit` is the time limit
    that they are inside of: the one that passes first.
    """

    world: World = field(default_factory=World)
    bindings: Mapping[Item | Let, Any] = field(default_factory=dict)
    limit: Limit | None = None

    def value(self, expression: Expression) -> Any:
        """Return the value of an argument.

        A list that is written out is another one at each call, as it is in a script.
        """
        if isinstance(expression, Given) and is_made_anew(expression):
            return copied(expression.value)
        return evaluate(expression, self.bindings)

    def within(self, bindings: Mapping[Item | Let, Any]) -> Self:
        """Return an interpreter that knows some items more."""
        return replace(self, bindings={**self.bindings, **bindings})

    def starting(self) -> None:
        """Before something starts: raise if the time limit has passed."""
        if self.limit is not None:
            self.limit.check()

    def start(self, node: ir.Call, *operands: Any) -> Any:
        """Call a leaf, unless the time limit has passed."""
        self.starting()
        return self.call(node, *operands)

    def call(self, node: ir.Call, *operands: Any) -> Any:
        """Call a leaf with the state, its input if any, and its bound arguments."""
        positional = [self.value(a.value) for a in node.arguments if a.keyword is None]
        keywords = {a.keyword: self.value(a.value) for a in node.arguments if a.keyword}
        return self.function(node.function)(*operands, *positional, **keywords)

    def function(self, function: ir.Function) -> Callable[..., Any]:
        """Return what to call: a closure over loop items gets their values."""
        return self.closure(function.fn, function.captured, function.defaults)

    def closure(
        self,
        fn: Callable[..., Any],
        captured: tuple[tuple[str, Expression], ...],
        defaults: tuple[tuple[str, Expression], ...] = (),
    ) -> Callable[..., Any]:
        """Return a function that closes over the values of what it captured."""
        inner = inspect.unwrap(fn)
        if not (captured or defaults) or not isinstance(inner, FunctionType):
            return fn
        # What it closes over is the thing itself, not one that is written out.
        cells = tuple(CellType(evaluate(x, self.bindings)) for _, x in captured)
        made = _with_cells(inner, cells)
        values = {name: self.value(x) for name, x in defaults}
        if values:
            named = made.__kwdefaults__ or {}
            given = tuple(x for name, x in values.items() if name not in named)
            made.__defaults__ = given or None
            made.__kwdefaults__ = {name: values[name] for name in named}
        return _wrapped_again(fn, inner, made)

    @contextmanager
    def noting(self, *names: Expression) -> Iterator[None]:
        """Be inside parts of such names, the outermost first."""
        with ExitStack() as parts:
            for name in names:
                parts.enter_context(part(self.value(name)))
            yield

    # Extracts, transforms and predicates

    def extract(self, node: ir.Extract, state: Any) -> Any:
        """Return what an extract gets from the state."""
        match node:
            case ir.Call():
                return self.start(node, state)
            case ir.Value():
                return self.value(node.value)
            case ir.From():
                value = self.extract(node.extract, state)
                for transform in node.transforms:
                    value = self.transform(transform, state, value)
                return value
            case ir.Collect():
                return self.collect(node.extract, state)
            case ir.Named():
                with self.noting(node.name):
                    return self.extract(node.inner, state)
            case _:
                assert_never(node)

    def collect(self, node: ir.Extract, state: Any) -> list[Any]:
        """Return all that an extract gives until it is exhausted."""
        collected: list[Any] = []
        while True:
            try:
                collected.append(self.extract(node, state))
            except Exhausted:
                return collected
            except Exception as error:
                error.add_note(f"element {len(collected)}")
                raise

    @contextmanager
    def numbering(self, index: int) -> Iterator[None]:
        """Note on an error that passes which element it was about."""
        try:
            yield
        except Exception as error:
            error.add_note(f"element {index}")
            raise

    def transform(self, node: ir.Transform, state: Any, given: Any) -> Any:
        """Return what a transform makes of its input."""
        match node:
            case ir.Call():
                return self.start(node, state, given)
            case ir.Chain():
                for transform in node.transforms:
                    given = self.transform(transform, state, given)
                return given
            case ir.Render():
                rendered = []
                for index, element in enumerate(given):
                    with self.numbering(index):
                        rendered.append(self.transform(node.transform, state, element))
                return rendered
            case ir.Flatten():
                return [element for elements in given for element in elements]
            case ir.Named():
                with self.noting(node.name):
                    return self.transform(node.inner, state, given)
            case ir.Map():
                raise misplaced_map(node)
            case _:
                assert_never(node)

    def consume(self, node: ir.Consume, state: Any, given: Any) -> None:
        """Give a value to a consume."""
        match node:
            case ir.Call():
                self.start(node, state, given)
            case ir.Feed():
                for transform in node.transforms:
                    given = self.transform(transform, state, given)
                self.consume(node.consume, state, given)
            case ir.Apply():
                for index, element in enumerate(given):
                    with self.numbering(index):
                        self.consume(node.consume, state, element)
            case ir.Named():
                with self.noting(node.name):
                    self.consume(node.inner, state, given)
            case _:
                assert_never(node)

    def test(self, node: ir.Predicate, state: Any, loops: bool = False) -> bool:
        """Ask a predicate; it is asked as a whole, or not at all.

        One that is known asks nothing, but if it `loops`, an iteration starts.
        """
        known = _known(node)
        if known is None or (loops and known):
            self.starting()
        return self.predicate(node, state) if known is None else known

    def predicate(self, node: ir.Predicate, state: Any) -> bool:
        """Return whether a predicate holds."""
        match node:
            case ir.Call():
                return bool(self.call(node, state))
            case ir.Not():
                return not self.predicate(node.predicate, state)
            case ir.And():
                # No generator: it would make another error of a StopIteration.
                for predicate in node.predicates:
                    if not self.predicate(predicate, state):
                        return False
                return True
            case ir.Or():
                for predicate in node.predicates:
                    if self.predicate(predicate, state):
                        return True
                return False
            case ir.Named():
                with self.noting(node.name):
                    return self.predicate(node.inner, state)
            case _:
                assert_never(node)


def _with_cells(fn: FunctionType, cells: tuple[CellType, ...]) -> FunctionType:
    made = FunctionType(
        fn.__code__, fn.__globals__, fn.__name__, fn.__defaults__, cells
    )
    made.__kwdefaults__ = fn.__kwdefaults__
    return made


def _wrapped_again(
    fn: Callable[..., Any], inner: FunctionType, made: FunctionType
) -> Callable[..., Any]:
    """Put the decorators around `inner` around what was made of it."""
    if fn is inner or not isinstance(fn, FunctionType):
        return made
    wrapped = getattr(fn, "__wrapped__", inner)
    again = _wrapped_again(wrapped, inner, made)
    cells = (
        CellType(again) if contents(cell) is wrapped else cell
        for cell in fn.__closure__ or ()
    )
    return _with_cells(fn, tuple(cells))


def _known(node: ir.Predicate) -> bool | None:
    """Return whether a predicate holds if nothing need be asked for that, else None."""
    match node:
        case ir.Not(predicate):
            inner = _known(predicate)
            return None if inner is None else not inner
        case ir.And(predicates) | ir.Or(predicates):
            ends = isinstance(node, ir.Or)
            for predicate in predicates:
                known = _known(predicate)
                if known is None or known is ends:
                    return known
            return not ends
        case _:
            return None
