"""What the commands have in common: their options, and their exit statuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from transpiler.reporting import FORMATS, Reporter

FOUND, UNUSABLE, INTERRUPTED = 1, 2, 130
"""Exit statuses: something found; bad usage or input, or a mistake of ours; Ctrl-C."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    # Given before the command or after it: both count.
    reporter = ctx.find_root().ensure_object(Reporter)
    if option.name and value:
        setattr(reporter, option.name, value)


def common_options(command: _Command) -> _Command:
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


def pairs(
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


targets_argument = click.argument("targets", nargs=-1, metavar="[FILE.py[:NAME]]...")
output_option = click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the scripts.  [default: output in pyproject, else generated]",
)
parameters_option = click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    callback=pairs,
    help="An argument for a workflow that has parameters.",
)
