"""How long builds take: each shape at several sizes, and how much of it is black's.

    .venv/bin/python benchmarks/build.py [SIZE ...]

Prints ratios within this one run, as machines differ: the time per step against that of
the smallest size (1.0 is linear), and the build without black against two passes of
black over the same script, which is what black takes for a text that it has to change.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import black

from transpiler import transpile_file
from transpiler.emit.script import MODE

HEADER = '''\
"""Many steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Schema:
    """A schema."""

    tables: list[str] = field(default_factory=list)


@flow.step
def create(schema: Schema, name: str) -> None:
    """Create a table."""
    schema.tables.append(name)


@flow.step
def grant(schema: Schema, name: str, role: str) -> None:
    """Grant something."""
    schema.tables.append(f"{name} {role}")


def table(name: str) -> flow.Step[Schema]:
    """Create a table and what belongs to it."""
    return flow.do(
        create(name),
        flow.retry(grant(name, "reader"), flow.up_to(3), flow.fixed_backoff(1)),
    )


SIZE = {size}


@flow.workflow
def build() -> flow.Step[Schema]:
    """Build it."""
    return {step}
'''

# Steps that differ in kind from one to the next are not folded into a loop.
SHAPES = {
    "calls": "flow.do(*[create(f't{n}') if n % 2 else grant(f't{n}', 'x')"
    " for n in range(SIZE)])",
    "one loop": "flow.do(*[create(f't{n}') for n in range(SIZE)])",
    "parallel": "flow.in_parallel(*[create(f't{n}') if n % 2 else grant(f't{n}', 'x')"
    " for n in range(SIZE)])",
    "retries": "flow.do(*[flow.retry(create(f't{n}'), flow.up_to(n % 5 + 2))"
    " for n in range(SIZE)])",
    "names": "flow.do(*[flow.named(f'part {n}', flow.do(create(f't{n}'), create('x')))"
    " for n in range(SIZE)])",
    "constructors": "flow.do(*[table(f't{n}') for n in range(SIZE)])",
}


def measured(path: Path) -> tuple[float, float, str]:
    """Build; return the seconds that it took, those of them in black, the script."""
    spent, original = 0.0, black.format_str

    def format_str(text: str, *, mode: black.Mode) -> str:
        nonlocal spent
        begun = time.perf_counter()
        formatted = original(text, mode=mode)
        spent += time.perf_counter() - begun
        return formatted

    black.format_str = format_str  # type: ignore[assignment]  # the same, but timed
    try:
        begun = time.perf_counter()
        script = transpile_file(path)
        return time.perf_counter() - begun, spent, script
    finally:
        black.format_str = original


def main() -> None:
    """Measure."""
    sizes = [int(size) for size in sys.argv[1:]] or [100, 1000, 10_000]
    print(
        "shape          steps  seconds  per step  without black / two passes of black"
    )
    for shape, step in SHAPES.items():
        first = 0.0
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "workflow.py"
                text = HEADER.replace("{size}", str(size)).replace("{step}", step)
                path.write_text(text, encoding="utf-8")
                total, in_black, script = measured(path)
            begun = time.perf_counter()
            for _ in range(2):
                black.format_file_contents(script + "\n\n", fast=True, mode=MODE)
            passes = time.perf_counter() - begun
            each = total / size
            first = first or each
            print(
                f"{shape:13}{size:7,}{total:9.2f}{each / first:10.2f}"
                f"{(total - in_black) / passes:14.2f}"
            )


main()
