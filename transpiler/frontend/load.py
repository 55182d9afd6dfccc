"""Load the author's file and find its entry points, or say why that can't be done."""

from __future__ import annotations

import difflib
import inspect
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from importlib.util import decode_source
from pathlib import Path
from types import ModuleType
from typing import Any

from transpiler.diagnostics import (
    Diagnostic,
    Note,
    TranspileError,
    collecting,
    refuse,
    report,
    reported,
)
from transpiler.frontend.definitions import Binding, bindings_of, is_imported
from transpiler.frontend.imports import Place, fresh_imports, import_file, locate
from transpiler.frontend.looks import remembering
from transpiler.frontend.secrets import recording_environment
from transpiler.source import NOWHERE, Span, character_column, display_path


@dataclass(frozen=True, slots=True, eq=False)
class EntryPoint:
    """A workflow that becomes a script: a decorated function, or a step with a name.

    `parameters` are the arguments to call a decorated function with.
    """

    name: str
    workflow: Any
    path: Path
    module_name: str
    place: Place
    span: Span = NOWHERE
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def step(self) -> Any:
        """Build the step; what the author's function raises becomes a diagnostic."""
        from transpiler import flow

        if not isinstance(self.workflow, flow.Workflow):
            return self.workflow
        try:
            return self.workflow(**self.parameters)
        except (TranspileError, KeyboardInterrupt):
            raise
        except BaseException as error:
            if isinstance(error, Exception) and reported():
                raise
            raise author_error(
                "FLOW008", f"building {self.name}", error, self.place, self.span
            ) from error


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """An imported file of the author's."""

    place: Place
    module: ModuleType

    @property
    def path(self) -> Path:
        """The file, absolute."""
        return self.place.path

    def entry_points(self) -> list[EntryPoint]:
        """Return the workflows that the file defines, in the order of the file.

        A name that begins with an underscore is not one: it names a part of others.
        """
        bindings = bindings_of(self.path)
        found: dict[int, EntryPoint] = {}
        for name, value in list(vars(self.module).items()):
            if name.startswith("_") or not is_workflow(value):
                continue
            if is_imported(name, value, bindings, self.module):
                continue
            # Of several names for one workflow, its own counts, else the first.
            if id(value) not in found or name == getattr(value, "__name__", None):
                found[id(value)] = self._entry(name, value, bindings)
        return sorted(found.values(), key=lambda entry: entry.span.line)

    def entry_point(self, name: str | None = None) -> EntryPoint:
        """Return one workflow by its name; without a name, the only one."""
        if name is not None:
            return self._named(name)
        entries = self.entry_points()
        if not entries:
            raise no_entry_point(self.path)
        if len(entries) > 1:
            names = ", ".join(entry.name for entry in entries)
            shown = display_path(str(self.path))
            raise refuse(
                "FLOW005",
                f"there are {len(entries)} workflows here: {names}",
                span=Span(shown),
                hint=f"say which one: {shown}:{entries[0].name}",
            )
        return entries[0]

    def _entry(self, name: str, value: Any, bindings: dict[str, Binding]) -> EntryPoint:
        binding = bindings.get(name)
        span = binding.span if binding else Span(str(self.path))
        return EntryPoint(
            name, value, self.path, self.module.__name__, self.place, span
        )

    def _named(self, name: str) -> EntryPoint:
        bindings = bindings_of(self.path)
        if name not in vars(self.module):
            entries = [entry.name for entry in self.entry_points()]
            close = difflib.get_close_matches(name, entries, n=1)
            hint = f"did you mean {close[0]}?" if close else ""
            if entries and not close:
                hint = f"the workflows here are: {', '.join(entries)}"
            raise refuse(
                "FLOW005",
                f"there is no {name} in this file",
                span=Span(display_path(str(self.path))),
                hint=hint or "decorate a function of that name with @flow.workflow",
            )
        value = vars(self.module)[name]
        entry = self._entry(name, value, bindings)
        if not is_workflow(value):
            raise refuse(
                "FLOW006",
                f"{name} is not a workflow but {_describe(value)}",
                span=entry.span,
                hint=_hint_for(name, value),
            )
        if is_imported(name, value, bindings, self.module):
            raise refuse(
                "FLOW006",
                f"{name} is a workflow of another module, only imported here",
                span=entry.span,
                hint="name the file that defines it",
            )
        return entry


