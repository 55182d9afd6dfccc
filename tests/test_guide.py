"""What docs/guide.md and the pages below it show is so.

HTML comments in front of the blocks say what each is. A reader does not see them:

* `<!-- context: fleet -->` definitions, on any page, that workflows are put behind.
* `<!-- workflow: fleet -->` a workflow behind that context. It must build.
* `<!-- refused: fleet -->` one that must not, and `<!-- error -->` what flowc prints.
* `<!-- becomes -->` an excerpt of the last workflow's script; `...` leaves lines out.
* `<!-- run: servers=["a"] -->` runs the last workflow, in the interpreter and as a
  script, on a state with these fields. `<!-- leaves: journal=[...] -->` says what is in
  the state then, `<!-- fails -->` the error, `<!-- logs -->` what the script logs.
* `<!-- python -->` code behind the last workflow; functions called test_* are called.
* `<!-- console -->` commands, and what they print, in a folder with the last workflow
  and with the blocks above that are marked `<!-- file: NAME -->`.

`pytest tests/test_guide.py --update-golden` writes into the pages what is so now.
"""

from __future__ import annotations

import ast
import io
import logging
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from support.cases import remembering_black
from support.records import Outcome
from support.worlds import Lab, Situation, opened
from transpiler import TranspileError, transpile_file
from transpiler.cli import cli
from transpiler.verify.run import plain

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [DOCS / "guide.md", *sorted((DOCS / "guide").glob("*.md"))]
HINT = "to accept it: pytest tests/test_guide.py --update-golden"
BIN = Path(sys.executable).parent

MARKED = re.compile(
    r"^<!-- (?P<role>[a-z]+)(?:: ?(?P<what>[^\n]*?))? ?-->\n"
    r"(?:```(?P<language>\w*)\n(?P<body>.*?)^```$)?",
    re.M | re.S,
)
WITH_BLOCK = {"context", "workflow", "refused", "becomes", "error", "fails", "logs"}
WITH_BLOCK |= {"console", "file", "python"}
ROLES = WITH_BLOCK | {"run", "leaves"}


@dataclass
class Part:
    """A marked block, or a comment that stands alone."""

    page: Path
    line: int
    role: str
    what: str
    body: str
    at: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.page.relative_to(DOCS)}:{self.line}"


@dataclass
class Example:
    """A workflow of the guide, and all that the guide says about it."""

    part: Part
    claims: list[Part] = field(default_factory=list)

    def __str__(self) -> str:
        return str(self.part)

    @property
    def source(self) -> str:
        """The text of a file with the workflow."""
        context = CONTEXTS[self.part.what] + "\n\n" if self.part.what else ""
        return context + self.part.body


def parts(page: Path) -> Iterator[Part]:
    """Yield what is marked on a page."""
    text = page.read_text(encoding="utf-8")
    for found in MARKED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        role, what = found["role"], found["what"] or ""
        part = Part(page, line, role, what, found["body"] or "", found.span("body"))
        assert role in ROLES, f"{part}: {role}"
        assert (found["body"] is not None) == (role in WITH_BLOCK), str(part)
        yield part


def examples() -> Iterator[Example]:
    """Yield the workflows of all pages, each with what is said about it."""
    for page in PAGES:
        found: list[Example] = []
        for part in parts(page):
            if part.role in ("workflow", "refused"):
                found.append(Example(part))
            elif part.role != "context":
                # What follows a refusal may speak of the workflow before again.
                role = "refused" if part.role == "error" else "workflow"
                about = [e for e in found if e.part.role == role]
                assert about, f"{part}: no {role} is above"
                about[-1].claims.append(part)
        yield from found


CONTEXTS = {
    p.what: p.body for page in PAGES for p in parts(page) if p.role == "context"
}
EXAMPLES = list(examples())
CORRECTIONS: list[tuple[Part, str]] = []
"""Blocks that say something else than what is so, and what is."""


