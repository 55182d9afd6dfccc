"""Build many targets: every one is tried, and what is wrong with any is collected."""

from __future__ import annotations

import collections
import contextlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler import outputs
from transpiler.config import Config, configured_sources, read_config
from transpiler.diagnostics import Note, TranspileError, refuse
from transpiler.frontend.imports import source_name
from transpiler.frontend.load import EntryPoint, Loaded, loaded, no_entry_point
from transpiler.outputs import Status
from transpiler.source import Span, display_path
from transpiler.states import bind_parameters, check_parameters

if TYPE_CHECKING:
    from transpiler.verify import Limits
    from transpiler.verifying import Verified


@dataclass(frozen=True, slots=True)
class Target:
    """A file to build, or one workflow of it.

    `configured` says that the settings name it, not the command line; `found`, that
    they do so by a pattern, so that it need not have a workflow.
    """

    path: Path
    name: str | None
    output: Path
    configured: bool = False
    found: bool = False

    def __str__(self) -> str:
        shown = display_path(str(self.path))
        return f"{shown}:{self.name}" if self.name else shown


@dataclass(frozen=True, slots=True)
class Built:
    """A script, and where it belongs."""

    entry: EntryPoint
    path: Path
    text: str


@dataclass
class Batch:
    """What came of a number of targets.

    `whole` are the folders all of whose scripts the settings name; `strayed` is the
    project's folder if a pattern of them finds nothing: it may be a wrong one.
    """

    built: list[Built] = field(default_factory=list)
    verified: list[Verified] = field(default_factory=list)
    errors: list[TranspileError] = field(default_factory=list)
    orphans: list[Path] = field(default_factory=list)
    whole: set[Path] = field(default_factory=set)
    strayed: Path | None = None


def find_targets(
    arguments: Iterable[str], output: Path | None = None, batch: Batch | None = None
) -> list[Target]:
    """Return the targets that the command line names, or those of the configuration.

    Patterns that find nothing are among the errors of a batch, if one is given.
    """
    arguments = list(arguments)
    if not arguments:
        config = read_config(Path.cwd())
        sources, missing = configured_sources(config)
        folder = output or config.output
        if missing and batch is None:
            raise TranspileError(missing)
        if batch is not None:
            batch.errors += [TranspileError([one]) for one in missing]
            batch.strayed = config.root if missing else None
            batch.whole.add(folder)
        return [Target(path, None, folder, True, found) for path, found in sources]
    targets, configs = [], dict[Path, Config]()
    for argument in arguments:
        path, name = split_target(argument)
        if output is None and path.parent not in configs:
            configs[path.parent] = read_config(path.parent)
        folder = output or configs[path.parent].output
        targets.append(Target(path, name, folder))
    return list(dict.fromkeys(targets))


def split_target(argument: str) -> tuple[Path, str | None]:
    """Split `path.py:name`; a drive's colon, as in C:\\\\x.py, is part of the path."""
    found = re.fullmatch(r"(.*\.py):(.*)", argument, re.DOTALL)
    if found:
        return Path(found[1]), found[2] or None
    return Path(argument), None


def build_all(
    targets: Sequence[Target],
    parameters: Mapping[str, str],
    progress: Callable[[int, int, object], None] = lambda *_: None,
    verified: Limits | None = None,
    batch: Batch | None = None,
) -> Batch:
    """Build every target, and find the outputs that none of them produces any more.

    What comes of them is added to a batch, if one is given. With limits to verify
    within, a script that does not do what its workflow says is not among those that
    were built.
    """
    batch, broken = batch or Batch(), set[str]()
    for number, target in enumerate(targets):
        progress(number, len(targets), target)
        failures = len(batch.errors)
        with collected(batch), loaded(target.path) as module:
            _build_file(module, target, parameters, batch, verified)
        if len(batch.errors) > failures:
            broken.add(source_name(target.path))
    _find_orphans(targets, broken, batch)
    _refuse_clashes(batch)
    return batch


def _build_file(
    module: Loaded,
    target: Target,
    parameters: Mapping[str, str],
    batch: Batch,
    verified: Limits | None,
) -> None:
    from transpiler.pipeline import build_script

    for entry in entries_of(module, target, parameters):
        with collected(batch):
            bound = bind_parameters(entry, parameters)
            path = target.output / f"{entry.name}.py"
            if verified is None:
                text = outputs.stamp(build_script(bound))
            else:
                compared, text = _verified(bound, path, verified)
                batch.verified.append(compared)
                if not compared.equal:
                    continue
            batch.built.append(Built(entry, path, text))


def _verified(entry: EntryPoint, path: Path, limits: Limits) -> tuple[Verified, str]:
    """Build a script and compare it with its workflow before it is written."""
    from transpiler.pipeline import translated
    from transpiler.verifying import verify_text

    made = translated(entry)
    text = outputs.stamp(made.text)
    return verify_text(entry, path, made, text, limits), text


