"""FLOW504: a retry that nothing ends."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.diagnostics import Diagnostic
from transpiler.ir import nodes as ir
from transpiler.ir.walk import children
from transpiler.lint.subject import Subject


def endless_retries(subject: Subject) -> Iterator[Diagnostic]:
    """Find retries without up_to that stand in no time limit."""
    for part in _unlimited(subject.workflows):
        if isinstance(part, ir.Retry) and not any(
            isinstance(policy, ir.UpTo) for policy in part.policies
        ):
            yield Diagnostic(
                part.span,
                "FLOW504",
                "nothing ends this retry while the step fails:"
                " it has no up_to, and no time limit is around it",
                "add flow.up_to(n), or put it into flow.with_timeout(seconds, ...)",
                severity="warning",
            )


def _unlimited(part: object) -> Iterator[object]:
    """Yield what stands in no time limit, top down."""
    if isinstance(part, (ir.WithTimeout, ir.WithDeadline)):
        return
    yield part
    for child in children(part):
        yield from _unlimited(child)
