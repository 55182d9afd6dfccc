"""`flowc trace`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from transpiler.commands.options import UNUSABLE, common_options
from transpiler.reporting import Reporter


def _read_by(read: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return what reads an option with a function of transpiler.trace."""

    def convert(ctx: click.Context, option: click.Parameter, value: Any) -> Any:
        from transpiler import trace

        try:
            return None if value is None else getattr(trace, read)(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, option) from error

    return convert


@click.command()
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
@common_options
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