@contextmanager
def loaded(path: str | Path) -> Iterator[Loaded]:
    """Import a file of the author's for as long as the block lasts.

    What is read of the environment meanwhile is recorded. Raises TranspileError where
    the file can't be imported, with the author's own exception as its cause.
    """
    place = locate(_existing(Path(path)))
    with fresh_imports(place), recording_environment():
        with collecting():
            module = Loaded(place, _imported(place))
            if reported():
                _report_the_rest(module)
        with remembering(place):
            yield module


def _imported(place: Place) -> ModuleType:
    try:
        # What the module prints must not end up in a diff or a JSON document.
        with redirect_stdout(sys.stderr):
            return import_file(place)
    except (TranspileError, KeyboardInterrupt):
        raise
    except BaseException as error:
        if isinstance(error, Exception) and reported():
            raise
        raise _import_error(error, place) from error


def _report_the_rest(module: Loaded) -> None:
    """Build the workflows of a file in which something is wrong already.

    No script comes of them; but all mistakes of the file are told at once.
    """
    # Reading what arguments say takes libcst, which is slow to import.
    from transpiler.frontend.unwritable import report_unwritable

    for entry in module.entry_points():
        try:
            report_unwritable(entry.step().node)
        except TranspileError as error:
            report(error)
        except Exception:
            continue  # It may be the fault of what is wrong already.


def is_workflow(value: object) -> bool:
    """Whether a value is an entry point: a decorated function, or a step."""
    from transpiler import flow

    return isinstance(value, (flow.Workflow, flow.Step)) and not inspect.isclass(value)


def no_entry_point(path: Path) -> TranspileError:
    """Return the error for a file that defines no workflow."""
    return refuse(
        "FLOW004",
        "this file defines no workflow",
        span=Span(display_path(str(path))),
        hint="decorate a function that returns a step with @flow.workflow,"
        " or assign a step to a name: provision = flow.do(...)",
    )


def with_parameters(entry: EntryPoint, values: Mapping[str, Any]) -> EntryPoint:
    """Return the entry point with arguments for its parameters."""
    return replace(entry, parameters=dict(values))


def author_error(
    code: str, doing: str, error: BaseException, place: Place, span: Span
) -> TranspileError:
    """Return the diagnostic for an exception that the author's code raised.

    It points at the innermost line of the author's project, and says by what line of
    the loaded file that was reached.
    """
    spans = [
        _frame_span(frame)
        for frame in traceback.extract_tb(error.__traceback__)
        if place.is_first_party(frame.filename)
    ]
    where = spans[-1] if spans else span
    notes = [Note(s, "reached from here") for s in spans if s.path == str(place.path)]
    text = traceback.format_exception_only(error)[-1].strip()
    if isinstance(error, SystemExit):
        message = f"{doing} ends the process: SystemExit({error.code!r})"
    else:
        message = f"{doing} raises {text}"
    diagnostic = Diagnostic(
        where,
        code,
        message,
        _hint_for_error(error),
        tuple(note for note in notes[-1:] if note.span != where),
    )
    return TranspileError([diagnostic])


