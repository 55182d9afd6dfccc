"""The script as it grows: its names, imports, support definitions and functions."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from transpiler.diagnostics import refuse
from transpiler.frontend.bundled import Bundle
from transpiler.frontend.callables import parameter_annotation
from transpiler.frontend.references import substitute
from transpiler.frontend.spelling import Spelled, spell, spell_source
from transpiler.ir import nodes as ir
from transpiler.ir.errors import FLOW, Exhausted
from transpiler.ir.expressions import Expression, Item, Let, Source
from transpiler.ir.walk import nodes
from transpiler.lowering.prelude import (
    prelude_imports,
    prelude_names,
    prelude_of,
    prelude_text,
)
from transpiler.lowering.tracking import Tracking
from transpiler.script.model import Body, Function, Import
from transpiler.script.names import Names, identifier

Variables = Mapping[Item | Let, str]
"""What the items around an expression are called."""


@dataclass
class Unit:
    """One script in the making.

    `authors` are the names that the author gave to states and items: those of our own
    give way to them, in whichever function they stand. `limits` says of each time limit
    whether it could be written in place; `limits_in_place`, that all of them are;
    `limited` are the functions that take one; `limits_asked_back` says whether any
    handler asks if an error is theirs. `made` are the names of functions of ours.
    `required` are numbers that are known only when the script starts, each with the
    least that it may be. `item_types` says what loop items are, where the author does.
    """

    workflow: ir.Workflow
    bundle: Bundle
    names: Names
    authors: frozenset[str]
    lower: Callable[[ir.Step, Any], Body]
    imports: dict[tuple[str, str | None], str] = field(default_factory=dict)
    supported: dict[str, str] = field(default_factory=dict)
    prelude: dict[str, str] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)
    lifted: dict[object, str] = field(default_factory=dict)
    constants: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    locals: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    spelled: dict[int, Spelled] = field(default_factory=dict)
    tracking: Tracking = field(default_factory=Tracking)
    limits_in_place: bool = False
    limits_asked_back: bool = False
    limits: list[bool] = field(default_factory=list)
    limited: set[str] = field(default_factory=set)
    required: dict[str, int] = field(default_factory=dict)
    item_types: dict[Item | Let, Source] = field(init=False)

    def __post_init__(self) -> None:
        self.item_types = dict(self._item_types())

    def _item_types(self) -> Iterator[tuple[Item | Let, Source]]:
        """Yield what the constructors that loops call say of their items' types."""
        for node in nodes(self.workflow.step):
            match node:
                case ir.ForEach(item=item, body=ir.Composite() as body):
                    for name, value in body.arguments:
                        found = parameter_annotation(body.function.fn, name)
                        if value is item and found is not None:
                            yield item, found

    def require(self, number: str, least: int) -> None:
        """Have the workflow refuse a number that is less, before it begins."""
        self.required[number] = max(least, self.required.get(number, least))

    def fresh(self, wanted: str) -> str:
        """Take a name of the module, one that no function uses for something else."""
        return self.names.first(wanted, self._serves)

    def first_free(self, *wanted: str) -> str:
        """Take the first of some names that no other thing has, for a function of ours.

        If one of our functions has it already, this is the next of that kind: it gets
        the name with a number.
        """
        for name in wanted:
            if name in self.made or self._serves(name):
                break
        else:
            name = wanted[0]
        self.made.add(name)
        return self.fresh(name)

    def _serves(self, name: str) -> bool:
        ours = name not in self.authors and name not in self.locals
        return ours and self.names.is_free(name)

    def need(self, module: str, name: str | None = None) -> str:
        """Import a module, or a name of one; return what it is called in the script."""
        key = (module, name)
        if key not in self.imports:
            for known in self.bundle.imports:
                if (known.module, known.name) == key and not known.type_checking:
                    self.imports[key] = known.bound
                    break
            else:
                self.imports[key] = self.fresh(name or module.partition(".")[0])
        return self.imports[key]

    def support(self, name: str) -> str:
        """Use a support definition; return what it is called in the script."""
        if name not in self.supported:
            file = self.tracking.files.get(name) or prelude_of(name)
            assert file is not None, name
            for each in prelude_names(file):
                # What the author's bodies use of flow's has a name already.
                used = each in self.bundle.prelude
                known = self.bundle.names[FLOW, each] if used else self.fresh(each)
                self.supported[each] = known
            self.prelude[file] = self._prelude_text(file)
        return self.supported[name]

    def serve(self, name: str, file: str) -> None:
        """Let another file define a name that is used already."""
        known = self.tracking.files.get(name) or prelude_of(name)
        if known in self.prelude:
            self.prelude[known] = self._prelude_text(file)

    def _prelude_text(self, file: str) -> str:
        names = {each: self.supported[each] for each in prelude_names(file)}
        for module, imported, bound in prelude_imports(file):
            if module == ".log":
                names[bound] = self.log
            elif module.startswith(".") and imported is not None:
                names[bound] = self.support(imported)
            else:
                names[bound] = self.need(module, imported)
        return prelude_text(file, names)

    @cached_property
    def constructed(self) -> Counter[Callable[..., Any]]:
        """How often each constructor made a step that is not shared."""
        return Counter(
            node.function.fn
            for node in nodes(self.workflow.step)
            if isinstance(node, ir.Composite) and not node.parameters
        )

    @cached_property
    def shared(self) -> frozenset[str]:
        """The names of the constructors that become functions."""
        return frozenset(
            identifier(node.function.name)
            for node in nodes(self.workflow.step)
            if isinstance(node, ir.Composite) and node.parameters
        )

    @property
    def log(self) -> str:
        """The script's logger: the author's own if there is one, else `log`."""
        if "log" not in self.lifted:
            found = min(_loggers(self.bundle, _module_of(self.workflow)), default=None)
            if found is not None:
                self.lifted["log"] = found[-1]
                return found[-1]
            name = self.lifted["log"] = self.fresh("log")
            self.constants.append(
                f"{name} = {self.need('logging')}.getLogger(__name__)"
            )
        return self.lifted["log"]

    def write(self, expression: Expression, variables: Variables) -> str:
        """Write an expression with the names that things bear in the script."""
        spelled = self.spelled.get(id(expression))
        if spelled is None:
            spelled = self.spelled[id(expression)] = spell(expression)
        return self.rename(spelled, variables)

    def write_source(self, source: Source, variables: Variables) -> str:
        """Write an author's expression as it is, its calls included."""
        return self.rename(spell_source(source), variables)

    def rename(self, spelled: Spelled, variables: Variables) -> str:
        """Put the names of the script into a spelled expression."""
        changed = {}
        for name, meaning in spelled.names.items():
            if isinstance(meaning, (Item, Let)):
                written = variables[meaning]
            else:
                written = self.name_of(*meaning)
            if written != name:
                changed[name] = written
        if spelled.text in changed:
            return changed[spelled.text]
        return substitute(spelled.text, changed) if changed else spelled.text

    def name_of(self, module: str, name: str | None) -> str:
        """Return what a name of a module is called in the script."""
        if name is not None and module in (FLOW, Exhausted.__module__):
            return self.support(name)
        if name is not None and (module, name) in self.bundle.names:
            return self.bundle.names[module, name]
        if name is None:
            return self.need(module)
        found = self.bundle.find(module, name)
        if found is None:
            raise refuse(
                "FLOW402",
                f"the script would need {name} of {module}, which it does not have",
                hint="this is a mistake of flowc's: please report it with the workflow",
            )
        return found.bound or self.need(found.module, found.name) + found.rest

    def write_type(self, source: Source | None) -> str:
        """Write an annotation, or Any where none is given or the script lacks a name.

        What only an annotation needs is no reason to copy a definition.
        """
        if source is not None:
            spelled = spell_source(source)
            if all(self._has(meaning) for meaning in spelled.names.values()):
                return self.rename(spelled, {})
        return self.need("typing", "Any")

    def _has(self, meaning: object) -> bool:
        if not isinstance(meaning, tuple) or meaning[1] is None:
            return True
        known = meaning in self.bundle.names
        return known or self.bundle.find(*meaning) is not None

    def all_imports(self) -> tuple[Import, ...]:
        """Return every import of the script: the author's and ours."""
        ours = {
            Import(module, name, bound)
            for (module, name), bound in self.imports.items()
        }
        theirs = {
            Import(i.module, i.name, i.bound, i.type_checking)
            for i in self.bundle.imports
        }
        return tuple(
            sorted(ours | theirs, key=lambda i: (i.module, i.name or "", i.bound))
        )


def _loggers(bundle: Bundle, own: str) -> Iterator[tuple[int, str, str]]:
    """Yield the loggers in a script, the one that the workflow's module has first.

    Of another module only the one that is named after it counts: the script has it by
    its own name.
    """
    for (module, name), bound in bundle.names.items():
        value = vars(sys.modules[module]).get(name) if module in sys.modules else None
        if isinstance(value, logging.Logger):
            named = value.name == module
            if named or module == own:
                yield (not named if module == own else 2), module, bound


def _module_of(workflow: ir.Workflow) -> str:
    if workflow.function is not None:
        return workflow.function.fn.__module__
    return ""
