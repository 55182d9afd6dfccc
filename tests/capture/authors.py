"""Author's code from a text, as if it stood in a file."""

from __future__ import annotations

import itertools
import linecache
import textwrap
from typing import Any

from transpiler import flow

HEAD = """\
from transpiler import flow

@flow.step
def put(state: list, *values, **named) -> None:
    state.extend(values)
    state.extend(named.items())

"""

_numbers = itertools.count()


def author(text: str) -> dict[str, Any]:
    """Run a text as a module; its source can be read as that of a file can."""
    source = HEAD + textwrap.dedent(text)
    path = f"/author/workflow_{next(_numbers)}.py"
    # Without a time, linecache takes the lines to be there for good.
    lines = source.splitlines(keepends=True)
    linecache.cache[path] = len(source), None, lines, path
    namespace: dict[str, Any] = {"__name__": "workflow"}
    exec(compile(source, path, "exec", dont_inherit=True), namespace)
    return namespace


def looped(body: Any, items: list[Any]) -> list[Any]:
    """Return what the steps of a loop put down for some items."""
    state: list[Any] = []
    flow.in_serial(flow.for_each(items, body)).run(state)
    return state
