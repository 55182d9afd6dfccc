"""What the lints take for granted: what can't fail, what locks, what leaves early."""

from __future__ import annotations

import libcst as cst

from transpiler.frontend.scopes import children, root_name, walk, words

_LOCKS = (
    *("lock", "mutex", "semaphore", "exclusive", "guard", "synchron", "atomic"),
    *("critical", "transaction", "condition"),
)
_LOGGING = words("debug info warning error exception critical log")
_SAFE = words("append appendleft extend add clear setdefault print len str")


def looks_like_lock(text: str) -> bool:
    """Whether the source of a context manager says that it keeps others out."""
    return any(word in text.lower() for word in _LOCKS)


def can_fail(node: cst.CSTNode) -> bool:
    """Whether a statement calls something that may fail, or raises.

    Logging, printing and adding to a list are taken not to.
    """
    match node:
        case cst.Raise() | cst.Assert() | cst.Await() | cst.With():
            return True
        case cst.Call() if not is_safe(node):
            return True
        case cst.Lambda() | cst.FunctionDef() | cst.ClassDef():
            return False
        case _:
            return any(map(can_fail, children(node)))


def is_safe(node: cst.Call) -> bool:
    """Whether a call is taken not to fail."""
    func = node.func
    named = func.attr if isinstance(func, cst.Attribute) else func
    name = named.value if isinstance(named, cst.Name) else ""
    return name in _SAFE or is_told(node)


def is_told(node: cst.Call) -> bool:
    """Whether a call logs or prints: what is in it is for people."""
    match node.func:
        case cst.Name(value=name):
            return name == "print"
        case cst.Attribute(value=owner, attr=cst.Name(value=name)):
            root = root_name(owner)
            logs = root is not None and "log" in root.value.lower()
            return logs and name in _LOGGING
        case _:
            return False


def leaves_early(node: cst.CSTNode) -> bool:
    """Whether what follows a statement runs on a condition only."""
    if not isinstance(node, (cst.If, cst.Match, cst.Try)):
        return False
    return any(isinstance(part, (cst.Return, cst.Continue)) for part in walk(node))
