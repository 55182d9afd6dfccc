"""Retries that end."""

from __future__ import annotations

from transpiler import flow


@flow.step
def dial(line: dict, number: str) -> None:
    """Dial a number."""
    line["number"] = number


@flow.workflow
def provision(times: int = 3) -> flow.Step[dict]:
    """Provision it."""
    return flow.do(
        flow.retry(dial("1")),
        flow.retry(dial("2"), flow.up_to(times)),
        flow.retry(dial("3"), flow.fixed_backoff(0), flow.up_to(2)),
        flow.with_timeout(
            60,
            flow.do(dial("4"), flow.retry(dial("5"), flow.fixed_backoff(1))),
        ),
        (
            flow.with_deadline(
                lambda line: 1.0,
                flow.in_parallel(flow.retry(dial("6"), flow.fixed_backoff(1))),
            )
            if times > 10
            else flow.do()
        ),
    )
