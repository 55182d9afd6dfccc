"""FLOW503: a backoff that sleeps although no attempt can follow, or is never asked."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.capture.settled import is_fixed
from transpiler.diagnostics import Diagnostic, Note
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Given
from transpiler.ir.walk import nodes
from transpiler.lint.subject import Subject


def idle_backoffs(subject: Subject) -> Iterator[Diagnostic]:
    """Find backoffs after which a retry may give up, or that are never asked."""
    for node in nodes(subject.workflows):
        if isinstance(node, ir.Retry):
            yield from _judged(node)


def _judged(retry: ir.Retry) -> Iterator[Diagnostic]:
    limits = [p for p in retry.policies if isinstance(p, ir.UpTo)]
    only = next((p for p in limits if known(p.attempts) == 1), None)
    for index, policy in enumerate(retry.policies):
        if not isinstance(policy, ir.Backoff) or known(policy.base) == 0:
            continue
        later = retry.policies[index + 1 :]
        declining = next((p for p in later if not isinstance(p, ir.Backoff)), None)
        if only is not None and only not in later:
            yield Diagnostic(
                policy.span,
                "FLOW503",
                "this backoff is never asked: up_to(1) allows no further call",
                "allow more calls, or take the backoff away",
                (Note(only.span, "no call follows the first one"),),
                "warning",
            )
        elif declining is not None:
            yield _sleeping_in_vain(policy, declining, only is not None)


def _sleeping_in_vain(
    backoff: ir.Backoff, declining: ir.Policy, once: bool
) -> Diagnostic:
    if isinstance(declining, ir.UpTo):
        when = "the only attempt" if once else "the last attempt, too"
        message = f"this sleeps after {when}, and then the error is raised"
        cure = "up_to"
    else:
        message = "this sleeps after an error that only_if then declines, too"
        cure = "only_if"
    return Diagnostic(
        backoff.span,
        "FLOW503",
        message,
        f"policies are asked in order: put the backoff after {cure}",
        (Note(declining.span, "asked after the sleep"),),
        "warning",
    )


def known(expression: Expression) -> object:
    """Return an expression's value if it is the same whenever the workflow runs."""
    if isinstance(expression, Given) and is_fixed(expression):
        return expression.value
    return None
