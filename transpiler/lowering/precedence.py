"""Where an expression of the author's needs parentheses, next to what we write."""

from __future__ import annotations

import ast

from transpiler.ir.expressions import parsed

_ATOMS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant)
_TIGHT = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def factor(text: str) -> str:
    """Return an expression as it may stand beside `*`, or on the left of `**`."""
    return text if isinstance(parsed(text), _ATOMS) else f"({text})"


def summand(text: str) -> str:
    """Return an expression as it may stand beside `+`."""
    tree = parsed(text)
    sum_of = isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add)
    return text if sum_of else subtrahend(text)


def subtrahend(text: str) -> str:
    """Return an expression as it may stand behind `-`."""
    tree = parsed(text)
    tight = isinstance(tree, ast.BinOp) and isinstance(tree.op, _TIGHT)
    return text if tight else factor(text)


def plus_one(text: str) -> str:
    """Return one more than a whole number: `4` for `3`, `N + 2` for `N + 1`."""
    match parsed(text):
        case ast.Constant(value=int(value)):
            return str(value + 1)
        case ast.BinOp(op=ast.Add(), right=ast.Constant(value=int(value))):
            if text.endswith(f"+ {value}"):
                return f"{text.removesuffix(str(value))}{value + 1}"
    return f"{summand(text)} + 1"


def compared(text: str) -> str:
    """Return an expression as it may stand beside `==` and `<`."""
    alone = isinstance(parsed(text), (ast.BinOp, ast.UnaryOp))
    return text if alone and not text.startswith("not ") else factor(text)
