"""Expressions as text: free names, and substitution that keeps the meaning."""

from __future__ import annotations

import pytest

from transpiler.diagnostics import TranspileError
from transpiler.frontend.references import free_names, free_paths, substitute


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("user", {"user"}),
        ("f'{user}_db' + suffix", {"user", "suffix"}),
        ("lambda x, *a, y=d, **k: (x, a, y, k, z)", {"d", "z"}),
        ("[x.name for x in xs if x > low]", {"xs", "low"}),
        ("{k: v for k, v in pairs for k in v}", {"pairs"}),
        ("[x for x in x]", {"x"}),
        ("(lambda x: x)(x)", {"x"}),
        ("(y := f(1)) + y", {"f"}),
        ("f(key=value)", {"f", "value"}),
        ("a.b[c].d", {"a", "c"}),
        ("f'{x!r:>{width}}'", {"x", "width"}),
        ("'user'", set()),
        ("cast('Server', x)", {"cast", "Server", "x"}),
        ("first,\n    second", {"first", "second"}),
    ],
)
def test_free_names(text: str, names: set[str]) -> None:
    assert free_names(text) == names


def test_free_paths() -> None:
    assert free_paths("h.size + h.f(x).y + user") == {"h.size", "h.f", "x", "user"}


@pytest.mark.parametrize(
    ("text", "replacements", "expected"),
    [
        ("user", {"user": "'a'"}, "'a'"),
        ("f(user, key=user)", {"user": "name"}, "f(name, key=name)"),
        ("user.upper()", {"user": "a + b"}, "(a + b).upper()"),
        ("-x ** 2", {"x": "1 + y"}, "-(1 + y) ** 2"),
        ("x.real", {"x": "1"}, "(1).real"),
        ("x[0]", {"x": "lambda: 1"}, "(lambda: 1)[0]"),
        ("x or y", {"x": "a if b else c"}, "(a if b else c) or y"),
        ("(x)", {"x": "y"}, "(y)"),
        ("[x for x in xs]", {"x": "1", "xs": "ys"}, "[x for x in ys]"),
        ("lambda x: x + n", {"x": "1", "n": "2"}, "lambda x: x + 2"),
        ("h.size + h", {"h.size": "SIZE"}, "SIZE + h"),
        ("h.size.real", {"h.size": "SIZE", "h": "g"}, "SIZE.real"),
        ("a  +  b", {"c": "1"}, "a  +  b"),
        ("{'k': x}", {"x": "(yield_)"}, "{'k': (yield_)}"),
        ("f(x, k=x)[x]", {"x": "a + b"}, "f(a + b, k=a + b)[a + b]"),
        ("{x: x, 'k': [x]}", {"x": "-a"}, "{(-a): -a, 'k': [-a]}"),
        ("f(*x, (x))", {"x": "a or b"}, "f(*(a or b), (a or b))"),
        ("f'{x:>5}{x!r}'", {"x": "a * 2"}, "f'{a * 2:>5}{a * 2!r}'"),
        ("f'{x}'", {"x": "a != b"}, "f'{(a != b)}'"),
    ],
)
def test_substitute(text: str, replacements: dict[str, str], expected: str) -> None:
    assert substitute(text, replacements) == expected


@pytest.mark.parametrize(
    ("text", "replacements", "expected"),
    [
        ('f"{user}_db"', {"user": "'app'"}, '"app_db"'),
        ('f"{user}_{zone}"', {"user": "'app'"}, 'f"app_{zone}"'),
        ('f"{user}_{zone}"', {"user": "'a{b}'"}, 'f"a{{b}}_{zone}"'),
        ('f"{user}"', {"user": "'a{b}'"}, '"a{b}"'),
        ('f"{user}"', {"user": "'say \"hi\"'"}, r'"say \"hi\""'),
        ("f'{user}'", {"user": '"it\'s"'}, r"'it\'s'"),
        ('f"{user}"', {"user": r"'a\nb\\c'"}, r'"a\nb\\c"'),
        ('f"{user!r}"', {"user": "'a'"}, "\"'a'\""),
        ('f"{user:>5}"', {"user": '"a"'}, "f\"{'a':>5}\""),
        ('f"{user.upper()}"', {"user": '"a"'}, "f\"{'a'.upper()}\""),
        ('f"{user.upper()}"', {"user": '"it\'s"'}, "f\"{'''it's'''.upper()}\""),
        ('f"{names[user]}"', {"user": '"a"'}, "f\"{names['a']}\""),
        ('f"{n} users"', {"n": "3"}, '"3 users"'),
        ('f"{zone}{n}"', {"n": "-3"}, 'f"{zone}-3"'),
        ('f"{n:>5}{n!r}"', {"n": "-y * 2"}, 'f"{-y * 2:>5}{-y * 2!r}"'),
        ('f"{x}"', {"x": "{1: 2}"}, 'f"{ {1: 2} }"'),
        ('f"{x}"', {"x": "lambda: 1"}, 'f"{(lambda: 1)}"'),
        ('f"{x=}"', {"x": "y"}, 'f"x={y!r}"'),
        ('f"{ x = :>3}"', {"x": "y"}, 'f" x = { y:>3}"'),
        ('rf"{x}\\d"', {"x": "'a'"}, 'r"a\\d"'),
        ('f"{x}" "{y}"', {"x": "'a'"}, '"a" "{y}"'),
    ],
)
def test_substitute_in_fstrings(
    text: str, replacements: dict[str, str], expected: str
) -> None:
    result = substitute(text, replacements)
    assert result == expected
    names = {"zone": "z", "names": {"a": 1}, "y": 2}
    values = {name: eval(new, {}, names) for name, new in replacements.items()}
    if "lambda" not in expected and "=" not in text:
        assert eval(result, {}, names) == eval(text, {}, names | values)


@pytest.mark.parametrize(
    ("text", "replacements"),
    [
        ("[x + y for y in ys]", {"x": "y * 2"}),
        ("lambda y: x", {"x": "y"}),
        ("(x := 1)", {"x": "y"}),
        ('f"{user.upper()}"', {"user": r"'a\nb'"}),
    ],
)
def test_what_would_change_the_meaning_is_refused(
    text: str, replacements: dict[str, str]
) -> None:
    with pytest.raises(TranspileError) as caught:
        substitute(text, replacements)
    assert [d.code for d in caught.value.diagnostics] == ["FLOW315"]
