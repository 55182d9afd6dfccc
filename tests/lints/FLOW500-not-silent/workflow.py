"""Comments that silence what they stand beside, or above."""

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
        flow.retry(
            dial("1"), flow.only_if(bool)
        ),  # flowc: ignore[FLOW504] rings for ever
        # Somebody has to answer.
        # flowc: ignore[FLOW504]
        # They are told to.
        flow.retry(
            dial("2"),
            flow.only_if(bool),
        ),
        flow.retry(
            dial("3"),
            flow.fixed_backoff(1),  # flowc: ignore[FLOW503] the exchange likes a pause
            flow.up_to(2),
        ),
        # flowc: ignore[FLOW504,FLOW503] it does not matter
        flow.retry(dial("4"), flow.fixed_backoff(1), flow.only_if(bool)),
        flow.retry(
            dial("5"),
            flow.only_if(bool),
        ),  # flowc: ignore[FLOW504] on the last line of what it is about
    )