@pytest.fixture(scope="module", autouse=True)
def corrected_pages(request: pytest.FixtureRequest) -> Iterator[None]:
    """Write into the pages what is so, if that is asked for."""
    yield
    if not request.config.getoption("--update-golden"):
        return
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        mine = [(p.at, new) for p, new in CORRECTIONS if p.page == page]
        for (start, end), new in sorted(mine, reverse=True):
            text = text[:start] + new.rstrip("\n") + "\n" + text[end:]
        page.write_text(text, encoding="utf-8")


def hold(claim: Part, found: str) -> None:
    """Hold what is shown against what was found."""
    if claim.body.rstrip() != found.rstrip():
        CORRECTIONS.append((claim, found))


def check(*claims: Part) -> None:
    """Fail if something is not as it is shown."""
    wrong = [(part, found) for part, found in CORRECTIONS if part in claims]
    report = [f"{part} ({HINT})\n{part.body}---\n{found}" for part, found in wrong]
    assert not wrong, "\n\n".join(report)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "workflow.py"
    file.write_text(example.source, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    # What the page on secrets takes for one.
    monkeypatch.setenv("DB_PASSWORD", "correct-horse")
    if example.part.role == "refused":
        check_refusal(example, file)
        return
    with remembering_black():
        script = transpile_file(file)
    with opened(file, script) as lab:
        for index, claim in enumerate(example.claims):
            match claim.role:
                case "becomes":
                    check_excerpt(claim, script, lab.workflow.name)
                case "run":
                    check_run(claim, example.claims[index + 1 :], lab)
                case "python":
                    check_python(claim, file)
                case "file":
                    (tmp_path / claim.what).write_text(claim.body, encoding="utf-8")
                case "console":
                    check_console(claim, tmp_path)
    check(*example.claims)


def check_refusal(example: Example, file: Path) -> None:
    with pytest.raises(TranspileError) as caught:
        transpile_file(file)
    (claim,) = example.claims
    assert claim.role == "error"
    hold(claim, str(caught.value))
    check(claim)


def check_excerpt(claim: Part, script: str, name: str) -> None:
    place: int | None = 0
    for piece in re.split(r"^\s*\.\.\.\n", claim.body, flags=re.M):
        place = position(piece, script, place or 0)
        if place is None or not piece.strip():
            first = re.match(r"(?:def|class) (\w+)", claim.body.lstrip())
            found = definition(script, first[1]) if first else inside(script, name)
            CORRECTIONS.append((claim, found))
            return


def position(piece: str, script: str, start: int) -> int | None:
    """Return where an excerpt ends in a script, with whatever indent it has there."""
    for indent in range(0, 24, 4):
        found = script.find("\n" + textwrap.indent(piece, " " * indent), start)
        if found >= 0:
            return found
    return None


def definition(script: str, name: str) -> str:
    """Return a function or class of a script, as it stands there."""
    for node in ast.parse(script).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return "\n".join(script.splitlines()[node.lineno - 1 : node.end_lineno])
    raise AssertionError(name)


def inside(script: str, name: str) -> str:
    """Return the body of a function of a script without its docstring."""
    node = ast.parse(definition(script, name)).body[0]
    assert isinstance(node, ast.FunctionDef)
    first = node.body[1 if ast.get_docstring(node) else 0]
    before = node.body[0].end_lineno or 0
    lines = definition(script, name).splitlines()
    start = before if first is not node.body[0] else first.lineno - 1
    return textwrap.dedent("\n".join(lines[start:])).strip("\n")


def keywords(text: str) -> dict[str, Any]:
    """Return the values of `a=1, b=[2]`."""
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    return {k.arg or "": ast.literal_eval(k.value) for k in call.keywords}


def check_run(run: Part, claims: list[Part], lab: Lab) -> None:
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(  # type: ignore[method-assign]
        f"{record.levelname} {record.getMessage()}"
    )
    logger = logging.getLogger("emitted_script")
    logger.addHandler(handler)
    try:
        with redirect_stdout(io.StringIO()):
            expected = lab.interpret(Situation(keywords(run.what)))
            outcome = lab.execute(Situation(keywords(run.what)))
    finally:
        logger.removeHandler(handler)
    assert seen(outcome) == seen(expected), str(run)
    failed = False
    for claim in claims:
        if claim.role == "leaves":
            assert outcome.state, str(claim)
            state = dict(outcome.state[1])
            for name, value in keywords(claim.what).items():
                assert state[name] == normal(value), str(claim)
        elif claim.role == "fails":
            failed = True
            hold(claim, told(outcome.error))
        elif claim.role == "logs":
            hold(claim, "\n".join(messages))
        else:
            break
    assert failed == bool(outcome.error), f"{run}: {told(outcome.error)}"


def seen(outcome: Outcome) -> tuple[Any, ...]:
    """Return what must be equal; how a function was called need not be."""
    others = [event for event in outcome.events if event[0] != "call"]
    return others, outcome.error, outcome.state


def normal(value: Any) -> Any:
    return plain(value, normal)


def told(error: Any) -> str:
    """Return an error as a traceback ends with it: type, message, notes, members."""
    if not error:
        return "nothing"
    text = f"{error['type']}: {error['message']}".removesuffix(": ")
    text = "\n".join([text, *error["notes"]])
    for member in error.get("members", ()):
        text += "\n  - " + told(member).replace("\n", "\n    ")
    return text


def check_python(claim: Part, file: Path) -> None:
    session = file.with_name("session.py")
    session.write_text(claim.body, encoding="utf-8")
    module = ModuleType("guide")
    sys.modules["guide"] = module  # Dataclasses look their module up.
    try:
        for path in (file, session):
            text = path.read_text(encoding="utf-8")
            exec(compile(text, str(path), "exec", dont_inherit=True), vars(module))
        for name, value in list(vars(module).items()):
            if name.startswith("test_"):
                value()
    finally:
        del sys.modules["guide"]


def check_console(claim: Part, folder: Path) -> None:
    """Run the commands of a transcript; times and the folder are as in no run."""
    printed = []
    for line in claim.body.splitlines():
        if line.startswith("$ "):
            text = printed_by(line[2:], folder)
            text = re.sub(r"\d{4}-\d\d-\d\d [\d:,]+ ", "", text)
            text = text.replace(str(folder), "/srv/deploy").rstrip()
            printed += [line, text] if text else [line]
    hold(claim, "\n".join(printed))


def printed_by(command: str, folder: Path) -> str:
    """Return what a command prints; flowc runs here, as starting it takes a second."""
    program, _, rest = command.partition(" ")
    arguments, semicolon, _ = rest.partition(";")
    if program == "flowc":
        result = CliRunner().invoke(cli, shlex.split(arguments))
        status = f"status {result.exit_code}\n" if semicolon else ""
        return result.output + status
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": f"{BIN}:/usr/bin:/bin", "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


def test_the_authors_code_is_typed(tmp_path: Path) -> None:
    names = {}
    for number, example in enumerate(EXAMPLES):
        if example.part.role == "workflow":
            names[f"guide_{number}.py"] = str(example)
            path = tmp_path / f"guide_{number}.py"
            path.write_text(example.source, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--python-version=3.11"),
            *("--config-file=", "--no-error-summary", "--hide-error-context"),
            f"--cache-dir={ROOT / '.mypy_cache' / 'guide'}",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "MYPYPATH": str(ROOT)},
    )
    wrong = done.stdout
    for file, name in names.items():
        wrong = wrong.replace(str(tmp_path / file), name)
    assert not wrong + done.stderr


def test_outcomes_are_comparable() -> None:
    assert normal([1]) == ("list", (1,))
    assert isinstance(Outcome([], None, None).calls, list)
