"""The command line. `--help` must be quick: what is heavy is imported in commands."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import Any

import click

from transpiler.commands.building import build, check
from transpiler.commands.explaining import explain
from transpiler.commands.linting import lint
from transpiler.commands.options import INTERRUPTED, UNUSABLE, common_options
from transpiler.commands.running import run
from transpiler.commands.tracing import trace
from transpiler.commands.verifying import verify
from transpiler.diagnostics import TranspileError
from transpiler.reporting import Reporter

ISSUES = "https://github.com/flowc/flowc/issues"


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                _say_no_more()
                click.echo(
                    f"flowc: no room for what it says: {error.strerror}", err=True
                )
            else:
                _report_mistake_of_ours(error, reporter.verbose)
            ctx.exit(UNUSABLE)


def _say_no_more() -> None:
    """Let go of what can't be written, which Python would try again when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report_mistake_of_ours(error: Exception, verbose: bool) -> None:
    if verbose:
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    more = "" if verbose else " (the traceback: -v)"
    click.echo(
        f"flowc: internal error: {what}{more}; please report it: {ISSUES}", err=True
    )


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="flowc", message="%(prog)s %(version)s")
@common_options
def cli() -> None:
    """Turn workflows composed from typed combinators into flat, standalone Python.

    A target is a file, or one workflow of it: path.py:name. Without any, all files
    that `sources` under [tool.flowc] in pyproject.toml names are meant.
    """


for command in (build, check, explain, lint, run, trace, verify):
    cli.add_command(command)


def main() -> None:
    """Run the command line; this is what `flowc` is."""
    cli(prog_name="flowc")
