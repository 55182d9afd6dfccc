"""Texts that try to break out of where they stand, and workflows that hold them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = "\0\x01\x08\t\x0b\x0c\r\x1b\x1c\x1f\x7f\x85"
UNSEEN = "\xa0\xad\u200b\u200f\u2028\u2029\ufeff"
MARKS = "\ue0ff\ue100\uf8ff"
"""What our own layout might use for itself."""

PIECES = (
    *("{{ x }}", "{% raw %}", "{# c #}", "{", "}", "{{", "%(prog)s", "%s", "%", "$x"),
    *('"', "'", '"""', "'''", "\\", "\\\\", "\\n", "\\u202e", "\\N{DASH}", "\\x"),
    *("\n", "\n\n", "\n# ", "#", "# type: ignore", "# noqa", "# fmt: off", "# ///"),
    *("; INJECTED()", "\nINJECTED()\n", '")\nINJECTED("', ":", ",", " ", "  ", "a b"),
    *('"""\nINJECTED()\n"""', "'''\nINJECTED()\n", "x", "é", "ẞ", "東京", "e\u0301"),
    *("🚀", "ﬁ", "\ud800", "\udfff", *TURNING, *CONTROLS, *UNSEEN, *MARKS),
)

texts = st.lists(st.sampled_from(PIECES), max_size=7).map("".join) | st.text(
    max_size=12
)

NAMES = (
    *("time", "wait", "logging", "range", "attempt", "pool", "error", "print", "input"),
    *("self", "log", "main", "named", "match", "type", "_", "__x", "limit", "options"),
    *(
        "größe",
        "ﬁle",
        "𝐱",
        "Åse",
        "東京",
        "K",
        "x_2",
        "time_2",
        "sys",
        "argparse",
        "state",
    ),
)
names = st.lists(
    st.sampled_from(NAMES),
    min_size=5,
    max_size=5,
    unique_by=lambda name: unicodedata.normalize("NFKC", name),
)


def escaped(text: str) -> str:
    """Spell a text in ASCII."""
    return ascii(text)


def physical(text: str) -> str:
    """Spell a text with as few escapes as Python allows."""
    body = text.replace("\\", "\\\\").replace('"', '\\"')
    for character in body:
        if character in "\0\r" or "\ud800" <= character <= "\udfff":
            body = body.replace(character, f"\\u{ord(character):04x}")
    return f'"""{body}"""'


def formatted(text: str) -> str:
    """Spell a text as an f-string that has a value in it, which is empty."""
    body = physical(text).replace("{", "{{").replace("}", "}}")
    return f"f{body[:3]}{{NOTHING}}{body[3:]}"


def comment(text: str) -> str:
    """Make a comment of a text, as far as a comment can have it."""
    kept = re.sub("[\0\r\n\ud800-\udfff]", "", text)
    return f"#: {kept}"


SPELLINGS: tuple[Callable[[str], str], ...] = (escaped, physical, formatted)


@dataclass(frozen=True)
class Hostile:
    """A workflow full of hostile texts, and what it should leave in its state."""

    source: str
    expected: tuple[str, ...]


_SURROGATES = re.compile("[\ud800-\udfff]")


@st.composite
def workflows(draw: st.DrawFn) -> Hostile:
    """Draw a workflow whose names, comments, docstrings and strings are hostile."""
    called = draw(names)
    given = draw(st.lists(texts, min_size=5, max_size=5))
    spelled = [draw(st.sampled_from(SPELLINGS))(text) for text in given]
    # Python itself can't have surrogates in a docstring.
    docs = [physical(_SURROGATES.sub("", draw(texts))) for _ in range(3)]
    notes = [comment(draw(texts)) for _ in range(5)]
    return Hostile(_source(called, spelled, docs, notes), tuple(given))


def _source(
    called: Sequence[str],
    spelled: Sequence[str],
    docs: Sequence[str],
    notes: Sequence[str],
) -> str:
    state, step, constant, parameter, item = called
    return f"""\
from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

NOTHING = str()
{notes[0]}
{constant} = {spelled[0]}


@dataclass
class Kept:
    {docs[0]}
    {notes[1]}
    out: list[str] = field(init=False, default_factory=list)
    {notes[1]}
    size: int = 0


@flow.step
def {step}({state}: Kept, {parameter}: str = {constant}) -> None:
    {docs[1]}
    {notes[2]}
    {state}.out.append({parameter})


@flow.workflow
def run_it() -> flow.Step[Kept]:
    {docs[2]}
    local = {spelled[1]}
    return flow.do(
        {notes[3]}
        {step}(),
        {step}(local),
        flow.named({spelled[1]}, {step}({spelled[2]})),
        flow.retry(
            {step}({spelled[3]}),  {notes[4]}
            flow.up_to(2),
        ),
        flow.in_serial(flow.for_each([{spelled[4]}], lambda {item}: {step}({item}))),
    )
"""
