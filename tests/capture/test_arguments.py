"""The source of an argument is found, whatever the call looks like; or none is."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from authors import HEAD, author
from hypothesis import given
from hypothesis import strategies as st

from transpiler.capture.sites import call_site
from transpiler.ir.expressions import Given, evaluate

SETTING = """\
from functools import partial, wraps
from types import SimpleNamespace

A = 1
space = SimpleNamespace(put=put)
table = {"put": put}


def called(fn, value):
    return (lambda *given: fn(*given))(value)


@wraps(put)
def wrapped(*given):
    return put(*given)


"""


def sources(step: Any) -> list[str | None]:
    """Return the text of each argument of a call, None where it isn't known."""
    found = []
    for argument in step.node.arguments:
        source = getattr(argument.value, "source", None)
        found.append(source.text if source else None)
    return found


@pytest.mark.parametrize(
    ("call", "texts"),
    [
        ("put()", []),
        ("put('a', \"b\", 0x10, 1_000)", ["'a'", '"b"', "0x10", "1_000"]),
        ("put( 'a' ,('b'))", ["'a'", "'b'"]),
        ("put(named='a', *(), other=A)", ["'a'", "A"]),
        ("put(\n    'a',\n    # why\n    'b'\n    'c',\n)", ["'a'", "'b'\n    'c'"]),
        ("put([\n    1,\n    2,\n])", ["[\n    1,\n    2,\n]"]),
        ("put(put.fn, A.real, A + 1, -A)", ["put.fn", "A.real", "A + 1", "-A"]),
        ("put('é', A, 'ü')", ["'é'", "A", "'ü'"]),
        ("'é' and put('日本', A)", ["'日本'", "A"]),
        ("put(max(1, 2), *[], A)", ["max(1, 2)"]),
        ("put(*[A, 2], named=A)", [None, None, "A"]),
        ("put(**{'named': A})", [None]),
        ("put(A, *[A], A)", ["A", None, None]),
        ("put(lambda state: state)", ["lambda state: state"]),
        ("[put(n) for n in (1, 2)][1]", ["n"]),
        ("put(A); put('b')", ["A"]),
        ("flow.do(put(A)) and put('b')", ["'b'"]),
        ("(put)(A)", ["A"]),
        ("space.put(A)", ["A"]),
        ("table['put'](A)", [None]),
        ("next(map(put, [A]))", [None]),
        ("partial(put, A)()", [None]),
        ("called(put, A)", [None]),
        ("wrapped(A)", [None]),
    ],
)
def test_sources(call: str, texts: list[str | None]) -> None:
    first, _, rest = call.partition("; ")
    step = author(f"{SETTING}made = {first}\n{rest or 'pass'}\n")["made"]
    # Through a wrapper the call that is seen is that of the wrapper, which has stars.
    assert sources(step)[: len(texts)] == texts


def test_values_are_kept_with_their_sources() -> None:
    step = author("a, b = 1, [2]\nstep = put(a, b, a + 1)\n")["step"]
    values = [argument.value for argument in step.node.arguments]
    assert [(value.value, value.source.text) for value in values] == [
        (1, "a"),
        ([2], "b"),
        (2, "a + 1"),
    ]


def test_a_container_may_hold_itself() -> None:
    text = """\
    LOOP = [1]
    LOOP.append({"again": LOOP})

    def make(loop):
        return put(LOOP, loop, (loop,))
    """
    namespace = author(text)
    loop = namespace["LOOP"]
    named, local, inside = namespace["make"](loop).node.arguments
    assert named.value.value is loop
    assert local.value.value[0] == inside.value.value[0][0] == 1


def test_local_names_are_bound_and_module_names_are_not() -> None:
    text = """\
    A = 1

    def make(b):
        c = 3
        return put(A, b, f"{b}{c}", len(A * "x"))
    """
    step = author(text)["make"](2)
    named = [sorted(argument.value.source.names) for argument in step.node.arguments]
    assert named == [[], ["b"], ["b", "c"], []]
    again = [evaluate(argument.value, {}) for argument in step.node.arguments]
    assert again == [1, 2, "23", 1]


