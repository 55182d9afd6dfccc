"""How the atoms of a literal are spelled: strings, bytes and numbers.

As black would have them, on one line, and the same on every machine: which characters
are shown as they are does not depend on the Unicode version of the Python that runs.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from types import EllipsisType, NoneType, NotImplementedType
from typing import Any

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_UNSEEN = frozenset(
    [0xAD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0]
    + [*range(0x180B, 0x180E), *range(0xFE00, 0xFE10)]
)
"""Characters that are letters or marks by their category, and yet are not seen."""

_NEWER = (
    (0x0220, 0x024F),  # Latin letters
    (0x1E9E, 0x1E9E),  # the capital sharp s
    (0x20B2, 0x20C0),  # currencies
    (0x9FA6, 0x9FFF),  # ideographs
    (0x1F1E6, 0x1F1FF),  # flags
    (0x1F300, 0x1F64F),  # pictographs and faces
    (0x1F680, 0x1F6D2),  # transport
    (0x1F900, 0x1F9FF),  # more faces
)
"""What is shown of the characters that came after Unicode 3.2."""

_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}


def string(value: str) -> str:
    """Write a string on one line, with nothing in it that can't be seen.

    >>> print(string("naïve\\u202e\\n"))
    "naïve\\u202e\\n"
    """
    if value.isascii() and value.isprintable():
        return _quoted(value.replace("\\", "\\\\"))
    pieces: list[str] = []
    escaped = True
    for character in value:
        # A mark that combines with what stands before it needs a character there.
        combines = unicodedata.ucd_3_2_0.category(character).startswith("M")
        escaped = not _is_shown(character) or (escaped and combines)
        pieces.append(_escape(character) if escaped else character)
    return _quoted("".join(pieces))


def byte_string(value: bytes) -> str:
    """Write bytes as a literal.

    >>> print(byte_string(b"a\\xff"))
    b"a\\xff"
    """
    body = "".join(
        chr(byte) if 32 <= byte < 127 and byte != 0x5C else _escape(chr(byte))
        for byte in value
    )
    return "b" + _quoted(body)


def raw(pattern: str | bytes) -> str:
    """Write a regular expression, raw where that spares it backslashes."""
    plain = string(pattern) if isinstance(pattern, str) else byte_string(pattern)
    body = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    quoted = body.replace("\\", "\\\\").join('""')
    # A raw string can neither escape a quote nor end in a backslash.
    if "\\" in body and not body.endswith("\\") and plain.removeprefix("b") == quoted:
        prefix = "r" if isinstance(pattern, str) else "rb"
        return f'{prefix}"{body}"'
    return plain


def number(value: float) -> str:
    """Write a float, those without a literal as a call.

    >>> number(math.inf), number(-0.0)
    ('float("inf")', '-0.0')
    """
    if math.isfinite(value):
        return repr(value).replace("e+", "e")
    return f'float("{value}")'


def integer(value: int) -> str:
    """Write an integer; a gigantic one, which Python won't read as decimal, in hex."""
    if value.bit_length() <= 1024:
        return str(value)
    sign = "-" if value < 0 else ""
    return f"{sign}0x{abs(value):X}"


def _is_shown(character: str) -> bool:
    code = ord(character)
    if character in _ESCAPES or code in _UNSEEN:
        return False
    if character == " " or any(low <= code <= high for low, high in _NEWER):
        return True
    # The one version of the character database that every Python has.
    return unicodedata.ucd_3_2_0.category(character) not in _UNSHOWN


def _escape(character: str) -> str:
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _quoted(body: str) -> str:
    quote = "'" if body.count('"') > body.count("'") else '"'
    return quote + body.replace(quote, f"\\{quote}") + quote


ATOMS: dict[type, Callable[[Any], str]] = {
    NoneType: repr,
    bool: repr,
    int: integer,
    float: number,
    str: string,
    bytes: byte_string,
    EllipsisType: lambda value: "...",
    NotImplementedType: repr,
}
"""The types whose values need no name but `float`, and how they are written."""
