"""What a workflow means: its IR, executed.

This is the reference that every emitted script is held against, so it is written to be
read: one function for each kind of node, in the order of `transpiler.ir.nodes`.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CellType, FunctionType
from typing import Any, assert_never

from transpiler.ir import nodes as ir
from transpiler.ir.backoff import delay_before
from transpiler.ir.expressions import Expression, Item, Let, evaluate, reevaluate

log = logging.getLogger(__name__)

MOST_BRANCHES = 32
"""How many branches of a parallel block run at once where no limit is given."""


@dataclass(frozen=True, slots=True)
class World:
    """What a run takes from outside; a test puts its own in place."""

    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Runs nodes; `bindings` are the values of the loop items around them."""

    world: World = field(default_factory=World)
    bindings: Mapping[Item | Let, Any] = field(default_factory=dict)

    def value(self, expression: Expression) -> Any:
        """Return the value of an argument."""
        return evaluate(expression, self.bindings)

    def within(self, bindings: Mapping[Item | Let, Any]) -> Interpreter:
        """Return an interpreter that knows some items more."""
        return Interpreter(self.world, {**self.bindings, **bindings})

    def call(self, node: ir.Call, *operands: Any) -> Any:
        """Call a leaf with the state, its input if any, and its bound arguments."""
        positional = [self.value(a.value) for a in node.arguments if a.keyword is None]
        keywords = {
            a.keyword: self.value(a.value) for a in node.arguments if a.keyword
        }
        return self.function(node.function)(*operands, *positional, **keywords)

    def function(self, function: ir.Function) -> Callable[..., Any]:
        """Return what to call: a closure over loop items gets their values."""
        fn = function.fn
        if not function.captured or not isinstance(fn, FunctionType):
            return fn
        cells = tuple(CellType(self.value(x)) for _, x in function.captured)
        made = FunctionType(
            fn.__code__, fn.__globals__, fn.__name__, fn.__defaults__, cells
        )
        made.__kwdefaults__ = fn.__kwdefaults__
        return made

    def workflow(self, node: ir.Workflow, state: Any) -> None:
        """Run an entry point on a state, evaluating its calls anew."""
        inside = self
        for let in node.lets:
            inside = inside.within({let: reevaluate(let.value, inside.bindings)})
        inside.step(node.step, state)

    # Steps

    def step(self, node: ir.Step, state: Any) -> None:
        """Run a step on a state."""
        match node:
            case ir.Call():
                self.call(node, state)
            case ir.Named():
                with self.noting(node.name):
                    self.step(node.inner, state)
            case ir.Composite():
                given = [self.value(x) for _, x in node.arguments]
                # Without parameters the step was made for just these arguments.
                bindings: dict[Item | Let, Any] = {}
                bindings.update(zip(node.parameters, given, strict=False))
                self.within(bindings).step(node.step, state)
            case ir.Do():
                for step in node.steps:
                    self.step(step, state)
            case ir.InSerial():
                for provider in node.providers:
                    for branch in self.expand(provider, state):
                        branch()
            case ir.InParallel():
                self.in_parallel(node, state)
            case ir.When():
                if self.predicate(node.predicate, state):
                    self.step(node.step, state)
                elif node.otherwise is not None:
                    self.step(node.otherwise, state)
            case ir.Retry():
                self.retry(node, state)
            case ir.IgnoreError():
                try:
                    self.step(node.step, state)
                except node.on.types:
                    log.warning("best effort failed, going on", exc_info=True)
            case _:
                assert_never(node)

    @contextmanager
    def noting(self, name: Expression) -> Iterator[None]:
        """Note on an error that passes where it happened."""
        text = f"in {self.value(name)}"
        try:
            yield
        except Exception as error:
            error.add_note(text)
            raise

    def in_parallel(self, node: ir.InParallel, state: Any) -> None:
        """Run all branches at once; after the first error, begin no more of them."""
        branches = [
            branch
            for provider in node.providers
            for branch in self.expand(provider, state)
        ]
        limit = MOST_BRANCHES if node.limit is None else self.value(node.limit)
        with ThreadPoolExecutor(max_workers=limit) as pool:
            futures = [pool.submit(branch) for branch in branches]
            try:
                finished, _ = wait(futures, return_when=FIRST_EXCEPTION)
            finally:
                pool.shutdown(cancel_futures=True)
        for future in futures:
            if future in finished:
                future.result()

    def retry(self, node: ir.Retry, state: Any) -> None:
        """Call a step until it succeeds or a policy declines."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return self.step(node.step, state)
            except node.on.types as error:
                for policy in node.policies:
                    if not self.agrees(policy, attempt, error):
                        raise
                log.warning("attempt %d: %s; again", attempt, error)

    def agrees(self, policy: ir.Policy, attempt: int, error: BaseException) -> bool:
        """Return whether a policy lets a failed attempt be followed by another."""
        match policy:
            case ir.UpTo():
                return bool(attempt < self.value(policy.attempts))
            case ir.Backoff():
                self.world.sleep(self.delay(policy, attempt))
                return True
            case ir.OnlyIf():
                return bool(self.function(policy.check)(error))
            case _:
                assert_never(policy)

    def delay(self, policy: ir.Backoff, attempt: int) -> float:
        """Return how long to sleep: the growth, then the jitter, then the cap."""
        base: float = self.value(policy.base)
        multiplier = self.value(policy.multiplier) if policy.multiplier else 1
        delay = delay_before(base, multiplier, attempt)
        if policy.jitter is not None:
            jitter = self.value(policy.jitter)
            low = 0 if jitter == "full" else delay * (1 - jitter)
            high = delay if jitter == "full" else delay * (1 + jitter)
            delay = self.world.uniform(low, high)
        if policy.max_delay is not None:
            delay = min(self.value(policy.max_delay), delay)
        return delay

    # Providers

    def expand(self, node: ir.Provider, state: Any) -> Iterator[Callable[[], None]]:
        """Yield a provider's steps, ready to be run."""
        match node:
            case ir.Steps():
                for step in node.steps:
                    yield self.branch(step, state)
            case ir.ForEach():
                # Read once: a step may change the list that the items came from.
                for item in list(self.extract(node.items, state)):
                    inside = self.within({node.item: item})
                    for let in node.lets:
                        inside = inside.within({let: inside.value(let.value)})
                    yield inside.branch(node.body, state)
            case ir.Named():
                # The steps run outside of this generator, so only expansion is noted.
                with self.noting(node.name):
                    yield from self.expand(node.inner, state)
            case _:
                assert_never(node)

    def branch(self, step: ir.Step, state: Any) -> Callable[[], None]:
        """Return a function that runs a step."""
        return lambda: self.step(step, state)

    # Extracts, transforms and predicates

    def extract(self, node: ir.Extract, state: Any) -> Any:
        """Return what an extract gets from the state."""
        match node:
            case ir.Call():
                return self.call(node, state)
            case ir.Value():
                return self.value(node.value)
            case ir.From():
                value = self.extract(node.extract, state)
                for transform in node.transforms:
                    value = self.transform(transform, state, value)
                return value
            case ir.Named():
                with self.noting(node.name):
                    return self.extract(node.inner, state)
            case _:
                assert_never(node)

    def transform(self, node: ir.Transform, state: Any, given: Any) -> Any:
        """Return what a transform makes of its input."""
        match node:
            case ir.Call():
                return self.call(node, state, given)
            case ir.Named():
                with self.noting(node.name):
                    return self.transform(node.inner, state, given)
            case ir.Map():
                raise AssertionError("flow makes a ForEach of it")
            case _:
                assert_never(node)

    def consume(self, node: ir.Consume, state: Any, given: Any) -> None:
        """Give a value to a consume."""
        match node:
            case ir.Call():
                self.call(node, state, given)
            case ir.Named():
                with self.noting(node.name):
                    self.consume(node.inner, state, given)
            case _:
                assert_never(node)

    def predicate(self, node: ir.Predicate, state: Any) -> bool:
        """Return whether a predicate holds."""
        match node:
            case ir.Call():
                return bool(self.call(node, state))
            case ir.Not():
                return not self.predicate(node.predicate, state)
            case ir.And():
                return all(self.predicate(p, state) for p in node.predicates)
            case ir.Or():
                return any(self.predicate(p, state) for p in node.predicates)
            case ir.Named():
                with self.noting(node.name):
                    return self.predicate(node.inner, state)
            case _:
                assert_never(node)
