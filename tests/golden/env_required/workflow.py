"""Values from the environment in expressions."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Store:
    """A store of files."""

    files: set[str] = field(init=False, default_factory=set)


@flow.step
def put(store: Store, path: str) -> None:
    """Put a file there."""
    store.files.add(path)


@flow.step
def announce(store: Store, home: str, *, path: str) -> None:
    """Tell people where it is."""
    store.files.add(f"{home} has {path}")


def folder(name: str) -> flow.Step[Store]:
    """Make a folder with its index."""
    home = flow.env("HOME")
    return flow.do(put(f"{home}/{name}"), put(f"{home}/{name}/index"))


@flow.workflow
def fill_store() -> flow.Step[Store]:
    """Put files below the home folder."""
    home = flow.env("HOME")
    return flow.do(
        put(home),
        flow.in_parallel(folder("music"), folder("films")),
        flow.named(f"for {home}", announce(home, path=f"{home}/index")),
        flow.in_serial(
            flow.for_each(["a", "b"], lambda name: put(f"{home}/{name.upper()}"))
        ),
    )
