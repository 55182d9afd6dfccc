"""Thread pools without threads: branches run one after another, in an order that a path
decides, so that an order which breaks something can be had again.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from random import Random
from typing import Any

from transpiler.verify.choices import Option
from transpiler.verify.run import Block, Run, Seen

ORDER = "the order"
"""What a decision about the order of branches is about."""

ORDERS = (
    Option("in the order of the program", "first"),
    Option("the last one first", "last"),
    Option("in an order by chance", "chance"),
)
"""In which order the branches of a block come to their ends, and what still happens
behind an error: with the first, nothing else has begun; with the second, all that has
begun ends later; with the third, some of it ends at the same time.
"""


class Branch:
    """A future of a pool: a call that is made when its turn comes."""

    def __init__(self, pool: Pool, call: Callable[[], Any]) -> None:
        self.pool = pool
        self.seen: list[Seen] = []
        self._call = call
        self._result: Any = None
        self._error: BaseException | None = None
        self._state = "pending"

    def done(self) -> bool:
        """Whether it ran, or never will."""
        return self._state != "pending"

    def cancelled(self) -> bool:
        """Whether it never will run."""
        return self._state == "cancelled"

    def cancel(self) -> bool:
        """Make sure that it does not run, if it has not yet."""
        if self._state == "pending":
            self._state = "cancelled"
        return self.cancelled()

    def run(self) -> None:
        """Make the call."""
        self._state = "finished"
        self.pool.pending -= 1
        try:
            with self.pool.run.within(self.seen):
                self._result = self._call()
        except BaseException as error:
            self._error = error
            self.pool.failures += 1

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Return what the call raised; it is made first, if it has not been yet."""
        while not self.done():
            self.pool.run_one()
        if self.cancelled():
            raise concurrent.futures.CancelledError
        return self._error

    def result(self, timeout: float | None = None) -> Any:
        """Return what the call returned, or raise what it raised."""
        error = self.exception()
        if error is not None:
            raise error
        return self._result

    @property
    def failed(self) -> bool:
        """Whether it ran and raised."""
        return self._error is not None


class Pool:
    """Has the face of a ThreadPoolExecutor."""

    def __init__(self, run: Run, max_workers: int, seed: int) -> None:
        if max_workers < 1:
            raise ValueError("max_workers must be greater than 0")
        self.run = run
        self.workers = max_workers
        self.branches: list[Branch] = []
        self.pending = self.failures = 0
        self._seed = seed
        self._order: str | None = None
        self._random = Random()
        self._block = Block(0)
        self._closed = False
        run.events.append(self._block)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **keywords: Any) -> Branch:
        """Queue a call."""
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        branch = Branch(self, lambda: fn(*args, **keywords))
        self.branches.append(branch)
        self._block.branches.append(branch.seen)
        self.pending += 1
        at_once = min(self.workers, self.pending)
        self._block.at_once = max(self._block.at_once, at_once)
        return branch

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any]) -> Iterator[Any]:
        """Queue a call for each of some values, and return what they return."""
        branches = [self.submit(fn, *each) for each in zip(*iterables, strict=False)]
        return (branch.result() for branch in branches)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End what has begun, and the rest too unless that is cancelled."""
        self._closed = True
        if cancel_futures:
            running = self._begun()
            if self.failures:
                running = self._still_running(running)
            for branch in self.branches:
                if branch not in running:
                    branch.cancel()
        while self.run_one():
            pass

    def _still_running(self, begun: list[Branch]) -> list[Branch]:
        match self.order:
            case "first":
                return []
            case "last":
                return begun
            case _:
                return [branch for branch in begun if self._random.random() < 0.5]

    def run_one(self) -> bool:
        """Run one of the branches that have begun to its end, if there are any."""
        begun = self._begun()
        if not begun:
            return False
        match self.order:
            case "first":
                begun[0].run()
            case "last":
                begun[-1].run()
            case _:
                self._random.choice(begun).run()
        return True

    def ends_with_another(self) -> bool:
        """Return whether another branch ends at the moment when one has failed."""
        return self.order == "chance" and self._random.random() < 0.5

    @property
    def order(self) -> str:
        """The order in which branches end; it is decided when the first is to run."""
        if self._order is None:
            count = len(self.branches)
            options = ORDERS if count > 1 else ORDERS[:1]
            subject = f"{ORDER} of {count} branches"
            self._order = self.run.oracle.choose(subject, options).effect
            block = self.run.oracle.times_asked(subject)
            self._random = Random(f"{self._seed} {count} {block}")
        return str(self._order)

    def _begun(self) -> list[Branch]:
        pending = (branch for branch in self.branches if not branch.done())
        return [*islice(pending, self.workers)]


def wait(
    branches: Iterable[Branch],
    timeout: float | None = None,
    return_when: str = concurrent.futures.ALL_COMPLETED,
) -> tuple[set[Branch], set[Branch]]:
    """Stand in for concurrent.futures.wait."""
    every = list(branches)
    for pool in _waited_for(every):
        match return_when:
            case concurrent.futures.FIRST_EXCEPTION if pool.failures:
                failed = any(branch.failed for branch in every)
                if failed and not pool.ends_with_another():
                    break
            case concurrent.futures.FIRST_COMPLETED:
                if any(branch.done() for branch in every):
                    break
        pool.run_one()
    done = {branch for branch in every if branch.done()}
    return done, set(every) - done


def _waited_for(branches: list[Branch]) -> Iterator[Pool]:
    """Yield the pool that has to go on, until all branches are done."""
    for branch in branches:
        while not branch.done():
            yield branch.pool


def as_completed(
    branches: Iterable[Branch], timeout: float | None = None
) -> Iterator[Branch]:
    """Stand in for concurrent.futures.as_completed."""
    left = list(branches)
    while left:
        ended = [branch for branch in left if branch.done()]
        if not ended:
            left[0].pool.run_one()
            continue
        for branch in ended:
            left.remove(branch)
            yield branch
