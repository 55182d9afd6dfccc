"""Names of providers, one inside the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class School:
    """Classes, and what was done in them."""

    classes: list[str] = field(default_factory=lambda: ["1a", "1b"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_classes(school: School) -> list[str]:
    """Read the classes."""
    return school.classes


@flow.step
def teach(school: School, name: str) -> None:
    """Teach a class."""
    school.journal.append(f"teach {name}")


@flow.step
def close(school: School) -> None:
    """Close the school."""
    school.journal.append("close")


@flow.workflow
def teach_all() -> flow.Step[School]:
    """Teach all classes."""
    return flow.named(
        "day",
        flow.do(
            flow.in_serial(
                flow.named(
                    "morning",
                    flow.named(
                        "plan",
                        flow.for_each(
                            list_classes,
                            lambda name: flow.named(
                                f"class {name}",
                                flow.named("lesson", teach(name.upper())),
                            ),
                        ),
                    ),
                ),
                flow.named("evening", flow.steps(close)),
            ),
            flow.in_parallel(
                flow.named(
                    "afternoon",
                    flow.named(
                        "plan",
                        flow.for_each(list_classes, lambda name: teach(name.upper())),
                    ),
                ),
            ),
        ),
    )
