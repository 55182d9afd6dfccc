"""What functions from elsewhere do with what they are passed, and methods with self."""

from __future__ import annotations

from dataclasses import dataclass

from transpiler.capture.changing import CHANGING
from transpiler.frontend.distributions import is_standard
from transpiler.frontend.mentions import Reference
from transpiler.frontend.resolve import External, Resolution
from transpiler.frontend.scopes import words

READERS = words(
    "get keys items values copy index count join format split strip lower upper title"
    " startswith endswith match search fullmatch findall exists resolve is_file is_dir"
    " debug info warning error critical exception log getChild isEnabledFor encode"
    " decode union intersection difference issubset issuperset read_text"
)
"""Methods that leave their object as it is."""

MUTATORS = CHANGING | words(
    "extendleft register subscribe connect put push set rotate reset send"
)
"""Methods that change their object, whatever is done with their result."""

SETTINGS = {
    "atexit": {"register"},
    "decimal": {"getcontext", "setcontext"},
    "faulthandler": {"enable", "register"},
    "locale": {"setlocale"},
    "multiprocessing": {"set_start_method"},
    "os": {"environ", "putenv", "umask", "chdir", "unsetenv"},
    "random": {"seed", "setstate"},
    "signal": {"signal", "alarm", "siginterrupt"},
    "socket": {"setdefaulttimeout"},
    "sys": {"setrecursionlimit", "excepthook"},
    "threading": {"stack_size", "excepthook"},
    "time": {"tzset"},
}
"""What of the standard library sets something for the whole process."""

HARMLESS = frozenset({"logging", "print", "typing", "warnings", "abc", "dataclasses"})
"""Effects that the script has its own of, or that none of its steps could see."""

_CHANGING_BUILTINS = words("setattr delattr next")
_PASSING_BUILTINS = words("vars getattr iter")
_RUNNING_BUILTINS = words(
    "map filter sorted min max any all sum list tuple set getattr"
)
_CHANGING_MODULES = words("heapq bisect random operator _operator")
_RESTING_MODULES = words("functools contextlib enum collections itertools")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a callee may do with its arguments: change them, call them."""

    changes: bool
    runs: bool
    sets: bool = False
    """Whether it assigns attributes of them, as of functions and classes."""


def of_builtin(name: str, used: bool) -> Behaviour:
    """Return what a builtin, or what is done with its result, does to arguments."""
    passes = used and name in _PASSING_BUILTINS
    changes = passes or name in _CHANGING_BUILTINS
    return Behaviour(changes, name in _RUNNING_BUILTINS, changes)


def of_external(entity: External, links: tuple[str, ...], dropped: bool) -> Behaviour:
    """Return what a function from elsewhere may do with its arguments."""
    top = entity.module.partition(".")[0]
    if top in HARMLESS:
        return Behaviour(False, False)
    if top in _RESTING_MODULES:
        return Behaviour(dropped and links[:1] != ("()",), False, dropped)
    if is_standard(top):
        return Behaviour(dropped or entity.module in _CHANGING_MODULES, True, dropped)
    return Behaviour(dropped, True, dropped)


def of_local(links: tuple[str, ...], dropped: bool) -> Behaviour:
    """Return what something unknown may do with its arguments."""
    method = links[-1][1:] if links else ""
    if not links:
        return Behaviour(True, True, True)
    if method in MUTATORS or method in READERS:
        return Behaviour(False, False)
    return Behaviour(dropped, True, dropped)


def is_setting(found: Resolution, reference: Reference) -> bool:
    """Whether a reference is to something that sets the process up."""
    entity = found.entity
    if not isinstance(entity, External):
        return False
    member = entity.name or next(iter(reference.path[found.used :]), "")
    return member in SETTINGS.get(entity.module, ())
