"""How long it takes to verify all examples and golden cases, on all processors.

    .venv/bin/python benchmarks/verify.py [MAX_PATHS]

Builds each workflow, too. Prints the slowest, how many paths were compared in all, and
how many workflows were gone through up to their bound on faults; a difference is told,
and the exit status is 1.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from transpiler.frontend.load import loaded
from transpiler.pipeline import translated
from transpiler.verify import Limits, Result, told, verify

ROOT = Path(__file__).resolve().parents[1]


def measured(workflow: Path, paths: int) -> tuple[Path, float, Result, list[str]]:
    """Build and verify a workflow; return the seconds, the result, and the story."""
    begun = time.perf_counter()
    # Nothing is written; if something were, not here.
    os.chdir(tempfile.gettempdir())
    with loaded(workflow) as module:
        made = translated(module.entry_points()[0])
        result = verify(made, made.text, Limits(paths=paths))
    story = told(result.difference) if result.difference else []
    seconds = time.perf_counter() - begun
    return workflow, seconds, replace(result, difference=None), story


def main() -> int:
    """Measure."""
    paths = int(sys.argv[1]) if sys.argv[1:] else Limits().paths
    workflows = [
        *sorted(ROOT.glob("examples/*/workflow.py")),
        *sorted(ROOT.glob("tests/golden/*/workflow.py")),
    ]
    begun = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        results = [*pool.map(measured, workflows, [paths] * len(workflows))]
    seconds = time.perf_counter() - begun
    for workflow, each, result, _ in sorted(results, key=lambda row: -row[1])[:8]:
        print(f"{each:6.1f} s {result.compared:6,} paths  {workflow.parent.name}")
    compared = sum(result.compared for _, _, result, _ in results)
    whole = sum(result.bound != "paths" for _, _, result, _ in results)
    different = [(workflow, story) for workflow, _, _, story in results if story]
    print(
        f"{seconds:6.1f} s {compared:6,} paths of {len(workflows)} workflows on"
        f" {os.cpu_count()} processors; {whole} up to their bound on faults"
    )
    for workflow, story in different:
        print(f"\n{workflow} is different", *story, sep="\n")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
