"""Random extracts, transforms, consumes and predicates, as source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

T = TypeVar("T")

Kind = Literal["text", "texts", "pages"]
"""What flows: a text, a list of texts, or a list of such lists."""


class Chance(Protocol):
    """Where the decisions come from: a seed, or hypothesis."""

    def choice(self, among: Sequence[T], /) -> T:
        """Return one of some."""


def has_no_kind(part: str) -> bool:
    """Whether a part may be a step, an extract or a predicate."""
    return part.removeprefix("child_").startswith(("lambda ", "chore(", "partial("))


@dataclass
class Module:
    """What a module has beside its workflow, and how much may still be made."""

    left: int = 150
    number: int = 0
    functions: list[str] = field(default_factory=list)
    constructors: list[tuple[bool, str]] = field(default_factory=list)

    def next(self) -> int:
        """Return a new number."""
        self.number += 1
        return self.number


@dataclass
class DataMaker:
    """Makes parts of a workflow; `items` are the loop items around a part.

    `child` says which state it is on, `inner` that it stands in a function of its own.
    """

    chance: Chance
    depth: int
    items: tuple[str, ...] = ()
    module: Module = field(default_factory=Module)
    child: bool = False

    def pick(self, *among: T) -> T:
        """Decide."""
        return self.chance.choice(among)

    @property
    def p(self) -> str:
        """Return the prefix of the names of leaves."""
        return "child_" if self.child else ""

    @property
    def s(self) -> str:
        """Return the name of the state."""
        return "child" if self.child else "state"

    @property
    def is_deep(self) -> bool:
        """Whether nothing large is to be made here."""
        self.module.left -= 1
        return self.depth <= 0 or self.module.left < 0

    def deeper(self) -> DataMaker:
        """Return a maker for what stands one level deeper."""
        return DataMaker(
            self.chance, self.depth - 1, self.items, self.module, self.child
        )

    def name(self) -> str:
        """Return a text: a new one, or one with a loop item."""
        number = self.module.next()
        ways = [f'"n{number}"', f'"n{number}"']
        if self.items:
            item = self.pick(*self.items)
            ways += [
                f'f"n{number} {{{item}}}"',
                f'{item} + "n{number}"',
                item,
                item,
                f"{item}.upper()",
                f"clean({item})",
                f"{item}[-1]",
            ]
        return self.chance.choice(ways)

    def plain(self) -> str:
        """Return a text that nothing is called for."""
        number = self.module.next()
        item = self.pick(*self.items) if self.items else ""
        return self.pick(f'"n{number}"', item or f'"n{number}"')

    def one_of(self, *ways: str | Callable[[], str]) -> str:
        """Decide, and make only what is chosen."""
        way = self.chance.choice(ways)
        return way if isinstance(way, str) else way()

    def argument(self) -> str:
        """Return an argument: a text, or something that is known only in a run."""
        env = 'flow.env("USER_NAME", "nobody")'
        return self.one_of(self.name, self.name, self.name, self.name, env)

    def named(self, inner: str) -> str:
        """Give a part a name, if its kind can be told."""
        if has_no_kind(inner):
            return inner
        return f"flow.named({self.name()}, {inner})"

    def kind(self) -> Kind:
        """Return what may flow."""
        return self.pick("text", "texts", "texts", "pages")

    def extract(self, kind: Kind) -> str:
        """Return an extract."""
        p, s = self.p, self.s
        known: dict[str, list[str | Callable[[], str]]] = {
            "text": [
                f"{p}label",
                lambda: f"{p}label({self.argument()})",
                'flow.value("v")',
                f'lambda {s}: f"{{{s}.count}} lambda"',
                f"flow.from_({p}list_names, {p}join)",
            ],
            "texts": [
                f"{p}list_names",
                lambda: f"{p}list_names({self.argument()})",
                'flow.value(["v", "w"])',
                f"lambda {s}: GOODS",
                f"lambda {s}: {s}.journal[:2]",
                lambda: f"flow.collect({p}next_token({self.key()}))",
            ],
            "pages": [
                'flow.value([["v"], ["w", "x"], []])',
                lambda: f"flow.collect({p}next_page({self.key()}))",
                lambda: f"flow.collect({self.named(f'{p}next_page({self.key()})')})",
            ],
        }
        ways = known[kind]
        if not self.is_deep:
            inner = self.deeper()
            ways += [
                lambda: self.from_(inner, kind),
                lambda: self.named(inner.extract(kind)),
            ]
            if kind == "texts":
                ways.append(lambda: self.collected(f"{p}join"))
            if kind == "pages":
                ways.append(lambda: self.collected(inner.transform("texts", "texts")))
        return self.one_of(*ways)

    def key(self) -> str:
        """Return the key of something that is counted."""
        return f'"k{self.module.next()}"'

    def from_(self, inner: DataMaker, kind: Kind) -> str:
        """Return an extract that is transformed."""
        other = self.kind()
        return f"flow.from_({inner.extract(other)}, {inner.transform(other, kind)})"

    def collected(self, transform: str) -> str:
        """Return what is made of each page."""
        page = f"{self.p}next_page({self.key()})"
        return f"flow.collect(flow.from_({page}, {transform}))"

    def transform(self, given: Kind, made: Kind) -> str:
        """Return a transform."""
        p, s = self.p, self.s
        inner = self.deeper()
        ways: list[str | Callable[[], str]]
        match given, made:
            case "text", "text":
                ways = [
                    f"{p}shout",
                    lambda: f"{p}shout({self.argument()})",
                    f'lambda {s}, text: f"{{text}} {{{s}.count}}"',
                ]
            case "text", "texts":
                ways = [f"{p}split", f"lambda {s}, text: [text, text]"]
            case "texts", "texts":
                ways = [f"{p}doubled", lambda: self.render(inner, "text", "text")]
            case "texts", "text":
                ways = [f"{p}join", lambda: f"{p}join({self.argument()})"]
            case "pages", "texts":
                ways = ["flow.flatten", lambda: self.render(inner, "texts", "text")]
            case "texts", "pages":
                ways = [lambda: self.render(inner, "text", "texts")]
            case "pages", "pages":
                ways = [lambda: self.render(inner, "texts", "texts")]
            case "text", "pages":
                ways = [f"flow.chain({p}split, flow.render({p}split))"]
            case _:
                ways = [f"flow.chain(flow.flatten, {p}join)"]
        if not self.is_deep:
            ways += [
                lambda: self.chain(inner, given, made),
                lambda: self.named(inner.transform(given, made)),
            ]
        return self.one_of(*ways)

    def render(self, inner: DataMaker, given: Kind, made: Kind) -> str:
        """Return a transform of each element."""
        return f"flow.render({inner.transform(given, made)})"

    def chain(self, inner: DataMaker, given: Kind, made: Kind) -> str:
        """Return two transforms as one."""
        middle = self.kind()
        first = inner.transform(given, middle)
        return f"flow.chain({first}, {inner.transform(middle, made)})"

    def consume(self, kind: Kind) -> str:
        """Return a consume."""
        p, s = self.p, self.s
        inner = self.deeper()
        known: dict[str, list[str | Callable[[], str]]] = {
            "text": [
                f"{p}store",
                lambda: f"{p}store_as({self.argument()})",
                f"lambda {s}, text: {s}.journal.append(text)",
            ],
            "texts": [f"{p}keep_texts", f"flow.apply({p}store)"],
            "pages": [f"flow.apply({p}keep_texts)"],
        }
        ways = known[kind]
        if not self.is_deep:
            ways += [
                lambda: self.feed(inner, kind),
                lambda: self.named(inner.consume(kind)),
            ]
            if kind != "text":
                element: Kind = "text" if kind == "texts" else "texts"
                ways += [lambda: f"flow.apply({inner.consume(element)})"] * 2
        return self.one_of(*ways)

    def feed(self, inner: DataMaker, kind: Kind) -> str:
        """Return a consume behind a transform."""
        to = self.kind()
        return f"flow.feed({inner.transform(kind, to)}, {inner.consume(to)})"

    def pipeline(self) -> str:
        """Return a value that goes through some of all that."""
        inner = self.deeper()
        kind = self.kind()
        parts = [inner.extract(kind)]
        for _ in range(self.pick(0, 1, 1, 2)):
            other = self.kind()
            parts.append(inner.transform(kind, other))
            kind = other
        consume = inner.consume(kind)
        if len(parts) == 1:
            return f"flow.with_({parts[0]}, {consume})"
        return self.pick(
            f"flow.pipeline({', '.join(parts)}, {consume})",
            f"flow.with_(flow.from_({', '.join(parts)}), {consume})",
        )

    def predicate(self) -> str:
        """Return a predicate."""
        p, s = self.p, self.s
        plain = [
            f"{p}is_left",
            f"lambda {s}: {s}.right",
            f"{p}knows({self.argument()})",
            "flow.and_()",
            "flow.or_()",
        ]
        if self.items:
            item = self.pick(*self.items)
            plain.append(f'lambda {s}: {item} in ("x", "p")')
        first, second = self.chance.choice(plain), self.chance.choice(plain)
        return self.pick(
            first,
            first,
            f"flow.not_({first})",
            f"flow.and_({first}, {second})",
            f"flow.or_({first}, flow.not_({second}))",
            self.named(f"flow.not_({first})"),
            f"{p}is_left & ~{p}knows({self.name()})",
            f"flow.and_({self.named(first)}, {p}is_left | {p}knows({self.name()}))",
        )