def test_parameters_are_named() -> None:
    text = """\
    @flow.step
    def grant(state, user, *privileges, on, **options): ...

    step = grant("a", "b", "c", on="d", quiet=True)
    """
    step = author(text)["step"]
    assert [(a.keyword, a.parameter) for a in step.node.arguments] == [
        (None, "user"),
        (None, "privileges"),
        (None, "options"),
        ("on", "on"),
        ("quiet", "quiet"),
    ] or [(a.keyword, a.parameter) for a in step.node.arguments][3:] == [
        ("on", "on"),
        ("quiet", "quiet"),
    ]


def test_a_step_keeps_the_value_of_its_turn() -> None:
    text = """\
    steps = []
    for n in range(3):
        steps.append(put(n))
        steps.append(lambda state: state.append(n))
    steps += [put(n) for n in "ab"]
    steps += [lambda state, n=n: state.append(n) for n in "cd"]

    def make():
        made = []
        for n in (10, 20):
            made.append(put(n * 2))
        return made

    step = flow.do(*steps, *make())
    """
    namespace = author(text)
    state: list[Any] = []
    namespace["step"].run(state)
    # A lambda reads the name when it runs, as ever in Python.
    assert state == [0, 2, 1, 2, 2, 2, "a", "b", "c", "d", 20, 40]


def test_an_argument_keeps_what_it_held() -> None:
    text = """\
    def make():
        parts = ["a"]
        first = put(parts, {"all": parts}, (parts,), set(parts))
        parts.append("b")
        return flow.do(first, put(parts))

    step = make()
    """
    state: list[Any] = []
    author(text)["step"].run(state)
    assert state == [["a"], {"all": ["a"]}, (["a"],), {"a"}, ["a", "b"]]


def test_a_closure_keeps_what_it_closed_over() -> None:
    text = """\
    def make(n):
        def run(state):
            state.append(n)
        return run

    step = flow.do(*[make(n) for n in range(3)])
    """
    state: list[Any] = []
    author(text)["step"].run(state)
    assert state == [0, 1, 2]


def test_partials_of_leaves_and_of_plain_functions() -> None:
    text = """\
    from functools import partial

    def plain(state, value, other=0):
        state += [value, other]

    step = flow.do(partial(put, 1, named=2), partial(plain, value=3, other=4))
    """
    state: list[Any] = []
    author(text)["step"].run(state)
    assert state == [1, ("named", 2), 3, 4]


def test_a_call_whose_source_is_unknown() -> None:
    namespace: dict[str, Any] = {"__name__": "repl"}
    exec(HEAD + "step = put('a', n=1)", namespace)
    assert sources(namespace["step"]) == [None, None]
    given = [argument.value for argument in namespace["step"].node.arguments]
    assert [value.value for value in given if isinstance(value, Given)] == ["a", 1]


def test_a_call_site_outside_of_a_file() -> None:
    namespace: dict[str, Any] = {"__name__": "repl", "call_site": call_site}
    exec("site = (lambda: call_site(None))()", namespace)
    site = namespace["site"]
    assert (site.call, site.node(0), site.node("a")) == (None, None, None)
    assert site.span_of(0) == site.span


def test_functions_that_are_partials_of_each_other() -> None:
    step = author("step = put(1, 2)")["step"]
    twice = partial(step.run)
    state: list[Any] = []
    twice(state)
    assert state == [1, 2]


words = st.text(
    st.characters(
        codec="utf-8",
        exclude_characters="\\'\r\n\f\x0b\x0c\x1c\x1d\x1e" "\x85\u2028\u2029\0",
    ),
    max_size=8,
)


@given(st.lists(words, max_size=4), words, st.booleans())
def test_columns_count_characters(values: list[str], before: str, lines: bool) -> None:
    texts = [f"'{value}'" for value in values]
    space = ",\n    " if lines else ", "
    namespace = author(f"made = ['{before}', put({space.join(texts)})][1]\n")
    step = namespace["made"]
    assert sources(step) == texts
    spans = [argument.value.source.span for argument in step.node.arguments]
    path = spans[0].path if spans else ""
    shown = [shown_at(path, span) for span in spans]
    assert shown == texts


def shown_at(path: str, span: Any) -> str:
    import linecache

    return linecache.getline(path, span.line)[span.column : span.end_column]
