"""Random retries and random names: the script does what the workflow does."""

from __future__ import annotations

import builtins
import keyword
from pathlib import Path

import black
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.comparing import assert_equal
from support.faultplans import faults
from support.records import Fault
from support.worlds import Situation, opened
from transpiler import transpile_file
from transpiler.verify.errors import InjectedError

SETTINGS = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)

RETRY = '''\
"""A random retry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow

THREE = 3


@dataclass
class State:
    """A state."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def attempt(state: State, name: str) -> None:
    """Attempt it."""
    state.journal.append(name)


@flow.workflow
def retries() -> flow.Step[State]:
    """Try."""
    return flow.do(
        flow.retry(attempt("it"), {policies}),
        flow.retry(flow.do(attempt("that"), attempt("more")), {policies}),
    )
'''

seconds = st.one_of(
    st.integers(0, 100).map(str),
    st.floats(0, 1000).map(lambda x: repr(round(x, 3))),
    st.integers(0, 10**6).map(lambda n: f"timedelta(milliseconds={n})"),
    st.just("THREE"),
)
options = st.tuples(
    st.sampled_from(["", ', jitter="full"', ", jitter=0.25", ", jitter=0"]),
    st.one_of(st.just(""), seconds.map(lambda text: f", max_delay={text}")),
).map("".join)
multipliers = st.one_of(
    st.just(""),
    st.sampled_from(["1", "1.5", "3", "0.5", "10", "THREE", "1.0001"]).map(
        lambda text: f", multiplier={text}"
    ),
)
policies = st.one_of(
    st.integers(1, 5).map(lambda n: f"flow.up_to({n})"),
    st.sampled_from([2, 40, 1300]).map(lambda n: f"flow.up_to({n})"),
    st.just("flow.up_to(THREE)"),
    st.tuples(seconds, options).map(lambda t: f"flow.fixed_backoff({t[0]}{t[1]})"),
    st.tuples(seconds, multipliers, options).map(
        lambda t: f"flow.exponential_backoff({t[0]}{t[1]}{t[2]})"
    ),
    st.just('flow.only_if(lambda error: "never" not in str(error))'),
)


@given(st.lists(policies, min_size=1, max_size=4))
@SETTINGS
def test_retries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: list[str]
) -> None:
    monkeypatch.setattr(black, "format_str", _as_it_is)
    path = tmp_path / "workflow.py"
    text = RETRY.replace("{policies}", ", ".join(chosen))
    path.write_text(text, encoding="utf-8")
    with opened(path, transpile_file(path)) as lab:
        for fault in (
            Fault(0, InjectedError),
            Fault(1, InjectedError),
            Fault(2, SystemExit),
            Fault(0, InjectedError, forever=True),
            Fault(1, InjectedError, forever=True),
        ):
            assert_equal(lab, Situation(faults=(fault,), seed=1))


# Names that a script would like to have for itself, and some that mean something.
NAMES = [
    *("attempt", "error", "errors", "delay", "pool", "branches", "branch", "finished"),
    *("main", "log", "logging", "time", "wait", "sys", "argparse", "json", "Path"),
    *("parser", "options", "given", "named", "names", "state", "state_file", "item"),
    *("ThreadPoolExecutor", "FIRST_EXCEPTION", "count", "random", "contextmanager"),
    *("list", "range", "print", "Exception", "print", "vars", "min", "zip", "open"),
    *("match", "case", "type", "self", "__x", "_", "x", "X", "names_2", "attempt_2"),
]
names = st.sampled_from([n for n in NAMES if not keyword.iskeyword(n)])
# Of a module, such a name would be another thing than what dataclasses ask for.
globals_ = names.filter(lambda name: not hasattr(builtins, name) and name != "_")

NAMED = '''\
"""Random names."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class {cls}:
    """A state."""

    {field}: bool = True
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def {step}({state}: {cls}, {parameter}: str) -> None:
    """Work."""
    {state}.journal.append({parameter})


@flow.extract
def {extract}({state}: {cls}) -> list[str]:
    """Read."""
    return ["p", "q"]


@flow.predicate
def {predicate}({state}: {cls}) -> bool:
    """Look."""
    return {state}.{field}


@flow.workflow
def {workflow}() -> flow.Step[{cls}]:
    """Do something."""
    return flow.do(
        flow.retry({step}("a"), flow.up_to(2), flow.exponential_backoff(1)),
        flow.when(lambda {item}: {item}.{field}, {step}({parameter}="b")),
        flow.in_serial(
            flow.for_each(
                {extract},
                lambda {item}: flow.retry(
                    flow.named(f"part {{{item}}}", {step}({item})), flow.up_to(2)
                ),
            )
        ),
        flow.in_parallel(
            {step}("c"),
            flow.for_each({extract}, lambda {item}: {step}({item} + "!")),
            flow.when({predicate}, {step}("d")),
        ),
        flow.in_parallel(
            flow.for_each({extract}, lambda {item}: flow.do({step}({item}))), limit=1
        ),
        flow.ignore_error(flow.do({step}("e"), {step}("f"), join_errors=True)),
    )
'''


@given(
    st.lists(globals_, min_size=5, max_size=5, unique=True),
    st.lists(names, min_size=4, max_size=4),
)
@SETTINGS
def test_names(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    of_module: list[str],
    local: list[str],
) -> None:
    monkeypatch.setattr(black, "format_str", _as_it_is)
    cls, step, extract, predicate, workflow = of_module
    state, parameter, item, field = local
    if parameter == state:
        parameter = f"{state}_too"
    text = NAMED
    for name, value in (
        ("cls", cls),
        ("step", step),
        ("extract", extract),
        ("predicate", predicate),
        ("workflow", workflow),
        ("state", state),
        ("parameter", parameter),
        # A body can only say what its own item does not hide.
        ("item", f"{item}_" if item in of_module else item),
        ("field", "flag" if field == "_" else field),
    ):
        text = text.replace(f"{{{name}}}", value)
    path = tmp_path / "workflow.py"
    path.write_text(text, encoding="utf-8")
    with opened(path, transpile_file(path)) as lab:
        undisturbed = lab.interpret(Situation())
        assert undisturbed.error is None
        assert_equal(lab, Situation())
        for fault in faults(undisturbed, [InjectedError]):
            assert_equal(lab, Situation(faults=(fault,)))


def _as_it_is(text: str, *, mode: black.Mode) -> str:
    return text
