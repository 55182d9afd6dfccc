"""Thread pools without threads: branches run one after another, in an order by seed.

A real pool runs branches in whatever order the machine likes. This one takes what could
happen (which branch ends next, which ones had begun when one failed) from a seed, so
that a workflow and its script can be put into the same situation, and an order that
breaks one of them can be had again.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

FIFO = 0
"""The seed of the plainest order: as submitted, and nothing begins behind an error."""


class Branch:
    """A future of a pool: a call that is made when its turn comes."""

    def __init__(self, pool: Pool, call: Callable[[], Any]) -> None:
        self.pool = pool
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
        try:
            self._result = self._call()
        except BaseException as error:
            self._error = error

    def exception(self) -> BaseException | None:
        """Return what the call raised."""
        if self.cancelled():
            raise concurrent.futures.CancelledError
        assert self.done(), "asked for the error of a branch that has not run"
        return self._error

    def result(self) -> Any:
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

    def __init__(self, schedule: Schedule, max_workers: int) -> None:
        assert max_workers >= 1
        self.schedule = schedule
        self.workers = max_workers
        self.branches: list[Branch] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **keywords: Any) -> Branch:
        """Queue a call."""
        branch = Branch(self, lambda: fn(*args, **keywords))
        self.branches.append(branch)
        return branch

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End what has begun, and the rest too unless that is cancelled."""
        assert wait
        if cancel_futures:
            running = self._begun()
            if any(branch.failed for branch in self.branches):
                # Those behind the failed ones may just have begun, or not.
                running = [b for b in running if self.schedule.tosses()]
            for branch in self.branches:
                if branch not in running:
                    branch.cancel()
        while self.run_one():
            pass

    def run_one(self) -> bool:
        """Run one of the branches that have begun to its end, if there are any."""
        begun = self._begun()
        if begun:
            self.schedule.pick(begun).run()
        return bool(begun)

    def _begun(self) -> list[Branch]:
        return [branch for branch in self.branches if not branch.done()][: self.workers]


class Schedule:
    """What chance decides in one run."""

    def __init__(self, seed: int, note: Callable[..., None] = print) -> None:
        self.seed = seed
        self._random = Random(seed)
        self._note = note

    def pick(self, branches: list[Branch]) -> Branch:
        """Return the branch that ends next."""
        # A single branch takes no chance: a script runs it without a pool.
        if self.seed == FIFO or len(branches) == 1:
            return branches[0]
        return self._random.choice(branches)

    def tosses(self) -> bool:
        """Return heads or tails."""
        return self.seed != FIFO and self._random.random() < 0.5

    def pool(self, max_workers: int = 32, **_: Any) -> Pool:
        """Stand in for ThreadPoolExecutor."""
        return Pool(self, max_workers)

    def wait(
        self,
        branches: Iterable[Branch],
        timeout: float | None = None,
        return_when: str = concurrent.futures.ALL_COMPLETED,
    ) -> tuple[set[Branch], set[Branch]]:
        """Stand in for concurrent.futures.wait."""
        assert timeout is None
        every = list(branches)
        pools = list(dict.fromkeys(branch.pool for branch in every))
        assert len(pools) <= 1, "branches of several pools are waited for at once"
        for pool in pools:
            if len(every) > 1:
                self._note("at once", min(pool.workers, len(every)))
            while not all(branch.done() for branch in every):
                failed = any(branch.failed for branch in every)
                if (
                    failed
                    and return_when == concurrent.futures.FIRST_EXCEPTION
                    # Others may end at the same time as the one that failed.
                    and not self.tosses()
                ):
                    break
                pool.run_one()
        done = {branch for branch in every if branch.done()}
        return done, set(every) - done
