"""What a run is: stubs for steps, a clock of its own, nothing that reaches outside."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from test_explore import folder, script, workflow
from verifying import verified

from support.cases import GOLDEN, remembering_black
from transpiler.frontend.load import loaded
from transpiler.pipeline import translated
from transpiler.verify import Limits, Unusable, opened, told
from transpiler.verify.run import Event

__all__ = ["folder"]


def test_nothing_outside_notices(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the clock, chance, the environment, the author's module, or any file."""
    monkeypatch.delenv("TOKEN", raising=False)
    path = workflow(
        folder,
        """flow.traced(flow.named("all", flow.do(
            flow.sleep(3600),
            work(flow.env("TOKEN")),
            flow.retry(work("b"), flow.fixed_backoff(9, jitter="full"), flow.up_to(2)),
        )), to="trace.jsonl")""",
    )
    files = sorted(folder.iterdir())
    sleep, chance, wall = time.sleep, random.getstate(), time.time
    begun = time.monotonic()
    with loaded(path) as module, remembering_black():
        made = translated(module.entry_point())
        names = vars(module.module)
        before = names["work"].fn
        with opened(made, made.text, Limits(), str(path)) as worlds:
            outcome, _ = worlds.interpret()
            assert worlds.execute() == outcome
        assert names["work"].fn is before
    assert time.monotonic() - begun < 60
    assert (time.sleep, random.getstate(), time.time) == (sleep, chance, wall)
    assert "TOKEN" not in os.environ
    assert sorted(p for p in folder.iterdir() if p.name != "__pycache__") == files
    whats = [event.what for event in outcome.events if isinstance(event, Event)]
    assert whats == ["open", "sleep", "call", "call", "wrote"]


def test_an_edit_that_calls_something_else_does_not_run_it(folder: Path) -> None:
    path = workflow(folder, 'flow.do(work("a"), flow.sleep(1))')
    victim = folder / "precious.txt"
    victim.write_text("here", encoding="utf-8")
    edits = [
        f'import shutil; shutil.rmtree("{folder}")',
        f'import os; os.remove("{victim}")',
        f'open("{victim}", "w").write("gone")',
        f'exec("import os; os.remove({str(victim)!r})")',
        f'__import__("os").remove("{victim}")',
        f'time.os = 1; Path("{victim}").unlink()',
    ]
    for edit in edits:
        wrong = script(path).replace('work(state, "a")', f'{edit}; work(state, "a")')
        difference = verified(path, wrong).difference
        assert difference is not None, edit
        assert victim.read_text(encoding="utf-8") == "here", edit


def test_an_edit_that_changes_no_meaning_is_equal(folder: Path) -> None:
    path = workflow(folder, 'flow.do(work("a"), work("b"))')
    other = script(path).replace(
        'work(state, "a")\n    work(state, "b")',
        'for what in ["a", "b"]:\n        work(state, what=what)',
    )
    assert other != script(path)
    assert verified(path, other).difference is None


def test_a_script_that_hangs_is_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transpiler.verify.stage.PATIENCE", 0.2)
    path = workflow(folder, 'work("a")')
    wrong = script(path).replace('work(state, "a")', "while True:\n        pass")
    difference = verified(path, wrong).difference
    assert difference is not None
    assert difference.script.error["type"] == "Stuck"


def test_a_script_that_waits_for_ever_is_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transpiler.verify.stage.PATIENCE_WAITING", 0.2)
    path = workflow(folder, 'work("a")')
    wait = "import threading\n    threading.Event().wait()"
    wrong = script(path).replace('work(state, "a")', f'{wait}\n    work(state, "a")')
    # As if the workflow did so itself: what is new in an edited script does not run.
    monkeypatch.setattr("transpiler.verify.worlds.guarded", lambda *_: ())
    difference = verified(path, wrong).difference
    assert difference is not None
    assert difference.script.error["type"] == "Stuck"


def test_a_loop_without_end_is_ended(folder: Path) -> None:
    path = workflow(folder, 'flow.while_(ready, work("a"))')
    wrong = script(path).replace("while ready(state):", "while True:")
    difference = verified(path, wrong).difference
    assert difference is not None
    assert difference.script.error["type"] == "Endless"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("def job(:\n", SyntaxError),
        ("import no_such_module\n", ModuleNotFoundError),
        ("raise SystemExit(3)\n", SystemExit),
    ],
)
def test_what_is_no_script_is_said(
    folder: Path, text: str, cause: type[BaseException]
) -> None:
    with pytest.raises(Unusable) as caught:
        verified(workflow(folder, 'work("a")'), text)
    assert isinstance(caught.value.__cause__, cause)


def test_a_script_without_the_workflow_differs(folder: Path) -> None:
    difference = verified(workflow(folder, 'work("a")'), "x = 1\n").difference
    assert difference is not None
    assert "KeyError" in "\n".join(told(difference))


def test_identifiers_are_the_same_in_both_worlds() -> None:
    """`uuid4()` among the arguments is another in each run, but not here."""
    case = GOLDEN / "arguments_calls"
    assert "uuid4()" in (case / "workflow.py").read_text(encoding="utf-8")
    assert verified(case / "workflow.py", paths=50).difference is None


def test_a_list_may_change_while_it_is_gone_through(folder: Path) -> None:
    path = workflow(folder, "flow.in_serial(flow.for_each(items, lambda i: work(i)))")
    wrong = script(path).replace("list(items(state))", "items(state)")
    assert verified(path, wrong).difference is not None


@pytest.mark.parametrize(
    ("right", "wrong"), [("1", "1.0"), ("1", "True"), ("0.0", "-0.0"), ("(1,)", "[1]")]
)
def test_values_of_other_types_differ(folder: Path, right: str, wrong: str) -> None:
    path = workflow(folder, f"work({right})")
    text = script(path)
    assert f"work(state, {right})" in text
    other = text.replace(f"work(state, {right})", f"work(state, {wrong})")
    assert verified(path, text).difference is None
    assert verified(path, other).difference is not None
