"""Registries that functions fill, directly or through others."""

from __future__ import annotations

# By name: a module, a statement that is run when it or another is imported, and what a
# step reads.
CASES: dict[str, tuple[str, str, str]] = {
    "local_alias": (
        """
H = {}
def reg(f):
    h = H
    h[f.__name__] = f
    return f
""",
        """
@reg
def one(): ...
""",
        "list(H)",
    ),
    "local_get": (
        """
H = {}
def get():
    return H
def reg(f):
    h = get()
    h[f.__name__] = f
    return f
""",
        """
@reg
def one(): ...
""",
        "list(H)",
    ),
    "pass_inside": (
        """
H = {}
def fill(h):
    h['x'] = 1
def setup():
    fill(H)
""",
        "setup()",
        "list(H)",
    ),
    "pass_twice": (
        """
H = {}
def fill(h):
    h['x'] = 1
def setup(h):
    fill(h)
""",
        "setup(H)",
        "list(H)",
    ),
    "pass_heapq": (
        """
import heapq
H = []
def setup(n):
    heapq.heappush(H, n)
""",
        "setup(3)",
        "H",
    ),
    "pass_heapq_param": (
        """
import heapq
H = []
def setup(h, n):
    heapq.heappush(h, n)
""",
        "setup(H, 3)",
        "H",
    ),
    "lambda_reg": (
        """
H = {}
reg = lambda n: H.setdefault(n, 1)
""",
        "reg('a')",
        "list(H)",
    ),
    "partial_reg": (
        """
from functools import partial
H = {}
def put(h, n):
    h[n] = 1
reg = partial(put, H)
""",
        "reg('a')",
        "list(H)",
    ),
    "partial_reg2": (
        """
from functools import partial
H = {}
def put(k, n):
    H[n] = k
reg = partial(put, 'k')
""",
        "reg('a')",
        "list(H)",
    ),
    "global_counter": (
        """
n = 0
def bump():
    global n
    n += 1
    return n
""",
        "A = bump()",
        "reg.n",
    ),
    "contextvar": (
        """
from contextvars import ContextVar
V = ContextVar('v', default=0)
""",
        "V.set(3)",
        "V.get()",
    ),
    "contextvar_fn": (
        """
from contextvars import ContextVar
V = ContextVar('v', default=0)
def put(n):
    V.set(n)
""",
        "put(3)",
        "V.get()",
    ),
    "contextvar_tok": (
        """
from contextvars import ContextVar
V = ContextVar('v', default=0)
""",
        "token = V.set(3)",
        "V.get()",
    ),
    "deque_fn": (
        """
from collections import deque
D = deque()
def put(n):
    D.appendleft(n)
    return n
""",
        "x = put(3)",
        "len(D)",
    ),
    "dict_by_item": (
        """
D = {'a': []}
def put(n):
    D['a'].append(n)
    return n
""",
        "x = put(3)",
        "len(D['a'])",
    ),
    "loop_in_fn": (
        """
A = []
B = []
def put(n):
    for x in (A, B):
        x.append(n)
""",
        "put(3)",
        "len(A) + len(B)",
    ),
    "starred": (
        """
A = []
def put(*lists):
    for x in lists:
        x.append(1)
""",
        "put(A)",
        "len(A)",
    ),
    "kw": (
        """
A = []
def put(target=None):
    target.append(1)
    return target
""",
        "x = put(target=A)",
        "len(A)",
    ),
    "kw_assigned": (
        """
A = []
def put(target):
    target.append(1)
    return 3
""",
        "x = put(A)",
        "len(A)",
    ),
    "update_wrapper": (
        """
from functools import wraps
CALLS = []
def deco(f):
    @wraps(f)
    def inner(*a):
        return f(*a)
    CALLS.append(f.__name__)
    return inner
""",
        """
@deco
def one(): ...
""",
        "CALLS",
    ),
    "dec_on_method": (
        """
H = []
def mark(f):
    H.append(f.__name__)
    return f
""",
        """
class K:
    @mark
    def one(self): ...
""",
        "H",
    ),
    "class_body_call": (
        """
H = []
def put(n):
    H.append(n)
""",
        """
class K:
    put(3)
""",
        "H",
    ),
    "other_module_default": (
        """
def add(n, seen=[]):
    seen.append(n)
    return len(seen)
""",
        "add(1)",
        "add(2)",
    ),
    "fn_attr": (
        """
def f(): ...
f.calls = 0
def bump():
    f.calls += 1
""",
        "bump()",
        "f.calls",
    ),
    "operator_setitem": (
        """
import operator
H = {}
def put(k):
    operator.setitem(H, k, 1)
""",
        "put('a')",
        "list(H)",
    ),
    "map_reg": (
        """
H = []
def put(k):
    H.append(k)
""",
        "list(map(put, 'ab'))",
        "H",
    ),
    "list_of_fns": (
        """
H = []
def put(k):
    H.append(k)
""",
        """
for f in [put]:
    f(1)
""",
        "H",
    ),
    "dict_of_fns": (
        """
H = []
def put(k):
    H.append(k)
T = {'p': put}
""",
        "T['p'](1)",
        "H",
    ),
    "alias_fn": (
        """
H = []
def put(n):
    H.append(n)
other = put
""",
        "other(1)",
        "H",
    ),
    "walrus": (
        """
H = []
def put(n):
    H.append(n)
    return n
""",
        """
if (x := put(1)):
    pass
""",
        "H",
    ),
    "async_def_call": (
        """
H = []
def put(n):
    H.append(n)
    return n
""",
        "y = [put(i) for i in range(2)]",
        "H",
    ),
    "try_reg": (
        """
H = []
def put(n):
    H.append(n)
    return n
""",
        """
try:
    put(1)
except Exception:
    pass
""",
        "H",
    ),
    "assert_reg": (
        """
H = []
def put(n):
    H.append(n)
    return n
""",
        "assert put(1)",
        "H",
    ),
    "gen_fn": (
        """
H = []
def gen():
    H.append(1)
    yield 1
""",
        "x = list(gen())",
        "H",
    ),
    "thread": (
        """
import threading
H = []
def put():
    H.append(1)
""",
        """
t = threading.Thread(target=put)
t.start()
t.join()
""",
        "H",
    ),
}
