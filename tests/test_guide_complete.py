"""The guide leaves nothing out: every combinator, every rule, every name of Go's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from transpiler import flow

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [DOCS / "guide.md", *sorted((DOCS / "guide").glob("*.md"))]


# Names that are types for annotations; the sections on their kinds speak of them.
TYPES = {
    *("Consume", "Extract", "Policy", "Predicate", "Provider", "Step", "Transform"),
    *("ConsumeFunction", "ExtractFunction", "PredicateFunction", "StepFunction"),
    *("TransformFunction", "Workflow", "Fallback"),
}

# What is written as a method or an operator, or is a row of the language's tables.
ROWS = {
    "join_errors": "`join_errors`",
    "limit": "`limit`",
    "otherwise": "`otherwise`",
    "~p, p & q, p | q": "`~`, `&` and `|`",
    "jitter=": "`jitter`",
    "max_delay": "`max_delay`",
    "multiplier": "`multiplier`",
    "on=": "`on`",
    "step.run(state)": ".run(",
    ".fn": "`.fn`",
    "functools.partial": "functools.partial",
    "flow.Exhausted": "`flow.Exhausted`",
    "flow.RecoveredPanic": "`flow.RecoveredPanic`",
    "timedelta": "timedelta",
    "--param": "--param",
    "module-level step": "module-level",
    "closures": "closure",
    "async": "async",
}

HEADINGS = {
    heading
    for page in PAGES
    for heading in re.findall(r"^##+ (.*)$", page.read_text(encoding="utf-8"), re.M)
}


def _text() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("name", sorted(set(flow.__all__) - TYPES))
def test_every_combinator_has_a_section(name: str) -> None:
    """A heading names it, and a workflow or its script shows it at work."""
    words = {
        w for heading in HEADINGS for w in re.findall(r"`(?:@?flow\.)?(\w+)`", heading)
    }
    assert name in words, f"no heading says `{name}`"
    blocks = re.findall(r"```python\n(.*?)```", _text(), re.DOTALL)
    shown = "\n".join(blocks)
    assert f"flow.{name}" in shown, f"no example shows flow.{name}"


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_language_is_told(row: str) -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert ROWS[row] in text


def test_every_page_is_in_the_table_of_contents() -> None:
    contents = PAGES[0].read_text(encoding="utf-8")
    for page in PAGES[1:]:
        assert f"(guide/{page.name}" in contents


GO = """
Step Extract Transform Consume Predicate StepsProvider RetryPredicate Do DoWith Options
JoinErrors Steps InSerial InSerialWith InParallel InParallelWith ParallelOptions Limit
ForEach Map ErrNilStep Sleep WithMaxConcurrency When Unless While Not And Or Retry UpTo
FixedBackoff ExponentialBackoff OnlyIf BackoffOption WithFullJitter WithMaxDelay
WithPercentageJitter WithMultiplier IgnoreError OnError FallbackTo RecoverPanics
RecoveredPanic WithTimeout WithDeadline Manage Scope ErrNoScope WithCleanupTimeout
IndexedError NamedError Value From With Pipeline Chain Feed Collect ErrExhausted Render
Apply Flatten RenderParallel ApplyParallel Spawn Source Stream Expand Drain
DrainParallel Prefetch Named NamedExtract NamedTransform NamedConsume AutoNamed
AutoNamedExtract AutoNamedTransform AutoNamedConsume AutoNamedOption SkipCaller Names
WithLogging WithSlogging Logger WithLogger Slogger WithSlogger Traced WithStreamTo
TraceOption Trace TraceEvent TraceFilter Filter FindEvent MinDuration MaxDuration
HasError NoError NameMatches NamePrefix PathMatches HasPathPrefix DepthEquals
DepthAtMost TimeRange ErrorMatches WriteTo WriteText WriteFlatText WriteJSONTo
WriteTextTo WriteFlatTextTo Then Via To Scoped Key NewKey WithValue Lookup Get Set
"""


def test_every_name_of_the_go_library_is_in_the_table() -> None:
    page = (DOCS / "from-go.md").read_text(encoding="utf-8")
    code = " ".join(re.findall(r"`([^`]+)`", page))
    assert not [name for name in GO.split() if not re.search(rf"\b{name}\b", code)]


def test_every_name_of_ours_that_the_go_table_speaks_of_is_there() -> None:
    page = (DOCS / "from-go.md").read_text(encoding="utf-8")
    ours = set(re.findall(r"\bflow\.([a-zA-Z]\w*)", re.sub(r"https?://\S+", "", page)))
    assert ours <= set(flow.__all__)
