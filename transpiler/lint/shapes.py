"""How code looks that locks, takes elements out, or assigns several things at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import libcst as cst

from transpiler.frontend.scopes import walk

MAKING_LOCKS = (
    threading.Lock,
    threading.RLock,
    threading.Semaphore,
    threading.Condition,
)
"""What makes a lock: one that is made where it is taken keeps nobody out."""


def acquired(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Yield the locks that a statement takes by hand: what follows has them."""
    for part in walk(node):
        match part:
            case cst.Call(
                func=cst.Attribute(value=lock, attr=cst.Name(value="acquire"))
            ):
                yield lock


def same_length(target: cst.Tuple | cst.List, value: cst.Tuple) -> bool:
    """Whether each of some targets is assigned a value of its own."""
    elements = (*target.elements, *value.elements)
    starred = any(isinstance(x, cst.StarredElement) for x in elements)
    return not starred and len(target.elements) == len(value.elements)


def takes(node: cst.Call, name: str) -> bool:
    """Whether a call takes an element out, and each further one takes another."""
    if name not in ("pop", "popleft", "popitem"):
        return False
    return all(isinstance(argument.value, cst.Integer) for argument in node.args)
