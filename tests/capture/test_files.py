"""Functions and lambdas are found in their file again, and what spans say of it."""

from __future__ import annotations

import ast
import linecache
from typing import Any

import pytest
from authors import author
from hypothesis import given
from hypothesis import strategies as st

from transpiler.capture.files import (
    function_node,
    lambda_node,
    per_code,
    positions,
    source_file,
    span_at,
)
from transpiler.capture.functions import (
    captured,
    definition_span,
    describe_function,
    is_async,
    parameter_span,
)
from transpiler.diagnostics import excerpt
from transpiler.ir.expressions import Given
from transpiler.source import Span


def body(fn: Any) -> str | None:
    """Return the source of a lambda's body as it was found."""
    node = lambda_node(fn.__code__)
    return ast.unparse(node.body) if node else None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("f = [lambda x: x + 1]", ["x + 1"]),
        ("f = [lambda x: x + 1, lambda x: x + 2]", ["x + 1", "x + 2"]),
        ("f = [lambda x: 1, lambda x: 2]", ["1", "2"]),
        ("f = [lambda x: lambda x: x, (lambda x: lambda x: x)(1)]", None),
        ("f = [lambda x, y=1, *z, k, **w: (x, y, z, k, w)]", ["(x, y, z, k, w)"]),
        ("f = [lambda é: é, lambda ü: ü]", ["é", "ü"]),
        ("f = [lambda x: (\n    x\n    + 1\n)]", ["x + 1"]),
        ("f = [lambda: [y for y in 'ab' if y], lambda: 'b']", None),
    ],
)
def test_lambdas(text: str, found: list[str] | None) -> None:
    lambdas = author(text)["f"]
    if found is None:
        # What was found compiles to the same.
        for each in lambdas:
            node = lambda_node(each.__code__)
            assert node is not None
            again = eval(ast.unparse(node))
            assert again.__code__.co_code == each.__code__.co_code
    else:
        assert [body(each) for each in lambdas] == found


@given(
    st.lists(st.sampled_from(["x", "x + 1", "f(x)", "[x]", "1", "(x, 1)"]), max_size=5)
)
def test_lambdas_on_one_line(bodies: list[str]) -> None:
    each = ", ".join(f"lambda x: {text}" for text in bodies)
    lambdas = author(f"f = [{each}]")["f"]
    assert [body(fn) for fn in lambdas] == bodies


def test_functions() -> None:
    text = """\
    def plain(a, b=1): ...

    @(lambda fn: fn)
    @(
        lambda fn: fn
    )
    def decorated(a): ...

    class C:
        def method(self): ...

    def outer():
        def inner(): ...
        return inner

    async def later(): ...
    """
    names = author(text)
    functions = [
        names["plain"],
        names["decorated"],
        names["C"].method,
        names["outer"](),
    ]
    for fn in (*functions, names["later"]):
        node = function_node(fn.__code__)
        assert node is not None and node.name == fn.__name__
        span = definition_span(fn)
        assert span is not None
        shown = "async" if is_async(fn) else fn.__name__
        line = linecache.getline(span.path, span.line)
        assert line[span.column : span.end_column] == shown


def test_parameters() -> None:
    fn = author("def f(a, /, bé: 'str' = 'é', *, c: int): ...")["f"]
    spans = [parameter_span(fn, name) for name in ("a", "bé", "c", "d")]
    line = linecache.getline(fn.__code__.co_filename, fn.__code__.co_firstlineno)
    assert [line[s.column : s.end_column] if s else None for s in spans] == [
        "a",
        "bé: 'str'",
        "c: int",
        None,
    ]


def test_what_a_closure_holds() -> None:
    text = """\
    def outer(a):
        b = [a]
        def inner(state):
            return a, b, late
        found = inner
        if a:
            return found
        late = 1

    inner = outer(3)
    """
    fn = author(text)["inner"]
    values = {k: v.value for k, v in captured(fn) if isinstance(v, Given)}
    assert values == {"a": 3, "b": [3], "late": None}
    assert describe_function(fn).name == "inner"
    assert describe_function(print).name == "print"
    assert definition_span(print) is None


