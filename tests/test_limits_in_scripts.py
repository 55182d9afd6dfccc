"""The scripts' side of time limits: support definitions, and a run in real time."""

from __future__ import annotations

import ast
import importlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from support.worlds import executed
from transpiler import transpile_file
from transpiler.resources import templates_folder

# The support definitions, as the plain Python that they are


@pytest.fixture
def prelude() -> Iterator[ModuleType]:
    """The folder of support definitions as a package."""
    folder = templates_folder() / "prelude"
    package = ModuleType("prelude")
    package.__path__ = [str(folder)]
    sys.modules["prelude"] = package
    yield package
    for name in [n for n in sys.modules if n.partition(".")[0] == "prelude"]:
        del sys.modules[name]


FILES = [
    "time_limit",
    "time_limit_plain",
    "let_pass",
    "run_within",
    "remaining",
    "limited_by",
]


@pytest.mark.parametrize("name", [*FILES, "current_deadline"])
def test_support_definitions_are_short(name: str) -> None:
    text = (templates_folder() / "prelude" / f"{name}.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body[2:]:
        assert node.end_lineno is not None and node.end_lineno - node.lineno < 30


def support(prelude: ModuleType, name: str) -> Any:
    """Return a file of the folder as a module."""
    return importlib.import_module(f"{prelude.__name__}.{name}")


@pytest.mark.parametrize("file", ["time_limit", "time_limit_plain"])
def test_time_limit(
    prelude: ModuleType, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    now, slept = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", sleep)
    limit = support(prelude, file).TimeLimit(10)
    limit.check()
    limit.sleep(4)
    with pytest.raises(TimeoutError, match="not done within 10 s") as caught:
        limit.sleep(60)
    assert slept == [4, 6]
    assert getattr(limit, "raised", [caught.value]) == [caught.value]
    with pytest.raises(TimeoutError):
        limit.check()
    if file == "time_limit_plain":
        return
    assert len(limit.raised) == 2 and limit.raised[0] is not limit.raised[1]


def test_let_pass(prelude: ModuleType) -> None:
    let_pass = support(prelude, "let_pass").let_pass
    limit = support(prelude, "time_limit").TimeLimit(10)
    own, other, leaving = TimeoutError(), TimeoutError(), SystemExit(1)
    limit.raised.append(own)
    let_pass(limit, [])
    let_pass(limit, [other])
    let_pass(limit, [own, leaving])
    with pytest.raises(TimeoutError) as caught:
        let_pass(limit, [own])
    assert caught.value is own and own.__cause__ is None
    with pytest.raises(TimeoutError) as caught:
        let_pass(limit, [other, own])
    assert caught.value is own
    assert isinstance(own.__cause__, ExceptionGroup)
    assert own.__cause__.exceptions == (other,)


def test_run_within(prelude: ModuleType) -> None:
    run_within = support(prelude, "run_within").run_within
    seen: list[Any] = []
    open_limit = support(prelude, "time_limit").TimeLimit(60)
    run_within(open_limit, lambda *args, **more: seen.append((args, more)), 1, limit=2)
    assert seen == [((1,), {"limit": 2})]
    with pytest.raises(TimeoutError):
        run_within(support(prelude, "time_limit").TimeLimit(0), seen.append, 1)
    assert len(seen) == 1


def test_remaining_in_a_script(prelude: ModuleType) -> None:
    remaining = support(prelude, "remaining").remaining
    limited_by = support(prelude, "limited_by").limited_by
    limits = support(prelude, "time_limit")
    assert remaining() is None
    with limited_by(limits.TimeLimit(60)):
        assert 59 < remaining() <= 60
        with limited_by(None):
            assert remaining() is None
        with limited_by(limits.TimeLimit(-1)):
            assert remaining() == 0.0
        assert 59 < remaining() <= 60
    assert remaining() is None


# With the real clock, and real threads

REAL = '''
"""Send parts at the same time."""

import threading
import time
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Upload:
    """What is sent."""

    sent: list[str] = field(default_factory=list)
    left: list[float | None] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@flow.step
def send(upload: Upload, part: str) -> None:
    """Send a part."""
    time.sleep(0.12)
    with upload.lock:
        upload.sent.append(part)
        upload.left.append(flow.remaining())


def send_twice(part: str) -> flow.Step[Upload]:
    """Send a part, and once more."""
    return flow.do(send(part), flow.ignore_error(flow.do(send(part), send(part))))


@flow.workflow
def upload_all() -> flow.Step[Upload]:
    """Send as much as can be sent in 0.2 seconds."""
    return flow.with_timeout(
        0.2,
        flow.in_parallel(
            flow.for_each(["a", "b", "c"], send_twice), limit=2, join_errors=True
        ),
    )
'''


WAITING = """
import threading

from transpiler import flow


@flow.workflow
def wait() -> flow.Step[threading.Event]:
    return flow.with_timeout(
        0.1, flow.until(lambda event: event.is_set(), flow.do())
    )


@flow.workflow
def wait_for_nothing() -> flow.Step[threading.Event]:
    return flow.with_timeout(0.1, flow.while_(flow.and_(), flow.do()))
"""


@pytest.mark.parametrize("name", ["wait", "wait_for_nothing"])
def test_loops_that_only_wait_end(tmp_path: Path, name: str) -> None:
    path = tmp_path / "workflow.py"
    path.write_text(WAITING, encoding="utf-8")
    with executed(transpile_file(path, name)) as script:
        run = getattr(script, name)
        with pytest.raises(TimeoutError, match=r"not done within 0\.1 s"):
            run(threading.Event())


def test_real_threads(tmp_path: Path) -> None:
    path = tmp_path / "workflow.py"
    path.write_text(REAL, encoding="utf-8")
    with executed(transpile_file(path)) as script:
        upload = script.Upload()
        begun = time.monotonic()
        with pytest.raises(TimeoutError, match=r"not done within 0\.2 s"):
            script.upload_all(upload)
        # Each of the two that began was sent twice; nothing else started in time.
        assert 0.2 <= time.monotonic() - begun < 0.6
        assert sorted(upload.sent) == ["a", "a", "b", "b"]
        assert all(left is not None and 0 <= left < 0.1 for left in upload.left)
        assert threading.active_count() == 1
