"""The command line. `--help` must be quick: what is heavy is imported in commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from transpiler.diagnostics import TranspileError
from transpiler.reporting import FORMATS, Progress, Reporter, author_traceback

if TYPE_CHECKING:
    from transpiler.building import Batch, Row

FOUND, UNUSABLE, INTERRUPTED = 1, 2, 130
"""Exit statuses: something found; bad usage or input, or a mistake of ours; Ctrl-C."""

ISSUES = "https://github.com/flowc/flowc/issues"
_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Group(click.Group):
    """A command group that turns every exception into a message and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        reporter = ctx.ensure_object(Reporter)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except TranspileError as error:
            reporter.errors([error])
            reporter.finish()
            ctx.exit(UNUSABLE)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            raise  # click knows what to do when nobody reads any more.
        except Exception as error:
            _report_mistake_of_ours(error, reporter.verbose)
            ctx.exit(UNUSABLE)


def _report_mistake_of_ours(error: Exception, verbose: bool) -> None:
    if verbose:
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    more = "" if verbose else " (the traceback: -v)"
    click.echo(
        f"flowc: internal error: {what}{more}; please report it: {ISSUES}", err=True
    )


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    # Given before the command or after it: both count.
    reporter = ctx.find_root().ensure_object(Reporter)
    if option.name and value:
        setattr(reporter, option.name, value)


def _common_options(command: _Command) -> _Command:
    command = click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_keep,
        help="Show the whole traceback of an error.",
    )(command)
    return click.option(
        "--output-format",
        type=click.Choice(FORMATS),
        expose_value=False,
        callback=_keep,
        help="How to tell what was found; github: as annotations.  [default: text]",
    )(command)


def _pairs(
    ctx: click.Context, option: click.Parameter, values: Iterable[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{value!r} is not NAME=VALUE", ctx, option)
        if name in found:
            raise click.BadParameter(f"{name} is given twice", ctx, option)
        found[name] = text
    return found


_targets = click.argument("targets", nargs=-1, metavar="[FILE.py[:NAME]]...")
_output = click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the scripts.  [default: output in pyproject, else generated]",
)
_parameters = click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_pairs,
    help="An argument for a workflow that has parameters.",
)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="flowc", message="%(prog)s %(version)s")
@_common_options
def cli() -> None:
    """Turn workflows composed from typed combinators into flat, standalone Python.

    A target is a file, or one workflow of it: path.py:name. Without any, all files
    that `sources` under [tool.flowc] in pyproject.toml names are meant.
    """


@cli.command()
@_targets
@_output
@_parameters
@click.option("--force", is_flag=True, help="Overwrite scripts edited by hand.")
@_common_options
@click.pass_obj
def build(
    reporter: Reporter,
    targets: tuple[str, ...],
    output: Path | None,
    parameters: dict[str, str],
    force: bool,
) -> None:
    """Write the script of every workflow.

    Each is replaced whole or left as it is. One that was edited by hand is not
    overwritten. Nothing is written for a workflow that can't be translated.
    """
    from transpiler import building

    batch = _build(reporter, targets, output, parameters)
    rows = building.write_all(batch, force=force)
    for row in rows:
        if row.outcome == "written":
            reporter.say(f"wrote {row.shown}")
    _finish(reporter, rows, batch)
    if batch.errors:
        sys.exit(UNUSABLE)


@cli.command()
@_targets
@_output
@_parameters
@_common_options
@click.pass_obj
def check(
    reporter: Reporter,
    targets: tuple[str, ...],
    output: Path | None,
    parameters: dict[str, str],
) -> None:
    """Tell whether the scripts are what their workflows say, and write nothing.

    The difference goes to standard output, the summary to standard error. The exit
    status is 1 if a script is missing, changed, edited or orphaned.
    """
    from transpiler import building
    from transpiler.reporting import coloured_diff

    batch = _build(reporter, targets, output, parameters)
    rows = building.compare_all(batch)
    for row in rows:
        reporter.result(coloured_diff(row.diff))
    _finish(reporter, rows, batch)
    if batch.errors:
        sys.exit(UNUSABLE)
    if batch.orphans or any(row.words for row in rows):
        sys.exit(FOUND)


def _build(
    reporter: Reporter,
    targets: tuple[str, ...],
    output: Path | None,
    parameters: dict[str, str],
) -> Batch:
    from transpiler.building import build_all, find_targets

    progress = Progress(reporter)
    try:
        return build_all(find_targets(targets, output), parameters, progress)
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


