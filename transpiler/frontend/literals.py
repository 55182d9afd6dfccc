"""Python expressions for values that were computed while a workflow was built.

`literal(value)` writes a value down as an author would, evaluates what it wrote, and
compares. A value that would not come back the same is refused, never changed: the same
type and content all the way down, in the same order. That an object is shared between
two places, and the sign of a nan, are not kept.
"""

from __future__ import annotations

import builtins
import contextlib
import datetime
import enum
import functools
import importlib
import keyword
import operator
import pathlib
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from transpiler.frontend.literal_text import ATOMS, number, raw, string
from transpiler.frontend.literal_values import (
    FLOW,
    describe,
    difference,
    elements,
    parts,
)

DEEPEST = 50
LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Literal:
    """An expression, on one line, and what the names in it stand for.

    `imports` maps a name to `(module, attribute)` outside the author's project, with
    None for the module itself, and `globals` to `(module, name)` inside it. Every other
    name is a builtin. The expression may be an operation (`A | B`, `-1`): put it into
    parentheses before putting it next to an operator.
    """

    text: str
    imports: Mapping[str, tuple[str, str | None]]
    globals: Mapping[str, tuple[str, str]]


class Unwritable(Exception):
    """A value has no source form.

    `reason` is what it is, in words that follow "is" (`an open file`); `path` is where
    in the value that was found, as subscripts and attributes (`["log"].handle`).
    """

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason, path)
        self.reason = reason
        self.path = path

    def __str__(self) -> str:
        return f"{self.reason}, at {self.path}" if self.path else self.reason


def literal(
    value: object, is_first_party: Callable[[str], bool] | None = None
) -> Literal:
    """Return the expression for a value, or raise `Unwritable`.

    `is_first_party` tells of a module's name whether it is the author's own; without
    it, what is neither of the standard library nor in site-packages is.

    >>> literal({"eu": datetime.timedelta(minutes=5)}).text
    '{"eu": timedelta(minutes=5)}'
    """
    own = is_first_party or is_local
    try:
        written = _named(_Writer(own).write(value), own)
        again = _evaluate(written)
        path = difference(value, again)
    except Unwritable:
        raise
    except (Exception, SystemExit) as error:
        _blame_element(value, own)
        reason = f"{describe(value)} that can't be made again"
        raise Unwritable(f"{reason} ({type(error).__name__}: {error})") from error
    if path is not None:
        _blame_element(value, own)
        reason = f"{describe(value)} that would not be the same when made again"
        raise Unwritable(reason, path)
    return written


def _blame_element(value: object, own: Callable[[str], bool]) -> None:
    """Raise what is wrong with an element if it is that, and not what holds it."""
    for path, element in elements(value):
        try:
            literal(element, own)
        except Unwritable as error:
            raise Unwritable(error.reason, path + error.path) from None


def is_local(module: str) -> bool:
    """Whether a module is neither of the standard library, nor installed, nor ours."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names or top == FLOW:
        return False
    filename = getattr(sys.modules.get(module), "__file__", None) or ""
    return {"site-packages", "dist-packages"}.isdisjoint(pathlib.Path(filename).parts)


# Names. While the text is made, a name is a token: no text of ours holds a NUL. So sets
# are sorted before a clash of two names is settled, and settled the same each time.

_TOKEN = re.compile("\0([^:\0]*):([^\0]*)\0")


def _token(module: str, name: str = "") -> str:
    return f"\0{module}:{name}\0"


def _named(text: str, own: Callable[[str], bool]) -> Literal:
    """Give every token a name of its own; builtins can't be renamed, so they begin."""
    tokens = dict.fromkeys(_TOKEN.findall(text))
    imports: dict[str, tuple[str, str | None]] = {}
    owned: dict[str, tuple[str, str]] = {}
    names: dict[tuple[str, str], str] = {}
    for module, attribute in sorted(tokens, key=lambda token: token[0] != "builtins"):
        base = name = attribute or module
        number = 2
        while name in names.values():
            name, number = f"{base}_{number}", number + 1
        names[module, attribute] = name
        if attribute and own(module):
            owned[name] = module, attribute
        elif module != "builtins":
            imports[name] = module, attribute or None
    text = _TOKEN.sub(lambda match: names[match[1], match[2]], text)
    return Literal(text, imports, owned)


