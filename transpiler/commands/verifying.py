"""`flowc verify`, and what `flowc build --verify` tells."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from transpiler.commands.options import (
    FOUND,
    UNUSABLE,
    common_options,
    output_option,
    parameters_option,
    targets_argument,
)
from transpiler.diagnostics import TranspileError
from transpiler.reporting import Progress, Reporter

if TYPE_CHECKING:
    from transpiler.building import Target
    from transpiler.verify import Limits
    from transpiler.verifying import Verified


def limits_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = [
        click.option(
            "--faults",
            type=click.IntRange(min=0),
            default=3,
            show_default=True,
            help="At most so many faults on a path.",
        ),
        click.option(
            "--depth",
            type=click.IntRange(min=1),
            default=4,
            show_default=True,
            help="How often the same call may come out otherwise: how far loops go.",
        ),
        click.option(
            "--max-paths",
            type=click.IntRange(min=1),
            default=1200,
            show_default=True,
            help="Stop after so many paths of a workflow.",
        ),
        click.option(
            "--seed",
            type=int,
            default=0,
            show_default=True,
            help="What chance begins with: which paths, where there are too many.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@targets_argument
@output_option
@parameters_option
@limits_options
@click.option(
    "--path",
    "replayed",
    metavar="PATH",
    help="Compare on one path only: the one that a difference named.",
)
@common_options
@click.pass_obj
def verify(
    reporter: Reporter,
    targets: tuple[str, ...],
    output: Path | None,
    parameters: dict[str, str],
    faults: int,
    depth: int,
    max_paths: int,
    seed: int,
    replayed: str | None,
) -> None:
    """Compare what the scripts on disk do with what their workflows say.

    Both are run side by side, with stubs in the place of the steps, again and again:
    whatever may happen at a step happens in turn. Nothing of yours runs, and nothing
    is written. The exit status is 1 if a script does something else.
    """
    from transpiler.building import find_targets
    from transpiler.verify import Limits

    limits = Limits(faults, depth, max_paths, seed)
    found = find_targets(targets, output)
    progress = Progress(reporter)
    try:
        verified, errors = verify_all(found, parameters, limits, replayed, progress)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--path'") from error
    finally:
        progress.clear()
    tell(reporter, verified)
    reporter.errors(errors)
    equal = sum(each.equal for each in verified)
    failed = f", {len(errors)} failed" if errors else ""
    reporter.say(f"scripts: {equal} of {len(verified)} equal{failed}")
    reporter.finish()
    if errors:
        sys.exit(UNUSABLE)
    if equal < len(verified):
        sys.exit(FOUND)


def verify_all(
    targets: Sequence[Target],
    parameters: Mapping[str, str],
    limits: Limits,
    replayed: str | None = None,
    progress: Callable[[int, int, object], None] = lambda *_: None,
) -> tuple[list[Verified], list[TranspileError]]:
    """Compare the workflows of all targets with the scripts on disk.

    Several files at once, where there are processors. Returns what was compared, and
    what could not be built. Raises ValueError where there is no such path to replay.
    """
    job = partial(
        _verify_target, parameters=parameters, limits=limits, replayed=replayed
    )
    jobs = min(os.cpu_count() or 1, len(targets))
    if jobs < 2:
        results = [job(target, progress=progress) for target in targets]
    else:
        results = []
        with ProcessPoolExecutor(jobs) as pool:
            futures = [pool.submit(job, target) for target in targets]
            for number, (target, future) in enumerate(
                zip(targets, futures, strict=True)
            ):
                progress(number, len(targets), target)
                results.append(future.result())
    verified = [each for some, _ in results for each in some]
    return verified, [error for _, errors in results for error in errors]


def _verify_target(
    target: Target,
    parameters: Mapping[str, str],
    limits: Limits,
    replayed: str | None,
    progress: Callable[[int, int, object], None] = lambda *_: None,
) -> tuple[list[Verified], list[TranspileError]]:
    from transpiler import outputs
    from transpiler.building import Batch, collected, entries_of
    from transpiler.frontend.load import loaded
    from transpiler.pipeline import translated
    from transpiler.states import bind_parameters
    from transpiler.verifying import verify_text

    def told(done: int, most: int) -> None:
        progress(done, most, target)

    batch, verified = Batch(), list["Verified"]()
    with collected(batch), loaded(target.path) as module:
        for entry in entries_of(module, target, parameters):
            with collected(batch):
                path = target.output / f"{entry.name}.py"
                text = outputs.read(path)
                made = translated(bind_parameters(entry, parameters))
                verified.append(
                    verify_text(entry, path, made, text, limits, replayed, told)
                )
    return verified, batch.errors


def tell(reporter: Reporter, verified: Sequence[Verified]) -> None:
    """Tell what came of comparing: a line for each script, a story for a difference."""
    for each in verified:
        reporter.say(f"{each.shown}: {each.words}")
        if each.story:
            lines = [*each.story, "", f"again: {each.again}"]
            reporter.result("\n".join(lines) + "\n\n")
        if not each.equal:
            reporter.annotate(each.path, "flowc verify", each.words)
    reporter.document["verified"] = [each.as_json() for each in verified]
