"""ruff and mypy, run once each over all workflows and scripts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from support.cases import ROOT, Case

Findings = Mapping[Path, list[str]]
"""What was found in each file."""

RULES = "E,F,I,B,UP,SIM,RET,PIE,C4"


def check_all(cases: Sequence[Case], folder: Path) -> Findings:
    """Check the workflows and scripts of all cases, copied under names of their own.

    The modules of a package, and those beside a workflow, keep theirs: their authors
    import them by these.
    """
    originals: dict[str, Path] = {}
    found: dict[Path, list[str]] = defaultdict(list)
    for case in cases:
        for path, copied in _copies(case):
            if not path.exists():
                found[path].append("it is missing")
                continue
            assert (
                copied not in originals
            ), f"{path} and {originals[copied]}: rename one"
            (folder / copied).parent.mkdir(exist_ok=True)
            shutil.copy(path, folder / copied)
            originals[copied] = path
    for name, message in [*_ruff(folder), *_mypy(folder)]:
        found[originals[name]].append(message)
    return found


def _copies(case: Case) -> Iterator[tuple[Path, str]]:
    """Yield the files of a case, and what each is called where it is checked."""
    yield case.expected, f"script_{case.name}.py"
    root = case.package.parent if case.package else case.workflow.parent
    for path in case.sources:
        if path == case.workflow and not case.package:
            yield path, f"author_{case.name}.py"
        else:
            yield path, path.relative_to(root).as_posix()


def _ruff(folder: Path) -> list[tuple[str, str]]:
    done = _run(
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--output-format=json",
        f"--select={RULES}",
        "--line-length=88",
        "--target-version=py311",
        "--config=lint.isort.known-first-party=['transpiler']",
        str(folder),
    )
    assert done.returncode < 2, done.stderr
    return [
        (
            Path(found["filename"]).relative_to(folder.resolve()).as_posix(),
            f"line {found['location']['row']}: {found['code']} {found['message']}",
        )
        for found in json.loads(done.stdout)
    ]


def _mypy(folder: Path) -> list[tuple[str, str]]:
    done = _run(
        "mypy",
        "--strict",
        "--python-version=3.11",
        "--config-file=",
        # Kept: most of the time goes into the standard library's stubs.
        f"--cache-dir={ROOT / '.mypy_cache' / 'golden'}",
        "--no-error-summary",
        "--hide-error-context",
        ".",
        folder=folder,
    )
    assert done.returncode < 2, done.stdout + done.stderr
    found = []
    for line in done.stdout.splitlines():
        match = re.match(r"([^:]+\.py):(\d+): (\w+: .*)", line)
        assert match, line
        found.append((match[1], f"line {match[2]}: {match[3]}"))
    return found


def _run(
    tool: str, *arguments: str, folder: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name(tool), *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
    )
