"""Steps that ask for the names around them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Lab:
    """Samples, and who asked."""

    samples: list[str] = field(default_factory=lambda: ["iron", "zinc"])
    journal: list[str] = field(init=False, default_factory=list)


@dataclass
class Bench:
    """A place in the lab."""

    lab: Lab


def where() -> str:
    """Return the names in one line."""
    return " > ".join(flow.names())


@flow.step
def note(lab: Lab, what: str) -> None:
    """Write down where this is."""
    lab.journal.append(f"{what} at {where()}")


@flow.extract
def list_samples(lab: Lab) -> list[str]:
    """Read the samples."""
    lab.journal.append(f"list at {where()}")
    return lab.samples


@flow.transform
def sort(lab: Lab, samples: list[str]) -> list[str]:
    """Sort the samples."""
    lab.journal.append(f"sort at {where()}")
    return sorted(samples)


@flow.consume
def store(lab: Lab, sample: str) -> None:
    """Store a sample."""
    lab.journal.append(f"store {sample} at {where()}")


@flow.predicate
def is_open(lab: Lab) -> bool:
    """Return whether the lab is open."""
    lab.journal.append(f"ask at {where()}")
    return True


@flow.extract
@contextmanager
def bench(lab: Lab) -> Iterator[Bench]:
    """Hold a bench."""
    lab.journal.append(f"enter at {where()}")
    yield Bench(lab)
    lab.journal.append(f"leave at {where()}")


@flow.step
def weigh(bench: Bench, sample: str) -> None:
    """Weigh a sample."""
    bench.lab.journal.append(f"weigh {sample} at {where()}")


def analyse(sample: str) -> flow.Step[Lab]:
    """Analyse a sample."""
    return flow.named(
        f"sample {sample}",
        flow.do(
            note("begin"),
            flow.named("scales", flow.using(bench, weigh(sample))),
            flow.when(lambda lab: "retried" not in flow.names(), note("end")),
        ),
    )


@flow.workflow
def analyse_all() -> flow.Step[Lab]:
    """Analyse all samples."""
    return flow.do(
        note("start"),
        flow.named(
            "morning",
            flow.do(
                flow.in_serial(
                    flow.named("the list", flow.for_each(list_samples, note))
                ),
                flow.when(flow.named("opening", is_open), note("opened")),
                flow.pipeline(
                    flow.named("reading", list_samples),
                    flow.named("sorting", sort),
                    flow.apply(flow.named("storing", store)),
                ),
                flow.named("retried", flow.retry(note("again"), flow.up_to(2))),
                flow.in_parallel(flow.for_each(list_samples, analyse), note("beside")),
            ),
        ),
        flow.in_parallel(note("outside"), flow.named("alone", note("inside"))),
    )
