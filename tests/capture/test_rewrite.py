"""A body that is compiled again behaves as the author's, but for its loop items."""

from __future__ import annotations

import traceback
from typing import Any

import pytest
from authors import author, looped

from transpiler import flow
from transpiler.capture.rewrite import build
from transpiler.diagnostics import TranspileError
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given


def constructors(step: ir.Step) -> list[tuple[str, dict[str, Any]]]:
    """Return the constructors around a step, outermost first, with what they got."""
    found = []
    while isinstance(step, ir.Composite):
        given = {k: v.value for k, v in step.arguments if isinstance(v, Given)}
        found.append((step.function.name, given))
        step = step.step
    return found


def test_constructors_are_recorded() -> None:
    text = """\
    def outer(user, size=1, *rest, quiet=False, **more) -> flow.Step:
        return inner(user + "!", size)

    def inner(name, size) -> flow.Step:
        return put(name, size)

    class Maker:
        size = 3

        def make(self, user) -> flow.Step:
            return inner(user, self.size)
    """
    names = author(text)
    built = build(names["outer"], "a", quiet=True)
    assert constructors(built.node) == [
        (
            "outer",
            {"user": "a", "size": 1, "rest": (), "quiet": True, "more": {}},
        ),
        ("inner", {"name": "a!", "size": 1}),
    ]
    maker = names["Maker"]()
    made = constructors(build(maker.make, "a").node)
    assert [name for name, _ in made] == ["make", "inner"]
    assert made[1][1] == {"name": "a", "size": 3}


def test_a_lambda_is_no_constructor() -> None:
    built = build(author("make = lambda user: put(user)")["make"], "a")
    assert isinstance(built.node, ir.Call)


def test_what_a_constructor_returns_is_returned() -> None:
    text = """\
    def pair(user):
        return put(user), [put(user)]

    def nothing(user): ...

    def text(user):
        return user.upper()
    """
    names = author(text)
    first, (second,) = build(names["pair"], "a")
    assert isinstance(first, flow.Step) and isinstance(second, flow.Step)
    assert build(names["nothing"], "a") is None
    assert build(names["text"], "a") == "A"
    assert build(str.upper, "a") == "A"


def test_globals_closures_defaults_and_keywords() -> None:
    text = """\
    PREFIX = "p"
    count = 0

    def outer(size):
        calls = []

        def body(user, /, *parts, sep="-", **more):
            global count
            count += 1
            calls.append(user)
            return put(PREFIX + sep.join(parts), size, len(calls), more)
        return body

    body = outer(7)
    """
    names = author(text)
    names["PREFIX"] = "q"
    state: list[Any] = []
    build(names["body"], "u", "a", "b", k=1).run(state)
    build(names["body"], "u", sep="+").run(state)
    assert state == ["qa-b", 7, 1, {"k": 1}, "q", 7, 2, {}]
    assert names["count"] == 2


def test_positions_are_those_of_the_source() -> None:
    text = """\
    def body(user):
        label = f"{user}_db"
        return put(label, {}["missing"])
    """
    names = author(text)
    with pytest.raises(KeyError) as caught:
        looped(names["body"], ["a"])
    frames = traceback.extract_tb(caught.value.__traceback__)
    frame = [x for x in frames if x.filename.startswith("/author/")][-1]
    assert frame.name == "body"
    assert frame.line == 'return put(label, {}["missing"])'
    assert frame.lineno == names["body"].__code__.co_firstlineno + 2


def test_spans_of_captured_expressions() -> None:
    text = """\
    def body(user):
        label = (
            f"{user}é" + user.name
        )
        return put(label)
    """
    names = author(text)
    each: Any = flow.for_each(["a"], names["body"])
    call = each.node.body.step
    assert call.arguments[0].value.source.text == 'f"{user}é" + user.name'
    span = call.arguments[0].value.source.span
    first = names["body"].__code__.co_firstlineno
    assert (span.line, span.column) == (first + 2, 8)
    assert span.end_column == 8 + len('f"{user}é" + user.name')


def test_an_item_is_called_as_the_parameter() -> None:
    text = """\
    bodies = [lambda user: put(user), put, lambda self: put(self), print and put]

    def named(someone, more=1):
        return put(someone)
    """
    names = author(text)
    for fn, expected in [
        (names["bodies"][0], "user"),
        (names["bodies"][1], "values"),
        (names["named"], "someone"),
    ]:
        each: Any = flow.for_each([1], fn)
        assert each.node.item.name == expected


def test_the_body_is_called_once_when_the_workflow_is_built() -> None:
    text = """\
    calls = []

    def body(user):
        calls.append(1)
        return put(user)
    """
    names = author(text)
    step = flow.in_serial(flow.for_each(["a", "b"], names["body"]))
    step.run([])
    step.run([])
    assert names["calls"] == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "print(user)",
        "SEEN.append(user)",
        "SEEN.append(f'{user}')",
        "TABLE[user]",
        "TABLE[user].append(1)",
        "user.start()",
        "note(user)",
    ],
)
def test_what_is_evaluated_for_nothing_is_refused(statement: str) -> None:
    text = f"""\
    SEEN = []
    TABLE = {{"a": []}}

    def note(user) -> None:
        print("note", user)

    def body(user):
        {statement}
        return put(user)
    """
    with pytest.raises(TranspileError) as caught:
        looped(author(text)["body"], ["a"])
    (found,) = caught.value.diagnostics
    assert found.code == "FLOW203"
    assert found.message.startswith(f"{statement} is evaluated for nothing")


@pytest.mark.parametrize("pattern", ["[_, *_]", "str()", "{'a': _}", "'x'", "_"])
def test_what_is_matched_must_be_known(pattern: str) -> None:
    text = f"""\
    def known(user):
        match ["x"]:
            case ["x"]:
                return put(user)

    def body(user):
        match user:
            case {pattern}:
                return put(1)
        return put(2)
    """
    names = author(text)
    assert looped(names["known"], ["a"]) == ["a"]
    with pytest.raises(TranspileError) as caught:
        looped(names["body"], ["a"])
    (found,) = caught.value.diagnostics
    assert found.code == "FLOW201"
    assert found.message.startswith("the loop item user is matched")
    assert "flow.switch(user, " in found.hint


def test_a_local_list_of_items_may_grow() -> None:
    text = """\
    def body(user):
        parts = [user, "x"]
        before = "-".join(parts)
        parts.append(user + "!")
        first = parts.pop(0)
        known = {"a": [1]}
        label = f"{user}{known}"
        known["a"].append(2)
        return put(before, parts, first, label, known)
    """
    expected = ["u-x", ["x", "u!"], "u", "u{'a': [1]}", {"a": [1, 2]}]
    assert looped(author(text)["body"], ["u"]) == expected


def test_comprehensions_may_share_a_name_that_one_closes_over() -> None:
    """In Python 3.13.0 such frames can't be looked at: the process would be gone."""
    text = """\
    def outer(names) -> flow.Step:
        return flow.do(
            *[put(i) for i in names],
            *[flow.when(lambda state: i in state, put(i * 2)) for i in names],
            *{put(i) for i in names[:1]},
        )
    """
    state: list[str] = []
    flow.do(build(author(text)["outer"], ["a", "b"])).run(state)
    assert state == ["a", "b", "aa", "bb", "a"]
