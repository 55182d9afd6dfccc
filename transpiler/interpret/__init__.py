"""What a workflow means: its IR, executed.

This is the reference that every emitted script is held against, so it is written to be
read: one branch for each kind of node, in the order of `transpiler.ir.nodes`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import (
    ALL_COMPLETED,
    FIRST_EXCEPTION,
    ThreadPoolExecutor,
    wait,
)
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self, assert_never

from transpiler.interpret.limits import Limit, limited_by
from transpiler.interpret.observing import logged, traced
from transpiler.interpret.values import Values, World
from transpiler.ir import nodes as ir
from transpiler.ir.backoff import delay_before
from transpiler.ir.errors import RecoveredPanic
from transpiler.ir.expressions import Expression, Item, Let, items_of, reevaluate
from transpiler.ir.messages import group_message
from transpiler.ir.walk import expressions

__all__ = ["MOST_BRANCHES", "Interpreter", "World"]

log = logging.getLogger(__name__)

Turn = Callable[[], Callable[[], None]]
"""Makes a step ready when its turn comes, to be run then."""

MOST_BRANCHES = 32
"""How many branches of a parallel block run at once where no limit is given."""


@dataclass(frozen=True, slots=True)
class Interpreter(Values):
    """Runs nodes."""

    def workflow(self, node: ir.Workflow, state: Any) -> None:
        """Run an entry point on a state, evaluating its calls anew."""
        inside = self
        for let in node.lets:
            inside = inside.within({let: reevaluate(let.value, inside.bindings)})
        inside.step(node.step, state)

    def started(self, node: object) -> Self:
        """Return an interpreter that knows what is read when a run starts."""
        lets = {x for x in expressions(node) if isinstance(x, Let)}
        own = [let for let in lets if not items_of(let.value)]
        return self.within({let: self.value(let.value) for let in own})

    # Steps

    def step(self, node: ir.Step, state: Any) -> None:
        """Run a step on a state."""
        match node:
            case ir.Call():
                self.start(node, state)
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
                steps = ir.Steps(node.steps)
                self.in_order(node, [partial(self.expand, steps, state)])
            case ir.InSerial():
                each = [partial(self.expand, p, state) for p in node.providers]
                self.in_order(node, each)
            case ir.InParallel():
                self.in_parallel(node, state)
            case ir.When():
                if self.test(node.predicate, state):
                    self.step(node.step, state)
                elif node.otherwise is not None:
                    self.step(node.otherwise, state)
            case ir.While():
                while self.test(node.predicate, state, loops=True):
                    self.step(node.step, state)
            case ir.Repeat():
                for _ in range(self.value(node.times)):
                    self.step(node.step, state)
            case ir.Sleep():
                self.sleep(self.value(node.seconds))
            case ir.Switch():
                self.switch(node, state)
            case ir.Retry():
                self.retry(node, state)
            case ir.IgnoreError():
                try:
                    self.step(node.step, state)
                except node.on.types as error:
                    if self.limited(error):
                        raise
                    log.warning("best effort failed, going on", exc_info=True)
            case ir.OnError():
                self.on_error(node, state)
            case ir.RecoverPanics():
                try:
                    self.step(node.step, state)
                except SystemExit as error:
                    raise RecoveredPanic(f"panic recovered: {error}") from error
            case ir.Ensure():
                try:
                    self.step(node.step, state)
                finally:
                    self.within_limit(None, node.cleanup, state)
            case ir.WithTimeout():
                seconds = self.value(node.seconds)
                limit = self.limit_in(seconds, f"not done within {seconds} s")
                self.within_limit(limit, node.step, state)
            case ir.WithDeadline():
                when = self.value(node.when)
                seconds = when.timestamp() - self.world.now()
                limit = self.limit_in(seconds, f"not done by {when}")
                self.within_limit(limit, node.step, state)
            case ir.Spawn():
                self.step(node.step, self.extract(node.derive, state))
            case ir.Using():
                with self.extract(node.resource, state) as child:
                    self.step(node.step, child)
            case ir.Logged():
                level = self.value(node.level) if node.level else logging.INFO
                with logged(level, node.title):
                    self.step(node.step, state)
            case ir.Traced():
                with traced(self.value(node.to)):
                    self.step(node.step, state)
            case ir.Pipeline():
                value = self.extract(node.extract, state)
                for transform in node.transforms:
                    value = self.transform(transform, state, value)
                self.consume(node.consume, state, value)
            case _:
                assert_never(node)

    def in_order(
        self,
        node: ir.Do | ir.InSerial,
        providers: Iterable[Callable[[], list[Turn]]],
    ) -> None:
        """Run steps in order. To join errors, run all of them, then raise a group.

        A provider that fails to expand is joined, too, and the next one gets its turn.
        """
        errors: list[Exception] = []
        for provider in providers:
            # No generator: one would make another error of a StopIteration.
            try:
                turns = provider()
            except Exception as error:
                if not node.join_errors:
                    raise
                self.join(errors, error)
                continue
            for turn in turns:
                try:
                    step = turn()
                except Exception as error:
                    if not node.join_errors:
                        raise
                    self.join(errors, error)
                    break
                try:
                    step()
                except Exception as error:
                    if not node.join_errors:
                        raise
                    self.join(errors, error)
        if errors:
            raise ExceptionGroup(group_message(node), errors)

    def join(self, errors: list[Exception], error: Exception) -> None:
        """Keep an error for later, unless it is the time limit's."""
        errors.append(error)
        if self.limit is not None:
            self.limit.let_pass(errors)

    def switch(self, node: ir.Switch, state: Any) -> None:
        """Run the first case whose value equals the subject."""
        subject = self.extract(node.subject, state)
        for case in node.cases:
            value = self.value(case.value)
            if subject is None if value is None else subject == value:
                return self.step(case.step, state)
        if node.otherwise is not None:
            self.step(node.otherwise, state)
        return None

    def on_error(self, node: ir.OnError, state: Any) -> None:
        """Run a step; the first handler for the type of its error counts."""
        try:
            self.step(node.step, state)
        except Exception as error:
            if self.limited(error):
                raise
            for handler in node.handlers:
                if isinstance(error, handler.on.types):
                    return self.handle(handler, state, error)
            raise

    def handle(
        self, handler: ir.Handler | ir.HandlerFunction, state: Any, error: Exception
    ) -> None:
        """Run a handler's step, or the one that its function returns."""
        if isinstance(handler, ir.Handler):
            if handler.step is not None:
                self.step(handler.step, state)
            else:
                log.debug("handled, going on", exc_info=True)
            return
        fn = self.closure(handler.fn, handler.captured)
        further = {name: self.value(x) for name, x in handler.defaults}
        step = handler.decide(fn, state, error, **further)
        if step is not None:
            self.started(step).step(step, state)

    def in_parallel(self, node: ir.InParallel, state: Any) -> None:
        """Run all branches at once; after the first error, begin no more of them."""
        branches = [
            branch
            for provider in node.providers
            for branch in self.expand_at_once(provider, state)
        ]
        limit = MOST_BRANCHES if node.limit is None else self.value(node.limit)
        with ThreadPoolExecutor(max_workers=limit) as pool:
            # Each branch has a copy of the context: the names around this block.
            futures = [pool.submit(copy_context().run, branch) for branch in branches]
            until = ALL_COMPLETED if node.join_errors else FIRST_EXCEPTION
            try:
                finished, _ = wait(futures, return_when=until)
            finally:
                pool.shutdown(cancel_futures=True)
        if node.join_errors:
            errors = [error for future in futures if (error := future.exception())]
            if self.limit is not None:
                self.limit.let_pass(errors)
            if errors:
                raise BaseExceptionGroup(group_message(node), errors)
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
                if self.limited(error):
                    raise
                for policy in node.policies:
                    if not self.agrees(policy, attempt, error):
                        raise
                self.starting()
                log.warning("attempt %d: %s; again", attempt, error)

    def agrees(self, policy: ir.Policy, attempt: int, error: BaseException) -> bool:
        """Return whether a policy lets a failed attempt be followed by another."""
        match policy:
            case ir.UpTo():
                return bool(attempt < self.value(policy.attempts))
            case ir.Backoff():
                self.sleep(self.delay(policy, attempt))
                return True
            case ir.OnlyIf():
                return bool(self.function(policy.check)(error))
            case _:
                assert_never(policy)

    def sleep(self, seconds: float) -> None:
        """Sleep, but no longer than the time limit, if there is one."""
        if self.limit is None:
            self.world.sleep(seconds)
        else:
            self.world.sleep(max(0, min(seconds, self.limit.left)))
            self.limit.check()

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

    # Time limits

    def limited(self, error: BaseException) -> bool:
        """Return whether an error is the time limit's, which nobody inside handles."""
        return self.limit is not None and error in self.limit.raised

    def limit_in(self, seconds: float, message: str) -> Limit:
        """Return a limit, or the one around it if that passes first."""
        monotonic = self.world.monotonic
        limit = Limit(monotonic() + seconds, message, monotonic)
        if self.limit is not None and self.limit.deadline <= limit.deadline:
            return self.limit
        return limit

    def within_limit(self, limit: Limit | None, step: ir.Step, state: Any) -> None:
        """Run a step within a limit; a cleanup has none, whatever it is inside of."""
        with limited_by(limit):
            replace(self, limit=limit).step(step, state)

    # Providers

    def expand(self, node: ir.Provider, state: Any, *names: Expression) -> list[Turn]:
        """Return a provider's steps, each to be made ready when its turn comes.

        They run outside of the provider's `names`, which are for its expansion.
        """
        match node:
            case ir.Steps():
                return [partial(self.branch, step, state) for step in node.steps]
            case ir.ForEach():
                items = self.items(node, state, names)
                return [partial(self.turn, node, item, state, names) for item in items]
            case ir.Named():
                return self.expand(node.inner, state, *names, node.name)
            case _:
                assert_never(node)

    def at(self, node: ir.ForEach, item: Any) -> Self:
        """Return an interpreter inside of a loop's body."""
        parts = zip(node.parts, item, strict=True) if node.parts else ()
        return self.within({node.item: item, **dict(parts)})

    def turn(
        self, node: ir.ForEach, item: Any, state: Any, names: tuple[Expression, ...]
    ) -> Callable[[], None]:
        """Return the step of an item, ready to be run."""
        inside = self.at(node, item)
        if node.lets:
            with self.noting(*names):
                for let in node.lets:
                    inside = inside.within({let: inside.value(let.value)})
        return inside.branch(node.body, state)

    def expand_at_once(
        self, node: ir.Provider, state: Any, *names: Expression
    ) -> list[Callable[[], None]]:
        """Return a provider's steps, ready to be run at the same time."""
        match node:
            case ir.Steps():
                return [self.branch(step, state) for step in node.steps]
            case ir.ForEach():
                with self.noting(*names):
                    items = self.items(node, state, ())
                    insides = [self.at(node, item) for item in items]
                    for let in node.lets:
                        insides = [
                            inside.within({let: inside.value(let.value)})
                            for inside in insides
                        ]
                return [inside.branch(node.body, state) for inside in insides]
            case ir.Named():
                return self.expand_at_once(node.inner, state, *names, node.name)
            case _:
                assert_never(node)

    def items(
        self, node: ir.ForEach, state: Any, names: tuple[Expression, ...]
    ) -> list[Any]:
        """Return what a loop is over, read once: a step may change where it is from."""
        with self.noting(*names):
            return list(self.extract(node.items, state))

    def branch(self, step: ir.Step, state: Any) -> Callable[[], None]:
        """Return a function that runs a step."""
        return lambda: self.step(step, state)
