"""Blue and green."""

from __future__ import annotations

from functools import partial

from transpiler import flow

from . import steps as do
from .model import Color, Stack
from .policies import gently, in_time

PAGES = ["/", "/login"]
SHARES = (5, 50, 100)


def undo(stack: Stack, error: Exception, color: Color) -> flow.Step[Stack] | None:
    """Undo what was done, as far as needed."""
    share = stack.traffic.get(color, 0)
    if share == 0:
        # Nobody saw it.
        return do.destroy(color)
    severity = 1 if share == 100 else 2
    match error:
        case TimeoutError():
            return flow.do(do.shift(color, 0), do.page(f"slow: {error}", severity))
        case ConnectionError() if share < 50:
            return flow.do(do.shift(color, 0), flow.ignore_error(do.destroy(color)))
    return flow.do(do.shift(color, 0), do.page(str(error), severity=severity))


def switch_to(color: Color) -> flow.Step[Stack]:
    """Bring up a stack and shift the traffic to it."""
    return flow.on_error(
        flow.named(
            f"switch to {color.value}",
            flow.do(
                gently(do.deploy(color, "2.0")),
                in_time(
                    flow.in_parallel(
                        flow.for_each(PAGES, lambda path: gently(do.smoke(color, path)))
                    ),
                    seconds=5,
                ),
                flow.in_serial(
                    flow.for_each(
                        SHARES,
                        lambda percent: flow.do(
                            do.shift(color, percent),
                            flow.sleep(0.01),
                            gently(do.smoke(color, "/health")),
                        ),
                    )
                ),
            ),
        ),
        lambda stack, error: flow.do(
            do.shift(color, 0), do.page(f"{color}: {error}", 1)
        ),
    )


@flow.workflow
def blue_green() -> flow.Step[Stack]:
    """Deploy beside what is live, and switch."""
    return flow.do(
        flow.switch(
            do.live,
            {color: switch_to(color.other) for color in Color},
        ),
        flow.on_error(
            gently(do.smoke(Color.GREEN, "/")),
            partial(undo, color=Color.GREEN),
        ),
    )
