"""Measure a field."""

from __future__ import annotations

import feet
import measures
from feet import UNIT
from survey import Survey

from transpiler import flow


@flow.step
def sign(survey: Survey, name: str, unit: str = UNIT) -> None:
    """Sign the page."""
    survey.lines.append(f"{name}, {unit}, {feet.show(1)}")


@flow.workflow
def measure_field() -> flow.Step[Survey]:
    """Measure a field."""
    return flow.do(
        measures.measure("length", 120.5),
        measures.measure("width", 2 * 30),
        sign(feet.show(3.048), unit=f"{feet.UNIT}"),
    )