def _evaluate(written: Literal) -> object:
    names: dict[str, object] = {"__builtins__": builtins}
    for name, (module, attribute) in {**written.imports, **written.globals}.items():
        found = sys.modules.get(module) or importlib.import_module(module)
        names[name] = getattr(found, attribute) if attribute else found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(written.text, names)


_NAMED = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    functools._lru_cache_wrapper,
)


def _reference(value: Any, own: Callable[[str], bool]) -> str:
    """Write the name under which a function or a class is found."""
    bound = getattr(value, "__self__", None)
    if isinstance(bound, type):
        return f"{_reference(bound, own)}.{value.__name__}"
    if bound is not None and not isinstance(bound, types.ModuleType):
        raise Unwritable("a method of an object")
    # A method of a builtin class is of that class's module.
    home = value if getattr(value, "__module__", None) else value.__objclass__
    module = str(home.__module__)
    if module.partition(".")[0] == FLOW:
        return _flow_name(value)
    head, *rest = value.__qualname__.split(".")
    for place in _places(module, own):
        names = vars(sys.modules[place]) if place in sys.modules else {}
        if functools.reduce(_inner, rest, names.get(head)) is value:
            return ".".join([_token(place, head), *rest])
        # `P = namedtuple("Point", ...)`; a function may be under the name by accident.
        for name, other in names.items():
            if other is value and isinstance(value, type):
                return _token(place, name)
    if value.__name__ == "<lambda>":
        raise Unwritable("a lambda")
    kind = "class" if isinstance(value, type) else "function"
    outer, local, _ = value.__qualname__.rpartition(".<locals>.")
    if local:
        raise Unwritable(f"a {kind} defined inside {outer}")
    raise Unwritable(f"a {kind} that is not {value.__qualname__} of {module}")


def _flow_name(value: object) -> str:
    flow = sys.modules[f"{FLOW}.flow"]
    for name in flow.__all__:
        if getattr(flow, name) is value:
            return f"{_token(FLOW, 'flow')}.{name}"
    raise Unwritable("a part of flowc")


def _inner(holder: object, name: str) -> object:
    return getattr(holder, name, None)


def _places(module: str, own: Callable[[str], bool]) -> Iterator[str]:
    """Yield the modules where a definition may be found, the public ones first."""
    if module == "builtins":
        yield from ("builtins", "types")
    elif own(module):
        yield module
    else:
        public = {"posixpath": "os.path", "ntpath": "os.path"}.get(module)
        public = public or re.sub(r"\._.*", "", module).lstrip("_")
        if public in sys.stdlib_module_names:
            importlib.import_module(public)
        yield from dict.fromkeys([public, module])


