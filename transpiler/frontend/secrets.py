"""Values of the environment that were read while a workflow was built.

A script must not hold them: a secret would be committed with it, and what one machine
is set up with would be frozen for all. So what the author's code reads while
`recording_environment()` is active is remembered, and `Reads.found_in` tells which
variable a value comes from.

A value is told from an accident by how much it says. The estimate, in bits: a word
counts 12 at most, a digit 3.3, a separator 2.
- One of a variable whose name speaks of a secret (`DB_PASSWORD`) is found anywhere from
  8 characters on, and from 4 on as a word of its own.
- One of 32 bits is found anywhere (URLs, keys, names of hosts), and so is the path of a
  home folder. Both the other way round too: a piece of 32 bits of such a value.
- A shorter one, of at least 6 characters, counts only if the text is just that.
- What was read with all the rest (`dict(os.environ)`) counts only by a secret's name,
  or if it looks random or is a URL with a password in it.
- Of the first two, also in base64, in hex, percent-encoded or as UTF-16; and, of 32
  bits, in capitals or in small letters.
- Never: switches (`true`), locales (`C.UTF-8`), folders that every system has (`/root`,
  `/usr/bin`), and the variables of a terminal session in `SESSION`.
"""

from __future__ import annotations

import base64
import dataclasses
import decimal
import enum
import fractions
import ipaddress
import os
import pathlib
import re
import sys
import threading
import types
import urllib.parse
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SESSION = _words(
    "LANG LANGUAGE TERM COLORTERM SHELL EDITOR VISUAL PAGER TZ SHLVL PWD OLDPWD _"
)
"""Variables that describe a session, whose values authors write for other reasons."""

_SECRET_WORDS = _words(
    "PASS PASSPHRASE PWD KEY AUTH PAT DSN CREDS PASSWORD PASSWD SECRET TOKEN"
)
_SECRET_PARTS = ("PASSWORD", "PASSWD", "SECRET", "TOKEN", "CREDENTIAL", "APIKEY")

_SWITCHES = _words(
    "true false none null yes no on off enabled disabled default always never auto"
    " debug info warning warn error critical localhost"
)
_LOCALE = re.compile(
    r"(C|POSIX|[a-z]{2,3}(_[A-Z]{2})?)(\.(utf-?8|iso[\w-]+))?(@\w+)?", re.IGNORECASE
)
_FOLDERS = _words(
    "bin boot dev etc home lib lib64 local mnt null opt proc root run sbin share snap"
    " srv sys tmp usr var bash sh zsh Users"
)
_HOME = re.compile(r"(/home/|/Users/|[A-Z]:\\Users\\)\w")
_LOGIN = re.compile(r"://[^/\s]*:[^/\s]*@")

_MACHINERY = _words(
    "asyncio concurrent ctypes curses gettext http importlib inspect locale logging"
    " multiprocessing pdb platform readline shutil site ssl subprocess sysconfig"
    " tempfile unittest urllib warnings webbrowser zoneinfo"
)
"""Modules of the standard library that read the environment for their own ends."""

STRONG = 32.0


class Reach(enum.IntEnum):
    """Where in a text a value is looked for."""

    NOWHERE = 0
    WHOLE = 1
    WORD = 2
    ANYWHERE = 3


class Reads:
    """What was read, by the names of the variables. Shows no value."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], Reach] = {}

    def __repr__(self) -> str:
        return f"<reads of {', '.join(self.names) or 'nothing'}>"

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that were read, in order."""
        return tuple(dict.fromkeys(name for name, _ in self._values))

    def record(self, name: str, value: str, *, named: bool = True) -> None:
        """Remember a read; `named` says that the variable was asked for by name."""
        value = value.strip()
        before = self._values.get((name, value), Reach.NOWHERE)
        self._values[name, value] = max(before, _reach(name, value, named))

    def found_in(self, value: object) -> str | None:
        """Return the variable whose value is in a value, however deep, or None.

        Of several, that with the longest value: `/home/ada/data`, not `/home/ada`.
        """
        wanted = [(read, reach) for read, reach in self._values.items() if reach]
        texts = list(_texts(value)) if wanted else []
        texts = list(dict.fromkeys(said for text in texts for said in _readings(text)))
        found = [
            (-len(read), name)
            for (name, read), reach in wanted
            if any(_betrays(read, reach, text) for text in texts)
        ]
        return min(found)[1] if found else None


def _reach(name: str, value: str, named: bool) -> Reach:
    if name in SESSION or name.startswith("LC_") or _is_common(value):
        return Reach.NOWHERE
    secret = _is_secret(name)
    if not (named or secret or _is_random(value) or _LOGIN.search(value)):
        return Reach.NOWHERE
    if secret and len(value) < 8:
        return Reach.WORD if len(value) >= 4 else Reach.NOWHERE
    if secret or strength(value) >= STRONG or _HOME.match(value):
        return Reach.ANYWHERE
    return Reach.WHOLE if len(value) >= 6 else Reach.NOWHERE


def _betrays(value: str, reach: Reach, text: str) -> bool:
    """Whether a text tells a value, or a piece of it that says enough."""
    if reach is Reach.WHOLE:
        return value == text.strip()
    if reach is Reach.WORD:
        word = rf"(?<![^\W_]){re.escape(value)}(?![^\W_])"
        return value in text and bool(re.search(word, text))
    if value in text:
        return True
    if strength(value) >= STRONG and value.lower() in text.lower():
        return True
    return text in value and strength(text) >= STRONG and not _is_common(text)


_ENCODED = re.compile(r"[\w+/-]{8,}=*", re.ASCII)


