"""Registries that the making of instances, subclasses and decorators fill."""

from __future__ import annotations

# By name: a module, a statement that is run when it or another is imported, and what a
# step reads.
CASES: dict[str, tuple[str, str, str]] = {
    "nested_attr": (
        """
H = {}
class Q:
    def make(self, n):
        H[n] = 1
        return n
class R:
    def __init__(self):
        self.q = Q()
r = R()
""",
        "x = r.q.make('a')",
        "list(H)",
    ),
    "rshift": (
        """
H = []
class R:
    def __init__(self, n):
        self.n = n
    def __rshift__(self, o):
        H.append((self.n, o.n))
        return o
a = R('a')
b = R('b')
""",
        "a >> b",
        "H",
    ),
    "rshift_self": (
        """
class R:
    def __init__(self, n):
        self.n = n
        self.after = []
    def __rshift__(self, o):
        self.after.append(o.n)
        return o
a = R('a')
b = R('b')
""",
        "a >> b",
        "a.after",
    ),
    "dec_class": (
        """
H = {}
class Reg:
    def __init__(self, n):
        self.n = n
    def __call__(self, f):
        H[self.n] = f
        return f
""",
        """
@Reg('a')
def one(): ...
""",
        "list(H)",
    ),
    "dec_func_class": (
        """
H = {}
class Reg:
    def __init__(self, n):
        self.n = n
    def __call__(self, f):
        H[self.n] = f
        return f
def reg(n):
    return Reg(n)
""",
        """
@reg('a')
def one(): ...
""",
        "list(H)",
    ),
    "meta_abc": (
        """
from abc import ABCMeta
H = []
class M(ABCMeta):
    def __init__(cls, n, b, d):
        super().__init__(n, b, d)
        H.append(n)
class Base(metaclass=M): ...
""",
        "class Sub(Base): ...",
        "len(H)",
    ),
    "meta_abc_cls": (
        """
from abc import ABCMeta
class M(ABCMeta):
    def __init__(cls, n, b, d):
        super().__init__(n, b, d)
        cls.all.append(n) if b else None
class Base(metaclass=M):
    all = []
""",
        "class Sub(Base): ...",
        "Base.all",
    ),
    "init_subclass_inh": (
        """
class Base:
    kinds = {}
    def __init_subclass__(cls, key=None, **kw):
        super().__init_subclass__(**kw)
        Base.kinds[key] = cls.__name__
class Mid(Base, key='m'): ...
""",
        "class Sub(Mid, key='s'): ...",
        "Base.kinds",
    ),
    "singleton_new": (
        """
class C:
    inst = None
    def __new__(cls, n=0):
        if cls.inst is None:
            cls.inst = super().__new__(cls)
            cls.inst.n = n
        return cls.inst
""",
        "C(5)",
        "C().n",
    ),
    "singleton_meta": (
        """
class M(type):
    made = {}
    def __call__(cls, *a):
        if cls not in cls.made:
            cls.made[cls] = super().__call__(*a)
        return cls.made[cls]
class C(metaclass=M):
    def __init__(self, n=0):
        self.n = n
""",
        "C(5)",
        "C().n",
    ),
    "count_type": (
        """
class C:
    count = 0
    def __init__(self):
        type(self).count += 1
""",
        "x = C()",
        "C.count",
    ),
    "count_class": (
        """
class C:
    count = 0
    def __init__(self):
        self.__class__.count += 1
""",
        "x = C()",
        "C.count",
    ),
    "inst_list": (
        """
class C:
    every = []
    def __init__(self, n):
        self.every.append(n)
""",
        "x = C(2)",
        "C.every",
    ),
    "inst_list_helper": (
        """
class C:
    every = []
    def __init__(self, n):
        self._reg(n)
    def _reg(self, n):
        every = self.every
        every.append(n)
""",
        "x = C(2)",
        "C.every",
    ),
    "post_init": (
        """
from dataclasses import dataclass
from typing import ClassVar
@dataclass
class C:
    n: int
    every: ClassVar[list] = []
    def __post_init__(self):
        self.every.append(self.n)
""",
        "x = C(2)",
        "C.every",
    ),
    "ret_self": (
        """
class B:
    def __init__(self):
        self.o = []
    def opt(self, x):
        self.o.append(x)
        return self
b = B()
""",
        "c = b.opt(1).opt(2)",
        "len(b.o)",
    ),
    "desc_setname": (
        """
H = []
class F:
    def __set_name__(self, o, n):
        H.append(n)
""",
        """
class K:
    f = F()
""",
        "H",
    ),
    "enum_reg": (
        """
from enum import Enum
H = {}
class E(Enum):
    A = 1
    def __init__(self, v):
        H[v] = self.name if hasattr(self,'name') else v
""",
        "x = 1",
        "list(H)",
    ),
    "call_result_arg": (
        """
H = {}
class N:
    def __init__(self, n): self.n = n
    def reg(self, h):
        h[self.n] = 1
""",
        "N('a').reg(H)",
        "list(H)",
    ),
    "exec_order": (
        """
H = []
class App:
    def __init__(self, name):
        H.append(name)
""",
        """
A = App('a')
B = App('b')
""",
        "H",
    ),
    "ior": (
        """
H = set()
class A:
    def __ior__(self, o):
        H.add(o)
        return self
a = A()
""",
        "a |= 1",
        "list(H)",
    ),
    "iter_self": (
        """
H = []
class A:
    def __iter__(self):
        H.append(1)
        yield 1
a = A()
""",
        "x = list(a)",
        "H",
    ),
    "atexit_like": (
        """
HOOKS = []
class App:
    def on(self, e):
        return lambda f: HOOKS.append((e, f.__name__)) or f
app = App()
""",
        """
@app.on('x')
def one(): ...
""",
        "HOOKS",
    ),
    "inst_in_dict": (
        """
H = []
class A:
    def add(self, n):
        H.append(n)
T = {'a': A()}
""",
        "T['a'].add(1)",
        "H",
    ),
    "inst_in_dict_assigned": (
        """
H = []
class A:
    def add(self, n):
        H.append(n)
        return 1
T = {'a': A()}
""",
        "x = T['a'].add(1)",
        "H",
    ),
}