def _existing(path: Path) -> Path:
    shown = display_path(str(path))
    if path.is_dir():
        raise refuse(
            "FLOW001",
            "this is a folder, not a workflow file",
            span=Span(shown),
            hint="name a file in it, such as "
            + (Path(shown) / "workflow.py").as_posix(),
        )
    if not path.is_file():
        nearby = path.parent if path.parent.is_dir() else Path()
        names = [x.name for x in nearby.iterdir() if x.suffix == ".py" and x.exists()]
        close = difflib.get_close_matches(path.name, names, n=1)
        hint = f"did you mean {display_path(str(nearby / close[0]))}?" if close else ""
        problem = "there is no such file"
        if path.is_symlink():
            problem = "this is a link that leads to no file"
        raise refuse("FLOW001", problem, span=Span(shown), hint=hint)
    if path.suffix != ".py":
        raise refuse(
            "FLOW001",
            "this is not a Python file",
            span=Span(shown),
            hint="a workflow is written in a file that ends in .py",
        )
    try:
        path.open("rb").close()
    except OSError as error:
        raise refuse(
            "FLOW001",
            f"this can't be read: {error.strerror}",
            span=Span(shown),
            hint="make it readable for the user who runs flowc",
        ) from error
    return path


def _import_error(error: BaseException, place: Place) -> TranspileError:
    whole = Span(display_path(str(place.path)))
    if isinstance(error, SyntaxError) and place.is_first_party(error.filename):
        return _syntax_error(error)
    if b"\0" in place.path.read_bytes():
        return refuse("FLOW002", "this is not Python: it holds null bytes", span=whole)
    return author_error("FLOW003", "importing this", error, place, whole)


def _syntax_error(error: SyntaxError) -> TranspileError:
    path = Path(error.filename or "")
    try:
        # Before 3.13, Python counts bytes where it compiles bytes, as an import does.
        compile(decode_source(path.read_bytes()), path, "exec", dont_inherit=True)
    except SyntaxError as exact:
        error = exact
    except ValueError:
        pass  # Not in the encoding that it declares.
    line, column = error.lineno or 1, max(0, (error.offset or 1) - 1)
    end_line = error.end_lineno or line
    # Offsets count from 1; where the end is unknown they are 0, -1 or None.
    end = (error.end_offset or 0) - 1
    if end_line == line and end <= column:
        end = column + 1
    span = Span(str(path), line, column, end_line, end)
    return refuse("FLOW002", f"this is not Python: {error.msg}", span=span)


def _frame_span(frame: traceback.FrameSummary) -> Span:
    path, line = frame.filename, frame.lineno or 0
    if frame.colno is None or frame.end_colno is None or not frame.end_lineno:
        return Span(path, line)
    return Span(
        path,
        line,
        character_column(path, line, frame.colno),
        frame.end_lineno,
        character_column(path, frame.end_lineno, frame.end_colno),
    )


_TRACEBACK = "the whole traceback: flowc -v"


def _hint_for_error(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return 'run it only as a script, under if __name__ == "__main__":'
    if isinstance(error, ImportError) and "relative import" in str(error):
        return "relative imports need a package: put an __init__.py beside this file"
    if isinstance(error, TypeError):
        return _signature_hint(str(error).partition("()")[0]) or _TRACEBACK
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        return f"install {top} for the Python that runs flowc: {sys.executable}"
    return _TRACEBACK


def _signature_hint(name: str) -> str:
    """Say what a combinator takes; its name is what a TypeError begins with."""
    from transpiler import flow

    function = getattr(flow, name, None) if name in flow.__all__ else None
    if not inspect.isfunction(function):
        return ""
    parameters = inspect.signature(function).parameters.values()
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
    taken = re.sub(r"<class '(\w+)'>", r"\1", str(inspect.Signature(bare)))
    return f"flow.{name} takes {taken}"


def _describe(value: object) -> str:
    if inspect.isclass(value):
        return "a class"
    if inspect.isfunction(value):
        return "a plain function"
    if inspect.ismodule(value):
        return "a module"
    kind = type(value)
    if kind.__module__.startswith("transpiler."):
        name = kind.__name__.removesuffix("Function").lower()
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    return f"of type {kind.__name__}"


def _hint_for(name: str, value: object) -> str:
    if inspect.isfunction(value):
        return f"decorate it: @flow.workflow above def {name}"
    if type(value).__name__ == "StepFunction":
        return f"give it a name as a step: {name}_workflow = flow.do({name})"
    return (
        "a workflow is a function decorated with @flow.workflow, or a step with a name"
    )
