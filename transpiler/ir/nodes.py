"""The nodes of a workflow, all on one page: what the author said, and where.

A node is frozen and knows its span; nouns name nodes, and a field says what the child
is. The unions at the end are closed: `assert_never` finds a place that forgot one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from transpiler.ir.expressions import Expression, Item, Let
from transpiler.source import NOWHERE, Span

Types = type[BaseException] | tuple[type[BaseException], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the author's that a leaf calls.

    `fn` is the plain function; `captured` holds the values of the local names that it
    closes over, `defaults` those of a lambda's defaults, which a loop's turn may have
    given (`lambda state, n=n: ...`); `span` is where it is defined.
    """

    fn: Callable[..., Any]
    name: str
    captured: tuple[tuple[str, Expression], ...] = ()
    span: Span = NOWHERE
    defaults: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """A bound argument: for which parameter, and its keyword if one was written."""

    value: Expression
    keyword: str | None = None
    parameter: str = "value"


@dataclass(frozen=True, slots=True, eq=False)
class Exceptions:
    """The exception types that an error handler is for, as values and as written."""

    types: Types
    written: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """What all nodes have: their span, and the comment lines that stand above it."""

    span: Span = field(kw_only=True, default=NOWHERE)


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """A leaf of any kind: a function with its arguments bound."""

    function: Function
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Named(Node):
    """A part of the workflow with a name; errors that leave it are noted with it."""

    name: Expression
    inner: Any


@dataclass(frozen=True, slots=True, eq=False)
class Composite(Node):
    """The step that an author's constructor returned, and the call that made it.

    With `parameters`, the step is over them, and the arguments are given to it as in a
    call of a function; without, it was made for just these arguments.
    """

    function: Function
    arguments: tuple[tuple[str, Expression], ...]
    step: Step
    parameters: tuple[Item, ...] = ()


# Steps


@dataclass(frozen=True, slots=True, eq=False)
class Do(Node):
    """Steps in order; the first error stops it, unless all are to be joined."""

    steps: tuple[Step, ...]
    join_errors: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class InSerial(Node):
    """Providers in order, each expanded when its turn comes."""

    providers: tuple[Provider, ...]
    join_errors: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class InParallel(Node):
    """All providers expanded first, then all their steps at once, at most `limit`."""

    providers: tuple[Provider, ...]
    limit: Expression | None = None
    join_errors: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class When(Node):
    """A step that runs if a predicate holds, and perhaps one for otherwise."""

    predicate: Predicate
    step: Step
    otherwise: Step | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Retry(Node):
    """A step that is tried again while every policy agrees, asked in order."""

    step: Step
    policies: tuple[Policy, ...]
    on: Exceptions


@dataclass(frozen=True, slots=True, eq=False)
class IgnoreError(Node):
    """Best effort: an error is logged, and the workflow goes on."""

    step: Step
    on: Exceptions


