"""Long lines are laid out as black would do it, or left to it."""

from __future__ import annotations

from pathlib import Path

import black
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transpiler import transpile_file
from transpiler.emit.layout import laid_out, spaced
from transpiler.emit.script import MODE

GOLDEN = Path(__file__).parent / "golden"

LEFT_TO_BLACK = {
    # A call behind the brackets that are split.
    "durations_computed",
    # The docstring of a function that was inside of another.
    "modules_closures",
    # Strings of several lines, where the arguments do not fit.
    "multiline",
    "text_hostile",
}

ENTRIES = sorted(GOLDEN.glob("*/workflow.py"))

names = st.sampled_from(["a", "state", "pool.submit", "connection_of_the_tenant"])
texts = st.sampled_from(['"x"', '"(, for x in"', 'f"{a}, {b}"', '"long" * 12', 'b""'])


def listed(inner: st.SearchStrategy[str], least: int) -> st.SearchStrategy[str]:
    return st.lists(inner, min_size=least, max_size=5).map(", ".join)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    keywords = st.builds("{}={}".format, st.sampled_from(["size", "named"]), inner)
    starred = st.builds("*{}".format, names)
    return st.one_of(
        st.builds("{}({})".format, names, listed(inner | keywords | starred, 0)),
        st.builds("[{}]".format, listed(inner, 0)),
        st.builds("({}, {})".format, inner, listed(inner, 1)),
        st.builds("[{} for x, y in list({})]".format, inner, inner),
        st.builds("*({} for x in {} if f({}))".format, inner, names, inner).map(
            lambda text: f"[{text}, a]"
        ),
        st.builds("({} if {} else {}).x".format, inner, names, inner),
        st.builds("{} + {}".format, inner, inner),
    )


expressions = st.recursive(names | texts, larger, max_leaves=12)
statements = st.one_of(
    expressions,
    st.builds("value = {}".format, expressions),
    st.builds("return {}".format, expressions),
    st.builds("raise ValueError({})".format, expressions),
    st.builds("for x, y in {}:\n    pass".format, expressions),
    st.builds("if {}:\n    pass".format, expressions),
    st.builds("with {} as x:\n    pass".format, expressions),
    st.builds("x, y = {}, {}".format, expressions, expressions),
)


@given(statements, st.integers(0, 5))
def test_a_line_is_laid_out_as_black_does_it_or_left_alone(
    statement: str, levels: int
) -> None:
    heads = "".join(f"{'    ' * level}if a:\n" for level in range(levels))
    body = "\n".join("    " * levels + line for line in statement.split("\n"))
    # What was on one line, as what is emitted is.
    text = f"def f():\n    pass\n\n\n{heads}{body}\n"
    as_black = black.format_str(text, mode=MODE)
    ours = laid_out(text)
    assert ours in (text, as_black)


@pytest.mark.parametrize(
    "line",
    [
        "connection = connect(host, port, timeout=30, retries=[1, 2, 4])",
        "def connect_to(database: Database, host: str, port: int) -> None:",
        "copy(database, [table for table in tables if is_large(table)], ['a'])",
        "branches = [*(pool.submit(work, item) for item in items), pool.submit(rest)]",
    ],
)
def test_what_is_simple_is_laid_out(line: str) -> None:
    text = line + "\n    pass" * line.startswith("def")
    mode = black.Mode(line_length=50, string_normalization=False)
    assert laid_out(text, 50) == black.format_str(text, mode=mode).rstrip()


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.parent.name)
def test_black_has_nothing_left_to_do(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[bool] = []
    format_str = black.format_str

    def watched(text: str, *, mode: black.Mode) -> str:
        formatted = format_str(text, mode=mode)
        changed.append(formatted != text)
        return formatted

    monkeypatch.setattr(black, "format_str", watched)
    transpile_file(path)
    assert changed
    assert any(changed) == (path.parent.name in LEFT_TO_BLACK)


def test_definitions_stand_apart() -> None:
    parts = ["import a", "A = 1\nB = 2", "# Why.\n@cache\ndef f():\n    pass", "C = 3"]
    text = spaced(parts)
    assert black.format_str(text, mode=MODE) == f"{text}\n"
    assert text.count("\n\n\n") == 2
