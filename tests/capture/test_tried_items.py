"""Items in what a body tries: refused, since what is caught is known only later."""

from __future__ import annotations

import pytest
from authors import author, looped

from transpiler.diagnostics import TranspileError


def test_what_a_try_would_catch_is_refused() -> None:
    text = """\
    def body(user):
        try:
            label = {"a": 1}[user]
        except KeyError:
            label = 0
        return put(label)
    """
    with pytest.raises(TranspileError) as caught:
        looped(author(text)["body"], ["a", "b"])
    (found,) = caught.value.diagnostics
    assert found.code == "FLOW203"
    assert found.message.startswith('{"a": 1}[user] stands in a try')


def test_a_try_about_what_is_known_is_fine() -> None:
    text = """\
    KNOWN = {"a": 1}

    def body(user):
        try:
            label = KNOWN["b"]
        except KeyError:
            label = f"{user}: none"
        else:
            label = f"{user}: {label}"
        finally:
            last = f"{user}!"
        return put(label, last)
    """
    assert looped(author(text)["body"], ["u"]) == ["u: none", "u!"]
