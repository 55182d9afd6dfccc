"""References found by our scoping rules are those that the compiler finds."""

from __future__ import annotations

import ast
import symtable
import sys
import sysconfig
from pathlib import Path

import libcst as cst
import pytest

from transpiler.frontend.scan import scan

STDLIB = Path(sysconfig.get_path("stdlib"))
SAMPLE = (
    "argparse.py enum.py dataclasses.py contextlib.py typing.py functools.py ast.py"
    " asyncio/taskgroups.py asyncio/base_events.py collections/__init__.py inspect.py"
    " concurrent/futures/thread.py statistics.py traceback.py test/test_scope.py"
    " test/test_patma.py test/test_named_expressions.py test/test_generators.py"
)


def compiler_globals(text: str) -> tuple[set[str], set[str]]:
    """Return the global names that code reads, and those that functions assign."""
    reads: set[str] = set()
    assigns: set[str] = set()
    pending = [symtable.symtable(text, "<sample>", "exec")]
    while pending:
        table = pending.pop()
        for symbol in table.get_symbols():
            inner = table.get_type() != "module"
            if inner and symbol.is_global() and symbol.is_referenced():
                reads.add(symbol.get_name())
            if not inner and symbol.is_referenced():
                reads.add(symbol.get_name())
            if inner and symbol.is_declared_global() and symbol.is_assigned():
                assigns.add(symbol.get_name())
        pending += table.get_children()
    return reads, assigns


# Some distributions leave out the library's own tests.
@pytest.mark.parametrize("name", [x for x in SAMPLE.split() if (STDLIB / x).exists()])
def test_globals_are_those_of_the_compiler(name: str) -> None:
    # Annotations are not code under the future import; ours are compared without it.
    text = (STDLIB / name).read_text(encoding="utf-8")
    found = scan(cst.parse_module(text).body)
    reads, assigns = compiler_globals(text)
    strings = {r.name for r in found.references if r.string is not None}
    ours = {r.name for r in found.references if r.role == "load" and r.local is None}
    # A name that a class body binds later is looked up as a global until then.
    extra = class_names(text) | strings
    assert reads - ours - inlined(text) == set()
    assert ours - reads - extra == set()
    assert assigns - found.declares - class_names(text) == set()


def inlined(text: str) -> set[str]:
    """Return names that Python 3.12 and later report for a scope that inlines them."""
    targets = (x.target for x in ast.walk(ast.parse(text)) if hasattr(x, "target"))
    bound = {x.id for t in targets for x in ast.walk(t) if isinstance(x, ast.Name)}
    return bound | {"__class__"} if sys.version_info >= (3, 12) else set()


def class_names(text: str) -> set[str]:
    """Return what class bodies bind."""
    pending = [symtable.symtable(text, "<sample>", "exec")]
    found: set[str] = set()
    while pending:
        table = pending.pop()
        if table.get_type() == "class":
            found |= {s.get_name() for s in table.get_symbols() if s.is_assigned()}
        pending += table.get_children()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(a, b=c): return a + b + d", {"c", "d"}),
        ("def f():\n  x = 1\n  def g(): nonlocal x; x = y\n  return x", {"y"}),
        ("def f():\n  global x\n  x = 1\n  return x", {"x"}),
        ("class A:\n  x = 1\n  def f(self): return x", {"x"}),
        ("class A:\n  x = 1\n  y = x", set()),
        ("class A:\n  log = log", {"log"}),
        ("class A:\n  xs = [1]\n  ys = [x for x in xs]", set()),
        ("class A:\n  xs = [1]\n  ys = [xs for x in xs]", {"xs"}),
        ("match a:\n  case B(c=d) if d: pass\n  case [x, *y]: z", {"a", "B", "d", "z"}),
        ("def f():\n  if (n := g()): return [n for _ in m]", {"g", "m"}),
        ("def f():\n  [y := x for x in xs]\n  return y", {"xs"}),
        ("try:\n  a\nexcept E as e:\n  f(e)", {"a", "E", "f", "e"}),
        ("def f():\n  try: a\n  except E as e: f(e)", {"a", "E", "f"}),
        ("def f():\n  import a.b, c as d\n  return a, d, e", {"e"}),
        ("def f():\n  with a as (b, c): return b, c, d", {"a", "d"}),
        ("lambda a, *b, c=1, **d: (a, b, c, d, e)", {"e"}),
        ("def f(x: 'A[B]', y: C) -> 'D': z: 'E' = 1", {"A", "B", "C", "D", "E"}),
        ("x: Literal['a', 'b']", {"Literal"}),
        ("x: Annotated['A', 'b', c]", {"Annotated", "A", "c"}),
        ("x: TypeAlias = 'A'", {"TypeAlias", "A"}),
        ("x = Optional['A']", {"Optional", "A"}),
        ("x = Color['RED']", {"Color"}),
        ("x = cast('A', y)", {"cast", "A", "y"}),
        ("T = TypeVar('T', bound='A')", {"TypeVar", "A"}),
        ("T = NamedTuple('T', [('a', 'A')])", {"NamedTuple", "A"}),
        ("class A(Generic['T'], Base['B']): pass", {"Generic", "T", "Base", "B"}),
        ("class A:\n  def f(self): return __x", {"_A__x"}),
        ("class A:\n  def f(self, __a): return [__x for __x in __a]", set()),
        ("class A:\n  __b = 1\n  c = __b", set()),
        ("f'{a!r:{b}} {c=}'", {"a", "b", "c"}),
        ("f(a=b, *c, **d)", {"f", "b", "c", "d"}),
        ("a.b.c[d].e", {"a", "d"}),
        ("del a[0], b", {"a"}),
        ("async def f():\n  async for x in y: await z(x)", {"y", "z"}),
        ("print(*(x for x in a for y in x if y if b))", {"print", "a", "b"}),
    ],
)
def test_references(text: str, expected: set[str]) -> None:
    ast.parse(text)
    found = scan(cst.parse_module(text).body)
    assert {
        r.name for r in found.references if r.role == "load" and r.local is None
    } == expected


def test_eager_and_lazy() -> None:
    text = (
        "@d\ndef f(a: A = b) -> R:\n  c()\nclass C(B):\n  x: X = e\n  def m(self): g\n"
    )
    found = scan(cst.parse_module(text).body)
    eager = {r.name for r in found.references if r.eager and r.role == "load"}
    assert eager == {"d", "b", "B", "e"}
    within = {r.name: r.within for r in found.references if r.role == "load"}
    assert within["c"] == "f"
    assert within["g"] == "C.m"
    annotations = {r.name for r in found.references if r.annotation}
    assert annotations == {"A", "R", "X"}
