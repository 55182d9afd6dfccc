"""Which steps are folded into loops, and which are left as they are."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from transpiler import TranspileError, transpile_file
from transpiler.lowering.tables import LONG
from transpiler.passes.fold_runs import LEAST, LONGEST

ROOT = Path(__file__).resolve().parents[2]

HEAD = '''\
"""A workflow."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from transpiler import flow

NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"]


@dataclass
class Box:
    """A state."""

    items: list[Any] = field(default_factory=list)


@flow.step
def put(box: Box, item: Any, count: int = 0) -> None:
    """Put something into it."""
    box.items.append((item, count))


def one(item: Any) -> flow.Step[Box]:
    """Put one thing into it."""
    return put(item)


@flow.workflow
def pack() -> flow.Step[Box]:
    """Pack a box."""
'''


def built(tmp_path: Path, body: str) -> str:
    """Return the workflow's function in the script."""
    path = tmp_path / "workflow.py"
    path.write_text(HEAD + textwrap.indent(textwrap.dedent(body), "    "))
    script = transpile_file(path)
    found = re.search(r'"""Pack a box\."""\n(.*?)\n\n\ndef main', script, re.DOTALL)
    assert found
    return textwrap.dedent(found[1]).strip()


def test_from_the_limit_on(tmp_path: Path) -> None:
    body = "return flow.do(*[put(i) for i in range({})])"
    assert built(tmp_path, body.format(LEAST)) == (
        f"for i in range({LEAST}):\n    put(box, i)"
    )
    under = built(tmp_path, body.format(LEAST - 1))
    assert under == "\n".join(f"put(box, {i})" for i in range(LEAST - 1))


def test_the_numbers_stand_in_the_guide() -> None:
    guide = (ROOT / "docs" / "guide" / "sequence.md").read_text(encoding="utf-8")
    words = {8: "eight", 16: "sixteen"}
    assert f"From **{words[LEAST]}** turns on" in guide
    assert f"may build up to {words[LONGEST]}\n" in guide
    assert f"more than {words[LONG]} rows" in guide


def test_one_by_one_stays_one_by_one(tmp_path: Path) -> None:
    by_hand = "\n".join(f'    one("{name}"),' for name in "abcdefghij")
    found = built(tmp_path, f"return flow.do(\n{by_hand}\n)")
    assert found == "\n".join(f'put(box, "{name}")' for name in "abcdefghij")


def test_a_helper_in_a_loop_is_folded(tmp_path: Path) -> None:
    assert built(tmp_path, "return flow.do(*map(one, NAMES))") == (
        "for item in NAMES:\n    put(box, item)"
    )


def test_turns_of_several_steps(tmp_path: Path) -> None:
    loop = """
        steps = []
        for i in range(8):
            steps += [put("x", i), put("y", i)]
            if i == 7:
                steps.append(put("last", i))
        return flow.do(*steps)
    """
    assert built(tmp_path, loop) == (
        'for i in range(8):\n    put(box, "x", i)\n    put(box, "y", i)\n\n'
        'put(box, "last", 7)'
    )


@pytest.mark.parametrize(
    "items",
    [
        "[[i] for i in range(8)]",
        '[1, "1", 2, "2", 3, "3", 4, "4"]',
        "[True, 1, False, 0, True, 1, False, 0]",
        "[len, str] * 4",
        '[{"a": i} for i in range(8)]',
        "[(i,) * (i + 1) for i in range(8)]",
    ],
)
def test_what_no_variable_can_hold_is_written_out(tmp_path: Path, items: str) -> None:
    body = f"items = {items}\nreturn flow.do(*[put(items[i]) for i in range(8)])"
    found = built(tmp_path, body)
    assert "for " not in found and found.count("put(box, ") == 8


def test_a_call_is_still_evaluated_at_the_start(tmp_path: Path) -> None:
    body = "return flow.do(*[put(os.path.basename(f'/{i}')) for i in range(8)])"
    found = built(tmp_path, body)
    assert found.startswith("item = os.path.") and found.count("put(box, ") == 8


def test_a_call_that_always_makes_the_same_is_its_value(tmp_path: Path) -> None:
    found = built(tmp_path, "return flow.do(*[put(str(i)) for i in range(8)])")
    assert found.startswith('for item in ["0", "1", ') and "put(box, item)" in found


def test_secrets_are_refused_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "x9Kf2-Qp77-secret")
    body = """
        token = os.environ["API_TOKEN"]
        return flow.do(*[put(f"{token}-{i}") for i in range(8)])
    """
    with pytest.raises(TranspileError, match="API_TOKEN"):
        built(tmp_path, body)


def test_a_long_list_stands_above(tmp_path: Path) -> None:
    path = tmp_path / "workflow.py"
    for rows, above in ((LONG, False), (LONG + 1, True)):
        path.write_text(
            f"{HEAD}    return flow.do(*[put(i * i, -i) for i in range({rows})])\n"
        )
        script = transpile_file(path).replace("put(box, i * i, -i)", "...")
        assert f"for i in range({rows}):" in script
        path.write_text(
            f"{HEAD}    squares = [(i * i, -i) for i in range({rows})]\n"
            "    return flow.do(*[put(n, m) for n, m in squares])\n"
        )
        script = transpile_file(path)
        assert ("\nNS_AND_MS = [\n" in script) is above
        assert ("for n, m in NS_AND_MS:" in script) is above


def test_ten_thousand_steps_are_a_few_lines(tmp_path: Path) -> None:
    found = built(
        tmp_path,
        "return flow.do(*[flow.retry(put(f'{i}', i)) for i in range(10_000)])",
    )
    assert found.startswith("for i in range(10000):\n    for attempt in range(1, 4):")
    assert found.count("put(") == 1
