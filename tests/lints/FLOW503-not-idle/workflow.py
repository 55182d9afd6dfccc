"""Backoffs that something follows."""

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
        flow.retry(dial("1")),
        flow.retry(dial("2"), flow.up_to(2), flow.fixed_backoff(1)),
        flow.retry(
            dial("3"),
            flow.up_to(5),
            flow.only_if(lambda error: "busy" in str(error)),
            flow.exponential_backoff(1, multiplier=3),
        ),
        flow.retry(
            dial("4"), flow.up_to(5), flow.fixed_backoff(1), flow.fixed_backoff(2)
        ),
        # It does not sleep at all.
        flow.retry(dial("5"), flow.fixed_backoff(0), flow.up_to(2)),
        flow.with_timeout(5, flow.retry(dial("6"), flow.fixed_backoff(1))),
    )
