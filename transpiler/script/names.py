"""Names of a scope, decided before any text exists."""

from __future__ import annotations

import builtins
import keyword
import re

RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
# As names they are fine to Python, but a reader would stumble.
SOFT = frozenset(keyword.softkwlist) - {"_"}


class Names:
    """The names that are taken in a scope; new ones give way to them."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)

    def take(self, name: str) -> None:
        """Take a name that must be borne as it is."""
        self._taken.add(name)

    def is_free(self, name: str) -> bool:
        """Return whether a name can be borne: not taken, no builtin, no keyword."""
        return name not in self._taken and name not in RESERVED

    def fresh(self, wanted: str) -> str:
        """Take `wanted`, or the first free of `wanted_2`, `wanted_3`, ...

        >>> names = Names(frozenset({"attempt"}))
        >>> names.fresh("attempt"), names.fresh("delay")
        ('attempt_2', 'delay')
        """
        name, number = wanted, 1
        while not self.is_free(name) or name in SOFT:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name

    def release(self, name: str) -> None:
        """Give back a name that is not used any more, for a sibling to use."""
        self._taken.discard(name)

    @property
    def taken(self) -> frozenset[str]:
        """The names that are taken now."""
        return frozenset(self._taken)


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
    """
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if re.search(r"(s|x|z|ch|sh)es$", name):
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
