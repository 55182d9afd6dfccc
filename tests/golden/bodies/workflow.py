"""Steps that use the functions of other steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Archive:
    """An archive."""

    documents: list[str] = field(default_factory=lambda: ["deed", "will"])
    boxes: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_documents(archive: Archive) -> list[str]:
    """Read what there is."""
    return archive.documents


@flow.consume
def file_away(archive: Archive, document: str) -> None:
    """Put a document into a box."""
    archive.boxes.append(document)


@flow.step
def label(archive: Archive, text: str) -> None:
    """Put a label on the last box."""
    archive.boxes.append(f"[{text}]")


@flow.step
def file_everything(archive: Archive, text: str) -> None:
    """Put every document away."""
    for document in read_documents.fn(archive):
        file_away.fn(archive, document)
    label.fn(archive, text)


@flow.workflow
def tidy_archive() -> flow.Step[Archive]:
    """Tidy an archive."""
    return flow.do(file_everything("old"), label("new"))
