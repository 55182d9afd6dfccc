"""How long builds take, and how that grows: ratios within one run, no absolute times.

    python benchmarks/builds.py [STEPS] [SHAPE...]

For each shape of workflow, one of STEPS steps (1,000 unless said otherwise) and one of
ten times as many are built. `growth` is how much longer the larger one takes, without
black: 10 is linear. The rest is to what black takes in the build of the smaller one:
`rest` is what the build spends outside of black, `one pass` what black takes for a text
that is laid out already. With a `one pass` of 0.5, black went over the text twice.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import black

from transpiler import transpile_file
from transpiler.emit.script import MODE

HEAD = '''\
"""A workflow of many steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Box:
    """A state."""

    items: list[str] = field(default_factory=list)


@flow.step
def put(box: Box, item: object, count: int = 0) -> None:
    """Put something into it."""
    box.items.append(f"{item} {count}")


def swap(item: str, count: int) -> flow.Step[Box]:
    """Put two things into it."""
    return flow.do(put(item, count), put(f"{item}!"))


@flow.workflow
def pack() -> flow.Step[Box]:
    """Pack a box."""
'''

SHAPES = {
    "calls": 'put("n{i}", {i})',
    "hoisted": "put(str({i}))",
    "composites": 'swap("n{i}", {i})',
    "retries": 'flow.retry(put("n{i}", {i}))',
    "named": 'flow.named("n{i}", put({i}))',
    "loops": 'flow.in_serial(flow.for_each(["a{i}", "b"], lambda x: put(x, {i})))',
    "parallel": 'put("n{i}", {i})',
    "folded": "",
}


def source(shape: str, steps: int) -> str:
    """Return a workflow of so many steps."""
    if shape == "folded":
        each = f'*[put(f"n{{i}}", i) for i in range({steps})]'
    else:
        each = "\n".join(f"        {SHAPES[shape].format(i=i)}," for i in range(steps))
    combinator = "in_parallel" if shape == "parallel" else "do"
    return f"{HEAD}    return flow.{combinator}(\n{each}\n    )\n"


def build(shape: str, steps: int, *, with_black: bool) -> tuple[float, float, str]:
    """Return what a build takes outside of black and inside, and the script."""
    inside = 0.0
    format_str = black.format_str

    def timed(text: str, *, mode: black.Mode) -> str:
        nonlocal inside
        start = time.process_time()
        made = format_str(text, mode=mode) if with_black else text
        inside += time.process_time() - start
        return made

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workflow.py"
        path.write_text(source(shape, steps), encoding="utf-8")
        black.format_str = timed  # type: ignore[assignment]  # the same but timed
        try:
            start = time.process_time()
            script = transpile_file(path)
            whole = time.process_time() - start
        finally:
            black.format_str = format_str
    return whole - inside, inside, script


def main() -> None:
    """Measure the shapes that are asked for, and print a line for each."""
    steps = int(sys.argv[1]) if sys.argv[1:] else 1000
    build("calls", 10, with_black=True)  # The first build of all imports modules.
    print(f"{'shape':12}{'growth':>8}{'rest':>8}{'one pass':>10}")
    for shape in sys.argv[2:] or SHAPES:
        rest, inside, script = build(shape, steps, with_black=True)
        larger, _, _ = build(shape, 10 * steps, with_black=False)
        start = time.process_time()
        black.format_str(script, mode=MODE)
        once = (time.process_time() - start) / inside
        row = f"{larger / rest:8.1f}{rest / inside:8.2f}{once:10.2f}"
        print(f"{shape:12}{row}", flush=True)


if __name__ == "__main__":
    main()