def _readings(text: str) -> Iterator[str]:
    """Yield a text, and what it says in encodings that hide nothing."""
    yield text
    if "\0" in text:
        yield text.replace("\0", "")
    if "%" in text:
        yield urllib.parse.unquote(text)
    for token in _ENCODED.findall(text):
        bare = token.rstrip("=")
        for decode in (_from_base64, bytes.fromhex):
            with suppress(ValueError):
                yield decode(bare).decode()


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_")


def _is_random(value: str) -> bool:
    return strength(value) >= max(STRONG, 3.1 * len(value))


def strength(value: str) -> float:
    """Estimate how unlikely it is that a text is written by accident, in bits.

    >>> strength("production") < strength("eu-west-1") < STRONG < strength("x9Kf2-Qp77")
    True
    """
    bits = 0.0
    for run in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+|.", value, re.DOTALL):
        if run.isdigit():
            bits += 3.3 * len(run)
        elif run.isalpha():
            # A longer run of letters is hardly one word.
            bits += 4.7 * len(run) if len(run) > 16 else min(4.7 * len(run), 12.0)
        else:
            bits += 2.0
    return bits


def _is_secret(name: str) -> bool:
    upper = name.upper()
    words = _SECRET_WORDS.intersection(re.split(r"[\W_]+", upper))
    return bool(words) or any(part in upper for part in _SECRET_PARTS)


def _is_common(value: str) -> bool:
    if value.lower() in _SWITCHES or _LOCALE.fullmatch(value):
        return True
    paths = value.split(":")
    return value.startswith("/") and all(
        set(path.split("/")) <= {*_FOLDERS, "", "."} for path in paths
    )


_SPELLED = (
    int,
    float,
    decimal.Decimal,
    fractions.Fraction,
    pathlib.PurePath,
    uuid.UUID,
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Interface,
    ipaddress.IPv6Interface,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
)


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in a value: strings, and what is written as one."""
    waiting, seen = [value], dict[int, object]()
    while waiting:
        current = waiting.pop()
        if id(current) in seen or isinstance(current, (bool, enum.Enum)):
            continue
        seen[id(current)] = current  # Kept, so that the identity stays its own.
        if isinstance(current, str):
            yield current
        elif isinstance(current, (bytes, bytearray)):
            yield bytes(current).decode(errors="surrogateescape")
        elif isinstance(current, re.Pattern):
            waiting.append(current.pattern)
        elif isinstance(current, _SPELLED):
            yield str(current)
        else:
            waiting += _inside(current)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, (list, tuple, Set, deque)):
        yield from value
    if isinstance(value, (type, types.ModuleType, types.FunctionType)):
        return
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield getattr(value, field.name, None)
    held = getattr(value, "__dict__", None)
    if isinstance(held, dict):
        yield from held.values()


def variable_in(value: object) -> str | None:
    """Return the variable whose value, read while anyone records, is in a value."""
    found = (reads.found_in(value) for reads in list(_active))
    return next(filter(None, found), None)


# The hook: while anyone records, `os.environ` is of a class that tells of reads. Its
# identity stays, so that `from os import environ` reads the same object.

_lock = threading.Lock()
_active: list[Reads] = []
_hooked: list[tuple[Any, type]] = []


@contextmanager
def recording_environment() -> Iterator[Reads]:
    """Record what the author's code reads of the environment inside.

    May be nested; each sees what is read while it is active.
    """
    reads = Reads()
    with _lock:
        _active.append(reads)
        if len(_active) == 1:
            _hook()
    try:
        yield reads
    finally:
        with _lock:
            _active[:] = [other for other in _active if other is not reads]
            if not _active:
                _unhook()


def _hook() -> None:
    for environment in (os.environ, getattr(os, "environb", None)):
        # What somebody has put in the place of os.environ is theirs.
        if type(environment) is os._Environ:
            _hooked.append((environment, type(environment)))
            environment.__class__ = _Recorded


def _unhook() -> None:
    while _hooked:
        environment, kind = _hooked.pop()
        environment.__class__ = kind
        environment.__dict__.pop("_listed", None)


class _Recorded(os._Environ[Any]):
    """`os.environ`, telling of what is read."""

    def __getitem__(self, key: Any) -> Any:
        value = super().__getitem__(key)
        author = _author()
        if author is not None:
            code, listed = self.__dict__.get("_listed", (None, set()))
            named = code is not author or key not in listed
            listed.discard(key)
            for reads in list(_active):
                reads.record(os.fsdecode(key), os.fsdecode(value), named=named)
        return value

    def __iter__(self) -> Iterator[Any]:
        # A function that lists the names does not ask for those that it then reads.
        self.__dict__["_listed"] = _author(), set(super().__iter__())
        return super().__iter__()

    def __contains__(self, key: object) -> bool:
        # Mapping's own would count as a read of the value.
        try:
            super().__getitem__(key)
        except KeyError:
            return False
        return True

    def __repr__(self) -> str:
        for key in self:
            self[key]
        return super().__repr__()


_OURS = f"{pathlib.Path(__file__).parents[1]}{os.sep}"
_PYTHON = f"{os.path.dirname(os.__file__)}{os.sep}"


def _author() -> types.CodeType | None:
    """Return the code that a read is for, if it is the author's or what they installed.

    The standard library is looked through, unless it reads for its own ends.
    """
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None:
        filename = frame.f_code.co_filename
        if filename != __file__ and not _is_python(filename):
            return None if filename.startswith(_OURS) else frame.f_code
        name = str(frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] in _MACHINERY:
            return None
        frame = frame.f_back
    return None


def _is_python(filename: str) -> bool:
    if filename.startswith("<frozen "):
        return True
    installed = f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}"
    return filename.startswith(_PYTHON) and not any(x in filename for x in installed)
