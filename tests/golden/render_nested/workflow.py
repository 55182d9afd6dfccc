"""Elements of elements."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Album:
    """An album of pages with pictures, which come from a scanner."""

    pages: list[list[str]] = field(default_factory=lambda: [["a", "b"], [], ["c"]])
    scans: list[str] = field(default_factory=lambda: ["x", "y"])
    shown: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_pages(album: Album) -> list[list[str]]:
    """Leaf through it."""
    return album.pages


@flow.extract
def scan(album: Album) -> str:
    """Scan the next picture."""
    if not album.scans:
        raise flow.Exhausted
    return album.scans.pop()


@flow.transform
def enhance(album: Album, picture: str) -> str:
    """Make a picture brighter."""
    return picture.upper()


@flow.transform
def frame(album: Album, picture: str) -> list[str]:
    """Put a picture between two lines."""
    return ["[", picture, "]"]


@flow.consume
def show(album: Album, picture: str) -> None:
    """Show a picture."""
    album.shown.append(picture)


@flow.workflow
def show_album() -> flow.Step[Album]:
    """Show all pictures."""
    return flow.do(
        flow.pipeline(
            read_pages, flow.render(flow.render(enhance)), flow.apply(flow.apply(show))
        ),
        flow.pipeline(
            flow.collect(flow.from_(scan, enhance, frame, flow.render(enhance))),
            flow.apply(flow.apply(show)),
        ),
        flow.with_(
            read_pages,
            flow.apply(flow.feed(flow.render(enhance), flow.apply(show))),
        ),
        flow.with_(
            read_pages,
            flow.apply(
                flow.named(
                    "page", flow.feed(flow.render(frame), flow.apply(flow.apply(show)))
                )
            ),
        ),
    )
