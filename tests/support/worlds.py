"""The two worlds that a workflow runs in: the interpreter, and its script.

In both the same leaves are wrapped, time is virtual, chance comes from a seed, and the
same faults are injected; so what is seen of the two runs must be equal.
"""

from __future__ import annotations

import concurrent.futures
import logging
import random
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

import transpiler.interpret
from support.anew import Kept
from support.pools import FIFO, Schedule
from support.records import Fault, Outcome, Recorder
from support.states import make_state
from support.tempos import Tempo
from transpiler.capture.markers import Leaf
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import collecting
from transpiler.frontend.callables import Inner, find_callable
from transpiler.frontend.load import EntryPoint, loaded
from transpiler.interpret import Interpreter, World
from transpiler.ir import nodes as ir
from transpiler.ir.errors import ERRORS
from transpiler.ir.walk import walk
from transpiler.passes import PASSES
from transpiler.pipeline import state_type, workflow_of

SCRIPT = "emitted_script"


@dataclass
class Situation:
    """What a run starts from: the state's fields, chance, and what goes wrong."""

    state: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    seed: int = FIFO
    threads: bool = False
    tempo: Tempo = Tempo()

    def __str__(self) -> str:
        faults = " and ".join(map(str, self.faults)) or "nothing"
        return (
            f"with {dict(self.state)}, schedule {self.seed}, {self.tempo}, "
            f"and {faults} going wrong"
        )


@dataclass
class Lab:
    """A workflow with its script, both ready to be run any number of times.

    A hollow one only calls its leaves, which do nothing: for those that reach out.
    """

    built: ir.Workflow
    workflow: ir.Workflow
    state_type: type[Any] | None
    modules: tuple[ModuleType, ...]
    script: ModuleType
    hollow: bool = False
    leaves: frozenset[str] = field(init=False)
    classes: dict[tuple[str, str | None], type[Any]] = field(init=False)
    kept: Kept = field(init=False)

    def __post_init__(self) -> None:
        self.kept = Kept((*self.modules, self.script))
        self.leaves = frozenset(self._leaves())
        self.classes = {}
        for name, value in vars(self.script).items():
            if isinstance(value, type) and value.__module__ == SCRIPT:
                self.classes[self._own_name(name, value), value.__doc__] = value
                # A renamed class says so: that is documented, and no difference here.
                value.__name__ = value.__qualname__ = self._own_name(name, value)

    def interpret(
        self, situation: Situation, workflow: ir.Workflow | None = None
    ) -> Outcome:
        """Run the workflow in the interpreter."""
        self.kept.put_back()
        recorder = Recorder(
            situation.faults, lambda error: error, self.hollow, situation.tempo
        )
        schedule = Schedule(situation.seed, recorder.add)
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            # What a constructor returns is wrapped, not the call that makes it.
            leaves = self.leaves - self._inner()
            wrapped = _wrap_modules(self.modules, leaves, recorder, patch)
            _wrap_interpreter(wrapped, recorder, patch)
            if not situation.threads:
                patch.setattr(transpiler.interpret, "ThreadPoolExecutor", schedule.pool)
                patch.setattr(transpiler.interpret, "wait", schedule.wait)
            stack.enter_context(virtual_time(recorder, schedule))
            recorder.state = make_state(self.state_type, situation.state)
            world = World(time.sleep, random.uniform, time.monotonic, time.time)
            return _outcome(
                recorder,
                lambda state: Interpreter(world).workflow(
                    workflow or self.workflow, state
                ),
            )

    def execute(self, situation: Situation) -> Outcome:
        """Run the workflow's script."""
        self.kept.put_back()
        recorder = Recorder(
            situation.faults, self.in_script, self.hollow, situation.tempo
        )
        schedule = Schedule(situation.seed, recorder.add)
        names = vars(self.script)
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            for name, value in list(names.items()):
                own = self._own_name(name, value)
                if own in self.leaves:
                    patch.setitem(names, name, recorder.wrapped(own, value))
                elif situation.threads:
                    continue
                elif value is concurrent.futures.ThreadPoolExecutor:
                    patch.setitem(names, name, schedule.pool)
                elif value is concurrent.futures.wait:
                    patch.setitem(names, name, schedule.wait)
            stack.enter_context(virtual_time(recorder, schedule))
            kind = self.state_type and self.in_script(self.state_type)
            recorder.state = make_state(kind, situation.state)
            return _outcome(recorder, names[self.workflow.name])

    def _leaves(self) -> Iterator[str]:
        """Yield the names of the author's functions that run when a workflow does."""
        parts = list(walk(self.built))
        constructors = {p.function.name for p in parts if isinstance(p, ir.Composite)}
        constructors |= {p.name for p in parts if isinstance(p, ir.HandlerFunction)}
        constructors.add(self.workflow.name)
        owners = {module.__name__ for module in self.modules}
        for module in self.modules:
            for name, value in vars(module).items():
                fn = _plain(value)
                ours = isinstance(fn, FunctionType) and fn.__module__ in owners
                if ours and name not in constructors and not _constructs(fn):
                    yield name
        yield from self._inner()

    def _inner(self) -> frozenset[str]:
        """Return the names of the functions that return closures as leaves."""
        callees = (
            find_callable(p.function if isinstance(p, ir.Call) else p.check)
            for p in walk(self.built)
            if isinstance(p, (ir.Call, ir.OnlyIf))
        )
        return frozenset(c.constructor for c in callees if isinstance(c, Inner))

    def _own_name(self, name: str, value: object) -> str:
        """Return what the author calls a definition of the script that got a number."""
        if not isinstance(value, (FunctionType, type)):
            return ""
        plain = re.sub(r"_\d+$", "", name)
        for module in self.modules:
            fn = _plain(vars(module).get(plain))
            if fn is not None and fn.__doc__ == value.__doc__:
                return plain
        return name

    def in_script(self, kind: type[Any]) -> type[Any]:
        """Return what a class of the author's world is in the script."""
        owners = {module.__name__ for module in self.modules}
        if kind in ERRORS or kind.__module__ in owners:
            # A script without a use for it has none.
            given = getattr(self.script, kind.__name__, kind)
            return self.classes.get((kind.__name__, kind.__doc__), given)
        return kind


