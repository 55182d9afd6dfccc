"""The two worlds: the workflow in the interpreter, and the script as Python runs it."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from types import ModuleType
from typing import Any

from transpiler.capture.markers import Leaf as LeafFunction
from transpiler.frontend.callables import Reached
from transpiler.interpret import Interpreter, World
from transpiler.interpret.limits import remaining
from transpiler.interpret.observing import names
from transpiler.ir import nodes as ir
from transpiler.ir.errors import ERRORS, FLOW
from transpiler.ir.expressions import Given
from transpiler.ir.walk import nodes
from transpiler.pipeline import Translation
from transpiler.verify.calls import STATE
from transpiler.verify.choices import USUAL, Decision, Option, Oracle, Path
from transpiler.verify.guard import caught, guarded, harmless
from transpiler.verify.leaves import (
    Leaf,
    LeafKey,
    leaf_key,
    leaves_of,
)
from transpiler.verify.run import Outcome, Run
from transpiler.verify.samples import Opaque
from transpiler.verify.stage import (
    QUICK_LOG,
    Place,
    Replacement,
    on_stage,
    patience,
    places,
    replaced,
    timed,
)
from transpiler.verify.states import make_state
from transpiler.verify.stubs import Stub, as_function
from transpiler.verify.surroundings import surroundings_of

MODULE = "the_script"
"""What the script's module is called while it is verified."""

LEFT_OUT = "__left_out__"
"""Where a script's module has what it does not do: see guard.py."""

FEWEST_EVENTS = 400
"""A run may have so many events, and more where the workflow counts higher."""

HIGHEST = 100
"""What counts higher than this is not gone through to its end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far to look: see `flowc verify --help`."""

    faults: int = 3
    depth: int = 4
    paths: int = 1200
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Stubbed(Interpreter):
    """An interpreter that calls stubs."""

    stubs: Mapping[LeafKey, Stub] = field(default_factory=dict)

    def function(self, function: ir.Function) -> Callable[..., Any]:
        key = leaf_key(function)
        stub = self.stubs.get(key) if key is not None else None
        if stub is None:
            # super() needs the class, which slots have made anew.
            return Interpreter.function(self, function)
        captured = {name: self.value(value) for name, value in function.captured}
        return partial(stub, **captured) if captured else stub


ASKED: Mapping[str, Callable[[], Any]] = {"names": names, "remaining": remaining}
"""What the body of a step may ask of the workflow around it."""


