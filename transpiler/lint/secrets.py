"""FLOW506: a secret that is written into the source."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

import libcst as cst

from transpiler.diagnostics import Diagnostic
from transpiler.frontend.scopes import last_name, parameters, walk
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given
from transpiler.ir.walk import nodes
from transpiler.lint.subject import Subject
from transpiler.source import Span

_KNOWN = (
    (r"\b(AKIA|ASIA)[0-9A-Z]{16}\b", "an access key of AWS"),
    (r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bgithub_pat_\w{22,}", "a token of GitHub"),
    (r"\bglpat-[\w-]{20}", "a token of GitLab"),
    (r"\bxox[abprs]-[0-9A-Za-z-]{10,}", "a token of Slack"),
    (r"\b[sr]k_live_[0-9A-Za-z]{16,}", "a key of Stripe"),
    (r"\bAIza[\w-]{35}", "a key of Google"),
    (r"\bnpm_[0-9A-Za-z]{36}\b", "a token of npm"),
    (r"\bpypi-AgEI[\w-]{20,}", "a token of PyPI"),
    (r"\bsk-(ant-|proj-)?[\w-]{32,}", "a key of an API"),
    (r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}", "a JSON web token"),
    (r"-----BEGIN [A-Z ]*PRIVATE KEY", "a private key"),
)
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@]*:([^\s/@]+)@")

_PASSWORD = re.compile(r"(^|_)(password|passwd|passphrase|pwd)$")
_TOKEN = re.compile(
    r"(^|_)(secret|token|credentials?|secret_key|api_?key|access_key|private_key)$"
)
_PLACEHOLDER = re.compile(
    r"pass(word|wd|phrase)?|pwd|user(name)?|secret|token|change[-_ ]?(me|it)|sample"
    r"|placeholder|example|dummy|fake|default|none|null|todo|fixme|redacted|hidden"
    r"|test(ing)?|your[-_ ].*|my[-_ ].*|insert[-_ ].*|foo|bar|(?P<one>.)(?P=one)*",
    re.I,
)
_TELLTALE = re.compile(
    r"example|placeholder|change.?me|dummy|redacted|xxxx|\*\*\*", re.I
)
_STAND_IN = re.compile(r"[<\[{(%$].*|.*[>}]|[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|\.*")
_WORDS = re.compile(r"[A-Za-z]+([-_./: ][A-Za-z]+)+")


def written_secrets(subject: Subject) -> Iterator[Diagnostic]:
    """Find literals that are secrets: by their form, or by the name they are for."""
    for source in subject.sources():
        for node in walk(source.module.tree):
            text = literal(node)
            if text is not None and (what := by_form(text)):
                yield _finding(source.span(node), what)
            for name, value in _assigned(node):
                text = literal(value)
                if text is not None and not by_form(text) and by_name(name, text):
                    yield _finding(source.span(value), f"the value of {name}")
    for part in nodes(subject.workflows):
        for argument in part.arguments if isinstance(part, ir.Call) else ():
            yield from _bound(argument)


def _bound(argument: ir.Argument) -> Iterator[Diagnostic]:
    """Find a secret among the arguments of a leaf: its parameter names it."""
    value = argument.value
    if not isinstance(value, Given) or value.source is None:
        return
    text, name = value.value, argument.parameter
    if not isinstance(text, str) or value.source.text[-1:] not in ("'", '"'):
        return
    if not by_form(text) and by_name(name, text):
        yield _finding(value.source.span, f"the value of {name}")


def _finding(span: Span, what: str) -> Diagnostic:
    return Diagnostic(
        span,
        "FLOW506",
        f"a secret in the source: this looks like {what}",
        'read it when a run starts, with flow.env("NAME") or in the step;'
        " and replace it, as it has been written down",
        severity="error",
        secret=True,
    )


def by_form(text: str) -> str:
    """Return what kind of secret a text is by its form, or ""."""
    for pattern, what in _KNOWN:
        found = re.search(pattern, text)
        if found and not _TELLTALE.search(found[0]):
            return what
    for url in _URL.finditer(text):
        if not _stands_in(url[1]):
            return "a URL with a password"
    return ""


def by_name(name: str, text: str) -> bool:
    """Whether a text that is assigned to a name is a secret, not a stand-in for one."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    if _stands_in(text) or re.search(r"\s", text):
        return False
    if _PASSWORD.search(words):
        return len(text) >= 4 and not _WORDS.fullmatch(text)
    return bool(_TOKEN.search(words)) and _is_random(text)


def _stands_in(text: str) -> bool:
    """Whether a text says that something else belongs there."""
    return bool(
        _PLACEHOLDER.fullmatch(text)
        or _TELLTALE.search(text)
        or _STAND_IN.fullmatch(text)
    )


def _is_random(text: str) -> bool:
    """Whether letters and digits are mixed as nobody writes them by hand."""
    if len(text) < 12 or not re.fullmatch(r"[\w+/=.~-]+", text):
        return False
    if not (re.search(r"\d", text) and re.search(r"[A-Za-z]", text)):
        return False
    counts = Counter(text).values()
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts)
    return bits > 3


def _assigned(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    """Yield what is given to a name: a variable, an argument, a key, a default."""
    match node:
        case cst.Assign(targets=targets, value=value):
            for target in targets:
                yield _name(target.target), value
        case cst.AnnAssign(target=target, value=cst.BaseExpression() as value):
            yield _name(target), value
        case cst.Arg(keyword=cst.Name(value=name), value=value):
            yield name, value
        case cst.DictElement(key=key, value=value):
            yield literal(key) or "", value
        case cst.FunctionDef(params=params) | cst.Lambda(params=params):
            for parameter in parameters(params):
                if parameter.default is not None:
                    yield parameter.name.value, parameter.default
        case cst.Call(func=func, args=[first, second, *_]):
            # os.environ.get("TOKEN", "x"), os.getenv, setdefault, flow.env
            known = last_name(func) in ("get", "getenv", "setdefault", "env", "pop")
            if known and second.keyword is None:
                yield literal(first.value) or "", second.value


def _name(target: cst.CSTNode) -> str:
    if isinstance(target, cst.Subscript) and len(target.slice) == 1:
        index = target.slice[0].slice
        return (literal(index.value) or "") if isinstance(index, cst.Index) else ""
    return last_name(target)


def literal(node: cst.CSTNode) -> str | None:
    """Return the text of a string literal; of an f-string, with {} for its holes."""
    match node:
        case cst.SimpleString() | cst.ConcatenatedString():
            value = node.evaluated_value
            return value if isinstance(value, str) else None
        case cst.FormattedString(parts=parts):
            return "".join(
                part.value if isinstance(part, cst.FormattedStringText) else "{}"
                for part in parts
            )
    return None