def _plain(value: Any) -> Any:
    """Return the function that the author wrote; a stand-in has no type to ask for."""
    if type(value) is Symbol:
        return None
    return getattr(value, "_fn", None) if isinstance(value, Leaf) else value


def _constructs(fn: Any) -> bool:
    """Whether a function says that it makes a part of a workflow."""
    made = str(fn.__annotations__.get("return", ""))
    return made.startswith(("flow.", "Callable["))


@contextmanager
def opened(path: Path, script: str, name: str | None = None) -> Iterator[Lab]:
    """Open a workflow and its script; inside, its modules are imported."""
    hollow = "# dependencies = []" not in script
    before = set(sys.modules)
    with loaded(path) as module:
        entry = module.entry_point(name)
        built, state_type = _built(entry)
        workflow = built
        for change in PASSES:
            workflow = change(workflow)
        new = [
            sys.modules[n] for n in sys.modules.keys() - before | {entry.module_name}
        ]
        modules = tuple(m for m in new if entry.place.owns(m))
        with executed(script) as made:
            yield Lab(built, workflow, state_type, modules, made, hollow)


def _built(entry: EntryPoint) -> tuple[ir.Workflow, type[Any] | None]:
    with collecting():
        step = entry.step()
    return workflow_of(entry.name, entry.workflow, step), state_type(entry)


@contextmanager
def executed(script: str) -> Iterator[ModuleType]:
    """Execute a script as a module."""
    module = ModuleType(SCRIPT)
    # Dataclasses look their module up.
    sys.modules[SCRIPT] = module
    try:
        exec(compile(script, "<script>", "exec", dont_inherit=True), vars(module))
        yield module
    finally:
        del sys.modules[SCRIPT]


def _wrap_modules(
    modules: Sequence[ModuleType],
    leaves: frozenset[str],
    recorder: Recorder,
    patch: pytest.MonkeyPatch,
) -> dict[int, Any]:
    """Wrap the author's functions where they are looked up; return them by identity."""
    wrapped: dict[int, Any] = {}
    owners = {module.__name__ for module in modules}
    for module in modules:
        for name, value in list(vars(module).items()):
            fn = _plain(value)
            if not isinstance(fn, FunctionType) or name not in leaves:
                continue
            if getattr(fn, "__module__", None) not in owners:
                continue
            if any(fn is known for known in wrapped.values()):
                # A decorated function that another module has, too.
                continue
            made = wrapped.setdefault(id(fn), recorder.wrapped(fn.__name__, fn))
            if isinstance(value, Leaf):
                patch.setattr(value, "_fn", made)
            else:
                patch.setitem(vars(module), name, made)
    return wrapped


def _wrap_interpreter(
    wrapped: Mapping[int, Any], recorder: Recorder, patch: pytest.MonkeyPatch
) -> None:
    """Have the interpreter call the wrapped functions."""
    original = Interpreter.function

    def function(self: Interpreter, node: ir.Function) -> Any:
        if id(node.fn) in wrapped:
            return wrapped[id(node.fn)]
        fn = original(self, node)
        callee = find_callable(node)
        if isinstance(callee, Inner):
            captured = {name: self.value(value) for name, value in node.captured}
            return recorder.wrapped(callee.constructor, fn, captured)
        return fn

    patch.setattr(Interpreter, "function", function)


@contextmanager
def virtual_time(recorder: Recorder, schedule: Schedule) -> Iterator[None]:
    """Let time pass only by sleeping, or as the tempo says, and chance be the same."""
    chance = random.Random(schedule.seed)

    def sleep(seconds: float) -> None:
        assert seconds >= 0
        recorder.add("sleep", round(seconds, 9))
        recorder.now += seconds

    def uniform(low: float, high: float) -> float:
        recorder.add("uniform", round(low, 9), round(high, 9))
        return low + (high - low) * chance.random()

    handler = _Ignored(recorder)
    root = logging.getLogger()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", sleep)
        patch.setattr(time, "monotonic", lambda: 1000.0 + recorder.now)
        patch.setattr(time, "time", lambda: recorder.start + recorder.now)
        patch.setattr(random, "uniform", uniform)
        patch.setattr(root, "handlers", [handler])
        patch.setattr(root, "level", logging.INFO)
        yield


class _Ignored(logging.Handler):
    """Writes down the errors that are only logged."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[0]:
            kind = record.exc_info[0].__name__
            self._recorder.add("logged", record.levelname, kind)


def _outcome(recorder: Recorder, run: Any) -> Outcome:
    state = recorder.state
    try:
        run(state)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, AssertionError)):
            raise
        return recorder.outcome(error)
    return recorder.outcome(None)


__all__ = ["Lab", "Situation", "executed", "opened", "virtual_time"]
