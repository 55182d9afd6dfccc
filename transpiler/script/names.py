"""Names of a scope, decided before any text exists."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable
from itertools import takewhile

RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
# As names they are fine to Python, but a reader would stumble.
SOFT = frozenset(keyword.softkwlist) - {"_"}


class Names:
    """The names that are taken in a scope; new ones give way to them."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        # In the order in which they were taken, so that the last ones are found fast.
        self._taken = dict.fromkeys(taken, 0)
        self._count = 0
        self._numbers: dict[str, int] = {}

    def take(self, name: str) -> None:
        """Take a name that must be borne as it is."""
        if name not in self._taken:
            self._count += 1
            self._taken[name] = self._count

    def is_free(self, name: str) -> bool:
        """Return whether a name can be borne: not taken, no builtin, no keyword."""
        return name not in self._taken and name not in RESERVED

    def fresh(self, wanted: str) -> str:
        """Take `wanted`, or the first free of `wanted_2`, `wanted_3`, ...

        >>> names = Names(frozenset({"attempt"}))
        >>> names.fresh("attempt"), names.fresh("delay")
        ('attempt_2', 'delay')
        """
        return self.first(wanted, lambda name: self.is_free(name) and name not in SOFT)

    def first(self, wanted: str, serves: Callable[[str], bool], kind: str = "") -> str:
        """Take `wanted`, or the first of `wanted_2`, `wanted_3`, ... that serves.

        What did not serve for a name of this kind will not until a name is released.
        """
        key = f"{wanted} {kind}"
        number = self._numbers.get(key, 1)
        name = wanted if number == 1 else f"{wanted}_{number}"
        while not serves(name):
            number += 1
            name = f"{wanted}_{number}"
        self._numbers[key] = number
        self.take(name)
        return name

    def is_taken(self, name: str) -> bool:
        """Return whether a name is taken here."""
        return name in self._taken

    def release(self, name: str) -> None:
        """Give back a name that is not used any more, for a sibling to use."""
        if self._taken.pop(name, None) is not None:
            self._numbers.clear()

    @property
    def mark(self) -> int:
        """A moment, for `release_since`."""
        return self._count

    def release_since(self, mark: int) -> None:
        """Give back all names that were taken since a moment."""
        for name in list(takewhile(self._is_after(mark), reversed(self._taken))):
            self.release(name)

    def _is_after(self, mark: int) -> Callable[[str], bool]:
        return lambda name: self._taken[name] > mark


def identifier(text: str) -> str:
    """Turn any text into a name in snake case.

    >>> identifier("Tenant set-up: EU")
    'tenant_set_up_eu'
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    name = re.sub(r"[^0-9a-zA-Z]+", "_", words).strip("_").lower()
    return f"part_{name}".rstrip("_") if not name or name[0].isdigit() else name


def singular(name: str) -> str:
    """Return the name for one of several things.

    >>> singular("servers"), singular("entries"), singular("data")
    ('server', 'entry', 'element')
    >>> singular("databases"), singular("sizes"), singular("addresses")
    ('database', 'size', 'address')
    """
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if re.search(r"(ss|x|sh|[tnr]ch|[eo]ach|ias|(?<![aeo])us)es$", name):
        return name[:-2]
    if name.endswith("s") and not name.endswith("ss"):
        return name[:-1]
    return "element"


def plural(name: str) -> str:
    """Return the plural of a name for one thing.

    >>> plural("server"), plural("entry"), plural("address"), plural("key")
    ('servers', 'entries', 'addresses', 'keys')
    """
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if re.search(r"(s|x|z|ch|sh)$", name) else f"{name}s"
