"""A secret in a local variable is named as the constant that holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler import TranspileError, transpile_file

SECRET = "s3cr3t-t0ken-xyz"

MODULES = {
    "settings.py": """
import os

TOKEN = os.environ["API_TOKEN"]
HEADERS = {"token": TOKEN}
""",
    "flows.py": '''
from __future__ import annotations

import os
from collections.abc import Callable

from settings import HEADERS, TOKEN as KEY
from transpiler import flow


@flow.step
def call(state: list[str], value: object) -> None:
    """Call."""


def onboard(token: str) -> flow.Step[list[str]]:
    """Make a step with what a parameter holds."""
    return flow.do(call(token), call({"token": token}), call(f"Bearer {token}"))


def closed(token: str) -> Callable[[list[str]], None]:
    """Make a step that closes over it."""

    def run(state: list[str]) -> None:
        """Run."""
        state.append(token)

    return run


@flow.workflow
def by_name() -> flow.Step[list[str]]:
    """Name it."""
    token = KEY
    return flow.do(onboard(KEY), closed(token), call(lambda: token))


@flow.workflow
def of_its_own() -> flow.Step[list[str]]:
    """Read it here, where no constant has it."""
    return onboard(os.environ["API_TOKEN"])


@flow.workflow
def that_can_change() -> flow.Step[list[str]]:
    """Give a dictionary that a step might change."""
    headers = HEADERS
    return call(headers)


@flow.workflow
def closed_over() -> flow.Step[list[str]]:
    """Close over it."""
    return flow.do(closed(os.environ["API_TOKEN"]))
''',
}


@pytest.fixture
def flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("API_TOKEN", SECRET)
    (tmp_path / "pyproject.toml").touch()
    for name, text in MODULES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "flows.py"


def test_a_constant_is_named(flows: Path) -> None:
    text = transpile_file(flows, "by_name")
    assert SECRET not in text
    assert 'TOKEN = os.environ["API_TOKEN"]' in text
    body = text.partition("def by_name(")[2].partition("def main(")[0]
    for line in (
        "call(state, TOKEN)",
        'call(state, {"token": TOKEN})',
        'call(state, f"Bearer {TOKEN}")',
        "closed(state, TOKEN)",
        "call(state, lambda: TOKEN)",
    ):
        assert line in body


@pytest.mark.parametrize("name", ["of_its_own", "that_can_change", "closed_over"])
def test_what_no_constant_holds_is_refused(flows: Path, name: str) -> None:
    with pytest.raises(TranspileError) as caught:
        transpile_file(flows, name)
    assert {d.code for d in caught.value.diagnostics} == {"FLOW206"}
    assert all(d.span.line for d in caught.value.diagnostics), "it has a place"
    assert SECRET not in str(caught.value)
