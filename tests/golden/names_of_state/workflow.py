"""A state called pool, items called attempt and error."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class WorkerPool:
    """Workers."""

    workers: list[str] = field(default_factory=lambda: ["ann", "bob"])
    hired: set[str] = field(init=False, default_factory=set)


@flow.step
def hire(pool: WorkerPool, branch: str) -> None:
    """Hire somebody."""
    pool.hired.add(branch)


@flow.step
def train(team: WorkerPool, attempt: str, error: int) -> None:
    """Train somebody."""
    team.hired.add(f"{attempt} {error}")


@flow.workflow
def staff() -> flow.Step[WorkerPool]:
    """Staff a pool."""
    return flow.do(
        flow.in_parallel(hire("north"), hire("south")),
        flow.in_parallel(
            flow.for_each(lambda pool: pool.workers, lambda branch: hire(branch)),
        ),
        flow.in_serial(
            flow.for_each(
                lambda team: team.workers,
                lambda attempt: flow.retry(
                    train(attempt, 1), flow.up_to(2), flow.exponential_backoff(1)
                ),
            ),
            flow.for_each(
                [1, 2],
                lambda error: flow.retry(
                    train("all", error), flow.up_to(2), flow.fixed_backoff(1)
                ),
            ),
            flow.for_each(["east"], lambda hire: train(hire, 0)),
            flow.for_each(["west"], lambda list: train(list, 0)),
        ),
    )
