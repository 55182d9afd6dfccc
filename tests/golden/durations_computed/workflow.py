"""Pauses whose length is known when the script starts, not before."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow

PAUSE = timedelta(seconds=float(os.environ.get("PAUSE_BETWEEN_STEPS", "0")))
LIMIT = timedelta(minutes=5)
LONGER = LIMIT * 2


@dataclass
class Diary:
    """What was done."""

    lines: list[str] = field(default_factory=list)


def pause(seconds: float) -> timedelta:
    """Return a pause."""
    return timedelta(seconds=seconds)


@flow.step
def note(diary: Diary, text: str) -> None:
    """Write a line."""
    diary.lines.append(text)


@flow.workflow
def take_breaks() -> flow.Step[Diary]:
    """Do a little, with breaks."""
    return flow.do(
        note("begin"),
        flow.sleep(PAUSE),
        flow.sleep(PAUSE / 2),
        flow.sleep(pause(0.0)),
        flow.sleep(timedelta(seconds=len(pause(0).__class__.__name__) - 9)),
        flow.with_timeout(LONGER, flow.do(note("half"), note("done"))),
        flow.with_timeout(
            timedelta(seconds=float(os.environ.get("LIMIT_OF_STEPS", "60"))),
            flow.do(note("more"), note("end")),
        ),
        flow.retry(note("sure"), flow.up_to(3), flow.fixed_backoff(LIMIT)),
    )
