"""Cleanups that may fail themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Lab:
    """A laboratory."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def heat(lab: Lab, sample: str) -> None:
    """Heat a sample."""
    lab.journal.append(f"heat {sample}")


@flow.step
def cool(lab: Lab, sample: str) -> None:
    """Cool a sample."""
    lab.journal.append(f"cool {sample}")


@flow.step
def call(lab: Lab, whom: str) -> None:
    """Call somebody."""
    lab.journal.append(f"call {whom}")


@flow.workflow
def run_experiment() -> flow.Step[Lab]:
    """Run an experiment, and leave nothing hot."""
    return flow.do(
        flow.ensure(
            flow.retry(heat("a"), flow.up_to(2), flow.fixed_backoff(1), on=OSError),
            cool("a"),
        ),
        flow.retry(
            flow.ensure(heat("b"), flow.ensure(cool("b"), call("guard"))),
            flow.up_to(2),
            flow.fixed_backoff(1),
        ),
        flow.ensure(
            heat("c"),
            flow.on_error(
                flow.retry(cool("c"), flow.up_to(2), flow.fixed_backoff(1)),
                flow.fallback_to(call("fire brigade")),
            ),
        ),
        flow.ensure(
            flow.in_parallel(heat("d"), flow.ensure(heat("e"), cool("e"))),
            flow.recover_panics(cool("d")),
        ),
    )