def test_what_has_no_source() -> None:
    names: dict[str, Any] = {}
    exec("f = lambda x: x\ndef g(): ...", names)
    assert lambda_node(names["f"].__code__) is None
    assert function_node(names["g"].__code__) is None
    assert definition_span(names["f"]) is None
    assert parameter_span(names["g"], "x") is None
    assert source_file("no such file") is None


def test_a_file_is_parsed_once_and_again_when_it_changes() -> None:
    path = author("a = 1")["put"].fn.__code__.co_filename
    first = source_file(path)
    assert first is not None and source_file(path) is first
    lines = ["b = 2\n"]
    linecache.cache[path] = 6, None, lines, path
    again = source_file(path)
    assert again is not None and again.constants == {"b"}


@pytest.mark.parametrize(
    ("text", "constants", "once"),
    [
        ("A = 1\nB: int = 2\nfrom x import C\ndef D(): ...\n", "ABCD", "ABCD"),
        ("A = 1\nA = 2\nB = 1\n", "B", "B"),
        ("A = []\nA.append(1)\nB = {}\nB['x'] = 1\n", "", "AB"),
        ("for A in 'ab': B = A\nwith x as C: ...\n", "", ""),
        ("if x:\n    A = 1\nelse:\n    A = 2\n", "A", "A"),
        ("try:\n    import A\nexcept E:\n    A = None\n", "A", "A"),
        ("A = 1\ndef f():\n    global A\n    A = 2\n", "f", "Af"),
        ("A = 1\nA += 1\n(B, C) = 1, 2\n", "BC", "BC"),
        ("A, B = 1, 2\ndel B[0]\n", "A", "AB"),
    ],
)
def test_what_a_module_binds(text: str, constants: str, once: str) -> None:
    path = "/author/bindings.py"
    lines = text.splitlines(keepends=True)
    linecache.cache[path] = len(text), None, lines, path
    file = source_file(path)
    del linecache.cache[path]
    assert file is not None
    assert file.constants == set(constants)
    assert file.bound_once == set(once)


def test_equal_code_of_two_files_is_told_apart() -> None:
    first = author("f = lambda x: x")["f"].__code__
    second = author("f = lambda x: x")["f"].__code__
    calls: list[object] = []

    @per_code
    def path_of(code: Any) -> str:
        calls.append(code)
        return str(code.co_filename)

    assert path_of(first) != path_of(second)
    assert path_of(first) == first.co_filename
    assert len(calls) == 2
    assert len(positions(first)) == len(list(first.co_positions()))


lines = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "S"], include_characters=" \t"),
    min_size=1,
    max_size=30,
)


@given(lines, st.data())
def test_carets_stand_under_the_span(line: str, data: st.DataObject) -> None:
    line = "x" + line
    begin = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(begin + 1, len(line)))
    path = "/author/carets.py"
    linecache.cache[path] = len(line), None, [line + "\n"], path
    before, until = (len(line[:n].encode()) for n in (begin, end))
    span = span_at(path, (1, 1, before, until))
    assert span == Span(path, 1, begin, 1, end)
    text, carets = excerpt(span)
    del linecache.cache[path]
    assert carets.count("^") == len(carets.strip("| ")) > 0
    under = text[carets.index("^") : carets.rindex("^") + 1]
    # Tabs are shown as spaces.
    assert under.split() == line[begin:end].expandtabs(4).split()


def test_a_span_of_several_lines_is_shown_by_its_first() -> None:
    path = "/author/lines.py"
    linecache.cache[path] = 9, None, ["put(1,\n", "    2)\n"], path
    assert excerpt(Span(path, 1, 0, 2, 6)) == [
        "    1 | put(1,",
        "      | ^^^^^^",
    ]
    assert excerpt(Span(path, 2)) == ["    2 |     2)"]
    assert excerpt(Span(path)) == []
    assert excerpt(Span(path, 7, 0, 7, 1)) == []
    del linecache.cache[path]
