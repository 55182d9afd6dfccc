"""What `[tool.flowc]` in the nearest pyproject.toml says."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transpiler.diagnostics import Diagnostic, TranspileError, refuse
from transpiler.source import Span, display_path

DEFAULT_OUTPUT = "generated"
_KEYS = ("sources", "output", "first-party")
_SECTION = re.compile(r"\s*\[\s*tool\s*(\]|\.\s*flowc\s*[\].])")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a project; `file` is the pyproject.toml, if there is one."""

    root: Path
    output: Path
    sources: tuple[str, ...] = ()
    first_party: tuple[str, ...] = ()
    file: Path | None = None


def read_config(folder: Path) -> Config:
    """Read the settings of the project that a folder lies in.

    Where no pyproject.toml is found, scripts go to generated/ in the working directory.
    """
    folder = folder.resolve()
    for parent in (folder, *folder.parents):
        file = parent / "pyproject.toml"
        if file.is_file():
            return _parse(file)
    return Config(folder, Path.cwd() / DEFAULT_OUTPUT)


def configured_sources(
    config: Config,
) -> tuple[list[tuple[Path, bool]], list[Diagnostic]]:
    """Return the files that `sources` names, and for each whether a pattern found it.

    A pattern may find files without workflows; a file that is named must have one. The
    second list says which patterns find nothing.
    """
    shown = display_path(str(config.file)) if config.file else ""
    if not config.sources:
        where = (
            f" in [tool.flowc] of {shown}" if shown else " (no pyproject.toml found)"
        )
        raise refuse(
            "FLOW013",
            f"nothing to build: no target is given, and no sources are named{where}",
            hint="name a file: flowc build workflow.py;"
            ' or set sources = ["*/workflow.py"] under [tool.flowc]',
        )
    found: dict[Path, bool] = {}
    missing = []
    for pattern in config.sources:
        is_pattern = any(letter in pattern for letter in "*?[")
        paths = _expand(config, pattern) if is_pattern else [config.root / pattern]
        for path in paths:
            found[path] = found.get(path, True) and is_pattern
        if not paths:
            span = _span(config.file, pattern)
            message = f"sources: no file matches {pattern!r}"
            inside = config.output.resolve() in (config.root, *config.root.parents)
            hint = "output is the folder around them, which is never searched"
            missing.append(Diagnostic(span, "FLOW013", message, hint if inside else ""))
    return sorted(found.items()), missing


def _expand(config: Config, pattern: str) -> list[Path]:
    found = []
    for path in config.root.glob(pattern):
        parts = path.relative_to(config.root).parts if ".." not in path.parts else ()
        hidden = any(part.startswith(".") or part == "site-packages" for part in parts)
        mine = path.suffix == ".py" and path.name != "__init__.py" and path.is_file()
        if mine and not hidden and config.output not in path.parents:
            found.append(path.resolve())
    return found


def _parse(file: Path) -> Config:
    import tomllib

    try:
        text = file.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from error
    tool = tables.get("tool", {})
    settings = tool.get("flowc", {}) if isinstance(tool, dict) else {}
    if not isinstance(settings, dict):
        raise _wrong(file, "flowc", "a table", settings)
    problems = list(_problems(file, settings))
    if problems:
        raise TranspileError(problems)
    return Config(
        file.parent,
        file.parent / settings.get("output", DEFAULT_OUTPUT),
        tuple(settings.get("sources", ())),
        tuple(settings.get("first-party", ())),
        file,
    )


def _problems(file: Path, settings: dict[str, Any]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for key, value in settings.items():
        if key not in _KEYS:
            close = difflib.get_close_matches(key, _KEYS, n=1)
            known = ", ".join(_KEYS)
            found.append(
                Diagnostic(
                    _span(file, key),
                    "FLOW011",
                    f"[tool.flowc] has no setting {key}",
                    f"did you mean {close[0]}?" if close else f"there are {known}",
                )
            )
        elif key == "output":
            if not isinstance(value, str) or not value:
                found += _wrong(file, key, "a folder's name", value).diagnostics
        elif not _is_list_of_strings(value):
            found += _wrong(file, key, "a list of strings", value).diagnostics
        elif key == "sources" and any(Path(item).is_absolute() for item in value):
            expected = "paths relative to this file"
            found += _wrong(file, key, expected, value).diagnostics
    return found


def _is_list_of_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) and v for v in value)


def _wrong(file: Path, key: str, expected: str, value: object) -> TranspileError:
    examples = {
        "output": 'output = "generated"',
        "sources": 'sources = ["flows/*.py"]',
        "first-party": 'first-party = ["mycompany"]',
    }
    return refuse(
        "FLOW012",
        f"{key} should be {expected}, not {value!r}",
        span=_span(file, key),
        hint=f"such as {examples.get(key, '[tool.flowc]')}",
    )


def _unreadable(file: Path, error: Exception) -> TranspileError:
    reason = getattr(error, "strerror", None) or str(error)
    at = re.search(r" \(at line (\d+), column (\d+)\)$", reason)
    span = Span(str(file))
    if at:
        line, column = int(at[1]), int(at[2]) - 1
        span = Span(str(file), line, column, line, column + 1)
        reason = reason[: at.start()]
    return refuse("FLOW010", f"this can't be read: {reason}", span=span)


def _span(file: Path | None, text: str) -> Span:
    """Find where the section speaks of a setting; tomllib doesn't say."""
    if file is None:
        return Span("")
    lines = file.read_text(encoding="utf-8").splitlines()
    inside = False
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("["):
            inside = _SECTION.match(line) is not None
        column = line.find(text)
        if column >= 0 and (inside or "tool.flowc" in line):
            return Span(str(file), number, column, number, column + len(text))
    return Span(str(file))
