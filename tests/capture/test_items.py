"""Loop items in any expression mean in a step what they would mean in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from authors import author, looped
from hypothesis import given, settings
from hypothesis import strategies as st

from transpiler.diagnostics import TranspileError


@dataclass(frozen=True)
class User:
    """An item of a loop."""

    name: str
    age: int
    tags: tuple[str, ...] = ()


USERS = [User("ada", 36, ("math", "code")), User("bob", 7), User("Ål", 90, ("x",))]

SETTING = """\
import math
import json

NAMES = {"ada": "Ada", "bob": "Bob", "Ål": "Aal"}
LIMIT = 18


def shorten(name: str, size: int = 2) -> str:
    return name[:size]


def join(*parts, sep="-"):
    if len(parts) > 3:
        return sep.join(parts[:3])
    return sep.join(parts)


class Namer:
    def __init__(self, prefix):
        self.prefix = prefix

    def name(self, user):
        return self.prefix + user.name


namer = Namer("n_")

"""

EXPRESSIONS = [
    "user",
    "user.name",
    "f'{user.name}_db'",
    "f'{user.name!r:>10}' f'{user.age:0{user.age % 5}d}'",
    "user.name + '_' + str(user.age)",
    "NAMES[user.name]",
    "NAMES.get(user.name, 'none').upper()",
    "NAMES[user.name][0]",
    "user.tags[:1]",
    "user.tags[-1] if user.tags else None",
    "'minor' if user.age < LIMIT else 'adult'",
    "user.age > 10 and user.age < 50 or user.name == 'bob'",
    "not user.tags",
    "-user.age ** 2 // 3",
    "user.age in (7, 90)",
    "0 < user.age <= 36",
    "[tag.upper() for tag in user.tags if tag != 'code']",
    "{tag: len(tag) for tag in user.tags}",
    "sorted({tag for tag in user.tags})",
    "sum(ord(letter) for letter in user.name)",
    "[(a, b) for a in user.tags for b in a]",
    "sorted(user.tags, key=lambda tag: tag[-1])",
    "(lambda x, y=user.age: (x, y))(user.name)",
    "shorten(user.name)",
    "shorten(user.name, size=1)",
    "shorten(shorten(user.name, 3), size=user.age % 3)",
    "join(user.name, str(user.age))",
    "join(*user.tags, sep='+')",
    "join('a', 'b', user.name, 'd')",
    "namer.name(user)",
    "Namer(user.name).prefix",
    "math.floor(user.age / 10)",
    "json.dumps({'name': user.name, 'tags': list(user.tags)})",
    "'%s is %d' % (user.name, user.age)",
    "'{} {}'.format(user.name, user.age)",
    "', '.join([user.name, 'x'])",
    "[user.name, 'x', [user.age]]",
    "(user.name, 1)",
    "{'name': user.name, 'all': [user]}",
    "user.name if len(user.name) > 2 else user.name * 2",
    "max(user.age, LIMIT)",
    "print and user.name",
    "user.name.startswith('a')",
    "user == user",
    "user is user",
    "(user.name\n    + 'x')",
]


def expected(namespace: dict[str, Any], text: str) -> list[Any]:
    """Return what Python makes of an expression for each user."""
    return [eval(f"({text})", {**namespace, "user": user}) for user in USERS]


def bodies(text: str) -> list[str]:
    """Return the ways to write a body that puts an expression down."""
    return [
        f"body = lambda user: put({text})\n",
        f"body = lambda user: flow.do(put({text}))\n",
        f"def body(user):\n    label = ({text})\n    return put(label)\n",
        f"def body(user):\n    return inner(({text}))\n\n\n"
        "def inner(value) -> flow.Step:\n    return put(value)\n",
        "def inner(someone) -> flow.Step:\n    user = someone\n"
        f"    return put({text})\n\n\n"
        "body = lambda user: flow.named('x', inner(user))\n",
        "class Maker:\n    def make(self, user):\n"
        f"        return flow.do(flow.retry(put({text})))\n\n\nbody = Maker().make\n",
        "def outer():\n    def body(user):\n"
        f"        return put({text})\n    return body\n\n\nbody = outer()\n",
    ]


IN_PLACE = {0, 1, 4, 5, 6}
"""The ways in which the expression is an argument of a step, where all is captured."""

UNTOLD = {
    "[tag.upper() for tag in user.tags if tag != 'code']": "FLOW202",
    "(lambda x, y=user.age: (x, y))(user.name)": "FLOW203",
    "join(user.name, str(user.age))": "FLOW201",
    "join(*user.tags, sep='+')": "FLOW202",
    "join('a', 'b', user.name, 'd')": "FLOW201",
}
"""Elsewhere a call might build a step for all that can be seen: refused, and why."""


@pytest.mark.parametrize("way", range(len(bodies(""))))
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions(text: str, way: int) -> None:
    namespace = author(SETTING + bodies(text)[way])
    if way in IN_PLACE or text not in UNTOLD:
        assert looped(namespace["body"], USERS) == expected(namespace, text)
    else:
        with pytest.raises(TranspileError) as caught:
            looped(namespace["body"], USERS)
        assert UNTOLD[text] in {d.code for d in caught.value.diagnostics}


# Hypothesis puts expressions together.

names = st.sampled_from(["user.name", "NAMES[user.name]", "'x'", "prefix", "word"])
numbers = st.sampled_from(["user.age", "LIMIT", "len(user.tags)", "3", "len(prefix)"])


def compound_text(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    number = st.one_of(numbers, st.builds("len({})".format, text))
    condition = st.one_of(
        st.builds("{} < {}".format, number, number),
        st.builds("{} in {}".format, text, text),
        st.builds("not {}".format, text),
    )
    return st.one_of(
        st.builds("({} + {})".format, text, text),
        st.builds("f'<{{{}}}>'".format, text.filter(lambda t: "'" not in t)),
        st.builds("{}.upper()".format, text),
        st.builds("({} if {} else {})".format, text, condition, text),
        st.builds("shorten({}, {})".format, text, number),
        st.builds("join({}, {}, sep={})".format, text, text, text),
        st.builds("''.join([letter + {} for letter in {}])".format, text, text),
        st.builds("(lambda word: word + {})({})".format, text, text),
        st.builds("str({}[:{}])".format, text, number),
        st.builds("({} or {})".format, text, text),
    )


expressions = st.recursive(names, compound_text, max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(expressions, st.sampled_from(sorted(IN_PLACE)))
def test_random_expressions(text: str, way: int) -> None:
    setting = SETTING + "prefix = 'p'\nword = 'w'\n"
    namespace = author(setting + bodies(text)[way])
    assert looped(namespace["body"], USERS) == expected(namespace, text)


# Bodies of statements: either the same as in Python, or refused.

simple = st.sampled_from(["name", "label", "'x'", "shorten(name)", "name + label"])
statement = st.one_of(
    st.builds("label = {}".format, simple),
    st.builds("name = {}".format, simple),
    st.builds("label += {}".format, simple),
    st.builds("steps.append(put({}))".format, simple),
    st.builds("steps += [put({} + n) for n in 'ab']".format, simple),
    st.builds("steps.extend(put({}, n) for n in 'ab')".format, simple),
    st.builds("for n in 'cd': steps.append(put({}, n))".format, simple),
    st.builds("if {} == 'ada': steps.append(put(1))".format, simple),
    st.builds("known = {{'ada': 1}}[{}]; steps.append(put(known))".format, simple),
    st.builds(
        "try: label = {{'ada': 'A'}}[{}]\n    except KeyError: label = 'none'".format,
        simple,
    ),
    st.builds("def inner(m, x={}): return put(m, x, label)".format, simple),
    st.just("steps.append(inner('y'))"),
    st.builds("steps.append(inner({}))".format, simple),
    st.builds("values = [{}, 'z']; values.append(label)".format, simple),
    st.just("steps.append(put(values))"),
    st.just("config = {'a': 1, 'b': [2]}"),
    st.builds("label = f'{{{}}}{{config}}'".format, simple.filter("'x'".__ne__)),
    st.just("config['a'] = 2; config['b'].append(3)"),
    st.builds("config[{}] = 4".format, simple),
    st.builds("config['c'] = {}; steps.append(put(config['c']))".format, simple),
    st.builds("values.insert(0, {})".format, simple),
    st.builds("values[:1] = [{}]".format, simple),
    st.just("label = values.pop()"),
    st.just("values = [*values, *values]"),
    st.just("label = ','.join(values)"),
    st.just("for each in values: steps.append(put(each))"),
    st.builds("SEEN.append({})".format, simple),
    st.builds("print({})".format, simple),
    st.builds("label = next(v for v in [{}, 'q'])".format, simple),
    st.builds("def inner(m): return put(m, {})".format, simple),
    st.builds("label, *rest = [{}, name, 'k']; values += rest".format, simple),
    st.builds("label = {} if values else name".format, simple),
    st.builds("if values: steps.append(put({}))".format, simple),
    st.just("steps.append(put(*values))"),
    st.builds("label, name = {}, {}".format, simple, simple),
    st.builds("steps.append(lambda state: state.append({}))".format, simple),
    st.builds(
        "steps.append(flow.when(lambda state: {} == 'ada', put(2)))".format, simple
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(statement, max_size=6))
def test_random_bodies_are_the_same_or_refused(statements: list[str]) -> None:
    text = "    config = {}\n" + "".join(f"    {each}\n" for each in statements)
    namespace = author(
        f"{SETTING}\nSEEN = []\n\n\ndef inner(m): return put(m)\n\n\n"
        "def body(name):\n"
        "    label, steps, values = 'l', [], []\n"
        f"{text}    return flow.do(*steps)\n"
    )
    people = ["ada", "bob"]
    body = namespace["body"]
    try:
        found = outcome(looped, body, people)
    except TranspileError as refused:
        assert {d.code for d in refused.diagnostics} <= {
            "FLOW201",
            "FLOW202",
            "FLOW203",
        }
    else:
        assert found == outcome(one_by_one, body, people)


def outcome(run: Any, body: Any, items: list[Any]) -> object:
    """Return what a run puts down, or that it fails: in a loop that may be later."""
    try:
        return run(body, items)
    except TranspileError:
        raise
    except Exception:
        return "failed"


def one_by_one(body: Any, items: list[Any]) -> list[Any]:
    """Return what a body's steps put down if it is called with each item."""
    state: list[Any] = []
    for item in items:
        body(item).run(state)
    return state


