"""What a script has to keep track of: names, traces, and where threads need them.

A script keeps track of the names around a step only where something asks for them: a
body that calls `flow.names()`, a log inside of a name, a trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from transpiler.ir import nodes as ir
from transpiler.ir.walk import children, nodes


@dataclass(frozen=True, slots=True)
class Tracking:
    """What is kept track of; nodes are told by their identity.

    `files` are the support definitions that serve, by the name that they define.
    `inherited` are the parallel blocks whose branches need the names, or the traces,
    around them; `unnamed`, the logged steps that run with no names around.
    """

    traces: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    inherited: frozenset[int] = frozenset()
    unnamed: frozenset[int] = frozenset()


def tracking_of(step: ir.Step, *, names_asked: bool) -> Tracking:
    """Return what a workflow's script has to keep track of.

    `names_asked` says that a step's body calls `flow.names()`.
    """
    kinds = set(map(type, nodes(step)))
    if not (names_asked or kinds & {ir.Logged, ir.Traced}):
        return Tracking()
    places = list(_places(step, _Place(), set()))
    logs = [place for place in places if isinstance(place.node, ir.Logged)]
    unnamed = frozenset(id(p.node) for p in logs if not p.named)
    files: dict[str, str] = {}
    if all(not place.named for place in logs):
        files["logged"] = "logged_step"
    elif unnamed:
        files["logged"] = "logged_anywhere"
    if ir.Traced in kinds:
        files["named"] = "named_traced"
    elif names_asked or any(place.named for place in logs):
        files["named"] = "named_path"
    inherited = frozenset(
        id(place.node)
        for place in places
        if isinstance(place.node, ir.InParallel)
        and (place.named or place.traced)
        and _asks(place, names_asked)
    )
    return Tracking(ir.Traced in kinds, files, inherited, unnamed)


@dataclass(frozen=True, slots=True)
class _Place:
    """A node that runs where there are names around it or not, and traces or not."""

    node: object = None
    named: bool = False
    traced: bool = False


def _places(part: object, around: _Place, seen: set[object]) -> Iterator[_Place]:
    """Yield the nodes that matter, each once for every kind of place it runs at."""
    place = _Place(part, around.named, around.traced)
    # A constructor's step is shared by all of its calls.
    key = (id(part), place.named, place.traced)
    if isinstance(part, ir.Node):
        if key in seen:
            return
        seen.add(key)
    match part:
        case ir.Named(inner=inner) if _provides(inner):
            # Its name is for what it is expanded from; the steps run outside of it.
            yield from _places(inner, around, seen)
        case ir.Named(inner=inner):
            yield from _places(inner, _Place(None, True, place.traced), seen)
        case ir.Traced(step=step):
            yield from _places(step, _Place(None, place.named, True), seen)
        case _:
            if isinstance(part, (ir.Logged, ir.InParallel)):
                yield place
            for child in children(part):
                yield from _places(child, around, seen)


def _provides(node: object) -> bool:
    match node:
        case ir.Named(inner=inner):
            return _provides(inner)
        case _:
            return isinstance(node, (ir.Steps, ir.ForEach))


def _asks(place: _Place, names_asked: bool) -> bool:
    """Whether a branch of a parallel block asks for what is around the block."""
    assert isinstance(place.node, ir.InParallel)
    for provider in place.node.providers:
        for node in nodes(provider):
            match node:
                case ir.Call() if names_asked:
                    return True
                case ir.Logged() | ir.Traced() if place.named:
                    return True
                case ir.Named() if place.traced:
                    return True
    return False
