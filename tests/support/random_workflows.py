"""Workflows made at random, as source: every combinator inside every other one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from support.random_data import Chance, DataMaker, has_no_kind
from support.random_header import header

WORKFLOW = '''\
@flow.workflow
def random_workflow() -> flow.Step[State]:
    """Do something."""
'''


class Maker(DataMaker):
    """Makes steps."""

    def inside(self, *items: str, child: bool | None = None) -> Maker:
        """Return a maker for what stands one level deeper."""
        return Maker(
            self.chance,
            self.depth - 1,
            (*self.items, *items),
            self.module,
            self.child if child is None else child,
        )

    def step(self) -> str:
        """Return a step."""
        if self.is_deep:
            return self.leaf()
        makers: list[Callable[[], str]] = [
            self.leaf,
            self.do,
            self.in_serial,
            self.in_parallel,
            self.when,
            self.loop,
            self.switch,
            self.retry,
            self.ignore_error,
            self.on_error,
            self.ensure,
            self.limited,
            self.sleep,
            self.observed,
            self.pipeline,
            self.on_child,
            self.constructed,
        ]
        return self.chance.choice(makers)()

    def steps(self) -> str:
        """Return up to three steps."""
        inner = self.inside()
        return ", ".join(inner.step() for _ in range(self.pick(0, 1, 2, 2, 3)))

    def leaf(self) -> str:
        """Return a leaf."""
        p, s = self.p, self.s
        return self.pick(
            f"{p}work({self.argument()})",
            f"{p}work({self.argument()})",
            f"{p}work(name={self.argument()})",
            f"{p}move(to={self.argument()}, far=True)",
            f"{p}move",
            f"{p}rest",
            f"{p}rest()",
            f"{p}hurry",
            f"{p}mark",
            f"{p}chore({self.plain()})",
            f'lambda {s}: {s}.journal.append("lambda")',
            f"partial({p}work.fn, name={self.plain()})",
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
        return ", ".join(inner.provider() for _ in range(self.pick(0, 1, 1, 1, 2)))

    def provider(self) -> str:
        """Return a provider."""
        return self.one_of(
            self.each,
            self.each,
            self.mapped,
            lambda: self.named(self.each()),
            lambda: self.named(self.mapped()),
            lambda: self.named(self.named(self.each())),
            lambda: f"flow.steps({self.steps()})",
            lambda: self.named(f"flow.steps({self.steps()})"),
            self.step,
        )

    def each(self) -> str:
        """Return a step for each item."""
        p, s = self.p, self.s
        items = self.one_of(
            '["x", "y"]',
            "GOODS",
            f"{p}list_names",
            lambda: f"{p}list_names({self.name()})",
            "[]",
            f"lambda {s}: {s}.journal[-2:]",
            lambda: self.extract("texts"),
        )
        return f"flow.for_each({items}, {self.body()})"

    def mapped(self) -> str:
        """Return a step for each item, spelled out."""
        transform = self.one_of("", lambda: f"{self.transform('texts', 'texts')}, ")
        items = self.extract("texts")
        return f"flow.from_({items}, {transform}flow.map_({self.body()}))"

    def body(self) -> str:
        """Return what makes the step of an item."""
        item = f"{self.pick('item_a', 'item_b', 'name')}{self.depth}"
        return self.one_of(
            lambda: f"lambda {item}: {self.inside(item).step()}",
            lambda: f"lambda {item}: {self.inside(item).step()}",
            lambda: f"lambda {item}: {self.inside(item).step()}",
            f"{self.p}work",
            f"{self.p}chore",
        )

    def in_serial(self) -> str:
        """Return providers in order."""
        return self.called("in_serial", self.providers(), self.joined())

    def in_parallel(self) -> str:
        """Return providers at once."""
        limit = self.pick("", "", "limit=1", "limit=2")
        return self.called("in_parallel", self.providers(), limit, self.joined())

    def when(self) -> str:
        """Return a condition."""
        inner = self.inside()
        test = self.predicate()
        return self.one_of(
            lambda: f"flow.when({test}, {inner.step()})",
            lambda: f"flow.when({test}, {inner.step()}, {inner.step()})",
            lambda: f"flow.unless({test}, {inner.step()})",
        )

    def loop(self) -> str:
        """Return a step several times."""
        step = self.inside().step()
        key = f'"t{self.module.next()}"'
        goes_on = self.pick(
            f"{self.p}goes_on({key})",
            f"flow.and_({self.p}is_left, {self.p}goes_on({key}))",
            self.named(f"{self.p}goes_on({key})"),
        )
        is_over = self.pick(
            f"{self.p}is_over({key})",
            f"~{self.p}goes_on({key})",
            self.named(f"{self.p}is_over({key})"),
        )
        return self.pick(
            f"flow.repeat({self.pick(0, 1, 2)}, {step})",
            f"flow.while_({goes_on}, {step})",
            f"flow.until({is_over}, {step})",
        )

    def switch(self) -> str:
        """Return a step that is chosen by a value."""
        subject = self.pick(*self.items) if self.items else ""
        text = partial(self.extract, "text")
        subject = self.one_of(subject or text, text)
        step = self.inside().step
        cases = self.one_of(
            lambda: f'"x": {step()}, "p": {step()}',
            lambda: f'"x": {step()}, "p": {step()}, "v": {step()}',
            lambda: f'LABELS["x"]: {step()}, "0 lambda": {step()}',
            lambda: f"None: {step()}, 3: {step()}",
            "",
        )
        otherwise = self.one_of("", "", lambda: f", otherwise={step()}")
        return f"flow.switch({subject}, {{{cases}}}{otherwise})"

    def on(self) -> str:
        """Return what errors to handle, as a keyword."""
        return self.pick(
            "", "", ", on=AppError", ", on=OSError", ", on=(AppError, KeyError)"
        )

    def retry(self) -> str:
        """Return attempts."""
        policies = self.pick(
            "",
            "flow.up_to(1)",
            "flow.up_to(2)",
            "flow.up_to(3), flow.fixed_backoff(1)",
            "flow.up_to(2), flow.up_to(3), flow.fixed_backoff(1, jitter=0.5)",
            "flow.fixed_backoff(2), flow.up_to(2)",
            "flow.fixed_backoff(timedelta(seconds=2), max_delay=1), flow.up_to(3)",
            'flow.up_to(3), flow.exponential_backoff(0.5, jitter="full")',
            "flow.only_if(lambda error: not error.args[1:]), flow.up_to(2)",
            "flow.only_if(is_small), flow.up_to(2)",
            "flow.exponential_backoff(1, multiplier=3, max_delay=2), flow.up_to(3)",
        )
        before = f", {policies}" if policies else ""
        return f"flow.retry({self.inside().step()}{before}{self.on()})"

    def ignore_error(self) -> str:
        """Return best effort, or what makes an error of an exit."""
        step = self.inside().step()
        return self.pick(
            f"flow.ignore_error({step}{self.on()})", f"flow.recover_panics({step})"
        )

    def observed(self) -> str:
        """Return a part that is seen."""
        step = self.inside().step()
        level = self.pick("", ", level=logging.WARNING")
        number = self.module.next()
        return self.pick(
            self.named(step),
            self.named(step),
            f"flow.with_logging({step}{level})",
            f'flow.traced({step}, to="t{number}.jsonl")',
        )

    def ensure(self) -> str:
        """Return a step with its cleanup."""
        return f"flow.ensure({self.inside().step()}, {self.inside().step()})"

    def limited(self) -> str:
        """Return a step in limited time."""
        step = self.inside().step()
        return self.pick(
            f"flow.with_timeout({self.pick(5, 20, 60)}, {step})",
            f"flow.with_timeout({self.pick(5, 20, 60)}, {step})",
            f"flow.with_timeout(timedelta(minutes=1), {step})",
            f"flow.with_deadline(NOON, {step})",
            f"flow.with_deadline(NOON + timedelta(seconds=9), {step})",
        )

    def sleep(self) -> str:
        """Return a pause, perhaps with something behind it."""
        sleep = f"flow.sleep({self.pick('1', '2.5', '8', 'timedelta(seconds=3)')})"
        return self.one_of(sleep, lambda: f"flow.do({sleep}, {self.inside().step()})")

    def on_child(self) -> str:
        """Return a step on another state."""
        step = self.inside(child=not self.child).step()
        p = self.p
        derive = self.pick(
            f"{p}derive", f"{p}derive({self.argument()})", self.named(f"{p}derive")
        )
        resource = self.pick(
            f"{p}opened",
            f"{p}opened({self.argument()})",
            f"{p}calmed",
            self.named(f"{p}opened"),
        )
        return self.pick(
            f"flow.spawn({derive}, {step})", f"flow.using({resource}, {step})"
        )

    def on_error(self) -> str:
        """Return a step with what handles its errors."""
        if self.pick(False, False, True):
            return self.handled()
        other = self.inside().step()
        handler = self.pick(
            f"flow.fallback_to({other})",
            f"{{AppError: {other}, OSError: None}}",
            f"{{(KeyError, OSError): {other}, Exception: {self.p}rest}}",
            f"{{KeyError: None, TimeoutError: {other}}}",
            f"{{ExceptionGroup: {other}, flow.RecoveredPanic: {self.p}mark}}",
            f"lambda {self.s}, error: {other}",
            f"lambda {self.s}, error: {other} if {self.s}.left else None",
        )
        return f"flow.on_error({self.inside().step()}, {handler})"

    def handled(self) -> str:
        """Return a step with a function of its own that handles its errors."""
        number = self.module.next()
        item = self.pick(*self.items) if self.items else ""
        near = bool(item) and bool(self.pick(1, 0))
        handler = self.handler(number, ("text", *([item] if near else [])))
        if not near:
            self.module.functions.append(handler)
            return f"flow.on_error({self.inside().step()}, decide_{number})"
        # It stands in a constructor, and captures what that one was given.
        lines = handler.rstrip().splitlines()
        inner = "".join(f"    {line}\n" if line else "\n" for line in lines)
        # What stands inside of it must know no other items than it is given.
        step = replace(self.inside(), items=(item,)).step()
        self.module.functions.append(
            f"def handle_{number}({item}: str) -> flow.Step[{self.s.title()}]:\n"
            f'    """Handle errors."""\n\n{inner}\n'
            f"    return flow.on_error({step}, decide_{number})\n\n\n"
        )
        return f"handle_{number}({item})"

    def handler(self, number: int, items: tuple[str, ...]) -> str:
        """Return the source of a handler function."""
        within = replace(self.inside(), items=items)
        first = within.step()
        s = self.s
        after = f"    if {s}.left:\n        return "
        end = self.one_of(
            lambda: f"    return {within.step()}\n",
            "    return None\n",
            "    raise error\n",
            '    raise RuntimeError("no way") from error\n',
            lambda: f"{after}{within.step()}\n    raise error\n",
            lambda: f"    {s}.count += 1\n    return {within.step()}\n",
        )
        test = self.pick(
            "isinstance(error, AppError) and text",
            f"{s}.right or not text",
            '"work" in text',
        )
        return (
            f"def decide_{number}(\n    {s}: {s.title()}, error: Exception\n"
            f") -> flow.Step[{s.title()}] | None:\n"
            f'    """Decide."""\n    text = str(error)\n'
            f"    if {test}:\n        return {first}\n{end}\n\n"
        )

    def constructed(self) -> str:
        """Return what a constructor makes, a new or a known one."""
        known = [
            name for child, name in self.module.constructors if child == self.child
        ]
        again = self.pick(False, True)
        if known and again:
            return f"{self.chance.choice(known)}({self.name()})"
        number = self.module.next()
        step = replace(self.inside(), items=("text",)).step()
        if has_no_kind(step) or "(" not in step:
            step = f"flow.do({step})"
        step = self.pick(step, step, f"flow.auto_named({step})")
        self.module.functions.append(
            f"def make_{number}(text: str) -> flow.Step[{self.s.title()}]:\n"
            f'    """Make a step."""\n    return {step}\n\n\n'
        )
        self.module.constructors.append((self.child, f"make_{number}"))
        make = f"make_{number}"
        call = f"{make}({self.name()})"
        item = f"thing{self.depth}"
        return self.pick(
            call,
            call,
            f"flow.do({call}, {make}({self.name()}))",
            f"flow.in_serial(flow.for_each(GOODS, {make}))",
            f"flow.in_parallel(flow.for_each({self.p}list_names, {make}))",
            f"flow.in_parallel(flow.for_each(GOODS, lambda {item}: {make}({item})))",
        )


def random_source(chance: Chance, depth: int = 4) -> str:
    """Return a module with a workflow."""
    maker = Maker(chance, depth)
    step = maker.called("do", maker.steps(), maker.step())
    functions = "".join(maker.module.functions)
    return f"{header()}{functions}{WORKFLOW}    return {step}\n"


def seeded_source(seed: int, depth: int = 4) -> str:
    """Return the same module for the same seed, always."""
    return random_source(Random(seed), depth)