def test_nested_loops_have_items_of_their_own() -> None:
    text = """\
    def outer(team):
        return flow.in_serial(
            flow.for_each(lambda state: team["people"], lambda user: flow.do(
                put(f"{team['name']}.{user}"),
                flow.in_serial(flow.for_each(
                    [1, 2], lambda n: put(user * n, team["name"]))),
            ))
        )
    """
    body = author(text)["outer"]
    teams = [{"name": "a", "people": ["x", "y"]}, {"name": "b", "people": ["z"]}]
    assert looped(body, teams) == [
        *("a.x", "x", "a", "xx", "a"),
        *("a.y", "y", "a", "yy", "a"),
        *("b.z", "z", "b", "zz", "b"),
    ]


def test_a_call_on_an_item_is_made_once_for_each() -> None:
    text = """\
    calls = []

    def look_up(user: str) -> str:
        calls.append(user)
        return user.upper()

    def body(user: str) -> flow.Step:
        label = look_up(user)
        return flow.do(put(label), put(label))
    """
    namespace = author(text)
    assert looped(namespace["body"], ["a", "b"]) == ["A", "A", "B", "B"]
    assert namespace["calls"] == ["a", "b"]


def test_predicates_and_closures_over_items() -> None:
    text = """\
    def make(name):
        def run(state):
            state.append(name)
        return run

    def body(user):
        return flow.do(
            flow.when(lambda state: user[0] == "a", make(user), put("no " + user)),
            lambda state: state.append(user * 2),
        )
    """
    body = author(text)["body"]
    assert looped(body, ["ab", "b"]) == ["ab", "abab", "no b", "bb"]


def test_the_logic_of_constructors_runs_when_the_workflow_is_built() -> None:
    text = """\
    def set_up(user, size="small", *, zones=("eu", "us"), quiet=False) -> flow.Step:
        steps = [put(user, size)]
        if size == "large" and not quiet:
            steps.append(put(f"{user}: large"))
        for index, zone in enumerate(zones):
            if index % 2:
                continue
            steps.append(put(f"{user}@{zone}"))
        while len(steps) < 4:
            steps.append(put(len(steps)))
        return flow.do(*steps)

    small = lambda user: set_up(user)
    large = lambda user: set_up(user, "large", zones=["a", "b", "c"])
    """
    namespace = author(text)
    assert looped(namespace["small"], ["u"]) == ["u", "small", "u@eu", 2, 3]
    assert looped(namespace["large"], ["u"]) == [
        *("u", "large", "u: large", "u@a", "u@c"),
    ]


def test_recursive_constructors() -> None:
    text = """\
    def count(user: str, n: int) -> flow.Step:
        if n == 0:
            return put(user)
        return flow.do(put(n), count(user, n - 1))

    body = lambda user: count(user, 2)
    """
    assert looped(author(text)["body"], ["a"]) == [2, 1, "a"]
