"""Retries whose policies stand in an unusual order."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Line:
    """A telephone line."""

    calls: list[str] = field(init=False, default_factory=list)


@flow.step
def dial(line: Line, number: str) -> None:
    """Dial a number."""
    line.calls.append(number)


@flow.workflow
def call_everyone() -> flow.Step[Line]:
    """Call all numbers."""
    return flow.do(
        flow.retry(dial("110"), flow.fixed_backoff(3), flow.up_to(2)),
        flow.retry(
            dial("112"),
            flow.up_to(3),
            flow.only_if(lambda error: "busy" in str(error)),
            flow.exponential_backoff(1, multiplier=3),
        ),
        flow.retry(
            dial("115"),
            flow.exponential_backoff(0.1),
            flow.only_if(lambda error: isinstance(error, OSError)),
            flow.up_to(3),
        ),
        flow.retry(
            dial("116"),
            flow.fixed_backoff(1),
            flow.fixed_backoff(2),
            flow.up_to(5),
            flow.up_to(3),
        ),
        flow.retry(dial("117"), flow.only_if(lambda error: bool(error.args))),
        flow.retry(dial("118"), flow.up_to(1), flow.fixed_backoff(1)),
        flow.retry(dial("119"), flow.fixed_backoff(1), flow.up_to(1)),
    )