class _Writer:
    """Writes one value; knows what it is inside of."""

    def __init__(self, own: Callable[[str], bool]) -> None:
        self.own = own
        self.outer: set[int] = set()

    def write(self, value: Any, path: str = "") -> str:
        """Return the text of a value; `path` leads to it from the value around it."""
        try:
            if id(value) in self.outer:
                raise Unwritable("a structure that contains itself")
            if len(self.outer) >= DEEPEST:
                raise Unwritable(f"nested more than {DEEPEST} levels deep")
            self.outer.add(id(value))
            try:
                text = self._write(value)
            finally:
                self.outer.discard(id(value))
            if len(text) > LONGEST:
                raise Unwritable(f"longer than {LONGEST:,} characters")
            return text
        except Unwritable as error:
            raise Unwritable(error.reason, path + error.path) from None

    def _write(self, value: Any) -> str:
        kind = type(value)
        if kind in ATOMS:
            return ATOMS[kind](value)
        if kind is complex and repr(value)[0].isdigit():
            return f"{number(value.imag)}j".replace(".0j", "j")
        if kind is list:
            return f"[{', '.join(self._elements(value))}]"
        if kind is tuple:
            elements = list(self._elements(value))
            return f"({', '.join(elements)}{',' * (len(elements) == 1)})"
        if kind is dict:
            return f"{{{', '.join(self._pairs(value))}}}"
        if kind in (set, frozenset):
            return self._set(value)
        if kind is re.Pattern:
            return self._pattern(value)
        if kind is types.GenericAlias and not value.__unpacked__:
            inside = ", ".join(self._elements(value.__args__)) or "()"
            return f"{self.write(value.__origin__)}[{inside}]"
        if kind is types.UnionType:
            either = (None if x is type(None) else x for x in value.__args__)
            return " | ".join(self._elements(either))
        if value is datetime.UTC:
            return _token("datetime", "UTC")
        if issubclass(kind, enum.Enum):
            return self._member(value)
        if issubclass(kind, type) or kind in _NAMED:
            return _reference(value, self.own)
        return self._call(value)

    def _elements(self, values: Iterable[object]) -> Iterator[str]:
        return (self.write(value, f"[{i}]") for i, value in enumerate(values))

    def _pairs(self, values: Mapping[Any, object]) -> Iterator[str]:
        for key, value in values.items():
            text = self.write(key)
            shown = _TOKEN.sub(lambda match: match[2] or match[1], text)
            yield f"{text}: {self.write(value, f'[{shown}]')}"

    def _set(self, values: set[Any] | frozenset[Any]) -> str:
        pairs = [(self.write(value), value) for value in values]
        # By value where that reads better, else by text: never by hash.
        natural = {type(value) for value in values} in ({int}, {str})
        pairs.sort(key=lambda pair: pair[natural])
        text = f"{{{', '.join(text for text, _ in pairs)}}}" if pairs else ""
        if pairs and type(values) is set:
            return text
        return f"{_token('builtins', type(values).__name__)}({text})"

    def _call(self, value: Any) -> str:
        made = parts(value)
        if made is None:
            raise Unwritable(describe(value))
        kind = type(value)
        if kind in (pathlib.PosixPath, pathlib.WindowsPath):
            name = _token("pathlib", "Path")
        else:
            name = _reference(kind, self.own)
        arguments, keywords = made
        written = [self.write(argument) for argument in arguments]
        written += [f"{k}={self.write(v, f'.{k}')}" for k, v in keywords.items()]
        return f"{name}({', '.join(written)})"

    def _member(self, value: enum.Enum) -> str:
        kind = type(value)
        name = value.name
        if kind.__members__.get(name) is value:
            module = kind.__module__
            outside = "." not in module and not self.own(module)
            if outside and vars(sys.modules[module]).get(name) is value:
                # As re.IGNORECASE and signal.SIGTERM are known.
                return f"{_token(module)}.{name}"
            holder = _reference(kind, self.own)
            if name.isidentifier() and not keyword.iskeyword(name):
                return f"{holder}.{name}"
            return f"{holder}[{string(name)}]"
        if isinstance(value, enum.Flag):
            flags = list(value)
            if flags and functools.reduce(operator.or_, flags) is value:
                return " | ".join(map(self._member, flags))
        return f"{_reference(kind, self.own)}({self.write(value.value)})"

    def _pattern(self, value: re.Pattern[Any]) -> str:
        if value.flags & re.DEBUG:
            raise Unwritable("a pattern that is compiled with re.DEBUG")
        flags = value.flags & ~re.UNICODE
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # It may be a pattern only under its flags.
            with contextlib.suppress(re.error, ValueError):
                flags &= ~re.compile(value.pattern).flags
        options = f", {self.write(re.RegexFlag(flags))}" if flags else ""
        return f"{_token('re')}.compile({raw(value.pattern)}{options})"
