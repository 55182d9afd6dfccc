"""Registries that methods fill, and what operators do."""

from __future__ import annotations

# By name: a module, a statement that is run when it or another is imported, and what a
# step reads.
CASES: dict[str, tuple[str, str, str]] = {
    "instance_method": (
        """
H = {}
class R:
    def add(self, n, f):
        H[n] = f
r = R()
""",
        "r.add('a', len)",
        "list(H)",
    ),
    "static": (
        """
H = {}
class R:
    @staticmethod
    def add(n, f):
        H[n] = f
""",
        "R.add('a', len)",
        "list(H)",
    ),
    "classm": (
        """
H = {}
class R:
    @classmethod
    def add(cls, n):
        cls._do(n)
    @classmethod
    def _do(cls, n):
        H[n] = 1
""",
        "R.add('a')",
        "list(H)",
    ),
    "classm_assigned": (
        """
H = {}
class R:
    @classmethod
    def make(cls, n):
        H[n] = 1
        return cls()
""",
        "x = R.make('a')",
        "list(H)",
    ),
    "inst_assigned": (
        """
H = {}
class R:
    def make(self, n):
        H[n] = 1
        return n
r = R()
""",
        "x = r.make('a')",
        "list(H)",
    ),
    "chained": (
        """
H = {}
class Q:
    def put(self, n):
        H[n] = 1
class R:
    def q(self):
        return Q()
r = R()
""",
        "r.q().put('a')",
        "list(H)",
    ),
    "inherited": (
        """
H = {}
class B:
    def add(self, n):
        self.hook(n)
    def hook(self, n): ...
class R(B):
    def hook(self, n):
        H[n] = 1
r = R()
""",
        "r.add('a')",
        "list(H)",
    ),
    "classm_clsattr": (
        """
class C:
    every = ()
    @classmethod
    def add(cls, n):
        cls.every += (n,)
""",
        "C.add(2)",
        "C.every",
    ),
    "inst_clsattr": (
        """
class C:
    every = ()
    def add(self, n):
        type(self).every += (n,)
c = C()
""",
        "c.add(2)",
        "C.every",
    ),
    "prop_set": (
        """
H = []
class C:
    @property
    def n(self): return 1
    @n.setter
    def n(self, v):
        H.append(v)
c = C()
""",
        "c.n = 3",
        "H",
    ),
    "setitem": (
        """
H = []
class C:
    def __setitem__(self, k, v):
        H.append(v)
c = C()
""",
        "c['n'] = 3",
        "H",
    ),
    "setattr_fn": (
        """
class C: ...
def mark(o, n):
    setattr(o, n, 1)
""",
        "mark(C, 'x')",
        "C.x",
    ),
    "ctx": (
        """
H = []
class C:
    def __enter__(self):
        H.append(1)
    def __exit__(self, *a): ...
""",
        """
with C():
    pass
""",
        "H",
    ),
    "ctx_inst": (
        """
class C:
    n = 0
    def __enter__(self):
        self.n += 1
    def __exit__(self, *a): ...
c = C()
""",
        """
with c:
    pass
""",
        "c.n",
    ),
    "subscript_reg": (
        """
H = []
class C:
    def __getitem__(self, k):
        H.append(k)
        return k
c = C()
""",
        "c['x']",
        "H",
    ),
    "property_of_module_var": (
        """
class S:
    x = 1
S_ = S()
def conf(**kw):
    for k, v in kw.items():
        setattr(S_, k, v)
""",
        "conf(x=4)",
        "S_.x",
    ),
    "vars_update": (
        """
class S:
    x = 1
s = S()
def conf(**kw):
    vars(s).update(kw)
""",
        "conf(x=4)",
        "s.x",
    ),
    "dict_update": (
        """
class S:
    x = 1
s = S()
def conf(**kw):
    s.__dict__.update(kw)
""",
        "conf(x=4)",
        "s.x",
    ),
    "bound_method_var": (
        """
H = []
class R:
    def put(self, n):
        H.append(n)
put = R().put
""",
        "put(1)",
        "H",
    ),
    "weak": (
        """
import weakref
class C: ...
K = C()
W = weakref.WeakSet()
""",
        "W.add(K)",
        "len(W)",
    ),
    "namedtuple_reg": (
        """
from typing import NamedTuple
H = {}
class N(NamedTuple):
    n: str
    def reg(self):
        H[self.n] = 1
        return self
""",
        "x = N('a').reg()",
        "list(H)",
    ),
    "class_chain_assigned": (
        """
H = {}
class N:
    def reg(self):
        H['a'] = 1
        return self
""",
        "x = N().reg()",
        "list(H)",
    ),
    "inst_arg_assigned": (
        """
H = {}
class N:
    def reg(self, h):
        h['q'] = 1
        return 2
n = N()
""",
        "x = n.reg(H)",
        "list(H)",
    ),
    "classattr_dict": (
        """
class R:
    items = {}
    @classmethod
    def register(cls, n):
        def deco(f):
            cls.items[n] = f
            return f
        return deco
""",
        """
@R.register('x')
def one(): ...
""",
        "list(R.items)",
    ),
    "registry_global_of_class": (
        """
class R:
    items = {}
    def register(self, n):
        def deco(f):
            self.items[n] = f
            return f
        return deco
REG = R()
register = REG.register
""",
        """
@register('x')
def one(): ...
""",
        "list(REG.items)",
    ),
    "super_call": (
        """
H = []
class A:
    def add(self, n):
        H.append(n)
class B(A):
    def add(self, n):
        return super().add(n)
b = B()
""",
        "x = b.add(1)",
        "H",
    ),
    "getattr_call": (
        """
H = []
class A:
    def add(self, n):
        H.append(n)
a = A()
""",
        "getattr(a, 'add')(1)",
        "H",
    ),
    "del_hook": (
        """
H = {'a': 1}
class A:
    def __delitem__(self, k):
        del H[k]
a = A()
""",
        "del a['a']",
        "list(H)",
    ),
}
