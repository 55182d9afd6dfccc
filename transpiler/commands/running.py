"""`flowc run`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from transpiler.commands.options import (
    FOUND,
    INTERRUPTED,
    common_options,
    pairs,
    parameters_option,
)
from transpiler.diagnostics import TranspileError
from transpiler.reporting import Reporter, author_traceback


@click.command()
@click.argument("target", metavar="FILE.py[:NAME]")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FIELD=VALUE",
    callback=pairs,
    help="A field of the state; a list as a,b or as JSON.",
)
@click.option(
    "--state",
    "state_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.json",
    help="Read the state from a file; --set comes on top.",
)
@parameters_option
@common_options
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
