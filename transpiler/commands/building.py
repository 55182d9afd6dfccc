"""`flowc build` and `flowc check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from transpiler.commands.options import (
    FOUND,
    UNUSABLE,
    common_options,
    output_option,
    parameters_option,
    targets_argument,
)
from transpiler.commands.verifying import tell
from transpiler.reporting import Progress, Reporter

if TYPE_CHECKING:
    from transpiler.building import Batch, Row


@click.command()
@targets_argument
@output_option
@parameters_option
@click.option("--force", is_flag=True, help="Overwrite scripts edited by hand.")
@click.option(
    "--verify",
    is_flag=True,
    help="Write only what does the same as its workflow, as flowc verify sees it.",
)
@common_options
@click.pass_obj
def build(
    reporter: Reporter,
    targets: tuple[str, ...],
    output: Path | None,
    parameters: dict[str, str],
    force: bool,
    verify: bool,
) -> None:
    """Write the script of every workflow.

    Each is replaced whole or left as it is. One that was edited by hand is not
    overwritten. Nothing is written for a workflow that can't be translated.
    """
    from transpiler import building

    batch = _build(reporter, targets, output, parameters, verified=verify)
    tell(reporter, batch.verified)
    rows = building.write_all(batch, force=force)
    for row in rows:
        if row.outcome == "written":
            reporter.say(f"wrote {row.shown}")
    _finish(reporter, rows, batch)
    if batch.errors:
        sys.exit(UNUSABLE)
    if not all(each.equal for each in batch.verified):
        sys.exit(FOUND)


@click.command()
@targets_argument
@output_option
@parameters_option
@click.option("--lint", "with_lint", is_flag=True, help="Run flowc lint as well.")
@common_options
@click.pass_obj
def check(
    reporter: Reporter,
    targets: tuple[str, ...],
    output: Path | None,
    parameters: dict[str, str],
    with_lint: bool,
) -> None:
    """Tell whether the scripts are what their workflows say, and write nothing.

    The difference goes to standard output, the summary to standard error. The exit
    status is 1 if a script is missing, changed, edited or orphaned, or if --lint finds
    more than hints.
    """
    from transpiler import building
    from transpiler.reporting import coloured_diff

    batch = _build(reporter, targets, output, parameters)
    rows = building.compare_all(batch)
    for row in rows:
        reporter.result(coloured_diff(row.diff))
    failed = _lint(reporter, targets, parameters, batch) if with_lint else False
    _finish(reporter, rows, batch)
    if batch.errors:
        sys.exit(UNUSABLE)
    if failed or batch.orphans or any(row.words for row in rows):
        sys.exit(FOUND)


def _lint(
    reporter: Reporter,
    targets: tuple[str, ...],
    parameters: dict[str, str],
    batch: Batch,
) -> bool:
    """Tell what the lints find; return whether it is more than hints."""
    from transpiler.building import find_targets
    from transpiler.commands.linting import lint_all

    progress = Progress(reporter)
    try:
        found = lint_all(find_targets(targets), parameters, progress)
    finally:
        progress.clear()
    reporter.findings(found.findings)
    if not batch.errors:
        batch.errors += found.errors  # Else the build has met with the same.
    reporter.say(found.summary())
    return found.failed


def _build(
    reporter: Reporter,
    targets: tuple[str, ...],
    output: Path | None,
    parameters: dict[str, str],
    verified: bool = False,
) -> Batch:
    from transpiler.building import Batch, build_all, find_targets

    limits, batch = None, Batch()
    if verified:
        from transpiler.verify import Limits

        limits = Limits()
    progress = Progress(reporter)
    found = find_targets(targets, output, batch)
    try:
        return build_all(found, parameters, progress, limits, batch)
    finally:
        progress.clear()


def _finish(reporter: Reporter, rows: Iterable[Row], batch: Batch) -> None:
    from transpiler.building import orphan_rows, summary

    reporter.errors(batch.errors)
    rows = [*rows, *orphan_rows(batch)]
    for row in rows:
        if row.words:
            reporter.say(f"{row.shown}: {row.words}")
            reporter.annotate(row.path, "flowc", row.words)
    reporter.say(summary(rows, len(batch.errors)))
    reporter.outputs([row.as_json() for row in rows])
    reporter.finish()