@dataclass(frozen=True, slots=True, eq=False)
class While(Node):
    """A step that runs as long as a predicate holds, which is tested first."""

    predicate: Predicate
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Repeat(Node):
    """A step that runs so many times."""

    times: Expression
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Sleep(Node):
    """A pause of so many seconds."""

    seconds: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Case(Node):
    """What to do if a switch's subject equals a value."""

    value: Expression
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Switch(Node):
    """The first case whose value equals the subject, or what to do otherwise."""

    subject: Extract
    cases: tuple[Case, ...]
    otherwise: Step | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Handler(Node):
    """What to do about errors of some types: a step, or nothing at all."""

    on: Exceptions
    step: Step | None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome(Node):
    """A `return` of a handler function: the step that it builds, or nothing to do.

    `lets` are evaluated there, before the step begins. The span is the statement's.
    """

    step: Step | None
    lets: tuple[Let, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class HandlerFunction(Node):
    """A function of the author's that decides what to do about an error.

    Its statements stay as they are. What it may return is known: an outcome for each
    `return`, in the order of the source, over `items`: the state, the error, then its
    local names. `captured` is what it closes over and `defaults` what it has or was
    given for further parameters; its statements read those of them in `reads`.
    `decide` makes the step: it is called with the function, the state, the error and
    the further parameters.
    """

    on: Exceptions
    fn: FunctionType
    name: str
    captured: tuple[tuple[str, Expression], ...]
    defaults: tuple[tuple[str, Expression], ...]
    reads: frozenset[str]
    items: tuple[Item, ...]
    outcomes: tuple[Outcome, ...]
    decide: Callable[..., Step | None]


@dataclass(frozen=True, slots=True, eq=False)
class OnError(Node):
    """A step whose errors are handled: the first handler for an error's type counts."""

    step: Step
    handlers: tuple[Handler | HandlerFunction, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RecoverPanics(Node):
    """A step that fails where it would have ended the process."""

    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Ensure(Node):
    """A step, and a cleanup that runs whatever happened to it."""

    step: Step
    cleanup: Step


@dataclass(frozen=True, slots=True, eq=False)
class WithTimeout(Node):
    """A step in which nothing more starts once so many seconds have passed."""

    seconds: Expression
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class WithDeadline(Node):
    """A step in which nothing more starts once a moment has passed."""

    when: Expression
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Spawn(Node):
    """A step on a child state, which an extract derives."""

    derive: Extract
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Using(Node):
    """A step on what a context manager gives, which is left whatever happens."""

    resource: Extract
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Logged(Node):
    """A step whose start and finish are logged, under the names around it.

    `title` stands for them where there are none.
    """

    step: Step
    level: Expression | None
    title: str


@dataclass(frozen=True, slots=True, eq=False)
class Traced(Node):
    """A step whose named parts are written to a file, one line of JSON for each."""

    step: Step
    to: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Pipeline(Node):
    """A value that is extracted, transformed and consumed."""

    extract: Extract
    transforms: tuple[Transform, ...]
    consume: Consume


# Providers: what makes the steps of in_serial and in_parallel


@dataclass(frozen=True, slots=True, eq=False)
class Steps(Node):
    """A fixed list of steps."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ForEach(Node):
    """One step per item. `lets` are evaluated for each item before its body begins.

    With `parts`, each item is a tuple that is unpacked to them.
    """

    items: Extract
    item: Item
    lets: tuple[Let, ...]
    body: Step
    parts: tuple[Item, ...] = ()


# Extracts, transforms and consumes


@dataclass(frozen=True, slots=True, eq=False)
class Value(Node):
    """A value that was known when the workflow was built; a fresh one per run."""

    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class From(Node):
    """An extract whose value goes through transforms."""

    extract: Extract
    transforms: tuple[Transform, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Map(Node):
    """The transform from items to one step per item, last in a `From`.

    in_serial and in_parallel take such a `From` as a `ForEach`.
    """

    item: Item
    lets: tuple[Let, ...]
    body: Step


@dataclass(frozen=True, slots=True, eq=False)
class Collect(Node):
    """All that an extract gives until it is exhausted, as a list."""

    extract: Extract


@dataclass(frozen=True, slots=True, eq=False)
class Chain(Node):
    """One transform after another."""

    transforms: tuple[Transform, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Render(Node):
    """A transform of each element."""

    transform: Transform


@dataclass(frozen=True, slots=True, eq=False)
class Flatten(Node):
    """One list of a list of lists."""


@dataclass(frozen=True, slots=True, eq=False)
class Feed(Node):
    """A consume behind transforms."""

    transforms: tuple[Transform, ...]
    consume: Consume


@dataclass(frozen=True, slots=True, eq=False)
class Apply(Node):
    """A consume of each element."""

    consume: Consume


# Predicates


@dataclass(frozen=True, slots=True, eq=False)
class Not(Node):
    """True if the predicate is not."""

    predicate: Predicate


@dataclass(frozen=True, slots=True, eq=False)
class And(Node):
    """True if all are, asked from left to right until one is not."""

    predicates: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or(Node):
    """True if any is, asked from left to right until one is."""

    predicates: tuple[Predicate, ...]


# Policies of a retry


@dataclass(frozen=True, slots=True, eq=False)
class UpTo(Node):
    """Agrees until there have been so many calls in all."""

    attempts: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Backoff(Node):
    """Sleeps, then agrees.

    The delay is `base * multiplier ** (attempt - 1)` seconds, or just `base` where
    there is no multiplier, spread by the jitter and then capped at `max_delay`.
    """

    base: Expression
    multiplier: Expression | None = None
    jitter: Expression | None = None
    max_delay: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OnlyIf(Node):
    """Agrees if a check of the error does."""

    check: Function


Step = (
    Call
    | Named
    | Composite
    | Do
    | InSerial
    | InParallel
    | When
    | While
    | Repeat
    | Sleep
    | Switch
    | Retry
    | IgnoreError
    | OnError
    | RecoverPanics
    | Ensure
    | WithTimeout
    | WithDeadline
    | Spawn
    | Using
    | Logged
    | Traced
    | Pipeline
)
Provider = Steps | ForEach | Named
Extract = Call | Value | From | Collect | Named
Transform = Call | Map | Chain | Render | Flatten | Named
Consume = Call | Feed | Apply | Named
Predicate = Call | Not | And | Or | Named
Policy = UpTo | Backoff | OnlyIf


@dataclass(frozen=True, slots=True, eq=False)
class Workflow:
    """An entry point: its name, its function if it has one, the step that it builds.

    `lets` are the calls among its arguments, evaluated once, when a run starts.
    """

    name: str
    step: Step
    function: Function | None = None
    lets: tuple[Let, ...] = ()
    span: Span = NOWHERE
