"""Which functions a part of a workflow calls, and on which part of the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from transpiler.capture.functions import definition_span
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression
from transpiler.lint.effects import Reading
from transpiler.lint.places import Place, given
from transpiler.lint.reader import read
from transpiler.lint.subject import Subject
from transpiler.source import Span

_ALL = (Exception, BaseException)


@dataclass(frozen=True, slots=True)
class Use:
    """A call of a leaf.

    `state` is the part of the state that it gets, or None for something else. `last`
    says that nothing comes after it that may fail, `harmless` that its own failure
    goes no further.
    """

    fn: object
    known: tuple[tuple[str, Expression], ...]
    state: Place | None
    last: bool = False
    harmless: bool = False

    @property
    def definition(self) -> Span | None:
        """Where the function is defined, if that is known."""
        return definition_span(self.fn) if callable(self.fn) else None

    def read(self, subject: Subject) -> Reading:
        """Return what the function does, whatever its arguments are."""
        key = (self.fn, self.state.path if self.state else None)
        if key not in subject.known:
            subject.known[key] = read(subject, self.fn, self.state, {})
        reading = subject.known[key]
        assert isinstance(reading, Reading)
        return reading

    def read_exactly(self, subject: Subject) -> Reading:
        """Return what the function does with just these arguments."""
        reading = self.read(subject)
        if all(effect.is_certain for effect in reading.effects):
            return reading  # They make no difference.
        known = {name: given(value) for name, value in self.known}
        return read(subject, self.fn, self.state, known)


@dataclass(frozen=True, slots=True)
class Walk:
    """Walks a part of a workflow: where in it, and on which part of the state."""

    subject: Subject
    state: Place | None = Place()
    last: bool = True
    harmless: bool = False

    def _with(self, last: bool) -> Walk:
        return Walk(self.subject, self.state, self.last and last, self.harmless)

    def step(self, node: ir.Step) -> Iterator[Use]:
        """Yield the calls of a step, in program order."""
        early = self._with(False)
        match node:
            case ir.Call():
                yield self._use(node)
            case ir.Named():
                yield from self.step(node.inner)
            case ir.Do():
                yield from self._in_order([ir.Steps(node.steps)])
            case ir.InSerial():
                yield from self._in_order(node.providers)
            case ir.InParallel():
                for provider in node.providers:
                    yield from early._provider(provider)
            case ir.When():
                yield from early._data(node.predicate)
                yield from self.step(node.step)
                if node.otherwise is not None:
                    yield from self.step(node.otherwise)
            case ir.While():
                yield from early._data(node.predicate)
                yield from early.step(node.step)
            case ir.Repeat():
                yield from early.step(node.step)
            case ir.Sleep():
                pass
            case ir.Switch():
                yield from early._data(node.subject)
                for case in node.cases:
                    yield from self.step(case.step)
                if node.otherwise is not None:
                    yield from self.step(node.otherwise)
            case ir.IgnoreError():
                ignores = any(kind in _ALL for kind in _types(node.on))
                harmless = self.harmless or (self.last and ignores)
                inside = Walk(self.subject, self.state, self.last, harmless)
                yield from inside.step(node.step)
            case ir.OnError():
                yield from self.step(node.step)
                for handler in node.handlers:
                    yield from self._handler(handler)
            case ir.Ensure():
                yield from early.step(node.step)
                yield from self.step(node.cleanup)
            case ir.Spawn():
                yield from early._data(node.derive)
                child = self._derived(node.derive)
                inside = Walk(self.subject, child, self.last, self.harmless)
                yield from inside.step(node.step)
            case ir.Using():
                yield from early._data(node.resource)
                inside = Walk(self.subject, None, False, self.harmless)
                yield from inside.step(node.step)
            case ir.Pipeline():
                for part in (node.extract, *node.transforms):
                    yield from early._data(part)
                yield from self._data(node.consume)
            case (
                ir.Composite()
                | ir.Retry()
                | ir.RecoverPanics()
                | ir.WithTimeout()
                | ir.WithDeadline()
                | ir.Logged()
                | ir.Traced()
            ):
                yield from self.step(node.step)
            case _:
                assert_never(node)

    def _in_order(self, providers: Iterable[ir.Provider]) -> Iterator[Use]:
        parts: list[Any] = []
        for provider in providers:
            parts += provider.steps if isinstance(provider, ir.Steps) else [provider]
        for index, part in enumerate(parts):
            inside = self._with(index == len(parts) - 1)
            if _is_provider(part):
                yield from inside._provider(part)
            else:
                yield from inside.step(part)

    def _provider(self, node: ir.Provider) -> Iterator[Use]:
        early = self._with(False)
        match node:
            case ir.Steps():
                for step in node.steps:
                    yield from early.step(step)
            case ir.ForEach():
                yield from early._data(node.items)
                yield from early.step(node.body)
            case ir.Named():
                yield from self._provider(node.inner)
            case _:
                assert_never(node)

    def _handler(self, node: ir.Handler | ir.HandlerFunction) -> Iterator[Use]:
        if isinstance(node, ir.HandlerFunction):
            known = (*node.captured, *node.defaults)
            yield Use(node.fn, known, self.state, False, self.harmless)
            steps = [outcome.step for outcome in node.outcomes]
        else:
            steps = [node.step]
        for step in steps:
            if step is not None:
                yield from self.step(step)

    def _data(
        self, node: ir.Extract | ir.Transform | ir.Consume | ir.Predicate
    ) -> Iterator[Use]:
        early = self._with(False)
        match node:
            case ir.Call():
                yield self._use(node)
            case ir.Named():
                yield from self._data(node.inner)
            case ir.Not():
                yield from early._data(node.predicate)
            case ir.And() | ir.Or():
                for predicate in node.predicates:
                    yield from early._data(predicate)
            case ir.From():
                for part in (node.extract, *node.transforms):
                    yield from early._data(part)
            case ir.Collect():
                yield from early._data(node.extract)
            case ir.Chain():
                for part in node.transforms:
                    yield from early._data(part)
            case ir.Render():
                yield from early._data(node.transform)
            case ir.Feed():
                for part in node.transforms:
                    yield from early._data(part)
                yield from self._data(node.consume)
            case ir.Apply():
                yield from early._data(node.consume)
            case ir.Value() | ir.Flatten():
                pass
            case ir.Map():
                yield from early.step(node.body)
            case _:
                assert_never(node)

    def _use(self, node: ir.Call) -> Use:
        bound = tuple((a.parameter, a.value) for a in node.arguments)
        known = (*node.function.captured, *bound)
        return Use(node.function.fn, known, self.state, self.last, self.harmless)

    def _derived(self, node: ir.Extract) -> Place | None:
        """Return the part of the state that an extract returns, if it is one."""
        if not isinstance(node, ir.Call):
            return None
        returned = self._use(node).read_exactly(self.subject).returned
        found = returned[0] if len(returned) == 1 else None
        return found if isinstance(found, Place) else None


def _is_provider(node: object) -> bool:
    """Whether a part, perhaps with names, is a provider and not a step."""
    while isinstance(node, ir.Named):
        node = node.inner
    return isinstance(node, (ir.Steps, ir.ForEach))


def _types(on: ir.Exceptions) -> tuple[type[BaseException], ...]:
    return on.types if isinstance(on.types, tuple) else (on.types,)
