"""f-strings after a substitution: literals merged into their text, quotes kept valid.

Before Python 3.12 an expression in an f-string can hold neither a backslash nor the
quotes that the f-string itself stands in, and scripts run on 3.11.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import libcst as cst

from transpiler.diagnostics import refuse

_QUOTES = ("'", '"', "'''", '"""')
_MODULE = cst.Module([])


def mend_fstrings(node: cst.CSTNode) -> cst.CSTNode:
    """Return the tree with every f-string in it as short and valid as it can be."""
    result = node.visit(_Mender())
    assert isinstance(result, cst.CSTNode)
    return result


def literal_text(node: cst.CSTNode) -> str | None:
    """Return what a literal prints in an f-string: that of a string or an integer."""
    match node:
        case cst.SimpleString() | cst.ConcatenatedString():
            value = node.evaluated_value
            return value if isinstance(value, str) else None
        case cst.Integer():
            return str(node.evaluated_value)
        case cst.UnaryOperation(operator=cst.Minus(), expression=cst.Integer() as size):
            return str(-size.evaluated_value)
    return None


class _Mender(cst.CSTTransformer):
    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.BaseExpression:
        merged = updated_node.with_changes(parts=list(_merged(updated_node)))
        if all(isinstance(part, cst.FormattedStringText) for part in merged.parts):
            return _plain(merged)
        return _with_valid_quotes(merged)


def _merged(node: cst.FormattedString) -> Iterator[cst.BaseFormattedStringContent]:
    text = ""
    for part in node.parts:
        known = _known_text(part, node)
        if known is None:
            if text:
                yield cst.FormattedStringText(text)
            text = ""
            yield part
        else:
            text += known
    if text:
        yield cst.FormattedStringText(text)


def _known_text(
    part: cst.BaseFormattedStringContent, node: cst.FormattedString
) -> str | None:
    """Return what a part adds to the literal; None if it must be evaluated."""
    if isinstance(part, cst.FormattedStringText):
        return part.value
    assert isinstance(part, cst.FormattedStringExpression)
    if part.format_spec or part.equal:
        return None
    value = literal_text(part.expression)
    if value is None:
        return None
    if part.conversion in ("r", "a"):
        literal = ast.literal_eval(code(part.expression).strip())
        value = repr(literal) if part.conversion == "r" else ascii(literal)
    return _escaped(value, node)


def _escaped(value: str, node: cst.FormattedString) -> str | None:
    quote = node.quote
    if "r" in node.prefix.lower():
        clean = value.isprintable() and quote[0] not in value and "\\" not in value
        return _braces(value) if clean else None
    # What repr escapes stays escaped; of the quotes only ours needs it.
    inner = repr('"' + value)[2:-1].replace("\\'", "'")
    return _braces(inner.replace(quote[0], "\\" + quote[0]))


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _plain(node: cst.FormattedString) -> cst.BaseExpression:
    text = "".join(
        p.value for p in node.parts if isinstance(p, cst.FormattedStringText)
    )
    prefix = node.prefix.replace("f", "").replace("F", "")
    text = text.replace("{{", "{").replace("}}", "}")
    return cst.SimpleString(
        f"{prefix}{node.quote}{text}{node.quote}", lpar=node.lpar, rpar=node.rpar
    )


def _with_valid_quotes(node: cst.FormattedString) -> cst.FormattedString:
    for quote in dict.fromkeys((node.quote, *_QUOTES)):
        if len(quote) < len(node.quote):
            continue
        parts = [_fitted(part, quote) for part in node.parts]
        if any(part is None for part in parts):
            continue
        if quote == node.quote:
            return node.with_changes(parts=parts)
        texts = [p.value for p in node.parts if isinstance(p, cst.FormattedStringText)]
        raw = "r" in node.prefix.lower()
        if any(quote in text or text.endswith(quote[0]) for text in texts):
            continue
        if raw and any("\\" in text for text in texts):
            continue
        start = f"{node.prefix}{quote}"
        return node.with_changes(parts=parts, start=start, end=quote)
    raise refuse(
        "FLOW315",
        f"{code(node)} needs a backslash or its own quotes inside the braces",
        hint="name the value in a variable of the step's, or pass it as an argument",
    )


def _fitted(
    part: cst.BaseFormattedStringContent, quote: str
) -> cst.BaseFormattedStringContent | None:
    if isinstance(part, cst.FormattedStringText):
        return part
    assert isinstance(part, cst.FormattedStringExpression)
    if not _fits(code(part.expression), quote):
        others = [q for q in _QUOTES if q[0] != quote[0] and len(q) <= 3]
        others += [q for q in _QUOTES if q not in (*others, quote)]
        expression = part.expression.visit(_Requoter(others, quote))
        assert isinstance(expression, cst.BaseExpression)
        part = part.with_changes(expression=expression)
    if not _fits(code(part.expression), quote):
        return None
    if code(part.expression).startswith("{"):
        part = part.with_changes(whitespace_before_expression=cst.SimpleWhitespace(" "))
    if code(part.expression).endswith("}"):
        part = part.with_changes(whitespace_after_expression=cst.SimpleWhitespace(" "))
    specs: Sequence[cst.BaseFormattedStringContent] | None = part.format_spec
    if specs:
        fitted = [_fitted(spec, quote) for spec in specs]
        if any(spec is None for spec in fitted):
            return None
        part = part.with_changes(format_spec=fitted)
    return part


def _fits(text: str, quote: str) -> bool:
    if "\\" in text or quote in text or text.endswith(quote[0]) and len(quote) == 3:
        return False
    return len(quote) == 3 or "\n" not in text


class _Requoter(cst.CSTTransformer):
    def __init__(self, quotes: Sequence[str], outer: str) -> None:
        super().__init__()
        self.quotes = quotes
        self.outer = outer

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        value = original_node.evaluated_value
        if isinstance(value, str) and not _fits(original_node.value, self.outer):
            for quote in self.quotes:
                text = f"{quote}{value}{quote}"
                if "\n" not in text and _fits(text, self.outer) and _means(text, value):
                    return updated_node.with_changes(value=text)
        return updated_node


def _means(text: str, value: str) -> bool:
    try:
        return bool(ast.literal_eval(text) == value)
    except (SyntaxError, ValueError):
        return False


def code(node: cst.CSTNode) -> str:
    """Return the source text of a node."""
    return _MODULE.code_for_node(node)
