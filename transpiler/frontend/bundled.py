"""What bundling gives: definitions, imports, and what all is called in the script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Literal

Kind = Literal["function", "class", "constant", "statement"]


@dataclass(frozen=True, slots=True, order=True)
class Root:
    """A module-level name, dotted or not, which the workflow function will refer to.

    `module` is a key of `sys.modules`.
    """

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A statement of the author's as it stands in the script, comments above included.

    `name` is the first name that it binds there ("" if none).
    """

    module: str
    name: str
    text: str
    kind: Kind
    type_checking: bool = False
    """Whether the text is an `if TYPE_CHECKING:` block."""
    index: int = 0
    """Which statement of its module it is."""
    spaced: bool = True
    """Whether a blank line stands above it in the author's file."""


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name that the script needs; `name` is None for `import module`."""

    module: str
    name: str | None
    bound: str
    type_checking: bool = False

    def __lt__(self, other: Import) -> bool:
        """Sort by module, whole modules first."""
        mine = (self.module, self.name or "", self.bound, self.type_checking)
        return mine < (other.module, other.name or "", other.bound, other.type_checking)


@dataclass(frozen=True, slots=True)
class Found:
    """A name in the script: `bound`, or `rest` of what is to be imported first."""

    bound: str = ""
    module: str = ""
    name: str | None = None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes into the script, in the order in which it must stand there.

    `names` says what a module's global (or dotted name) is called in the script, for
    every root and all that definitions refer to. `bound` are the names that are taken,
    `prelude` what definitions use of flow's.
    """

    imports: tuple[Import, ...] = ()
    definitions: tuple[Definition, ...] = ()
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    prelude: frozenset[str] = frozenset()
    dependencies: tuple[str, ...] = ()
    inner: Mapping[CodeType, str] = field(default_factory=dict)
    """The texts of functions that were inside others."""

    find: Callable[[str, str], Found | None] = field(
        default=lambda module, name: None, compare=False
    )
    """Says what a name of a module that nobody asked for is in the script."""

    python: str = ">=3.11"
    """The versions of Python that the project is for."""
