"""Nothing unused comes along: what only reads, or makes something that nobody reads."""

from __future__ import annotations

import pytest
from projects import FLOW, Projects

STEP = '''

@flow.step
def run(state: list[object]) -> None:
    """Run."""
    state.append(%s)
'''

# By name: a module, what a step reads of it, and all that this needs.
CASES: dict[str, tuple[str, str, str]] = {
    "instances": (
        """
from dataclasses import dataclass
@dataclass
class Spec:
    n: str
A = Spec('a')
B = Spec('b')
""",
        "B.n",
        "B Spec",
    ),
    "instances_init": (
        """
class Bad(Exception): ...
class V:
    def __init__(self, t):
        if not t: raise Bad(t)
        self.t = t
        self.parts = []
        for x in t:
            self.parts.append(x)
A = V('a')
B = V('b')
""",
        "B.parts",
        "B Bad V",
    ),
    "instances_super": (
        """
class U:
    def __init__(self, **kw):
        self.__dict__.update(kw)
class V(U):
    def __init__(self, t):
        super().__init__(t=t)
        self.load()
    def load(self):
        self.x = [1]
A = V('a')
B = V('b')
""",
        "B.x",
        "B U V",
    ),
    "enum_dict": (
        """
from enum import Enum
class E(Enum):
    A = 1
    B = 2
NAMES = {e: e.name for e in E}
OTHER = {e.value: e for e in E}
""",
        "NAMES[E.A]",
        "E NAMES",
    ),
    "derived": (
        """
BASE = {'a': 1}
MORE = {**BASE, 'b': 2}
KEYS = sorted(BASE)
TOTAL = sum(BASE.values())
""",
        "BASE",
        "BASE",
    ),
    "fn_calls": (
        """
TABLE = {'a': 1}
def names():
    out = []
    for k in TABLE:
        out.append(k)
    return out
NAMES = names()
""",
        "TABLE",
        "TABLE",
    ),
    "fn_reads": (
        """
TABLE = {'a': [1]}
def total(t):
    n = 0
    for v in t.values():
        n += sum(v)
    return n
N = total(TABLE)
""",
        "TABLE",
        "TABLE",
    ),
    "regex": (
        """
import re
class T:
    def __init__(self, p):
        self.p = re.compile(p)
A = T('a')
B = T('b')
""",
        "A.p.pattern",
        "A T",
    ),
    "frozen": (
        """
from dataclasses import dataclass, field, replace
@dataclass(frozen=True)
class S:
    n: int = 1
    tags: tuple = ()
    def with_(self, n):
        return replace(self, n=n)
A = S()
B = A.with_(2)
C = B.with_(3)
""",
        "A.n",
        "A S",
    ),
    "builder": (
        """
class Q:
    def __init__(self, parts=()):
        self.parts = list(parts)
    def where(self, x):
        return Q([*self.parts, x])
BASE = Q()
ACTIVE = BASE.where(1)
""",
        "BASE.parts",
        "BASE Q",
    ),
    "cached": (
        """
from functools import lru_cache, cached_property
@lru_cache
def f(x): return x
class C:
    @cached_property
    def v(self): return f(1)
X = f(2)
C1 = C()
C2 = C()
""",
        "(f(1), C1.v)",
        "C C1 f",
    ),
    "decorated": (
        """
import functools
def deco(f):
    @functools.wraps(f)
    def inner(*a):
        return f(*a)
    return inner
@deco
def one(): return 1
@deco
def two(): return 2
""",
        "one()",
        "deco one",
    ),
    "metrics": (
        """
COUNTS = {}
class M:
    def __init__(self, n):
        self.n = n
    def inc(self):
        COUNTS[self.n] = COUNTS.get(self.n, 0) + 1
A = M('a')
B = M('b')
""",
        "(A.inc(), COUNTS)",
        "A COUNTS M",
    ),
    "dispatch": (
        """
CACHE = {}
def send(x):
    CACHE[x] = 1
OTHER = {}
def reg(n, f):
    OTHER[n] = f
reg('send', send)
""",
        "CACHE",
        "CACHE",
    ),
    "tables": (
        """
CACHE = {}
def send(x):
    CACHE[x] = 1
T = dict(a=send)
U = {'b': send}
V = [send]
""",
        "CACHE",
        "CACHE",
    ),
    "ops": (
        """
class V:
    def __init__(self, x):
        self.x = x
    def __add__(self, o):
        return V(self.x + o.x)
A = V(1)
B = V(2)
C = A + B
D = A + B
""",
        "A.x",
        "A V",
    ),
    "exc": (
        """
class E(Exception):
    def __init__(self, m, c=0):
        super().__init__(m)
        self.c = c
X = E('a')
""",
        "E('q').c",
        "E",
    ),
    "settings": (
        """
import os
class S:
    def __init__(self):
        self.d = os.getenv('X', 'y')
    def get(self, k):
        return getattr(self, k)
S_ = S()
D = S_.get('d')
E = S_.d
""",
        "S_.d",
        "S S_",
    ),
    "namedtuple": (
        """
from collections import namedtuple
from typing import NamedTuple
P = namedtuple('P', 'x y')
class N(NamedTuple):
    a: int
O = P(0, 0)
Z = N(1)
Y = N(2)
""",
        "(P(1,2).x, N(3), Z)",
        "N P Z",
    ),
    "typing": (
        """
from typing import TypeVar, Generic
T = TypeVar('T')
class Box(Generic[T]):
    def __init__(self, v: T):
        self.v = v
X = Box[int](1)
Y: Box[str] = Box('a')
""",
        "Box(1).v",
        "Box T",
    ),
    "stack": (
        """
class S:
    def __init__(self):
        self._items = []
    def push(self, x):
        self._items.append(x)
        return self
A = S()
B = S().push(1)
C = S()
C.push(3)
""",
        "A.push(2)._items",
        "A S",
    ),
    "str_methods": (
        """
GREETING = 'hi {}'
X = GREETING.format('a')
Y = GREETING.upper()
""",
        "GREETING",
        "GREETING",
    ),
    "classm": (
        """
class D:
    def __init__(self, s):
        self.s = s
    @classmethod
    def parse(cls, t):
        return cls(t)
A = D.parse('a')
B = D.parse('b')
""",
        "A.s",
        "A D",
    ),
    "strsub": (
        """
class Name(str):
    def __new__(cls, v):
        return super().__new__(cls, v.upper())
A = Name('a')
B = Name('b')
""",
        "A",
        "A Name",
    ),
    "logger": (
        """
import logging
log = logging.getLogger('x')
class A:
    def __init__(self, n):
        self.n = n
        log.debug('made %s', n)
X = A(1)
Y = A(2)
""",
        "(X.n, log.name)",
        "A X log",
    ),
    "partial": (
        """
from functools import partial
def f(a, b): return a + b
g = partial(f, 1)
h = partial(f, 2)
X = g(2)
""",
        "h(1)",
        "f h",
    ),
    "assert": (
        """
T = {'a': 1}
assert T
assert set(T) == {'a'}
assert all(isinstance(v, int) for v in T.values())
""",
        "T",
        "T",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_unused(projects: Projects, name: str) -> None:
    module, use, needed = CASES[name]
    files = {"reg.py": module, "workflow.py": FLOW + "from reg import *\n" + STEP % use}
    packed = projects.pack(files, "run", lint=False)
    packed.run()["run"]([])
    assert {*packed.names} - {"run"} == {*needed.split()}