class Worlds:
    """A workflow and a script, to be run any number of times while they are staged."""

    def __init__(self, made: Translation, script: ModuleType, limits: Limits) -> None:
        # What was built, so that the passes are held against it too; but for calls
        # among the arguments, which only the passes make anew for each run.
        self.workflow = made.workflow if made.workflow.lets else made.built
        self.script = script
        self.limits = limits
        self._made = made
        self.leaves = leaves_of(made.workflow) | leaves_of(made.built)
        if script.__text__ != made.text:
            caught = self._caught()
            self.leaves = {
                key: replace(leaf, edited=True, caught=caught)
                for key, leaf in self.leaves.items()
            }
        self._surroundings = surroundings_of(made.workflow)
        self._run: Run | None = None
        crowd = max((leaf.crowd for leaf in self.leaves.values()), default=0)
        self._most = _most_events(made.workflow, crowd)
        self._looped = self._surroundings.looped
        # What the author's bodies ask, by its name in the script.
        supported = made.lowered.unit.supported
        asked = {name: supported[name] for name in ASKED if name in supported}
        answers = {name: ASKED[name] for name in asked}
        self._stubs = {
            key: Stub(leaf, leaf.fn, self._current, _as_it_is, self._looped, answers)
            for key, leaf in self.leaves.items()
        }
        self._own_places, self._places = places(), places(vars(script))
        self._replacements = [*self._in_modules(), *self._in_namespace(asked)]

    @contextmanager
    def staged(self) -> Iterator[Worlds]:
        """Put stubs in the place of the author's functions, in both worlds."""
        with replaced([*self._replacements, *QUICK_LOG]), patience():
            yield self

    def _current(self) -> Run:
        assert self._run is not None, "a stub is called outside of a run"
        return self._run

    def interpret(self, path: Path = USUAL) -> tuple[Outcome, list[Decision]]:
        """Run the workflow as it is meant; return also what was decided in the run."""
        run = self._new_run(path)

        def call(state: Any) -> None:
            world = World(run.sleep, run.uniform, run.monotonic, run.wall)
            _Stubbed(world, stubs=self._stubs).workflow(self.workflow, state)

        outcome = self._outcome(run, call, self._made.state_type, self._own_places)
        return outcome, run.oracle.decisions

    def execute(self, path: Path = USUAL) -> Outcome:
        """Run the script."""
        known = vars(self.script)
        kind = self.type_in_script(self._made.state_type)

        def call(state: Any) -> None:
            for statement in known[LEFT_OUT]:
                self._current().add("at its top:", statement)
            known[self.workflow.name](state)

        return self._outcome(self._new_run(path), call, kind, self._places)

    def _new_run(self, path: Path) -> Run:
        oracle = Oracle(path, self.limits.depth)
        return Run(oracle, self._most, self._surroundings.begin)

    def _outcome(
        self,
        run: Run,
        call: Callable[[Any], None],
        kind: Any,
        found: list[Place],
    ) -> Outcome:
        self._run = run
        state = None
        with ExitStack() as stack:
            stack.enter_context(self._environment(run))
            state = make_state(kind, run, self._surroundings)
            run.label(state, STATE)
            stack.enter_context(on_stage(run, self.limits.seed, found))
            try:
                with timed():
                    call(state)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                return run.outcome(error, state)
        return run.outcome(None, state)

    @contextmanager
    def _environment(self, run: Run) -> Iterator[None]:
        """Set the variables that the workflow reads, or leave one of them out."""
        variables = self._surroundings.variables
        before = {name: os.environ.get(name) for name in variables}
        for name in variables:
            ways = (Option("is set", True), Option("is not set", False, faults=1))
            subject = f"the environment variable {name}"
            if run.oracle.choose(subject, ways).effect:
                os.environ[name] = f"the value of {name}"
            else:
                os.environ.pop(name, None)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    def _in_modules(self) -> Iterator[Replacement]:
        """Yield stubs in the place of functions in the author's modules."""
        for key, stub in self._stubs.items():
            if isinstance(key, Reached):
                owner: Any = sys.modules[key.module]
                *path, last = (key.name, *key.path)
                for name in path:
                    owner = getattr(owner, name)
                found = vars(owner).get(last)
                if isinstance(found, LeafFunction):
                    yield found, "_fn", as_function(stub)
                elif found is not None:
                    yield owner, last, as_function(stub)

    def _in_namespace(self, asked: Mapping[str, str]) -> Iterator[Replacement]:
        """Yield stubs in the place of functions in the script."""
        known = vars(self.script)
        answers = {k: known[name] for k, name in asked.items() if name in known}
        yield from guarded(self.script, self._made, self._stub_unknown)
        for leaf in self.leaves.values():
            name = self._name_of(leaf)
            if name is None:
                continue
            owner: Any = self.script
            *path, last = name.split(".")
            for part in path:
                owner = getattr(owner, part, None)
            fn = getattr(owner, last, None)
            if fn is not None:
                stub = Stub(
                    leaf,
                    fn,
                    self._current,
                    self.type_in_script,
                    self._looped,
                    answers,
                )
                yield owner, last, stub

    def _stub_unknown(self, name: str) -> Any:
        """Return what stands in for something that only an edited script calls."""

        def unknown(*args: object, **keywords: object) -> Opaque:
            run = self._current()
            given = [("", run.normal(x)) for x in args]
            given += [(k, run.normal(x)) for k, x in sorted(keywords.items())]
            run.add("call", name, *given)
            return Opaque(f"{name}()")

        return unknown

    def _caught(self) -> tuple[type[Exception], ...]:
        """Return the errors that an edited script catches, as the author knows them."""
        modules = {x.module for x in self.leaves if isinstance(x, Reached)}
        known = {
            self.type_in_script(kind): kind
            for module in sorted(modules)
            for kind in vars(sys.modules[module]).values()
            if isinstance(kind, type) and issubclass(kind, Exception)
        }
        known |= {self.type_in_script(kind): kind for kind in ERRORS}
        found = caught(self.script, self._made)
        return tuple(known.get(kind, kind) for kind in found)

    def _name_of(self, leaf: Leaf) -> str | None:
        for part in nodes(self._made.workflow.step):
            if isinstance(part, ir.Call) and leaf_key(part.function) == leaf.key:
                return self._made.lowered.leaf(part.function)
            if isinstance(part, ir.OnlyIf) and leaf_key(part.check) == leaf.key:
                return self._made.lowered.leaf(part.check)
        if isinstance(leaf.key, Reached):
            # One that only expressions call.
            found = self._made.lowered.thing(leaf.key.module, leaf.key.name)
            return found and ".".join((found, *leaf.key.path))
        return None

    def type_in_script(self, kind: Any) -> Any:
        """Return what a class of the author's is in the script."""
        if not isinstance(kind, type):
            return kind
        module = FLOW if kind in ERRORS else kind.__module__
        first, *path = kind.__qualname__.split(".")
        name = self._made.lowered.thing(module, first)
        if name is None and kind in ERRORS:
            name = self._made.lowered.unit.supported.get(first)
        found: Any = vars(self.script).get(name) if name else None
        for part in path:
            found = getattr(found, part, None)
        # A script without a use for it has none.
        return found if isinstance(found, type) else kind


def _as_it_is(kind: Any) -> Any:
    return kind


def _most_events(workflow: ir.Workflow, crowd: int) -> int:
    """Return how many events a run may have before it is taken for endless."""
    counts = 1
    for node in nodes(workflow.step):
        match node:
            case ir.UpTo(attempts=Given(value=int(count))) | ir.Repeat(
                times=Given(value=int(count))
            ):
                counts = max(counts, count)
            case _:
                pass
    size = sum(1 for _ in nodes(workflow.step))
    return FEWEST_EVENTS + 4 * (min(counts, HIGHEST) + size) + crowd * size


class Unusable(Exception):
    """A script can't be executed."""


@contextmanager
def executed(text: str, path: str, built: str) -> Iterator[ModuleType]:
    """Execute a script as a module, but not as a command.

    What is not in the script as it is built is not called.

    Raises Unusable if that fails; what the script raised is its cause.
    """
    module = ModuleType(MODULE)
    # What it imports inside of functions is looked at: see guard.py.
    vars(module).update(__text__=text, __builtins__=dict(vars(builtins)))
    # Dataclasses look their module up.
    sys.modules[MODULE] = module
    try:
        try:
            tree, vars(module)[LEFT_OUT] = harmless(text, path, built)
            exec(compile(tree, path, "exec", dont_inherit=True), vars(module))
        except (Exception, SystemExit) as error:
            raise Unusable from error
        yield module
    finally:
        del sys.modules[MODULE]
