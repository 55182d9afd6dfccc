"""A difference as a person reads it: what happened, and both traces side by side."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

from transpiler.verify.calls import call_words, words
from transpiler.verify.pools import ORDERS
from transpiler.verify.run import Block, Event, Outcome, Seen
from transpiler.verify.search import Difference, Result

CONTEXT = 4
"""So many equal lines are shown around those that differ."""


def summary(result: Result) -> str:
    """Say how many paths were compared, and what bounds that.

    `1,771 of 1,771 fault paths equal (faults <= 3, 3 orders per parallel block)`
    """
    count, orders = f"{result.compared:,}", ""
    paths = f"{count} fault path{'' if result.compared == 1 else 's'}"
    if result.parallel:
        orders = f", {len(ORDERS)} orders per parallel block"
    if result.difference:
        return f"it does something else, after {paths} that are equal"
    match result.bound:
        case "none":
            return f"{count} of {paths} equal (all there are{orders})"
        case "faults":
            faults = result.limits.faults
            return f"{count} of {paths} equal (faults <= {faults}{orders})"
        case "path":
            return "this path is equal"
        case "paths":
            stop = f"stopped at --max-paths {result.limits.paths}"
            most = result.surprises
            seen = f"all with at most {most} surprise{'' if most == 1 else 's'}"
            return f"{paths} equal ({stop}: {seen}, and some with more{orders})"


def told(difference: Difference) -> list[str]:
    """Return the lines of a difference: when it shows, and what each side does."""
    return [*_when(difference), "", *_side_by_side(difference)]


def _when(difference: Difference) -> Iterator[str]:
    known = {decision.key: decision for decision in difference.decisions}
    taken = [
        f"{_about(key)} {known[key].options[number].words}"
        for key, number in difference.path.items()
        if key in known
    ]
    yield "when " + (",\n  and ".join(taken) if taken else "nothing goes wrong") + ":"


def _about(key: str) -> str:
    subject, _, number = key.rpartition(" #")
    if not subject or not number.isdecimal():
        return key
    ordinals = {"2": "2nd", "3": "3rd"}
    return f"{subject}, the {ordinals.get(number, number + 'th')} time,"


def _side_by_side(difference: Difference) -> Iterator[str]:
    states = difference.workflow.state != difference.script.state
    left = list(_outcome_lines(difference.workflow, states))
    right = list(_outcome_lines(difference.script, states))
    columns = shutil.get_terminal_size((100, 24)).columns
    width = min(max(map(len, ["workflow", *left])), max(30, columns // 2 - 4))
    yield f"  {'workflow':<{width}}  script"
    rows, hidden = list(_aligned(left, right)), 0
    for index, row in enumerate(rows):
        if _near(rows, index):
            if hidden:
                yield _more(hidden)
            yield from _row(*row, width)
            hidden = 0
        else:
            hidden += 1
    if hidden:
        yield _more(hidden)


def _row(mark: str, one: str, other: str, width: int) -> Iterator[str]:
    if len(one) <= width:
        yield f"{mark} {one:<{width}}  {other}".rstrip()
        return
    # What is too long for its column pushes the other below it.
    yield f"{mark} {one}"
    if mark == "!" and other:
        yield f"{mark} {'':<{width}}  {other}"


def _more(count: int) -> str:
    return f"  ... {count} more {'line' if count == 1 else 'lines'}, the same"


def _aligned(left: list[str], right: list[str]) -> Iterator[tuple[str, str, str]]:
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        ones, others = left[i:j], right[k:m]
        for index in range(max(len(ones), len(others))):
            one = ones[index] if index < len(ones) else ""
            other = others[index] if index < len(others) else ""
            yield " " if tag == "equal" else "!", one, other


def _near(rows: Sequence[tuple[str, str, str]], index: int) -> bool:
    around = rows[max(0, index - CONTEXT) : index + CONTEXT + 1]
    return any(mark == "!" for mark, _, _ in around)


def _outcome_lines(outcome: Outcome, states: bool) -> Iterator[str]:
    yield from _lines(outcome.events)
    if outcome.error is None:
        yield "returns"
    else:
        yield from _error_lines(outcome.error, "raises")
    if states:
        yield f"the state is {words(outcome.state)}"


def _error_lines(error: Any, verb: str, indent: str = "") -> Iterator[str]:
    who = error["made by"] or error["message"]
    yield f"{indent}{verb} {error['type']}" + (f": {who}" if who else "")
    for note in error["notes"]:
        yield f"{indent}  noted: {note}"
    if "code" in error:
        yield f"{indent}  exit status {error['code']}"
    for member in error.get("members", ()):
        yield from _error_lines(member, "with", indent + "  ")
    if error.get("cause"):
        yield from _error_lines(error["cause"], "because of", indent + "  ")
    elif error.get("context"):
        yield from _error_lines(error["context"], "while handling", indent + "  ")


def _lines(events: Sequence[Seen], indent: str = "") -> Iterator[str]:
    for event in events:
        if isinstance(event, Block):
            yield f"{indent}in parallel, {event.at_once} at once"
            for branch in event.branches:
                first, *rest = list(_lines(branch)) or ["nothing"]
                yield f"{indent}  - {first}"
                yield from (f"{indent}    {line}" for line in rest)
        else:
            yield f"{indent}{_event_words(event)}"


def _event_words(event: Event) -> str:
    match event.what, event.parts:
        case "call", (name, *given):
            return call_words(name, tuple(given))
        case "told", (name, answer):
            return f"  {name}() is {words(answer)}"
        case "sleep", (seconds,):
            return f"sleep {seconds:g} s"
        case "uniform", (low, high):
            return f"a number between {low:g} and {high:g}"
        case "logged", (level, text):
            return f"log {level}: {text}"
        case "leave", (name, error):
            return f"leave {name}" + (f" because of {error}" if error else "")
        case what, parts:
            return " ".join([what, *map(str, parts)])
    raise AssertionError(event)
