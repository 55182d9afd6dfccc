"""`flowc lint`, and what `flowc check --lint` adds."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from transpiler.commands.options import (
    FOUND,
    UNUSABLE,
    common_options,
    parameters_option,
    targets_argument,
)
from transpiler.diagnostics import Diagnostic, TranspileError
from transpiler.reporting import Progress, Reporter

if TYPE_CHECKING:
    from transpiler.building import Target
    from transpiler.lint.silences import Silences


@dataclass
class Lint:
    """What the lints found in a number of targets, and which of these can't be read."""

    findings: list[Diagnostic] = field(default_factory=list)
    errors: list[TranspileError] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether something was found that is more than a hint."""
        return any(found.severity != "hint" for found in self.findings)

    def summary(self) -> str:
        """Count the findings: `lint: 2 warnings, 1 hint`."""
        parts = []
        for severity in ("error", "warning", "hint"):
            count = sum(found.severity == severity for found in self.findings)
            if count:
                parts.append(f"{count} {severity}{'s' if count > 1 else ''}")
        if self.errors:
            parts.append(f"{len(self.errors)} failed")
        return f"lint: {', '.join(parts) or 'no findings'}"


@click.command()
@targets_argument
@parameters_option
@common_options
@click.pass_obj
def lint(
    reporter: Reporter, targets: tuple[str, ...], parameters: dict[str, str]
) -> None:
    """Look for what is likely to be wrong with workflows that can be translated.

    A comment on the line of a finding silences it: # flowc: ignore[FLOW504] reason.
    The exit status is 1 if there are warnings or errors, and 0 if there are only hints.
    """
    from transpiler.building import find_targets

    progress = Progress(reporter)
    try:
        found = lint_all(find_targets(targets), parameters, progress)
    finally:
        progress.clear()
    reporter.findings(found.findings)
    reporter.errors(found.errors)
    reporter.say(found.summary())
    reporter.finish()
    if found.errors:
        sys.exit(UNUSABLE)
    if found.failed:
        sys.exit(FOUND)


def lint_all(
    targets: Iterable[Target], parameters: Mapping[str, str], progress: Progress
) -> Lint:
    """Run the lints on every target; one that can't be read does not stop the others.

    Parameters:
        targets: the files, or single workflows of them.
        parameters: arguments for workflows that have parameters, as text.
        progress: told how far it is.

    Returns:
        the findings that no comment silences, each once, and the errors.
    """
    from transpiler.lint.silences import Silences

    result, silences = Lint(), Silences()
    whole, shared = set[str](), set[str]()
    targets = list(targets)
    for number, target in enumerate(targets):
        progress(number, len(targets), target)
        try:
            # What the author's modules print must not end up in a JSON document.
            with contextlib.redirect_stdout(sys.stderr):
                paths = _lint_file(target, parameters, result, silences)
        except TranspileError as error:
            result.errors.append(error)
            continue
        shared |= paths
        if target.name is None:
            whole.add(str(target.path.resolve()))
    if all(target.configured for target in targets) and not result.errors:
        # All workflows have been looked at, so a comment in any module is for one.
        whole |= shared
    result.findings += silences.mistakes(whole)
    result.findings = sorted(set(result.findings))
    return result


def _lint_file(
    target: Target, parameters: Mapping[str, str], result: Lint, silences: Silences
) -> set[str]:
    """Run the lints on a file; return the author's modules that they looked at."""
    from transpiler.frontend.load import loaded, no_entry_point
    from transpiler.lint import Subject
    from transpiler.lint import lint as run_lints
    from transpiler.pipeline import written_workflow
    from transpiler.states import bind_parameters, check_parameters

    with loaded(target.path) as module:
        if target.name is not None:
            entries = [module.entry_point(target.name)]
        else:
            entries = module.entry_points()
        if not entries and not target.found:
            raise no_entry_point(target.path)
        check_parameters(entries, parameters)
        workflows = [
            written_workflow(bind_parameters(entry, parameters)) for entry in entries
        ]
        subject = Subject(module.place, tuple(workflows))
        sources = list(subject.sources())
        for source in sources:
            silences.read(source.path, source.module.text)
        result.findings += silences.heard(run_lints(subject))
    return {source.path for source in sources}