@cli.command()
@click.argument("target", metavar="FILE.py[:NAME]")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FIELD=VALUE",
    callback=_pairs,
    help="A field of the state; a list as a,b or as JSON.",
)
@click.option(
    "--state",
    "state_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.json",
    help="Read the state from a file; --set comes on top.",
)
@_parameters
@_common_options
@click.pass_obj
def run(
    reporter: Reporter,
    target: str,
    settings: dict[str, str],
    state_file: Path | None,
    parameters: dict[str, str],
) -> None:
    """Run a workflow directly, without a script.

    The exit status is 1 if it failed, 130 if it was interrupted.
    """
    import logging

    from transpiler.building import split_target
    from transpiler.frontend.load import loaded
    from transpiler.pipeline import state_type
    from transpiler.reporting import describe_failure
    from transpiler.states import bind_parameters, check_parameters, read_state
    from transpiler.values import WrongValue

    path, name = split_target(target)
    with loaded(path) as module:
        entry = module.entry_point(name)
        check_parameters([entry], parameters)
        entry = bind_parameters(entry, parameters)
        step = entry.step()
        try:
            state = read_state(state_type(entry), state_file, settings)
        except WrongValue as error:
            raise click.UsageError(str(error)) from error
        logging.basicConfig(
            level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
        )
        try:
            step.run(state)
        except TranspileError:
            raise
        except (Exception, BaseExceptionGroup) as error:
            told = author_traceback if reporter.verbose else describe_failure
            reporter.say(f"error: {entry.name} failed: {told(error)}")
            interrupted = isinstance(error, BaseExceptionGroup) and error.subgroup(
                KeyboardInterrupt
            )
            sys.exit(INTERRUPTED if interrupted else FOUND)


def _read_by(read: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return what reads an option with a function of transpiler.trace."""

    def convert(ctx: click.Context, option: click.Parameter, value: Any) -> Any:
        from transpiler import trace

        try:
            return None if value is None else getattr(trace, read)(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, option) from error

    return convert


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--flat", is_flag=True, help="A list with whole paths, not a tree.")
@click.option("--json", "as_json", is_flag=True, help="The parts as JSON.")
@click.option(
    "--min-duration",
    metavar="TIME",
    callback=_read_by("read_duration"),
    help="Parts that took so long or longer: 2, 1.5s, 250ms, 3min.",
)
@click.option(
    "--max-duration",
    metavar="TIME",
    callback=_read_by("read_duration"),
    help="Parts that took so long or shorter.",
)
@click.option(
    "--error/--no-error", "failed", default=None, help="Parts that failed, or did not."
)
@click.option("--error-text", metavar="TEXT", help="Parts whose error holds a text.")
@click.option("--name", metavar="GLOB", help="Parts with such a name: 'tenant *'.")
@click.option("--path", metavar="GLOB", help="Parts with such a path: 'region.*'.")
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    help="Parts with at most so many names in their path.",
)
@click.option(
    "--since",
    metavar="TIME",
    callback=_read_by("read_time"),
    help="Parts that started then or later: 2026-03-01T10:00:00Z.",
)
@click.option(
    "--until",
    metavar="TIME",
    callback=_read_by("read_time"),
    help="Parts that started then or earlier.",
)
@_common_options
@click.pass_obj
def trace(
    reporter: Reporter, /, file: str, flat: bool, as_json: bool, **options: Any
) -> None:
    """Show what flow.traced wrote: the named parts of a run.

    As a tree, with what leads to the parts that are asked for. FILE may be - for the
    standard input. The exit status is 2 if a line can't be read; the others are shown.
    """
    import json

    from transpiler import trace as traces
    from transpiler.reporting import colour

    with click.open_file(file, "rb") as lines:
        parts, broken = traces.read_trace(lines)
    wanted = traces.Filter(**options)
    shown = [part for part in parts if wanted.matches(part)]
    if as_json:
        click.echo(json.dumps([part.line for part in shown], indent=2))
    else:
        styles: dict[str, dict[str, Any]] = {
            "error": {"fg": "red"},
            "aside": {"dim": True},
        }
        tree = traces.pruned(traces.tree_of(parts), wanted.matches)
        rows = (
            traces.flat_rows(shown) if flat else traces.tree_rows(tree, wanted.matches)
        )
        for line in traces.laid_out(
            list(rows), lambda text, kind: click.style(text, **styles[kind])
        ):
            click.echo(line, color=colour())
        reporter.say(traces.summary(parts, shown))
    for each in broken:
        click.echo(f"{file}:{each.number}: error: {each.problem}", err=True)
    if broken:
        sys.exit(UNUSABLE)


def main() -> None:
    """Run the command line; this is what `flowc` is."""
    cli(prog_name="flowc")
