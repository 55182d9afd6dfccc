"""The stage on which both worlds run: a virtual clock, chance, threads, log and files.

They are put in place for a run and taken away again, so that nothing else notices.
"""

from __future__ import annotations

import concurrent.futures
import io
import json
import logging
import os
import random
import signal
import threading
import time
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from random import Random
from types import FrameType
from typing import Any

import transpiler.interpret
from transpiler.interpret import observing
from transpiler.verify import pools
from transpiler.verify.choices import Oracle
from transpiler.verify.errors import Stuck
from transpiler.verify.run import Run

PATIENCE = 10.0
"""So many seconds a run may compute; one that takes longer calls nothing any more."""

PATIENCE_WAITING = 120.0
"""So many real seconds a run may take: whatever it waits for does not come.

They are many more: on a busy machine a run waits for its turn to compute.
"""

Replacement = tuple[Any, str, Any]
"""An object, the name of an attribute (or a key) of it, and what it should be."""

_MISSING = object()


def _get(target: Any, name: str) -> Any:
    if isinstance(target, Mapping):
        return target.get(name, _MISSING)
    return vars(target).get(name, _MISSING)


def _set(target: Any, name: str, value: Any) -> None:
    if isinstance(target, dict):
        if value is _MISSING:
            target.pop(name, None)
        else:
            target[name] = value
    elif value is _MISSING:
        delattr(target, name)
    else:
        setattr(target, name, value)


@contextmanager
def replaced(replacements: list[Replacement]) -> Iterator[None]:
    """Put things in the place of others."""
    before = []
    try:
        for target, name, value in replacements:
            before.append((target, name, _get(target, name)))
            _set(target, name, value)
        yield
    finally:
        for target, name, value in reversed(before):
            _set(target, name, value)


Place = tuple[dict[str, Any], str, Any]
"""Where a thing of Python's is found: a namespace, its name there, and the thing."""

_MODULES = (time, random, concurrent.futures, transpiler.interpret)


def places(*namespaces: dict[str, Any]) -> list[Place]:
    """Find what makes threads or asks for time: in some namespaces, and in Python's."""
    spaces = [*map(vars, _MODULES), *namespaces]
    found: list[Place] = [
        (space, name, value)
        for space in spaces
        for name, value in space.items()
        if isinstance(value, Hashable) and value in ON_STAGE
    ]
    found += [(s, "open", open) for s in namespaces if "open" not in s]
    return [*found, (vars(observing), "open", open)]


def _stand_ins(run: Run, seed: int) -> dict[Any, Any]:
    """Return what to put in the place of things of Python's in a run."""
    return {
        concurrent.futures.ThreadPoolExecutor: partial(_pool, run, seed),
        concurrent.futures.wait: pools.wait,
        concurrent.futures.as_completed: pools.as_completed,
        time.sleep: run.sleep,
        time.monotonic: run.monotonic,
        time.perf_counter: run.monotonic,
        time.time: run.wall,
        random.uniform: run.uniform,
        open: partial(_opened, run),
    }


def _pool(run: Run, seed: int, max_workers: int = 32, *_: Any, **__: Any) -> pools.Pool:
    return pools.Pool(run, max_workers or 32, seed)


@contextmanager
def on_stage(run: Run, seed: int, found: list[Place]) -> Iterator[None]:
    """Let time, chance, threads, logs and files be the run's own inside.

    `found` are the places of what is to be replaced.
    """
    stand_ins = _stand_ins(run, seed)
    root = logging.getLogger()
    replacements: list[Replacement] = [
        (space, name, stand_ins[value]) for space, name, value in found
    ]
    replacements += [
        (root, "handlers", [_Noted(run)]),
        (root, "level", logging.INFO),
        # What is random comes from here, at last; identifiers too.
        (os, "urandom", _Chance(seed).bytes),
    ]
    with replaced(replacements):
        yield


QUICK_LOG: list[Replacement] = [
    # As Python's documentation says: nobody asks a record for these.
    (logging, "_srcfile", None),
    (logging, "logThreads", False),
    (logging, "logProcesses", False),
    (logging, "logMultiprocessing", False),
]


class _Noted(logging.Handler):
    """Notes the errors that are only logged, and what with_logging says."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            error = self._run.error_words(record.exc_info[1])
            self._run.add("logged", record.levelname, error)
        elif _TELLS.get(str(record.msg).partition(": ")[2]):
            self._run.add("logged", record.levelname, record.getMessage())


_TELLS = dict.fromkeys(("started", "finished in %.3f s", "failed after %.3f s: %r"), 1)
"""The messages of with_logging, in the interpreter and in scripts."""


class _Trace(io.StringIO):
    """A file that nobody wrote: what would be in it is noted."""

    def __init__(self, run: Run, path: str) -> None:
        super().__init__()
        self._run, self._path = run, path

    def write(self, text: str) -> int:
        if text.strip():
            self._run.add("wrote", self._path, _untimed(text))
        return len(text)


def _untimed(text: str) -> Any:
    """Return a line of a trace without when its part began on the clock on the wall."""
    try:
        part = json.loads(text)
        names, error = part["names"], part["error"]
        return tuple(names), part["duration"], error and tuple(sorted(error.items()))
    except (ValueError, KeyError, TypeError, AttributeError):
        return text


def _opened(run: Run, path: Any, mode: str = "r", *_: Any, **__: Any) -> Any:
    run.add("open", os.fspath(path), mode)
    return _Trace(run, os.fspath(path))


def _can_be_ended() -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer")


@contextmanager
def patience() -> Iterator[None]:
    """Let runs inside be ended that take too long, where signals can do that."""
    if not _can_be_ended():
        yield
        return

    def lose(_: int, __: FrameType | None) -> None:
        raise Stuck

    signals = (signal.SIGPROF, signal.SIGALRM)
    before: list[Any] = [signal.signal(each, lose) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


@contextmanager
def timed() -> Iterator[None]:
    """End what runs inside if it takes too long."""
    if not _can_be_ended():
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_WAITING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


class _Chance:
    """Random bytes, the same ones in every run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random: Random | None = None

    def bytes(self, count: int) -> bytes:
        """Stand in for os.urandom."""
        # Made when it is first asked: few workflows do, and there are many runs.
        self._random = self._random or Random(self._seed)
        return self._random.randbytes(count)


ON_STAGE = _stand_ins(Run(Oracle(), 0), 0).keys() - {open}
"""What of Python's is another thing in a run, but for files."""
