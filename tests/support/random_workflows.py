"""Workflows made at random, as source: every combinator inside every other one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol, TypeVar

T = TypeVar("T")

HEADER = '''\
"""A random workflow."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


class AppError(Exception):
    """What goes wrong here."""


@dataclass
class State:
    """A state."""

    left: bool = True
    right: bool = False
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def work(state: State, name: str) -> None:
    """Work."""
    state.journal.append(name)


@flow.step
def rest(state: State) -> None:
    """Rest."""
    state.journal.append("rest")


@flow.extract
def names(state: State, prefix: str = "") -> list[str]:
    """Return names."""
    return [f"{prefix}{name}" for name in ("p", "q")]


@flow.transform
def doubled(state: State, texts: list[str]) -> list[str]:
    """Return each twice."""
    return [text * 2 for text in texts]


@flow.predicate
def is_left(state: State) -> bool:
    """Look left."""
    return state.left


@flow.predicate
def knows(state: State, name: str) -> bool:
    """Look up."""
    return name in state.journal


@flow.workflow
def random_workflow() -> flow.Step[State]:
    """Do something."""
'''


class Chance(Protocol):
    """Where the decisions come from: a seed, or hypothesis."""

    def choice(self, among: Sequence[T], /) -> T:
        """Return one of some."""


@dataclass
class Maker:
    """Makes parts of a workflow; `items` are the loop items around a part."""

    chance: Chance
    depth: int
    items: tuple[str, ...] = ()
    counter: list[int] = field(default_factory=lambda: [0])

    def inside(self, *items: str) -> Maker:
        """Return a maker for what stands one level deeper."""
        return Maker(self.chance, self.depth - 1, (*self.items, *items), self.counter)

    def pick(self, *among: T) -> T:
        """Decide."""
        return self.chance.choice(among)

    def name(self) -> str:
        """Return an argument: a new text, or one with a loop item."""
        self.counter[0] += 1
        number = self.counter[0]
        ways = [f'"n{number}"']
        if self.items:
            item = self.pick(*self.items)
            ways += [f'f"n{number} {{{item}}}"', f'{item} + "n{number}"', item]
        return self.chance.choice(ways)

    def step(self) -> str:
        """Return a step."""
        if self.depth <= 0:
            return self.leaf()
        makers: list[Callable[[], str]] = [
            self.leaf,
            self.do,
            self.in_serial,
            self.in_parallel,
            self.when,
            self.retry,
            self.ignore_error,
            self.named,
            self.repeat,
            self.ensure,
            self.on_error,
            self.with_timeout,
            self.sleep,
        ]
        return self.chance.choice(makers)()

    def steps(self) -> str:
        """Return up to three steps."""
        inner = self.inside()
        return ", ".join(inner.step() for _ in range(self.pick(0, 1, 2, 2, 3)))

    def leaf(self) -> str:
        """Return a leaf."""
        return self.pick(
            f"work({self.name()})", f"work({self.name()})", "rest", "rest()"
        )

    def do(self) -> str:
        """Return steps in order."""
        return self.called("do", self.steps(), self.joined())

    def joined(self) -> str:
        """Return whether errors are joined, as a keyword."""
        return "join_errors=True" if self.pick(False, False, True) else ""

    def called(self, name: str, *arguments: str) -> str:
        """Return a call; empty arguments are none."""
        return f"flow.{name}({', '.join(filter(None, arguments))})"

    def providers(self) -> str:
        """Return providers, or steps in the place of some."""
        inner = self.inside()
        return ", ".join(inner.provider() for _ in range(self.pick(1, 1, 2)))

    def provider(self) -> str:
        """Return a provider."""
        item = f"item_{self.pick('a', 'b')}{self.depth}"
        body = self.inside(item).step()
        items = self.pick('["x", "y"]', "names", f"names({self.name()})", "[]")
        each = f"flow.for_each({items}, lambda {item}: {body})"
        chain = f"flow.from_(names, doubled, flow.map_(lambda {item}: {body}))"
        return self.pick(
            each,
            each,
            chain,
            f"flow.named({self.name()}, {each})",
            f"flow.steps({self.steps()})",
            self.step(),
        )

    def in_serial(self) -> str:
        """Return providers in order."""
        return self.called("in_serial", self.providers(), self.joined())

    def in_parallel(self) -> str:
        """Return providers at once."""
        limit = self.pick("", "", "limit=1", "limit=2")
        return self.called("in_parallel", self.providers(), limit, self.joined())

    def predicate(self) -> str:
        """Return a predicate."""
        plain = [
            "is_left",
            "lambda state: state.right",
            f"knows({self.name()})",
            "flow.and_()",
        ]
        first, second = self.chance.choice(plain), self.chance.choice(plain)
        return self.pick(
            first,
            first,
            f"flow.not_({first})",
            f"flow.and_({first}, {second})",
            f"flow.or_({first}, flow.not_({second}))",
            f"flow.named({self.name()}, flow.not_({first}))",
        )

    def when(self) -> str:
        """Return a condition."""
        step = self.inside().step()
        otherwise = f", {self.inside().step()}" if self.pick(True, False) else ""
        unless = f"flow.unless({self.predicate()}, {step})"
        return self.pick(f"flow.when({self.predicate()}, {step}{otherwise})", unless)

    def on(self) -> str:
        """Return what errors to handle, as a keyword."""
        return self.pick(
            "", "", ", on=AppError", ", on=OSError", ", on=(AppError, KeyError)"
        )

    def retry(self) -> str:
        """Return attempts."""
        policies = self.pick(
            "",
            "flow.up_to(2)",
            "flow.up_to(3), flow.fixed_backoff(1)",
            "flow.fixed_backoff(2), flow.up_to(2)",
            'flow.up_to(3), flow.exponential_backoff(0.5, jitter="full")',
            "flow.only_if(lambda error: not error.args[1:]), flow.up_to(2)",
            "flow.exponential_backoff(1, multiplier=3, max_delay=2), flow.up_to(3)",
        )
        before = f", {policies}" if policies else ""
        return f"flow.retry({self.inside().step()}{before}{self.on()})"

    def ignore_error(self) -> str:
        """Return best effort."""
        return f"flow.ignore_error({self.inside().step()}{self.on()})"

    def named(self) -> str:
        """Return a part with a name."""
        return f"flow.named({self.name()}, {self.inside().step()})"

    def repeat(self) -> str:
        """Return a step several times."""
        return f"flow.repeat({self.pick(0, 1, 2)}, {self.inside().step()})"

    def ensure(self) -> str:
        """Return a step with its cleanup."""
        return f"flow.ensure({self.inside().step()}, {self.inside().step()})"

    def with_timeout(self) -> str:
        """Return a step in limited time."""
        seconds = self.pick(5, 20, 60)
        return f"flow.with_timeout({seconds}, {self.inside().step()})"

    def sleep(self) -> str:
        """Return a pause, perhaps with something behind it."""
        sleep = f"flow.sleep({self.pick(1, 2.5, 8)})"
        return self.pick(sleep, f"flow.do({sleep}, {self.inside().step()})")

    def on_error(self) -> str:
        """Return a step with what handles its errors."""
        other = self.inside().step()
        handler = self.pick(
            f"flow.fallback_to({other})",
            f"{{AppError: {other}, OSError: None}}",
            f"{{(KeyError, OSError): {other}, Exception: rest}}",
            f"{{KeyError: None, TimeoutError: {other}}}",
        )
        return f"flow.on_error({self.inside().step()}, {handler})"


def random_source(chance: Chance, depth: int = 4) -> str:
    """Return a module with a workflow."""
    maker = Maker(chance, depth)
    return f"{HEADER}    return {maker.called('do', maker.steps(), maker.step())}\n"


def seeded_source(seed: int, depth: int = 4) -> str:
    """Return the same module for the same seed, always."""
    return random_source(Random(seed), depth)
