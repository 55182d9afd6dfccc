"""Policies whose numbers are expressions."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

QUICK = True
CALLS = 3
PAUSE = 0.5
EXTRA = 0.25


@dataclass
class Line:
    """A telephone line."""

    calls: list[str] = field(init=False, default_factory=list)


@flow.step
def call(line: Line, number: str) -> None:
    """Call somebody."""
    line.calls.append(number)


@flow.workflow
def call_around() -> flow.Step[Line]:
    """Call around."""
    return flow.do(
        flow.retry(call("112"), flow.up_to(CALLS if QUICK else 5)),
        flow.retry(
            call("113"), flow.up_to(CALLS + 1), flow.exponential_backoff(PAUSE + EXTRA)
        ),
        flow.retry(
            call("114"),
            flow.up_to(CALLS or 4),
            flow.fixed_backoff(PAUSE + EXTRA, jitter=EXTRA * 2),
        ),
        flow.retry(
            call("115"),
            flow.exponential_backoff(
                PAUSE if QUICK else EXTRA,
                multiplier=CALLS - 1,
                jitter=EXTRA + EXTRA,
                max_delay=PAUSE * 60,
            ),
            flow.up_to(CALLS),
        ),
    )
