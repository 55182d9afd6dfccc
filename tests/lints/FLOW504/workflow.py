"""Retries that nothing ends."""

from __future__ import annotations

from transpiler import flow


@flow.step
def dial(line: dict, number: str) -> None:
    """Dial a number."""
    line["number"] = number


def until_it_answers(number: str) -> flow.Step[dict]:
    """Dial again and again."""
    return flow.retry(dial(number), flow.fixed_backoff(1))


@flow.workflow
def provision() -> flow.Step[dict]:
    """Provision it."""
    return flow.do(
        until_it_answers("1"),
        flow.in_parallel(
            # A limit for each attempt is none for all of them.
            flow.retry(
                flow.with_timeout(1, dial("2")),
                flow.only_if(lambda error: "busy" in str(error)),
            ),
            # Only the inner one ends.
            flow.retry(
                flow.retry(dial("3"), flow.up_to(2)),
                flow.exponential_backoff(0.5, max_delay=60),
            ),
        ),
        flow.with_timeout(60, until_it_answers("4")),
    )
