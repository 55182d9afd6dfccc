"""The support definition of `flow.traced`."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike

from .traces import traces


@contextmanager
def traced(to: str | PathLike[str]) -> Iterator[None]:
    """Write a line of JSON for each named part that ends inside, to a new file."""
    lock = threading.Lock()
    with open(to, "w", encoding="utf-8") as file:

        def write(part: dict[str, object]) -> None:
            with lock:
                print(json.dumps(part), file=file, flush=True)

        before = traces.set((*traces.get(), write))
        try:
            yield
        finally:
            traces.reset(before)
