"""Backoffs after which nothing can follow."""

from __future__ import annotations

from transpiler import flow


@flow.step
def dial(line: dict, number: str) -> None:
    """Dial a number."""
    line["number"] = number


@flow.workflow
def provision() -> flow.Step[dict]:
    """Provision it."""
    return flow.do(
        flow.retry(dial("1"), flow.fixed_backoff(1), flow.up_to(2)),
        flow.retry(dial("2"), flow.up_to(1), flow.exponential_backoff(0.5)),
        flow.retry(dial("3"), flow.fixed_backoff(1), flow.up_to(1)),
        flow.retry(
            dial("4"),
            flow.up_to(3),
            flow.fixed_backoff(1),
            flow.only_if(lambda error: "busy" in str(error)),
        ),
        flow.retry(
            dial("5"), flow.fixed_backoff(1), flow.fixed_backoff(2), flow.up_to(5)
        ),
    )
