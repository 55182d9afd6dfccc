"""Whatever the author's texts hold, they can neither break a script nor get into it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import black
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.hostile import TURNING, Hostile, comment, texts, workflows
from support.worlds import Situation, opened
from transpiler import transpile_file
from transpiler.diagnostics import TranspileError
from transpiler.emit.characters import unused_mark, visible
from transpiler.emit.render import protected
from transpiler.emit.script import MODE

HIDDEN = re.compile(f"[{TURNING}\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u2028\u2029]")


@given(workflows())
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_texts_stay_where_they_are(tmp_path: Path, hostile: Hostile) -> None:
    workflow = tmp_path / "workflow.py"
    workflow.write_text(hostile.source, encoding="utf-8")
    script = transpile_file(workflow)
    first, second, *others = hostile.expected
    with opened(workflow, script) as lab:
        situation = Situation()
        kept = [first, second, *others]
        for outcome in (lab.interpret(situation), lab.execute(situation)):
            assert outcome.error is None
            out = dict(outcome.state[1])["out"][1]
            assert [*out] == kept
    tree = ast.parse(script)
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert "INJECTED" not in read
    assert not HIDDEN.search(script)
    assert black.format_str(script, mode=MODE) == script


@given(texts, texts)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_hidden_characters_are_written_out(text: str, other: str) -> None:
    body = repr(other)
    source = f"x = {body}  {comment(text)}\ny = [1,\n {comment(other)}\n 2]\n"
    shown = visible(source, "workflow.py")
    assert ast.dump(ast.parse(shown)) == ast.dump(ast.parse(source))
    assert not set(TURNING) & set(shown)
    assert visible(shown, "workflow.py") == shown


@pytest.mark.parametrize(
    "text",
    [
        'x = r"a\u202eb"',
        "x = f\"{d['\u2066']}\"",
        "x = rf'\u202e{y}'",
        'x = "\\\u202e"',
    ],
)
def test_what_cannot_be_written_out_is_refused(text: str) -> None:
    with pytest.raises(TranspileError) as caught:
        visible(f"{text}\n", "workflow.py:run")
    assert [found.code for found in caught.value.diagnostics] == ["FLOW318"]
    assert not set(TURNING) & set(str(caught.value))


def test_what_is_only_hidden_stays_in_a_raw_string() -> None:
    assert visible("x = r'a\x0cb'  # \x0c\n", "") == "x = r'a\x0cb'  # \\x0c\n"


@given(
    st.lists(
        st.sampled_from(["\n", "a", "{{", "}}", "{x}", "{\nx}", " ", "\\"]), max_size=9
    )
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_newlines_of_strings_are_no_ends_of_lines(pieces: list[str]) -> None:
    statement = f"f(\n    f'''{''.join(pieces)}.''',\n    1,\n)"
    try:
        ast.parse(statement)
    except SyntaxError:
        return
    kept = protected(statement)
    lines = kept.split("\n")
    assert len(lines) == 4
    assert "\n    ".join(lines).replace("\ue0ff", "\n") == statement.replace(
        "f(\n", "f(\n    ", 1
    ).replace(".''',\n", ".''',\n    ", 1).replace("1,\n", "1,\n    ", 1)


def test_the_mark_of_a_newline_is_none_of_the_texts() -> None:
    assert unused_mark(("\ue0ff", {"a": "\ue100"}, ["b"])) == "\ue101"
