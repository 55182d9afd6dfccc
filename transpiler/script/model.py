"""The statements that scripts are made of; each has a template of its name.

A body is a series of blocks, which are what a person would leave a blank line between:
one thing that is done, with the comment above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """Statements that belong together, below the author's comment lines."""

    statements: tuple[Statement, ...]
    comments: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is a series of lines, which stay close to their like."""
        return all(isinstance(statement, Line) for statement in self.statements)


Body = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A simple statement. It may be longer than a line: black will lay it out."""

    text: str


@dataclass(frozen=True, slots=True)
class For:
    """A loop over items."""

    target: str
    items: str
    body: Body


@dataclass(frozen=True, slots=True)
class If:
    """A condition, and perhaps what happens otherwise."""

    test: str
    body: Body
    otherwise: Body = ()


@dataclass(frozen=True, slots=True)
class While:
    """A loop that a condition ends."""

    test: str
    body: Body


@dataclass(frozen=True, slots=True)
class Match:
    """A subject, and what to do for each pattern that it may match."""

    subject: str
    arms: tuple[tuple[str, Body], ...]


@dataclass(frozen=True, slots=True)
class With:
    """Context managers around a body, each perhaps with an `as`."""

    managers: tuple[str, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class Handler:
    """An except branch."""

    types: str
    body: Body
    name: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """A body with its except branches, and perhaps a finally."""

    body: Body
    handlers: tuple[Handler, ...] = ()
    cleanup: Body = ()


@dataclass(frozen=True, slots=True)
class Attempts:
    """A loop that ends when its body succeeds, or an except branch raises."""

    counter: str
    attempts: str
    body: Body
    handler: Handler


@dataclass(frozen=True, slots=True)
class Parallel:
    """A pool of threads, one future per branch; the first error in time is raised."""

    executor: str
    workers: str
    pool: str
    branches: str
    submitted: str
    finished: str
    branch: str
    wait: str
    first_exception: str


@dataclass(frozen=True, slots=True)
class ParallelJoined:
    """A pool of threads, one future per branch; all run, their errors are joined.

    `passing` sees to it that an error which is not to be joined passes.
    """

    executor: str
    workers: str
    pool: str
    branches: str
    submitted: str
    branch: str
    wait: str
    error: str
    errors: str
    message: str
    passing: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """The head of a compound statement of the author's, and what is below it."""

    head: str
    body: Body
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound statement of the author's, clause by clause."""

    clauses: tuple[Clause, ...]


Statement = (
    Line
    | For
    | While
    | If
    | Match
    | With
    | Try
    | Attempts
    | Parallel
    | ParallelJoined
    | Compound
)


def mentions(part: object, name: str) -> bool:
    """Return whether a statement, or any in a body, has a name in its text."""
    match part:
        case str():
            return re.search(rf"\b{name}\b", part) is not None
        case tuple():
            return any(mentions(each, name) for each in part)
        case Block(statements=statements):
            return mentions(statements, name)
        case _ if is_dataclass(part):
            return any(mentions(getattr(part, f.name), name) for f in fields(part))
        case _:
            return False


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the script."""

    name: str
    parameters: tuple[str, ...]
    doc: str
    body: Body
    returns: str = "None"


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """A name that the script imports: from a module, or the module itself."""

    module: str
    name: str | None
    bound: str
    type_checking: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """An option of the script's command line, for a field of its state.

    `arguments` is the source of what add_argument takes, but for the flag.
    """

    flag: str
    field: str
    arguments: tuple[str, ...]

    @property
    def written(self) -> str:
        """All arguments: each on a line of its own if one takes several."""
        every = [f'"{self.flag}"', *self.arguments]
        if not any("\n" in each for each in every):
            return ", ".join(every)
        return "\n" + "".join(f"        {each},\n" for each in every) + "    "


@dataclass(frozen=True, slots=True)
class Main:
    """The script's entry point: the names that it uses, and its options."""

    function: str
    workflow: str
    title: str
    state: str
    make_state: str
    """The statement that makes it."""

    reading: Body
    """What becomes of a file's values before that."""

    errors: tuple[str, ...]
    """What both may raise for a mistake in the file."""

    from_file: bool
    options: tuple[Option, ...]
    plan: Option
    file: Option
    log: str
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole file, in the order in which it is read.

    `name` is what its workflow is called in messages.
    """

    name: str
    source: tuple[str, ...]
    rebuild: tuple[str, ...]
    python: str
    dependencies: tuple[str, ...]
    doc: str
    imports: tuple[Import, ...]
    definitions: tuple[str, ...]
    support: tuple[str, ...]
    prelude: tuple[str, ...]
    functions: tuple[Function, ...]
    main: Main | None

    @property
    def short_dependencies(self) -> bool:
        """Whether the dependencies fit on one line of the header."""
        return sum(len(each) + 2 for each in self.dependencies) <= 68
