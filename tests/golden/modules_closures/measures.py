"""Constructors of steps that measure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import metres as m
from metres import ROUNDED as DIGITS

from transpiler import flow

if TYPE_CHECKING:
    from survey import Survey


def measure(name: str, length: float) -> Callable[[Survey], None]:
    """Make a step that measures something."""

    def run(survey: Survey, digits: int = DIGITS) -> None:
        """Write down how long something is.

        In metres and in feet.
        """
        from feet import show as in_feet

        if len(survey.lines) > 9:
            raise flow.Exhausted("the page is full")
        template = """
{{ name }}:
"""
        survey.lines.append(template.replace("{{ name }}", name).strip())
        # Two systems.
        survey.lines += [f"{m.show(length)} = {in_feet(length)}", f"{digits} {m.UNIT}"]

    return run
