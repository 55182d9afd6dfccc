"""Lints: what is likely to be wrong with a workflow that can be translated.

A lint is a pure function from a subject, the workflows of a file with the source that
they come from, to diagnostics. Each has a file, a code and a place in LINTS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from transpiler.diagnostics import Diagnostic
from transpiler.lint.backoffs import idle_backoffs
from transpiler.lint.closures import late_closures
from transpiler.lint.endless import endless_retries
from transpiler.lint.races import shared_writes
from transpiler.lint.repeats import repeated_effects
from transpiler.lint.secrets import written_secrets
from transpiler.lint.subject import Subject

__all__ = ["LINTS", "Subject", "lint"]

LINTS: tuple[Callable[[Subject], Iterable[Diagnostic]], ...] = (
    shared_writes,
    repeated_effects,
    idle_backoffs,
    endless_retries,
    late_closures,
    written_secrets,
)


def lint(subject: Subject) -> list[Diagnostic]:
    """Return what all lints find, sorted by place; what is silenced is among it."""
    return sorted({found for each in LINTS for found in each(subject)})