def entries_of(
    module: Loaded, target: Target, parameters: Mapping[str, str]
) -> list[EntryPoint]:
    """Return the workflows of a target; some of them take the parameters."""
    if target.name is not None:
        entries = [module.entry_point(target.name)]
    else:
        entries = module.entry_points()
    if not entries:
        if target.found:
            return []
        raise no_entry_point(target.path)
    check_parameters(entries, parameters)
    return entries


@contextlib.contextmanager
def collected(batch: Batch) -> Iterator[None]:
    """Keep what is refused inside for a report.

    What the author's modules print goes to standard error.
    """
    # What the author's modules print must not end up in a diff or a JSON document.
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except TranspileError as error:
        batch.errors.append(error)


def _refuse_clashes(batch: Batch) -> None:
    """Refuse two workflows of one name: their scripts would be one file."""
    seen: dict[str, Built] = {}
    clashing = set[int]()
    for built in batch.built:
        # Some file systems don't tell Deploy.py from deploy.py.
        first = seen.setdefault(str(built.path).casefold(), built)
        if first is built or first.entry.span == built.entry.span:
            continue
        clashing |= {id(first), id(built)}
        batch.errors.append(
            refuse(
                "FLOW022",
                f"two workflows are called {built.entry.name},"
                f" and each would be written to {built.path.name}",
                span=built.entry.span,
                hint="rename one of them",
                notes=[Note(first.entry.span, "the other one")],
            )
        )
    batch.built = [
        built
        for built in batch.built
        if id(built) not in clashing and seen[str(built.path).casefold()] is built
    ]


def _find_orphans(targets: Sequence[Target], broken: set[str], batch: Batch) -> None:
    """Find the scripts that no workflow produces any more.

    Where only some files are built, only the scripts of those can be judged.
    """
    produced = {built.path.resolve() for built in batch.built}
    produced |= {verified.path.resolve() for verified in batch.verified}
    sources = {source_name(target.path) for target in targets if target.name is None}
    folders = [*(target.output for target in targets), *batch.whole]
    for folder in dict.fromkeys(folders):
        for path, origin in outputs.scripts(folder):
            if path.resolve() in produced or origin.source in broken:
                continue
            if batch.strayed and (batch.strayed / origin.source).exists():
                continue
            if origin.source in sources or folder in batch.whole:
                batch.orphans.append(path)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one output: a line of the summary."""

    path: Path
    outcome: str
    built: Built | None = None
    diff: str = ""
    words: str = ""

    @property
    def shown(self) -> str:
        """The path as a person would type it."""
        return display_path(str(self.path))

    def as_json(self) -> dict[str, str | None]:
        """Return the row as JSON has it."""
        entry = self.built.entry if self.built else None
        return {
            "path": self.shown,
            "status": self.outcome,
            "source": display_path(str(entry.path)) if entry else None,
            "name": entry.name if entry else None,
            "diff": self.diff or None,
        }


def write_all(batch: Batch, *, force: bool) -> list[Row]:
    """Write what was built; what can't be written becomes an error of the batch."""
    rows = []
    for built in batch.built:
        try:
            rows.append(Row(built.path, _write(built, force=force), built))
        except TranspileError as error:
            batch.errors.append(error)
    return rows


def _write(built: Built, *, force: bool) -> str:
    status = outputs.compare(built.path, built.text)
    if status is Status.SAME and outputs.is_executable(built.path):
        return "unchanged"
    if status.is_authored and not force:
        raise refuse(
            "FLOW021",
            f"this is {status.value}, and is left as it is",
            span=Span(display_path(str(built.path))),
            hint="move the edit into the workflow, or overwrite it with --force;"
            " flowc check shows the difference",
        )
    outputs.prepare_folder(built.path.parent)
    outputs.write(built.path, built.text)
    return "written"


def compare_all(batch: Batch) -> list[Row]:
    """Compare what was built with what is on disk."""
    rows = []
    for built in batch.built:
        try:
            status = outputs.compare(built.path, built.text)
            difference = outputs.diff(built.path, built.text)
        except TranspileError as error:
            batch.errors.append(error)
        else:
            source = display_path(str(built.entry.path))
            if status.is_authored:
                cure = f"move the edit into {source}, or flowc build --force {source}"
            else:
                cure = f"run flowc build {source}"
            words = "" if status is Status.SAME else f"{status.value}; {cure}"
            rows.append(Row(built.path, status.token, built, difference, words))
    return rows


def orphan_rows(batch: Batch) -> list[Row]:
    """Return a row for each orphan."""
    orphaned = Status.ORPHANED
    words = f"{orphaned.value}; delete it"
    return [Row(path, orphaned.token, words=words) for path in batch.orphans]


def summary(rows: Iterable[Row], errors: int) -> str:
    """Count the outcomes: `scripts: 2 same, 1 missing`."""
    counts = collections.Counter(row.outcome for row in rows)
    parts = [f"{count} {outcome}" for outcome, count in sorted(counts.items())]
    if errors:
        parts.append(f"{errors} failed")
    return f"scripts: {', '.join(parts) or 'none'}"
