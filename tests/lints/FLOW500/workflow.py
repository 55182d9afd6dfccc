"""Comments that silence nothing."""

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
        flow.sleep(1),  # flowc: ignore[FLOW503] once there was a retry here
        flow.retry(dial("2"), flow.only_if(bool)),  # flowc: ignore
        flow.retry(
            dial("3"), flow.only_if(bool)
        ),  # flowc: ignore[FLOW504, FLOW101] both
        # flowc: ignore[E501] of another tool
        flow.sleep(1),
        "# flowc: ignore[FLOW504] in a string" and dial("4"),
    )
