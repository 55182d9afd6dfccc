"""Write letters with what others made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click
import jinja2 as templates
from jinja2.exceptions import TemplateError
from libcst import parse_module

from transpiler import flow

if TYPE_CHECKING:
    from black import Mode

ENVIRONMENT = templates.Environment(undefined=templates.StrictUndefined)


@dataclass
class Letters:
    """Letters to write."""

    names: list[str] = field(default_factory=list)
    written: list[str] = field(init=False, default_factory=list)


@flow.step
def write(letters: Letters, text: str, *, mode: Mode | None = None) -> None:
    """Write a letter to everybody."""
    for name in letters.names:
        letters.written.append(ENVIRONMENT.from_string(text).render(name=name))


@flow.step
def count(letters: Letters, color: str) -> None:
    """Say how many were written."""
    click.secho(f"{len(letters.written)} letters", fg=color)


@flow.step
def check(letters: Letters) -> None:
    """Refuse letters that are code."""
    for text in letters.written:
        parse_module(text)


@flow.workflow
def write_letters() -> flow.Step[Letters]:
    """Write to everybody."""
    return flow.do(
        flow.retry(write("Dear {{ name }}"), flow.up_to(2), on=TemplateError),
        check,
        count("green"),
    )
