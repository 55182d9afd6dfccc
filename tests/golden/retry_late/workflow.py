"""Numbers that the environment of the script decides."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow

CALLS = int(os.environ.get("CALLS_OF_A_LINE", "3"))
PAUSE = float(os.environ.get("PAUSE_OF_A_LINE", "0.5"))
LONGEST = timedelta(seconds=PAUSE * 4)
LEVEL = int(os.environ.get("LEVEL_OF_A_LINE", "20"))


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
        flow.retry(call("111"), flow.up_to(CALLS)),
        flow.retry(call("112"), flow.up_to(CALLS), flow.fixed_backoff(PAUSE)),
        # Whichever of the two allows fewer.
        flow.retry(
            call("113"),
            flow.up_to(4),
            flow.up_to(CALLS + 1),
            flow.exponential_backoff(PAUSE),
        ),
        flow.retry(
            call("114"),
            flow.up_to(5),
            flow.exponential_backoff(0.1, jitter="full", max_delay=LONGEST),
        ),
        flow.retry(
            call("115"),
            flow.up_to(int(os.environ.get("CALLS_OF_A_LINE", "3"))),
            flow.fixed_backoff(PAUSE, max_delay=1),
        ),
        flow.repeat(CALLS, call("116")),
        flow.with_timeout(CALLS * 60, flow.do(call("117"), call("118"))),
        flow.with_logging(flow.in_parallel(call("119"), call("120"), limit=CALLS)),
        flow.with_logging(call("121"), level=LEVEL),
    )
